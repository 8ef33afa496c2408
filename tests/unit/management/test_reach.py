from __future__ import annotations

from hoofprint.management.reach import members_of
from hoofprint.model.role import Role

from .world import World


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
