from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import product
from typing import Any

from sqlalchemy import event, literal, select
from sqlalchemy.orm import Session

from hoofprint.management.reach import (
    domains_of,
    members_of,
    organizations_of,
    reached_by,
    reached_organization,
    reaches,
)
from hoofprint.model.principal import Principal
from hoofprint.model.role import Role
from hoofprint.records.engine import Records
from hoofprint.records.moments import moment
from hoofprint.records.tables import DomainRecord, OrganizationRecord, UserRecord

from .world import World

OWNER, ADMIN, VIEWER = Role.OWNER, Role.ADMIN, Role.VIEWER
MANY = 1000


def who(user: UserRecord) -> Principal:
    return Principal(client_id="", scopes={}, user_id=user.id)


def role(world: World, user: UserRecord, domain: DomainRecord) -> Role | None:
    """What a user is on a domain, however one asks."""
    one = world.records.read(lambda s: reached_by(s, who(user), domain.id))
    listed = world.records.read(lambda s: domains_of(s, who(user)))
    condition = reaches(literal(user.id), DomainRecord.id)
    among = world.records.read(lambda s: s.scalars(select(DomainRecord.id).where(condition)).all())
    assert {r.record.id: r.role for r in listed}.get(domain.id) is (one and one.role)
    assert sorted(r.record.id for r in listed) == sorted(among)
    return one and one.role


def in_organization(
    world: World, user: UserRecord, organization: OrganizationRecord
) -> Role | None:
    found = world.records.read(lambda s: reached_organization(s, who(user), organization.id))
    return found and found.role


@contextmanager
def counted(records: Records) -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    sent: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        sent.append(statement)

    event.listen(records._engine, "before_cursor_execute", note)
    yield sent
    event.remove(records._engine, "before_cursor_execute", note)


def test_members_are_the_owner_and_further_people_of_this_domain(world: World) -> None:
    ada, bob, cem = world.user("ada"), world.user("bob"), world.user("cem")
    alone, shared = world.domain(ada), world.domain(bob)
    world.member(shared, ada, Role.VIEWER)
    world.member(shared, cem, Role.ADMIN)
    # A domain may have changed hands: whoever owns it now counts once.
    world.member(shared, bob, Role.ADMIN)
    read = world.records.read
    assert read(lambda s: members_of(s, alone.id)) == 1
    assert read(lambda s: members_of(s, shared.id)) == 3
    assert read(lambda s: members_of(s, "nothing")) == 0


def test_the_owner_comes_first_then_the_organizations_owner_then_memberships_of_the_domain(
    world: World,
) -> None:
    """Every combination of owning, owning the organization, and the two memberships."""
    ada, bob = world.user("ada"), world.user("bob")
    roles = (None, ADMIN, VIEWER)
    for owns, owns_organization, here, there in product((True, False), (True, False), roles, roles):
        domain = world.domain(ada if owns else bob)
        organization = world.organization(ada if owns_organization else bob, domain)
        for place, given in ((domain, here), (organization, there)):
            if given is not None:
                world.member(place, ada, given)
        expected = OWNER if owns else ADMIN if owns_organization else here or there
        assert role(world, ada, domain) is expected
        assert in_organization(world, ada, organization) is (OWNER if owns_organization else there)


def test_nobody_reaches_what_belongs_to_others(world: World) -> None:
    """Organizations without domains, and domains without organizations, match nothing."""
    ada, bob = world.user("ada"), world.user("bob")
    shared, loose, strange = (world.domain(bob) for _ in range(3))
    mine, theirs = world.organization(ada, shared), world.organization(bob, strange)
    assert role(world, ada, shared) is ADMIN
    assert role(world, ada, loose) is None
    assert role(world, ada, strange) is None
    assert role(world, bob, shared) is OWNER
    read = world.records.read
    assert read(lambda s: reached_organization(s, who(ada), theirs.id)) is None
    assert read(lambda s: reached_organization(s, who(ada), "x")) is None
    ours = Principal(client_id="", scopes={}, domain_id=shared.id)
    assert read(lambda s: reached_organization(s, ours, mine.id)) is None
    assert [one.role for one in read(lambda s: domains_of(s, ours))] == [ADMIN]


def test_a_domain_is_listed_once_however_often_it_is_reached(world: World) -> None:
    ada, bob = world.user("ada"), world.user("bob")
    first, second = world.domain(bob), world.domain(ada)
    organization = world.organization(bob, first, second)
    for place in (first, second, organization):
        world.member(place, ada, VIEWER)
    listed = world.records.read(lambda s: domains_of(s, who(ada)))
    assert [(r.record.id, r.role) for r in listed] == [(second.id, OWNER), (first.id, VIEWER)]


def test_a_thousand_domains_are_listed_in_one_query(world: World) -> None:
    """However they are reached; what an organization's member sees is no more work."""
    ada, bob = world.user("ada"), world.user("bob")
    organization = world.organization(ada)
    world.member(organization, bob, VIEWER)

    def fill(session: Session) -> None:
        now = moment(world.clock.now)
        session.add_all(
            DomainRecord(
                user_id=ada.id,
                organization_id=organization.id,
                hostname="many.example",
                subdomain=f"many-{number}",
                timezone="UTC",
                def_time=now,
                mod_time=now,
            )
            for number in range(MANY)
        )

    world.records.write(fill)
    for user in (ada, bob):
        caller = who(user)
        with counted(world.records) as sent:
            listed = world.records.read(partial(domains_of, caller=caller))
        assert len(listed) == MANY
        assert len([one for one in sent if one.startswith("SELECT")]) == 1


def test_organizations_are_listed_own_ones_first_then_the_oldest(world: World) -> None:
    ada, bob, cem = world.user("ada"), world.user("bob"), world.user("cem")
    older, mine, newer, strange = (world.organization(one) for one in (bob, ada, bob, bob))
    world.member(newer, ada, ADMIN)
    world.member(older, ada, VIEWER)
    world.member(strange, cem, VIEWER)
    found = world.records.read(lambda s: organizations_of(s, ada.id))
    expected = [(mine.id, OWNER), (older.id, VIEWER), (newer.id, ADMIN)]
    assert [(one.record.id, one.role) for one in found] == expected


def test_a_domain_outlives_its_organization_and_members_do_not(world: World) -> None:
    ada, bob = world.user("ada"), world.user("bob")
    domain = world.domain(bob)
    organization = world.organization(ada, domain)
    world.member(organization, bob, VIEWER)
    world.records.write(lambda s: s.delete(s.get_one(OrganizationRecord, organization.id)))
    left = world.records.read(lambda s: s.get_one(DomainRecord, domain.id))
    assert left.organization_id is None
    assert role(world, ada, domain) is None
