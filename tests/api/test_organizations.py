"""Organizations on the wire: their life, their domains, and who joins them by e-mail host."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event, select

from hoofprint.management.auto_join import MOST_HOSTS
from hoofprint.management.joining import join
from hoofprint.management.organizations import LISTED
from hoofprint.model.deletion import DeletionKind
from hoofprint.records.tables import (
    DeletionRecord,
    DomainRecord,
    EndedDomainRecord,
    UserRecord,
    ViewRecord,
)

from .teamwork import DOMAIN, MEMBER, ORGANIZATION, Office, Person, has_fields
from .test_resources import DOCUMENTED
from .world import NOW

OF, JOINS = f"{ORGANIZATION}/domain", f"{ORGANIZATION}/autojoin"


def listed(office: Office, who: Person, organization: str) -> dict[str, Any]:
    [found] = [one for one in office(who, "GET", ORGANIZATION) if one["id"] == organization]
    return dict(found)


def domains(office: Office, who: Person, organization: str) -> dict[str, str]:
    """An organization's domains by id, and what somebody is on each."""
    return {one["id"]: one["user_role"] for one in office(who, "GET", OF, id=organization)}


def test_an_organization_lives_from_its_creation_to_its_end(office: Office) -> None:
    owner = office.person("owner")
    made = office(owner, "POST", ORGANIZATION, DOCUMENTED["POST", ORGANIZATION]["request"])
    assert has_fields(made, DOCUMENTED["POST", ORGANIZATION]["response"])
    assert (made["user_id"], made["role"], made["can_edit"]) == (owner.id, "Owner", True)
    example = DOCUMENTED["GET", ORGANIZATION]["response"][0]
    assert has_fields(listed(office, owner, made["id"]), example, *LISTED)
    sent = DOCUMENTED["PUT", ORGANIZATION]["request"] | {"id": made["id"]}
    changed = office(owner, "PUT", ORGANIZATION, sent)
    assert has_fields(changed, DOCUMENTED["PUT", ORGANIZATION]["response"])
    assert changed["name"] == sent["name"] == listed(office, owner, made["id"])["name"]
    assert office(owner, "DELETE", ORGANIZATION, id=made["id"]) is None
    assert office(owner, "GET", ORGANIZATION) == []
    assert office.status(owner, "DELETE", ORGANIZATION, id=made["id"]) == 404


def test_members_and_domains_are_counted_and_only_the_owner_can_edit(office: Office) -> None:
    owner, admin, viewer = office.people("owner", "admin", "viewer")
    organization = office.organization(owner, office.domain(owner), office.domain(owner))
    office.organization(office.person())
    office.join(owner, admin, "Admin", organization_id=organization)
    office.join(owner, viewer, organization_id=organization)
    for who, role in ((owner, "Owner"), (admin, "Admin"), (viewer, "Viewer")):
        found = listed(office, who, organization)
        assert (found["member"], found["domains"], found["themes"]) == (3, 2, 0)
        assert (found["role"], found["can_edit"]) == (role, role == "Owner")
        assert len(office(who, "GET", ORGANIZATION)) == 1


@pytest.fixture
def statements(office: Office) -> Iterator[list[str]]:
    sent: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        sent.append(statement)

    engine = office.records._engine
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def test_a_list_takes_as_many_queries_for_many_as_for_one(
    office: Office, statements: list[str]
) -> None:
    owner = office.person("owner")
    counts = []
    for _ in range(2):
        organization = office.organization(owner, office.domain(owner), office.domain(owner))
        statements.clear()
        office(owner, "GET", ORGANIZATION)
        office(owner, "GET", OF, id=organization)
        office(owner, "GET", DOMAIN)
        counts.append(len([one for one in statements if one.startswith("SELECT")]))
    assert counts[0] == counts[1]


def test_domains_are_added_and_removed_as_documented(office: Office) -> None:
    owner, viewer = office.people("owner", "viewer")
    domain, organization = office.domain(owner), office.organization(owner)
    office.join(owner, viewer, organization_id=organization)
    sent = DOCUMENTED["POST", OF]["request"] | {"id": organization, "domain_id": domain}
    for _ in range(2):  # a second time changes nothing
        answer = office(owner, "POST", OF, sent)
        assert (answer["organization_id"], answer["user_role"]) == (organization, "Owner")
    assert domains(office, owner, organization) == {domain: "Owner"}
    assert domains(office, viewer, organization) == {domain: "Viewer"}
    [mine] = office(owner, "GET", DOMAIN)
    assert office(owner, "GET", OF, id=organization) == [mine]
    assert office(owner, "DELETE", OF, id=organization, domain_id=domain) is None
    assert domains(office, viewer, organization) == {}
    assert office.status(viewer, "GET", DOMAIN, id=domain) == 404
    assert office.status(owner, "DELETE", OF, id=organization, domain_id=domain) == 404


def test_a_domain_of_another_organization_must_be_removed_there_first(office: Office) -> None:
    owner = office.person("owner")
    domain = office.domain(owner)
    first, second = office.organization(owner, domain), office.organization(owner)
    sent = {"id": second, "domain_id": domain}
    assert set(office.wrong(owner, "POST", OF, sent)) == {"domain_id"}
    assert office.status(owner, "DELETE", OF, id=second, domain_id=domain) == 404
    office(owner, "DELETE", OF, id=first, domain_id=domain)
    assert office(owner, "POST", OF, sent)["organization_id"] == second


def test_adding_a_domain_takes_an_admin_of_both(office: Office) -> None:
    owner, admin, viewer, other = office.people("owner", "admin", "viewer", "other")
    organization = office.organization(owner)
    office.join(owner, admin, "Admin", organization_id=organization)
    office.join(owner, viewer, organization_id=organization)
    strange = office.domain(other)
    for who, expected in ((admin, 200), (viewer, 403), (other, 404)):
        sent = {"id": organization, "domain_id": office.domain(who)}
        assert office.status(who, "POST", OF, sent) == expected
    assert office.status(admin, "POST", OF, {"id": organization, "domain_id": strange}) == 404
    member = office.join(other, admin, id=strange)
    assert office.status(admin, "POST", OF, {"id": organization, "domain_id": strange}) == 403
    office(other, "PUT", MEMBER, {"id": member, "role": "Admin"})
    assert office.status(admin, "POST", OF, {"id": organization, "domain_id": strange}) == 200
    # Whoever owns the domain may always take it back, member of the organization or not.
    assert office.status(other, "GET", OF, id=organization) == 404
    assert office(other, "DELETE", OF, id=organization, domain_id=strange) is None


def test_an_admin_who_is_a_viewer_of_one_domain_may_still_remove_it(office: Office) -> None:
    owner, admin, viewer = office.people("owner", "admin", "viewer")
    domain = office.domain(owner)
    organization = office.organization(owner, domain)
    office.join(owner, admin, "Admin", organization_id=organization)
    office.join(owner, viewer, organization_id=organization)
    office.join(owner, admin, id=domain)
    assert domains(office, admin, organization) == {domain: "Viewer"}
    assert office.status(viewer, "DELETE", OF, id=organization, domain_id=domain) == 403
    assert office(admin, "DELETE", OF, id=organization, domain_id=domain) is None
    assert office(owner, "GET", DOMAIN)[0]["organization_id"] is None


def test_what_its_people_kept_there_goes_with_the_domain(office: Office) -> None:
    owner, ada = office.people("owner", "ada")
    domain = office.domain(owner)
    organization = office.organization(owner, domain)
    office.join(owner, ada, organization_id=organization)
    for who in (ada, owner):
        office(who, "POST", "/api/v1/view", {"domain_id": domain, "name": "Mine"})
    office(owner, "DELETE", OF, id=organization, domain_id=domain)
    wanted = select(ViewRecord.user_id).filter_by(domain_id=domain)
    assert office.records.read(lambda s: s.scalars(wanted).all()) == [owner.id]


@pytest.mark.parametrize("flag", ["", "false", "true", "1"])
def test_a_deleted_organization_leaves_its_domains_unless_they_shall_go(
    office: Office, flag: str
) -> None:
    """Those that go leave a deletion of their facts and what is billed, as any that are deleted."""
    owner, ada = office.people("owner", "ada")
    mine, theirs, loose = office.domain(owner), office.domain(ada), office.domain(owner)
    organization = office.organization(owner, mine)
    office.join(owner, ada, "Admin", organization_id=organization)
    office(ada, "POST", OF, {"id": organization, "domain_id": theirs})
    office(owner, "DELETE", ORGANIZATION, id=organization, delete_domains=flag)
    goes = flag in {"true", "1"}
    left = select(DomainRecord.id).where(DomainRecord.id.in_([mine, theirs, loose]))
    assert office.records.read(lambda s: set(s.scalars(left))) == (
        {loose} if goes else {mine, theirs, loose}
    )
    billed = select(EndedDomainRecord.id).where(EndedDomainRecord.id.in_([mine, theirs, loose]))
    deletions = select(DeletionRecord).where(DeletionRecord.domain_id.in_([mine, theirs, loose]))
    ended = {mine, theirs} if goes else set()
    assert office.records.read(lambda s: set(s.scalars(billed))) == ended
    begun = office.records.read(lambda s: s.scalars(deletions).all())
    assert {one.domain_id for one in begun} == ended
    assert all(one.kind == DeletionKind.EVERYTHING for one in begun)
    assert office(ada, "GET", ORGANIZATION) == []
    shown = [one["organization_id"] for one in office(owner, "GET", DOMAIN)]
    assert shown == [None] * (1 if goes else 2)


def test_deleting_the_domains_needs_the_scope_for_that(office: Office) -> None:
    owner = office.person("owner")
    domain = office.domain(owner)
    organization = office.organization(owner, domain)
    for scopes in ({"organizations": "w"}, {"organizations": "w", "domains": "r"}):
        client = office.token(scopes, user_id=owner.id)
        query = {"id": organization, "delete_domains": "true"}
        assert office.status(client, "DELETE", ORGANIZATION, **query) == 403
    assert domains(office, owner, organization) == {domain: "Owner"}
    assert office.status(client, "DELETE", ORGANIZATION, id=organization) == 200


def test_a_new_domain_belongs_to_an_organization_that_its_owner_may_add_to(office: Office) -> None:
    """Any other organization is as unknown as one that there is not."""
    owner, admin, viewer = office.people("owner", "admin", "viewer")
    organization = office.organization(owner)
    office.join(owner, admin, "Admin", organization_id=organization)
    office.join(owner, viewer, organization_id=organization)
    new = {"hostname": "new.example", "timezone": "UTC", "organization_id": organization}
    for who in (owner, admin):
        made = office(who, "POST", DOMAIN, new)
        assert (made["organization_id"], made["user_role"]) == (organization, "Owner")
        assert made["id"] in domains(office, viewer, organization)
    refused = [office.wrong(who, "POST", DOMAIN, new) for who in (viewer, office.person())]
    unknown = office.wrong(owner, "POST", DOMAIN, new | {"organization_id": "A" * 10})
    assert refused == [unknown, unknown]
    assert set(unknown) == {"organization_id"}
    client = office.token({"domains": "w"}, user_id=owner.id)
    assert office.ask(client, "POST", DOMAIN, new).status_code == 400


def test_hosts_join_as_documented(office: Office) -> None:
    """A new account with such an address is a viewer once it is confirmed."""
    owner, viewer = office.people("owner", "viewer")
    organization = office.organization(owner, domain := office.domain(owner))
    office.join(owner, viewer, organization_id=organization)
    sent = DOCUMENTED["POST", JOINS]["request"] | {"id": organization}
    for _ in range(2):
        assert office(owner, "POST", JOINS, sent) is None
    hosts = {"id": organization, "auto_join": "Other.example"}
    assert office(owner, "POST", JOINS, hosts) is None
    assert listed(office, owner, organization)["auto_join"] == ["example.com", "other.example"]
    assert listed(office, viewer, organization)["auto_join"] == []
    ada = office.person("ada", "other.example")
    assert office(ada, "GET", ORGANIZATION) == []
    office.records.write(lambda s: join(s, s.get_one(UserRecord, ada.id), NOW))
    office.world.services.directory.forget()
    assert listed(office, ada, organization)["role"] == "Viewer"
    assert domains(office, ada, organization) == {domain: "Viewer"}
    assert office(owner, "DELETE", JOINS, id=organization, auto_join="OTHER.example") is None
    assert listed(office, owner, organization)["auto_join"] == ["example.com"]
    assert listed(office, ada, organization)["role"] == "Viewer"
    gone = {"id": organization, "auto_join": "other.example"}
    assert office.status(owner, "DELETE", JOINS, **gone) == 404


def test_every_field_that_is_wrong_is_named(office: Office) -> None:
    owner = office.person("owner")
    organization = office.organization(owner)

    def wrong(method: str, path: str, **sent: Any) -> set[str]:
        return set(office.wrong(owner, method, path, sent))

    assert wrong("POST", ORGANIZATION) == {"name"}
    assert wrong("POST", ORGANIZATION, name=" ") == {"name"}
    assert wrong("POST", ORGANIZATION, name="x" * 201) == {"name"}
    assert wrong("PUT", ORGANIZATION, id=1, name=2) == {"id", "name"}
    assert wrong("POST", OF) == {"id", "domain_id"}
    assert wrong("POST", JOINS) == {"id", "auto_join"}
    some_wrong: list[list[Any]] = [["gmail.com"], ["a.example", "x"], ["a b.example"], [[]]]
    for hosts in some_wrong:
        assert wrong("POST", JOINS, id=organization, auto_join=hosts) == {"auto_join"}
    many = [f"{number}.example" for number in range(MOST_HOSTS + 1)]
    assert wrong("POST", JOINS, id=organization, auto_join=many) == {"auto_join"}
    for path, needed in ((ORGANIZATION, {"id"}), (OF, {"id", "domain_id"})):
        assert set(office.wrong(owner, "DELETE", path)) == needed
    assert set(office.wrong(owner, "DELETE", JOINS)) == {"id", "auto_join"}
    assert set(office.wrong(owner, "GET", OF)) == {"id"}
    flag = {"id": organization, "delete_domains": "perhaps"}
    assert set(office.wrong(owner, "DELETE", ORGANIZATION, **flag)) == {"delete_domains"}


def test_who_may_do_what(office: Office) -> None:
    """Reading, what admins may, what only owners may; strangers are told what unknown ids are."""
    owner, admin, viewer = office.people("owner", "admin", "viewer")
    domain = office.domain(owner)
    organization = office.organization(owner, domain)
    office.join(owner, admin, "Admin", organization_id=organization)
    office.join(owner, viewer, organization_id=organization)
    token = office.token
    callers: dict[str, tuple[Person | str | None, int, int, int]] = {
        "nobody": (None, 401, 401, 401),
        "an expired token": (office.expired(owner), 401, 401, 401),
        "an access key": (office.key(domain), 403, 403, 403),
        "the domain's client": (token(domain_id=domain), 403, 403, 403),
        "a stranger": (office.person(), 404, 404, 404),
        "the viewer": (viewer, 200, 403, 403),
        "the owner for domains": (token({"domains": "w"}, user_id=owner.id), 403, 403, 403),
        "the owner, reading": (token({"organizations": "r"}, user_id=owner.id), 200, 403, 403),
        "the admin": (admin, 200, 200, 403),
        "the owner": (token({"organizations": "w"}, user_id=owner.id), 200, 200, 200),
    }
    for name, (who, reads, manages, owns) in callers.items():
        made = organization
        assert office.status(who, "GET", OF, id=made) == reads, name
        hosts = {"id": made, "auto_join": ["joins.example"]}
        assert office.status(who, "POST", JOINS, hosts) == manages, name
        query = {"id": made, "auto_join": "joins.example"}
        assert office.status(who, "DELETE", JOINS, **query) == manages, name
        assert office.status(who, "PUT", ORGANIZATION, {"id": made, "name": "New"}) == owns, name
        if owns != 200:
            assert office.status(who, "DELETE", ORGANIZATION, id=made) == owns, name
        expected = reads if reads in {401, 403} else 200
        assert office.status(who, "GET", ORGANIZATION) == expected, name
    for unknown in ("A" * 10, "x"):
        assert office.status(admin, "GET", OF, id=unknown) == 404
        assert office.status(admin, "PUT", ORGANIZATION, {"id": unknown, "name": "New"}) == 404
        assert office.status(admin, "DELETE", ORGANIZATION, id=unknown) == 404
    assert office.status(viewer, "POST", ORGANIZATION, {"name": "Mine"}) == 200
    for who in (token({"organizations": "r"}, user_id=owner.id), token(domain_id=domain)):
        assert office.status(who, "POST", ORGANIZATION, {"name": "Mine"}) == 403
