"""Whoever remembers answers is told which days a batch has changed, once it can be read."""

from __future__ import annotations

from typing import cast

import pytest

from hoofprint.errors import StoreError
from hoofprint.model.arrival import Arrival, Kind, Visit
from hoofprint.query.span import Span
from hoofprint.sessions.batch import Facts, process
from hoofprint.sessions.memory import SessionsInMemory
from hoofprint.store.port import Store
from hoofprint.store.writer import Writer
from hoofprint.store.writes import Writes

DAY = 86_400
TODAY = 20_577


class Shelf:
    """A store that notes, for each insert, whether the write was known already."""

    def __init__(self, writes: Writes) -> None:
        self.broken = False
        self.known: list[int] = []
        self._writes = writes

    def insert_encoded(self, table: str, data: bytes, token: str | None = None) -> None:
        assert table
        assert data
        assert token
        if self.broken:
            raise StoreError("no space left")
        self.known.append(self._writes.mark)


class Desk:
    def __init__(self) -> None:
        self.writes = Writes()
        self.shelf = Shelf(self.writes)
        self.writer = Writer(cast("Store", self.shelf), self.writes)

    def days(self) -> dict[str, list[int]]:
        """The days around today that were written to, by domain."""
        around = range(TODAY - 3, TODAY + 2)
        return {
            domain_id: [
                day - TODAY
                for day in around
                if self.writes.written_since(0, Span(domain_id, day, day))
            ]
            for domain_id in ("a", "b", "c")
        }


def facts(*hits: tuple[str, int]) -> Facts:
    """Page views by domain and Unix seconds."""
    arrivals = [
        Arrival(Kind.HIT, domain_id, time, n, 0, n, "example.com", "/", "", Visit())
        for n, (domain_id, time) in enumerate(hits, 1)
    ]
    nothing = SessionsInMemory(lambda _: [], lambda: 0, lambda: float(TODAY * DAY))
    return process(arrivals, 1, nothing, 200)


def test_the_days_of_each_domain_are_noted_after_they_are_stored() -> None:
    desk = Desk()
    batch = desk.writer.encode(
        1, 4, facts(("a", TODAY * DAY), ("a", TODAY * DAY - 1), ("b", TODAY * DAY - 2 * DAY))
    )
    assert desk.writes.mark == 0
    desk.writer.store(batch)
    assert desk.shelf.known == [0] * 4  # page views, usage, ledger, sessions
    assert desk.days() == {"a": [-1, 0], "b": [-2], "c": []}


def test_a_batch_that_fails_is_noted_when_it_is_stored_at_last() -> None:
    desk = Desk()
    batch = desk.writer.encode(1, 2, facts(("a", TODAY * DAY)))
    desk.shelf.broken = True
    with pytest.raises(StoreError):
        desk.writer.store(batch)
    assert desk.writes.mark == 0
    desk.shelf.broken = False
    desk.writer.store(batch)
    assert desk.days() == {"a": [0], "b": [], "c": []}


def test_a_batch_from_before_a_crash_may_have_changed_everything() -> None:
    before, after = Desk(), Desk()
    batch = before.writer.encode(1, 2, facts(("a", TODAY * DAY)))
    after.writer.store(batch)
    assert after.days() == {domain_id: [-3, -2, -1, 0, 1] for domain_id in "abc"}
