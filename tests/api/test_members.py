"""Members on the wire: who belongs to what, as what, and who may change that."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from sqlalchemy import select

from hoofprint.management.preferences import preferences_of
from hoofprint.records.tables import AuditRecord, ViewRecord

from .teamwork import DOMAIN, MEMBER, Office, Person, has_fields
from .test_resources import DOCUMENTED

EXAMPLE = DOCUMENTED["GET", MEMBER]["response"][0]
STATISTICS = {"from": "2026-05-01", "to": "2026-05-02"}


class Shared(NamedTuple):
    """A domain or an organization as requests name it, its id, and its people with their ids."""

    place: dict[str, str]
    id: str
    owner: Person
    admin: Person
    viewer: Person
    members: dict[str, str]


@pytest.fixture(params=["id", "organization_id"])
def shared(office: Office, request: pytest.FixtureRequest) -> Shared:
    owner, admin, viewer = office.people("owner", "admin", "viewer")
    made = office.domain(owner) if request.param == "id" else office.organization(owner)
    place = {request.param: made}
    members = {
        "owner": made,
        "admin": office.join(owner, admin, "Admin", **place),
        "viewer": office.join(owner, viewer, **place),
    }
    return Shared(place, made, owner, admin, viewer, members)


def roles(office: Office, who: Person, place: dict[str, str]) -> dict[str, str]:
    return {one["user_id"]: one["role"] for one in office(who, "GET", MEMBER, **place)}


def test_the_owner_is_listed_first_and_all_have_the_documented_fields(
    office: Office, shared: Shared
) -> None:
    listed = office(shared.admin, "GET", MEMBER, **shared.place)
    assert listed[0]["id"] == shared.id
    people = {"Owner": shared.owner, "Admin": shared.admin, "Viewer": shared.viewer}
    assert {one["role"]: one["user_id"] for one in listed} == {k: v.id for k, v in people.items()}
    of_domain = "id" in shared.place
    for one in listed:
        who = people[one["role"]]
        assert one["id"] == shared.members[one["role"].lower()]
        assert has_fields(one, EXAMPLE)
        assert list(one["user"]) == list(EXAMPLE["user"])
        assert (one["user_id"], one["user"]["email"]) == (who.id, who.email)
        assert one["domain_id"] == (shared.id if of_domain else None)
        assert one["organization_id"] == (None if of_domain else shared.id)


def test_a_viewer_sees_only_what_it_is_itself(office: Office, shared: Shared) -> None:
    """That is enough to leave by."""
    [mine] = office(shared.viewer, "GET", MEMBER, **shared.place)
    assert (mine["id"], mine["role"]) == (shared.members["viewer"], "Viewer")


@pytest.mark.parametrize("role", ["admin", "ADMIN", "Viewer", " viewer "])
def test_a_role_is_given_in_any_case(office: Office, shared: Shared, role: str) -> None:
    request = DOCUMENTED["PUT", MEMBER]["request"]
    sent = request | {"id": shared.members["viewer"], "role": role}
    assert office(shared.admin, "PUT", MEMBER, sent) is None
    found = roles(office, shared.owner, shared.place)[shared.viewer.id]
    assert found == role.strip().capitalize()


def test_the_owners_place_is_no_membership(office: Office, shared: Shared) -> None:
    """Not even for the owner; people who may not change members are told nothing."""
    for who in (shared.owner, shared.admin):
        sent = {"id": shared.id, "role": "Viewer"}
        assert set(office.wrong(who, "PUT", MEMBER, sent)) == {"id"}
        assert set(office.wrong(who, "DELETE", MEMBER, id=shared.id)) == {"id"}
    assert office.status(shared.viewer, "DELETE", MEMBER, id=shared.id) == 403
    assert office.status(office.person(), "DELETE", MEMBER, id=shared.id) == 404


def test_every_field_that_is_wrong_is_named(office: Office, shared: Shared) -> None:
    owner = shared.owner

    def put(**sent: Any) -> set[str]:
        return set(office.wrong(owner, "PUT", MEMBER, sent))

    both = {"id": "A" * 10, "organization_id": "B" * 10}
    assert put() == {"id", "role"}
    assert put(id=1, role=2) == {"id", "role"}
    assert put(id=shared.members["viewer"], role="king") == {"role"}
    assert (
        "domain"
        in office.wrong(owner, "PUT", MEMBER, {"id": shared.members["viewer"], "role": "Owner"})[
            "role"
        ]
    )
    assert set(office.wrong(owner, "DELETE", MEMBER)) == {"id"}
    for query in ({}, both):
        assert set(office.wrong(owner, "GET", MEMBER, **query)) == set(both)
        assert set(office.wrong(owner, "POST", MEMBER, query)) == {*both, "emails"}


def test_members_leave_and_are_removed(office: Office, shared: Shared) -> None:
    """A viewer may end its own membership and no other; an admin any."""
    viewer, admin = shared.members["viewer"], shared.members["admin"]
    assert office.status(shared.viewer, "DELETE", MEMBER, id=admin) == 403
    assert office(shared.viewer, "DELETE", MEMBER, id=viewer) is None
    assert office.status(shared.viewer, "GET", MEMBER, **shared.place) == 404
    assert office.status(shared.owner, "DELETE", MEMBER, id=viewer) == 404
    assert office(shared.admin, "DELETE", MEMBER, id=admin) is None
    assert roles(office, shared.owner, shared.place) == {shared.owner.id: "Owner"}


def test_who_may_do_what(office: Office, shared: Shared) -> None:
    """Statuses of reading, changing and removing; strangers are told what unknown ids are told."""
    domain_id = shared.id if "id" in shared.place else office.domain(shared.owner)
    other = office.domain(shared.viewer)
    of_domain = "id" in shared.place
    mine, theirs = (200, 200) if of_domain else (404, 404), (404, 404)
    token = office.token
    callers: dict[str, tuple[Person | str | None, tuple[int, int]]] = {
        "nobody": (None, (401, 401)),
        "an expired token": (office.expired(shared.owner), (401, 401)),
        "an access key": (office.key(domain_id), (403, 403)),
        "its client": (token({"domains": "w"}, domain_id=domain_id), mine),
        "its reading client": (
            token({"domains": "r"}, domain_id=domain_id),
            (mine[0], 403),
        ),
        "its client without the scope": (
            token({"statistics": "r"}, domain_id=domain_id),
            (403,) * 2,
        ),
        "another domain's client": (token({"domains": "w"}, domain_id=other), theirs),
        "a stranger": (office.person(), theirs),
        "a stranger without the scope": (
            token({"statistics": "r"}, user_id=office.person().id),
            (403, 403),
        ),
        "the viewer": (shared.viewer, (200, 403)),
        "the admin": (shared.admin, (200, 200)),
        "the owner": (shared.owner, (200, 200)),
        "the owner who may only read": (
            token({"domains": "r"}, user_id=shared.owner.id),
            (200, 403),
        ),
    }
    member = shared.members["admin"]
    for name, (who, (reads, changes)) in callers.items():
        put = {"id": member, "role": "Admin"}
        assert office.status(who, "GET", MEMBER, **shared.place) == reads, name
        assert office.status(who, "PUT", MEMBER, put) == changes, name
        if changes != 200:
            assert office.status(who, "DELETE", MEMBER, id=member) == changes, name
    for who, _ in callers.values():
        key = next(iter(shared.place))
        if office.status(who, "GET", MEMBER, **{key: "A" * 10}) not in {401, 403}:
            assert office.status(who, "DELETE", MEMBER, id="A" * 10) in {403, 404}
    assert roles(office, shared.owner, shared.place)[shared.admin.id] == "Admin"


def test_a_client_for_organizations_manages_their_members_and_no_domains(office: Office) -> None:
    """And cannot tell the members of others from nothing."""
    owner, ada = office.people("owner", "ada")
    domain, organization = office.domain(owner), office.organization(owner)
    in_domain = office.join(owner, ada, id=domain)
    in_organization = office.join(owner, ada, organization_id=organization)
    theirs = office.organization(ada)
    strange = office.join(ada, office.person(), organization_id=theirs)
    client = office.token({"organizations": "w"}, user_id=owner.id)

    def answer(member_id: str) -> int:
        return office.status(client, "PUT", MEMBER, {"id": member_id, "role": "admin"})

    assert answer(in_organization) == 200
    assert answer(in_domain) == 403
    assert answer(strange) == answer("A" * 10) == 404
    assert office.status(client, "GET", MEMBER, id=domain) == 403
    assert office.status(client, "GET", MEMBER, organization_id=organization) == 200


def test_whoever_is_removed_keeps_no_view_pin_or_favorite_there(office: Office) -> None:
    """Those of domains that they reach in another way stay, and those of others."""
    owner, ada, bob = office.people("owner", "ada", "bob")
    lost, kept, own = office.domain(owner), office.domain(owner), office.domain(ada)
    organization = office.organization(owner, lost, kept)
    for who in (ada, bob):
        office.join(owner, who, organization_id=organization)
    office.join(owner, ada, id=kept)
    for who, domain in ((ada, lost), (ada, kept), (ada, own), (bob, lost)):
        office(who, "POST", "/api/v1/view", {"domain_id": domain, "name": "Mine"})
        office(who, "POST", "/api/v1/user/pin", {"id": domain})
    for who in (ada, bob):
        office(who, "POST", "/api/v1/user/favorite", {"id": lost})
    [member] = [
        one["id"]
        for one in office(owner, "GET", MEMBER, organization_id=organization)
        if one["user_id"] == ada.id
    ]
    office(owner, "DELETE", MEMBER, id=member)

    def left(who: Person) -> tuple[set[str], set[str], str | None]:
        views = office.records.read(
            lambda s: set(s.scalars(select(ViewRecord.domain_id).filter_by(user_id=who.id)))
        )
        chosen = office.records.read(lambda s: preferences_of(s, who.id))
        assert chosen is not None
        return views, set(chosen.pinned), chosen.favorite_id

    assert left(ada) == ({kept, own}, {kept, own}, None)
    assert left(bob) == ({lost}, {lost}, lost)


def test_a_membership_counts_at_once_wherever_the_domain_is_asked_for(office: Office) -> None:
    """Statistics, settings and the list; of a domain's own membership before the organization's."""
    owner, ada = office.people("owner", "ada")
    domain = office.domain(owner)
    organization = office.organization(owner, domain)

    def may() -> tuple[int, int, list[str]]:
        total = office.status(ada, "GET", "/api/v1/statistics/total", id=domain, **STATISTICS)
        title = office.status(ada, "POST", f"{DOMAIN}/title", {"domain_id": domain})
        listed = office(ada, "GET", DOMAIN)
        return total, title, [one["user_role"] for one in listed if one["id"] == domain]

    assert may() == (404, 404, [])
    wide = office.join(owner, ada, "Admin", organization_id=organization)
    assert may() == (200, 200, ["Admin"])
    narrow = office.join(owner, ada, id=domain)
    assert may() == (200, 403, ["Viewer"])
    office(owner, "DELETE", MEMBER, id=narrow)
    assert may() == (200, 200, ["Admin"])
    office(owner, "DELETE", MEMBER, id=wide)
    assert may() == (404, 404, [])


def test_changes_of_members_are_written_down_with_their_domain(office: Office) -> None:
    owner, ada = office.people("owner", "ada")
    domain = office.domain(owner)
    member = office.join(owner, ada, "Admin", id=domain)
    office(owner, "DELETE", MEMBER, id=member)
    wanted = select(AuditRecord.operation).filter_by(domain_id=domain)
    found = office.records.read(lambda s: set(s.scalars(wanted)))
    assert found >= {"members_invite", "invitations_accept", "members_change", "members_delete"}
