"""Joining by an invitation, and by the host of an e-mail address."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hoofprint.errors import NotFound
from hoofprint.management.auto_join import free_mail_hosts, read_hosts
from hoofprint.management.clients import hash_secret
from hoofprint.management.invitations import MOST_ADDRESSES, read_addresses
from hoofprint.management.joining import accept, invitation_with, join
from hoofprint.model.role import Role
from hoofprint.records.ids import new_code
from hoofprint.records.moments import moment
from hoofprint.records.tables import (
    AutoJoinRecord,
    DomainRecord,
    InvitationRecord,
    MemberRecord,
    OrganizationRecord,
    UserRecord,
)

from .world import NOW, World

TIMES = {"def_time": moment(NOW), "mod_time": moment(NOW)}


def waits_for(world: World, organization: OrganizationRecord, host: str) -> None:
    record = AutoJoinRecord(organization_id=organization.id, hostname=host, **TIMES)
    world.records.write(lambda s: s.add(record))


def invite(world: World, place: DomainRecord | OrganizationRecord, user: UserRecord) -> str:
    """The code of an invitation."""
    code = new_code()
    kind = "domain_id" if isinstance(place, DomainRecord) else "organization_id"
    record = InvitationRecord(
        email=user.email, code_hash=hash_secret(code), **{kind: place.id}, **TIMES
    )
    world.records.write(lambda s: s.add(record))
    return code


def memberships(world: World, user: UserRecord) -> set[tuple[str | None, str]]:
    wanted = select(MemberRecord).filter_by(user_id=user.id)
    found = world.records.read(lambda s: s.scalars(wanted).all())
    return {(one.domain_id or one.organization_id, one.role) for one in found}


def test_a_new_user_becomes_a_viewer_of_every_organization_that_waits_for_the_host(
    world: World,
) -> None:
    """Only of these; whoever owns it or is there already stays what they are."""
    owner, ada = world.user("owner"), world.user("ada")
    first, second, other, mine, known = (
        world.organization(one) for one in (owner, owner, owner, ada, owner)
    )
    for organization in (first, second, mine, known):
        waits_for(world, organization, "example.com")
    for host in ("example.org", "sub.example.com", "com"):
        waits_for(world, other, host)
    world.member(known, ada, Role.ADMIN)
    for _ in range(2):
        world.records.write(lambda s: join(s, ada, NOW))
    assert memberships(world, ada) == {
        (first.id, "Viewer"),
        (second.id, "Viewer"),
        (known.id, "Admin"),
    }


def take(world: World, user: UserRecord, code: str) -> None:
    """Let a user accept what a code is for."""

    def work(session: Session) -> None:
        found = invitation_with(session, code)
        if found is None:
            raise NotFound
        accept(session, user, found, NOW)

    world.records.write(work)


def test_an_invitation_is_found_by_its_code_and_accepted_once_by_its_address(world: World) -> None:
    owner, ada, eve = world.user("owner"), world.user("ada"), world.user("eve")
    domain = world.domain(owner)
    organization = world.organization(owner, domain)
    for place in (domain, organization):
        code = invite(world, place, ada)
        with pytest.raises(NotFound):
            take(world, eve, code)
        take(world, ada, code)
        with pytest.raises(NotFound):
            take(world, ada, code)
    expected = {(domain.id, "Viewer"), (organization.id, "Viewer")}
    assert memberships(world, ada) == expected
    assert memberships(world, eve) == set()
    for wrong in ("", "x", new_code(), "ü" * 32):
        with pytest.raises(NotFound):
            take(world, ada, wrong)


def test_accepting_takes_no_role_away(world: World) -> None:
    owner, ada = world.user("owner"), world.user("ada")
    domain = world.domain(owner)
    world.member(domain, ada, Role.ADMIN)
    for user in (owner, ada):
        take(world, user, invite(world, domain, user))
    assert memberships(world, owner) == set()
    assert memberships(world, ada) == {(domain.id, "Admin")}


def test_hosts_that_anybody_can_have_an_address_at_are_refused() -> None:
    for host in ("gmail.com", "outlook.com", "gmx.de", "tuta.com", "mailinator.com"):
        assert host in free_mail_hosts()
        assert host in read_hosts(["example.com", host.upper()])[1]
    assert "example.com" not in free_mail_hosts()
    assert read_hosts([" Example.com", "example.com.", "bücher.example"]) == (
        ["example.com", "xn--bcher-kva.example"],
        "",
    )
    for wrong in ("localhost", "a b.example", "http://example.com", "@example.com"):
        assert wrong in read_hosts([wrong])[1]
    assert read_hosts([])[1] == "is required"


def test_addresses_are_read_once_each_and_all_wrong_ones_are_named() -> None:
    assert read_addresses(["A@Example.com", " a@example.com ", "b@example.com"]) == (
        ["a@example.com", "b@example.com"],
        "",
    )
    complaint = read_addresses(["a@example.com", "b", "c@", "d\u200b@example.com"])[1]
    assert complaint.startswith("no e-mail address: b, c@, d")
    assert "a@example.com" not in complaint
    assert len(read_addresses(["x" * 10_000] * 3 + [str(n) for n in range(99)])[1]) < 300
    many = [f"{number}@example.com" for number in range(MOST_ADDRESSES + 1)]
    assert read_addresses(many[:-1])[1] == ""
    assert "at most" in read_addresses(many)[1]
