"""Deletions of statistics: who may ask for them, what is written down, what is shown."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from datetime import date
from typing import Any

import pytest

from hoofprint.errors import Forbidden, NotFound
from hoofprint.management.clients import principal_of
from hoofprint.management.deletions import DeletionBook, Deletions, Progress, WantedDeletion
from hoofprint.model.deletion import Deletion, DeletionKind
from hoofprint.model.principal import Principal
from hoofprint.model.role import Role
from hoofprint.records.tables import DeletionState, DomainRecord, UserRecord

from .world import World

MAY = WantedDeletion(DeletionKind.EVENTS, date(2026, 5, 1), date(2026, 5, 31), 100, 200)


class Desk:
    """The deletions of a world; the spool ends at 42."""

    def __init__(self, world: World) -> None:
        self.begun: list[Deletion] = []
        self.book = DeletionBook(world.records, world.clock)
        self.deletions = Deletions(world.records, world.clock, lambda: 42, self.begun.append)


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world)


def run(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(work)


def caller(world: World, of: DomainRecord | UserRecord, domains: str = "w") -> Principal:
    return principal_of(world.client(of, domains=domains).record)


def test_a_deletion_is_written_down_before_it_begins(world: World, desk: Desk) -> None:
    domain = world.domain(world.user("ada"))
    run(desk.deletions.request(caller(world, domain), domain.id, MAY))
    [begun] = desk.begun
    expected = Deletion(begun.id, domain.id, DeletionKind.EVENTS, 100, 200, position=42)
    assert begun == expected
    assert desk.book.unfinished() == [(expected, Progress())]


def test_deletions_are_listed_the_newest_first(world: World, desk: Desk) -> None:
    domain, other = (world.domain(world.user(name)) for name in ("ada", "bob"))
    admin = caller(world, domain)
    for _ in range(2):
        world.clock.now += 1
        run(desk.deletions.request(admin, domain.id, MAY))
    run(desk.deletions.request(caller(world, other), other.id, MAY))
    listed = run(desk.deletions.list(admin, domain.id))
    newest, oldest = desk.begun[1], desk.begun[0]
    assert [row["id"] for row in listed] == [newest.id, oldest.id]
    assert listed[0] == {
        "id": newest.id,
        "def_time": listed[0]["def_time"],
        "mod_time": listed[0]["def_time"],
        "domain_id": domain.id,
        "requested_by": admin.client_id,
        "kind": "events",
        "from": "2026-05-01",
        "to": "2026-05-31",
        "state": "waiting",
        "progress": 0.0,
        "error": "",
        "finished": None,
    }


def test_progress_is_shown_and_what_is_done_is_not_resumed(world: World, desk: Desk) -> None:
    domain = world.domain(world.user("ada"))
    admin = caller(world, domain)
    run(desk.deletions.request(admin, domain.id, MAY))
    [begun] = desk.begun

    def shown() -> tuple[Any, ...]:
        [row] = run(desk.deletions.list(admin, domain.id))
        return row["state"], row["progress"], row["error"], row["finished"] is not None

    half = Progress(DeletionState.DELETING, 4, 0.5, "no space left")
    desk.book.note(begun.id, half)
    assert shown() == ("deleting", 0.5, "no space left", False)
    assert desk.book.unfinished() == [(begun, half)]
    desk.book.note(begun.id, Progress(DeletionState.DONE, 4, 1.0))
    assert shown() == ("done", 1.0, "", True)
    assert desk.book.unfinished() == []


def test_a_deletion_goes_on_when_its_domain_is_gone(world: World, desk: Desk) -> None:
    """Else the statistics of a domain that is deleted meanwhile would stay for ever."""
    domain = world.domain(world.user("ada"))
    run(desk.deletions.request(caller(world, domain), domain.id, MAY))
    world.records.write(lambda s: s.delete(s.get_one(DomainRecord, domain.id)))
    [(left, _)] = desk.book.unfinished()
    assert left == desk.begun[0]
    desk.book.note(left.id, Progress(DeletionState.DONE, 1, 1.0))
    assert desk.book.unfinished() == []


def test_whoever_may_change_the_domain_may_delete_its_statistics(world: World, desk: Desk) -> None:
    owner, admin, viewer, stranger = map(world.user, ("ada", "bob", "cem", "dee"))
    domain, other = world.domain(owner), world.domain(stranger)
    world.member(domain, admin, Role.ADMIN)
    world.member(domain, viewer, Role.VIEWER)
    nobody = Principal("c", {"domains": "w"}, user_id="A" * 10)
    for may, asking, listing in (
        (caller(world, owner), None, None),
        (caller(world, admin), None, None),
        (caller(world, domain), None, None),
        (caller(world, owner, "r"), Forbidden, None),
        (caller(world, viewer), Forbidden, Forbidden),
        (caller(world, stranger), NotFound, NotFound),
        (caller(world, other), NotFound, NotFound),
        (nobody, NotFound, NotFound),
        (Principal("c", {"statistics": "r"}, user_id=owner.id), Forbidden, Forbidden),
    ):
        before = len(desk.begun)
        for work, error in (
            (desk.deletions.request(may, domain.id, MAY), asking),
            (desk.deletions.list(may, domain.id), listing),
        ):
            if error is None:
                run(work)
            else:
                with pytest.raises(error):
                    run(work)
        assert len(desk.begun) - before == (asking is None)
    with pytest.raises(NotFound):
        run(desk.deletions.request(caller(world, owner), "nothing", MAY))
