"""Handing over a domain: offered, accepted, refused, taken back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from hoofprint.records.tables import AuditRecord, MemberRecord

from .teamwork import DOMAIN, INVITATION, MEMBER, ORGANIZATION, OWNER, Office, Person


def offer(office: Office, owner: Person, domain: str, new: Person) -> Any:
    return office(owner, "PUT", OWNER, {"domain_id": domain, "email": new.email.upper()})


def people(office: Office, who: Person, domain: str) -> dict[str, str]:
    return {one["user_id"]: one["role"] for one in office(who, "GET", MEMBER, id=domain)}


def test_a_domain_changes_hands_when_the_offer_is_accepted(office: Office) -> None:
    """The old owner stays as an admin; the new one is no member any more; both get a mail."""
    owner, ada, bob = office.people("owner", "ada", "bob")
    domain = office.domain(owner, "handed.example")
    for who in (ada, bob):
        office.join(owner, who, id=domain)
    offered = offer(office, owner, domain, ada)
    assert list(offered) == list(office(owner, "GET", DOMAIN)[0])
    assert (offered["new_owner"], offered["user_id"]) == (ada.email, owner.id)
    [*_, mail] = [one for one in office.mails(ada.email) if one.kind == "transfer"]
    assert f"https://stats.example/transfer?domain_id={domain}" in mail.text
    assert people(office, owner, domain)[ada.id] == "Viewer"

    taken = office(ada, "POST", OWNER, {"domain_id": domain})
    assert (taken["user_id"], taken["new_owner"], taken["user_role"]) == (ada.id, None, "Owner")
    assert people(office, ada, domain) == {ada.id: "Owner", owner.id: "Admin", bob.id: "Viewer"}
    assert office(owner, "GET", DOMAIN, id=domain)["user_role"] == "Admin"
    [told] = [one for one in office.mails(owner.email) if one.kind == "transfer"]
    assert "handed.example" in told.subject
    assert office.status(ada, "POST", OWNER, {"domain_id": domain}) == 404
    wanted = select(AuditRecord.operation).filter_by(domain_id=domain)
    found = office.records.read(lambda s: set(s.scalars(wanted)))
    assert found >= {"domains_offer", "domains_take_over"}


def test_a_domain_can_go_there_and_back(office: Office) -> None:
    """Whoever was an admin in between is the owner, and nothing besides."""
    owner, ada = office.people("owner", "ada")
    domain = office.domain(owner)
    for old, new in ((owner, ada), (ada, owner), (owner, ada)):
        offer(office, old, domain, new)
        office(new, "POST", OWNER, {"domain_id": domain})
    rows = select(MemberRecord.user_id).filter_by(domain_id=domain)
    assert office.records.read(lambda s: s.scalars(rows).all()) == [owner.id]


def test_an_organization_stays_if_the_new_owner_belongs_to_it(office: Office) -> None:
    owner, ada, eve, member = office.people("owner", "ada", "eve", "member")
    first, second = office.domain(owner), office.domain(owner)
    organization = office.organization(owner, first, second)
    for who in (ada, member):
        office.join(owner, who, organization_id=organization)
    for domain, new, stays in ((first, ada, True), (second, eve, False)):
        offer(office, owner, domain, new)
        taken = office(new, "POST", OWNER, {"domain_id": domain})
        assert taken["organization_id"] == (organization if stays else None)
        assert office.status(member, "GET", DOMAIN, id=domain) == (200 if stays else 404)
    assert [one["domains"] for one in office(owner, "GET", ORGANIZATION)] == [1]


def test_an_offer_is_for_one_person_and_the_last_one_counts(office: Office) -> None:
    """To all others there is none, whatever else they may on the domain."""
    owner, ada, bob, admin = office.people("owner", "ada", "bob", "admin")
    domain = office.domain(owner)
    office.join(owner, admin, "Admin", id=domain)
    sent = {"domain_id": domain}
    assert office.status(ada, "POST", OWNER, sent) == 404
    offer(office, owner, domain, ada)
    offer(office, owner, domain, bob)
    for who in (ada, admin, owner):
        assert office.status(who, "POST", OWNER, sent) == 404
    for who in (ada, admin):
        assert office.status(who, "DELETE", OWNER, **sent) == 404
    for unknown in ("A" * 10, "x"):
        assert office.status(bob, "POST", OWNER, {"domain_id": unknown}) == 404
        assert office.status(owner, "DELETE", OWNER, domain_id=unknown) == 404
    assert office(owner, "GET", DOMAIN)[0]["new_owner"] == bob.email


def test_an_offer_is_taken_back_or_refused(office: Office) -> None:
    owner, ada = office.people("owner", "ada")
    domain = office.domain(owner)
    for who in (owner, ada):
        offer(office, owner, domain, ada)
        assert office(who, "DELETE", OWNER, domain_id=domain) is None
        assert office(owner, "GET", DOMAIN)[0]["new_owner"] is None
        for after in (owner, ada):
            assert office.status(after, "DELETE", OWNER, domain_id=domain) == 404
        assert office.status(ada, "POST", OWNER, {"domain_id": domain}) == 404


def test_every_field_that_is_wrong_is_named(office: Office) -> None:
    owner = office.person("owner")
    domain = office.domain(owner)

    def wrong(method: str, **sent: Any) -> set[str]:
        return set(office.wrong(owner, method, OWNER, sent))

    assert wrong("PUT") == {"domain_id", "email"}
    assert wrong("PUT", domain_id=1, email=2) == {"domain_id", "email"}
    assert wrong("PUT", domain_id=domain, email="nobody") == {"email"}
    assert wrong("PUT", domain_id=domain, email=owner.email) == {"email"}
    assert wrong("POST") == {"domain_id"}
    assert set(office.wrong(owner, "DELETE", OWNER)) == {"domain_id"}


def test_only_the_owner_in_person_hands_over_a_domain(office: Office) -> None:
    owner, admin, viewer, ada = office.people("owner", "admin", "viewer", "ada")
    domain = office.domain(owner)
    office(
        owner,
        "POST",
        f"{ORGANIZATION}/domain",
        {"id": office.organization(owner), "domain_id": domain},
    )
    office.join(owner, admin, "Admin", id=domain)
    office.join(owner, viewer, id=domain)
    sent = {"domain_id": domain, "email": ada.email}
    for who, status in (
        (None, 401),
        (office.expired(owner), 401),
        (office.key(domain), 403),
        (office.token(domain_id=domain), 403),
        (admin, 403),
        (viewer, 403),
        (office.person(), 404),
        (office.token({"organizations": "w", "domains": "r"}, user_id=owner.id), 403),
        (office.token({"domains": "w"}, user_id=owner.id), 200),
    ):
        assert office.status(who, "PUT", OWNER, sent) == status
    for who, status in (
        (None, 401),
        (office.expired(ada), 401),
        (office.token(domain_id=domain), 403),
        (office.token({"domains": "r"}, user_id=ada.id), 403),
        (office.token({"domains": "r"}, user_id=owner.id), 403),
    ):
        assert office.status(who, "POST", OWNER, {"domain_id": domain}) == status
        assert office.status(who, "DELETE", OWNER, domain_id=domain) == status


def test_an_invitation_of_the_new_owner_ends(office: Office) -> None:
    owner, ada = office.people("owner", "ada")
    domain = office.domain(owner)
    office(owner, "POST", MEMBER, {"id": domain, "emails": [ada.email]})
    offer(office, owner, domain, ada)
    office(ada, "POST", OWNER, {"domain_id": domain})
    assert office(ada, "GET", INVITATION) == []
