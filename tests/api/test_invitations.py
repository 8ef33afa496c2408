"""Invitations on the wire, and the mails that bring them."""

from __future__ import annotations

from email.headerregistry import Address
from typing import Any

import pytest
from sqlalchemy import select, update

from hoofprint.jobs.outbox import Outbox
from hoofprint.mail.smtp import MailServer as Known
from hoofprint.mail.smtp import smtp
from hoofprint.management.invitations import MOST_ADDRESSES, MOST_PEOPLE
from hoofprint.management.joining import invitation_with
from hoofprint.management.mails import MailBook
from hoofprint.records.moments import moment
from hoofprint.records.tables import InvitationRecord, MailRecord
from hoofprint.testing.mail_server import MailServer

from .teamwork import CODE, DOMAIN, INVITATION, MEMBER, ORGANIZATION, Office, Person, has_fields
from .test_resources import DOCUMENTED
from .world import NOW

PLACES = ("id", "organization_id")
EXAMPLE = DOCUMENTED["GET", INVITATION]["response"][0]


def place_of(office: Office, owner: Person, kind: str) -> dict[str, str]:
    """What a request for members names."""
    return {kind: office.domain(owner) if kind == "id" else office.organization(owner)}


def as_invitation(place: dict[str, str]) -> dict[str, str]:
    """What a request for invitations names the same by."""
    return {
        kind.replace("id", "domain_id") if kind == "id" else kind: place[kind] for kind in place
    }


def invite(office: Office, owner: Person, place: dict[str, str], *emails: str) -> None:
    assert office(owner, "POST", MEMBER, {**place, "emails": list(emails)}) is None


@pytest.mark.parametrize("kind", PLACES)
def test_the_documented_requests_are_answered_as_documented(office: Office, kind: str) -> None:
    owner, ada = office.people("owner", "ada")
    place = place_of(office, owner, kind)
    request = DOCUMENTED["POST", MEMBER]["request"] | {"id": None, "organization_id": None}
    assert office(owner, "POST", MEMBER, request | place) is None
    listed = office(owner, "GET", INVITATION, **as_invitation(place))
    assert {one["email"] for one in listed} == set(request["emails"])
    assert all(has_fields(one, EXAMPLE) for one in listed)

    invite(office, owner, place, ada.email)
    [mine] = office(ada, "GET", INVITATION)
    assert has_fields(mine, EXAMPLE)
    accept = DOCUMENTED["POST", INVITATION]["request"] | {"id": mine["id"]}
    assert office(ada, "POST", INVITATION, accept) is None
    [member] = office(ada, "GET", MEMBER, **place)
    assert member["role"] == "Viewer"
    assert office(ada, "GET", INVITATION) == []

    refuse = DOCUMENTED["DELETE", INVITATION]["request"] | dict.fromkeys(
        ("domain_id", "organization_id")
    )
    sent = refuse | as_invitation(place) | {"id": listed[0]["id"]}
    assert office(owner, "DELETE", INVITATION, sent) is None
    assert len(office(owner, "GET", INVITATION, **as_invitation(place))) == 1


def test_the_invited_see_no_more_than_they_need(office: Office) -> None:
    """The complete domain or organization, without what is its people's."""
    owner, ada = office.people("owner", "ada")
    domain = office.domain(owner)
    organization = office.organization(owner, domain)
    hosts = {"id": organization, "auto_join": ["team.example"]}
    office(owner, "POST", f"{ORGANIZATION}/autojoin", hosts)
    office(owner, "POST", f"{DOMAIN}/metadata", {"domain_id": domain, "metadata": {"a": 1}})
    invite(office, owner, {"id": domain}, ada.email)
    invite(office, owner, {"organization_id": organization}, ada.email)
    first, second = sorted(office(ada, "GET", INVITATION), key=lambda one: one["domain_id"] is None)
    [shown] = office(owner, "GET", DOMAIN)
    assert list(first["domain"]) == list(shown)
    assert first["organization"] is None
    assert first["domain"]["identification_code"] == ""
    assert first["domain"]["metadata"] == {}
    assert first["domain"]["user_role"] == "Viewer"
    [team] = office(owner, "GET", ORGANIZATION)
    assert second["domain"] is None
    assert list(second["organization"]) == list(team)
    assert second["organization"]["name"] == "Team"
    assert second["organization"]["auto_join"] == []
    assert team["auto_join"] == ["team.example"]
    of_domain = office(owner, "GET", INVITATION, domain_id=domain)
    assert of_domain[0]["domain"] == shown
    assert office.status(ada, "GET", DOMAIN, id=domain) == 404


@pytest.mark.parametrize("kind", PLACES)
def test_whoever_is_invited_twice_has_one_invitation_and_another_mail(
    office: Office, kind: str
) -> None:
    """The code of the last mail is the one that counts."""
    owner, ada = office.people("owner", "ada")
    place = place_of(office, owner, kind)
    invite(office, owner, place, ada.email, ada.email.upper())
    [before] = office.codes(ada.email)
    [first] = office(ada, "GET", INVITATION)
    invite(office, owner, place, ada.email)
    [again] = office(ada, "GET", INVITATION)
    assert again["id"] == first["id"]
    codes = office.codes(ada.email)
    assert len(codes) == len(office.mails(ada.email)) == 2
    [now] = codes - {before}
    found = office.records.read(lambda s: invitation_with(s, now))
    assert found is not None
    assert found.id == first["id"]
    assert office.records.read(lambda s: invitation_with(s, before)) is None


def test_a_mail_brings_the_code_and_the_records_keep_only_its_hash(office: Office) -> None:
    """Through a real mail server; people without an account get one, too."""
    owner = office.person("owner")
    domain = office.domain(owner, "mailed.example")
    address = "nobody-yet@elsewhere.example"
    early = moment(NOW - 1)
    others = update(MailRecord).where(MailRecord.recipient != address)
    invite(office, owner, {"id": domain}, address)
    office.records.write(lambda s: s.execute(others.values(state="unsent", next_try=None)))
    office.records.write(lambda s: s.execute(update(MailRecord).values(mod_time=early)))
    with MailServer() as server:
        known = Known("127.0.0.1", server.port, "none", timeout_seconds=2.0)
        sender = Address("Hoofprint", "stats", "stats.example")
        Outbox(MailBook(office.records, lambda: NOW), smtp(known), sender, lambda: NOW).look()
        [message] = server.messages
    assert message["To"] == address
    assert message["Subject"] == f"{owner.email} invites you to the statistics of mailed.example"
    bodies = [part.get_content() for part in message.walk() if not part.is_multipart()]
    assert len(bodies) == 2
    [code] = {found for body in bodies for found in CODE.findall(body)}
    assert all(f"https://stats.example/invitation?code={code}" in body for body in bodies)
    found = office.records.read(lambda s: invitation_with(s, code))
    assert found is not None
    assert (found.domain_id, found.email) == (domain, address)
    kept = office.records.read(lambda s: s.scalars(select(InvitationRecord.code_hash)).all())
    assert code not in kept


def test_no_mail_is_written_when_somebody_cannot_be_invited(office: Office) -> None:
    """All or nobody: who is there already is named."""
    owner, ada = office.people("owner", "ada")
    domain = office.domain(owner)
    organization = office.organization(owner, domain)
    office.join(owner, ada, id=domain)
    before = len(office.mails(ada.email))
    for place, there in (
        ({"id": domain}, [ada.email, owner.email]),
        ({"organization_id": organization}, [owner.email]),
    ):
        emails = ["new@elsewhere.example", *there]
        wrong = office.wrong(owner, "POST", MEMBER, {**place, "emails": emails})
        assert set(wrong) == {"emails"}
        assert all(address in wrong["emails"] for address in there)
        assert "new@" not in wrong["emails"]
    assert office(owner, "GET", INVITATION, domain_id=domain) == []
    assert len(office.mails(ada.email)) == before
    assert office.mails("new@elsewhere.example") == []


def test_every_field_that_is_wrong_is_named(office: Office) -> None:
    owner = office.person("owner")
    domain = office.domain(owner)
    many = [f"{number}@example.com" for number in range(MOST_ADDRESSES + 1)]

    def post(**sent: Any) -> set[str]:
        return set(office.wrong(owner, "POST", MEMBER, sent))

    some_wrong: tuple[Any, ...] = ([], ["x"], [{}], many, ["a@example.com", "b@@example.com"], None)
    for emails in some_wrong:
        assert post(id=domain, emails=emails) == {"emails"}
    assert post(id=1, emails="x") == {"id", "organization_id", "emails"}
    assert set(office.wrong(owner, "POST", INVITATION, {})) == {"id"}
    both = {"domain_id": "A" * 10, "organization_id": "B" * 10}
    assert set(office.wrong(owner, "GET", INVITATION, **both)) == set(both)
    assert set(office.wrong(owner, "DELETE", INVITATION, both)) == {*both, "id"}
    assert set(office.wrong(owner, "DELETE", INVITATION)) == {"id"}


def test_only_so_many_people_are_invited(office: Office) -> None:
    owner = office.person("owner")
    domain = office.domain(owner)
    times = {"def_time": moment(NOW), "mod_time": moment(NOW)}
    office.records.write(
        lambda s: s.add_all(
            InvitationRecord(
                domain_id=domain,
                email=f"{number}@example.com",
                code_hash=f"{domain}{number}",
                **times,
            )
            for number in range(MOST_PEOPLE)
        )
    )
    sent = {"id": domain, "emails": ["one.more@example.com"]}
    assert set(office.wrong(owner, "POST", MEMBER, sent)) == {"emails"}
    invite(office, owner, {"id": domain}, "0@example.com")


def test_an_invitation_is_for_one_person_only(office: Office) -> None:
    """To everybody else it is not there, whether they own what it is to or not."""
    owner, ada, eve = office.people("owner", "ada", "eve")
    domain, other = office.domain(owner), office.domain(owner)
    invite(office, owner, {"id": domain}, ada.email)
    [invitation] = office(ada, "GET", INVITATION)
    sent = {"id": invitation["id"]}
    assert office(eve, "GET", INVITATION) == []
    for who in (eve, owner):
        assert office.status(who, "POST", INVITATION, sent) == 404
        assert office.status(who, "DELETE", INVITATION, sent) == 404
    for named in ({"domain_id": other}, {"organization_id": office.organization(owner)}):
        assert office.status(owner, "DELETE", INVITATION, sent | named) == 404
    mine = office.domain(eve)
    assert office.status(eve, "DELETE", INVITATION, sent | {"domain_id": mine}) == 404
    assert office.status(eve, "DELETE", INVITATION, sent | {"domain_id": domain}) == 404
    assert office.status(ada, "POST", INVITATION, {"id": "A" * 10}) == 404
    assert office.status(ada, "POST", INVITATION, {"id": "x"}) == 404
    # The query will do where no body can be sent.
    assert office(ada, "DELETE", INVITATION, id=invitation["id"]) is None
    assert office(owner, "GET", INVITATION, domain_id=domain) == []
    assert office.status(ada, "POST", INVITATION, sent) == 404


@pytest.mark.parametrize("kind", PLACES)
def test_who_may_invite_and_see_who_is_invited(office: Office, kind: str) -> None:
    """Inviting needs a person; a domain's own client may only look."""
    owner, admin, viewer = office.people("owner", "admin", "viewer")
    place = place_of(office, owner, kind)
    domain = place.get("id") or office.domain(owner)
    office.join(owner, admin, "Admin", **place)
    office.join(owner, viewer, **place)
    scope = "domains" if kind == "id" else "organizations"
    token = office.token
    callers: dict[str, tuple[Person | str | None, int, int]] = {
        "nobody": (None, 401, 401),
        "an expired token": (office.expired(owner), 401, 401),
        "an access key": (office.key(domain), 403, 403),
        "its client": (
            token({"domains": "w"}, domain_id=domain),
            200 if kind == "id" else 404,
            403,
        ),
        "another domain's client": (
            token({"domains": "w"}, domain_id=office.domain(owner)),
            404,
            403,
        ),
        "a stranger": (office.person(), 404, 404),
        "the viewer": (viewer, 403, 403),
        "the admin": (admin, 200, 200),
        "the owner, reading": (token({scope: "r"}, user_id=owner.id), 200, 403),
        "the owner": (token({scope: "w"}, user_id=owner.id), 200, 200),
        "the owner, other scopes": (token({"statistics": "r"}, user_id=owner.id), 403, 403),
    }
    invite(office, owner, place, "somebody@elsewhere.example")
    [invitation] = office(owner, "GET", INVITATION, **as_invitation(place))
    sent = {**place, "emails": ["somebody@elsewhere.example"]}
    gone = as_invitation(place) | {"id": invitation["id"]}
    for name, (who, reads, changes) in callers.items():
        assert office.status(who, "GET", INVITATION, **as_invitation(place)) == reads, name
        assert office.status(who, "POST", MEMBER, sent) == changes, name
        if changes != 200:
            assert office.status(who, "DELETE", INVITATION, gone) == changes, name
    assert office(admin, "DELETE", INVITATION, gone) is None


def test_who_may_answer_invitations(office: Office) -> None:
    owner, ada = office.people("owner", "ada")
    domain = office.domain(owner)
    invite(office, owner, {"id": domain}, ada.email)
    [invitation] = office(ada, "GET", INVITATION)
    sent = {"id": invitation["id"]}
    own = office.domain(ada)
    for who, reads, changes in (
        (None, 401, 401),
        (office.expired(ada), 401, 401),
        (office.key(own), 403, 403),
        (office.token({"domains": "w"}, domain_id=own), 403, 403),
        (office.token({"organizations": "w"}, user_id=ada.id), 403, 403),
        (office.token({"domains": "r"}, user_id=ada.id), 200, 403),
        (office.token({"domains": "w"}, user_id=ada.id), 200, 200),
    ):
        assert office.status(who, "GET", INVITATION) == reads
        assert office.status(who, "POST", INVITATION, sent) == changes
