"""Access links: random, found by their hash, managed by whoever may change the domain."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from sqlalchemy import select

from hoofprint.errors import Forbidden, Invalid, NotFound
from hoofprint.management.clients import hash_secret, principal_of
from hoofprint.management.links import LONGEST_DESCRIPTION, Link, Links
from hoofprint.model.principal import Principal
from hoofprint.model.role import Role
from hoofprint.records.moments import moment
from hoofprint.records.tables import AccessLinkRecord, DomainRecord, UserRecord

from .world import World


class Desk:
    """The links of a world, and how often somebody was told that they changed."""

    def __init__(self, world: World) -> None:
        self.changes = 0
        self.links = Links(world.records, world.clock, self._changed)

    def _changed(self) -> None:
        self.changes += 1


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)


def run(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(work)


def caller(world: World, of: DomainRecord | UserRecord, domains: str = "w") -> Principal:
    return principal_of(world.client(of, domains=domains).record)


def test_codes_are_random_and_kept_with_their_hash(world: World, desk: Desk) -> None:
    domain = world.domain(world.user("ada"))
    admin = caller(world, domain)
    codes = {run(desk.links.create(admin, domain.id, Link()))["code"] for _ in range(20)}
    assert len(codes) == 20
    assert all(len(code) == 32 and code.isalnum() for code in codes)
    kept = world.records.read(lambda s: list(s.scalars(select(AccessLinkRecord))))
    assert {(link.code, link.code_hash) for link in kept} == {(c, hash_secret(c)) for c in codes}


def test_links_are_listed_the_oldest_first_with_their_end(world: World, desk: Desk) -> None:
    domain = world.domain(world.user("ada"))
    other = world.domain(world.user("bob"))
    world.link(other)
    admin = caller(world, domain)
    for name, until in (("first", None), ("second", moment(0))):
        world.clock.now += 1
        run(desk.links.create(admin, domain.id, Link(name, until)))
    listed = run(desk.links.list(admin, domain.id))
    assert [(link["description"], link["valid_until"]) for link in listed] == [
        ("first", None),
        ("second", "1970-01-01T00:00:00.000000Z"),
    ]
    assert {link["domain_id"] for link in listed} == {domain.id}


def test_a_link_is_decided_about_anew_and_keeps_its_code(world: World, desk: Desk) -> None:
    domain = world.domain(world.user("ada"))
    admin = caller(world, domain)
    made = run(desk.links.create(admin, domain.id, Link("old", moment(world.clock.now))))
    world.clock.now += 60
    run(desk.links.update(admin, made["id"], Link("new")))
    [link] = run(desk.links.list(admin, domain.id))
    assert (link["description"], link["valid_until"]) == ("new", None)
    assert (link["code"], link["def_time"]) == (made["code"], made["def_time"])
    assert link["mod_time"] > made["mod_time"]


def test_a_deleted_link_is_gone(world: World, desk: Desk) -> None:
    domain = world.domain(world.user("ada"))
    admin = caller(world, domain)
    made = run(desk.links.create(admin, domain.id, Link()))
    run(desk.links.delete(admin, made["id"]))
    assert run(desk.links.list(admin, domain.id)) == []
    with pytest.raises(NotFound):
        run(desk.links.delete(admin, made["id"]))


def test_whoever_remembers_links_is_told_of_every_change(world: World, desk: Desk) -> None:
    domain = world.domain(world.user("ada"))
    admin = caller(world, domain)
    made = run(desk.links.create(admin, domain.id, Link()))
    run(desk.links.update(admin, made["id"], Link()))
    run(desk.links.delete(admin, made["id"]))
    run(desk.links.list(admin, domain.id))
    assert desk.changes == 3


@pytest.mark.parametrize("description", ["x" * (LONGEST_DESCRIPTION + 1), "a\0b"])
def test_a_description_that_cannot_be_kept_is_named(
    world: World, desk: Desk, description: str
) -> None:
    domain = world.domain(world.user("ada"))
    admin = caller(world, domain)
    made = run(desk.links.create(admin, domain.id, Link("x" * LONGEST_DESCRIPTION)))
    for work in (
        desk.links.create(admin, domain.id, Link(description)),
        desk.links.update(admin, made["id"], Link(description)),
    ):
        with pytest.raises(Invalid) as raised:
            run(work)
        assert set(raised.value.fields) == {"description"}


Doing = Callable[[Links, Principal, str, str], Coroutine[Any, Any, Any]]
CHANGES: dict[str, Doing] = {
    "create": lambda links, who, domain_id, _: links.create(who, domain_id, Link()),
    "update": lambda links, who, _, link_id: links.update(who, link_id, Link("changed")),
    "delete": lambda links, who, _, link_id: links.delete(who, link_id),
}
ALL: dict[str, Doing] = {
    "list": lambda links, who, domain_id, _: links.list(who, domain_id),
    **CHANGES,
}


@pytest.mark.parametrize("doing", ALL.values(), ids=ALL)
def test_links_belong_to_their_tenant(world: World, desk: Desk, doing: Doing) -> None:
    ada, bob = world.user("ada"), world.user("bob")
    domain, strange = world.domain(ada), world.domain(bob, public=True)
    made = run(desk.links.create(caller(world, strange), strange.id, Link()))
    for who in (caller(world, domain), caller(world, ada)):
        for domain_id, link_id in ((strange.id, made["id"]), ("x" * 10, "x" * 10), ("\0", "\0")):
            with pytest.raises(NotFound):
                run(doing(desk.links, who, domain_id, link_id))
    [link] = run(desk.links.list(caller(world, bob), strange.id))
    assert link["description"] == ""


@pytest.mark.parametrize("doing", ALL.values(), ids=ALL)
def test_viewers_and_other_scopes_manage_nothing(world: World, desk: Desk, doing: Doing) -> None:
    ada, bob, carl = world.user("ada"), world.user("bob"), world.user("carl")
    domain = world.domain(ada)
    world.member(domain, bob, Role.VIEWER)
    world.member(domain, carl, Role.ADMIN)
    made = run(desk.links.create(caller(world, ada), domain.id, Link()))
    collects = principal_of(world.client(domain, hit="w", statistics="r").record)
    for who in (caller(world, bob), collects):
        with pytest.raises(Forbidden):
            run(doing(desk.links, who, domain.id, made["id"]))
    run(doing(desk.links, caller(world, carl), domain.id, made["id"]))


@pytest.mark.parametrize("doing", CHANGES.values(), ids=CHANGES)
def test_to_read_is_not_to_change(world: World, desk: Desk, doing: Doing) -> None:
    domain = world.domain(world.user("ada"))
    made = run(desk.links.create(caller(world, domain), domain.id, Link()))
    reader = caller(world, domain, "r")
    with pytest.raises(Forbidden):
        run(doing(desk.links, reader, domain.id, made["id"]))
    assert len(run(desk.links.list(reader, domain.id))) == 1
