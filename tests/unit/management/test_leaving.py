"""What an account may not take with it: what others use."""

from __future__ import annotations

from hoofprint.management.leaving import used_by_others
from hoofprint.model.role import Role
from hoofprint.records.tables import UserRecord

from .world import World


def held(world: World, user: UserRecord) -> list[str]:
    return list(world.records.read(lambda s: used_by_others(s, user)))


def test_what_nobody_else_uses_holds_nobody(world: World) -> None:
    ada, bob = world.user("ada"), world.user("bob")
    world.organization(ada, world.domain(ada, "a.example"), world.domain(ada, "b.example"))
    world.member(world.domain(bob, "c.example"), ada, Role.ADMIN)
    assert held(world, ada) == []


def test_members_of_a_domain_or_of_its_organization_use_it(world: World) -> None:
    """So do the owners of organizations, and those whose domains are in one's organization."""
    ada, bob, cem, dan = (world.user(name) for name in ("ada", "bob", "cem", "dan"))
    alone, direct, wide, guest = (
        world.domain(ada, f"{name}.example") for name in ("alone", "direct", "wide", "guest")
    )
    world.member(direct, bob, Role.VIEWER)
    world.member(world.organization(ada, wide), bob, Role.VIEWER)
    world.organization(cem, guest)
    assert held(world, ada) == ["direct.example", "guest.example", "wide.example", "Team"]
    assert held(world, cem) == ["Team"]
    assert held(world, bob) == []
    world.organization(dan)
    assert held(world, dan) == []
    world.organization(dan, alone)
    assert held(world, dan) == ["Team"]
