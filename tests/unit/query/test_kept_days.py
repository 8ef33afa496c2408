"""Days that were counted are not counted again, until something is written to them."""

from __future__ import annotations

from typing import Any

import pytest

from hoofprint.query.days import Daily, daily
from hoofprint.query.plan import Select, Union
from hoofprint.query.span import span_of
from hoofprint.store.days import MOST_ROWS, PLAN_BYTES, KeptDays
from hoofprint.store.writes import Writes

from .asking import SITE
from .daily import MARCH_1, plan


class Shelf:
    """A store in which every day has one visitor with two sessions."""

    def __init__(self, most_bytes: int = 10_000_000) -> None:
        self.writes = Writes()
        self.days = KeptDays(self.writes, most_bytes)
        self.read: list[int] = []
        self.rows_a_day = 1

    def select(self, asked: Select) -> list[list[Any]]:
        span = span_of(asked)
        assert span is not None
        if asked.outputs[0][0] != "of_day":
            self.read.append(-1)
            return [["all", 1, 1]]
        parts = asked.source.selects if isinstance(asked.source, Union) else (asked.source,)
        reads = [span_of(part) for part in parts if isinstance(part, Select)]
        mine = [d for one in reads if one for d in range(one.first, one.last + 1)]
        self.read += mine
        return [[d, f"b{i}", 1, 2] for d in mine for i in range(self.rows_a_day)][: asked.limit]

    def ask(self, first: str, last: str, **more: str) -> list[list[Any]]:
        found = daily(plan(first, last, **more))
        assert isinstance(found, Daily)
        self.read.clear()
        return self.days.answer(found, self.writes.mark, self.select)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


def test_a_period_that_shares_days_reads_only_the_others_and_its_edges(shelf: Shelf) -> None:
    """The days at the edges are never whole."""
    assert shelf.ask("2026-03-02", "2026-03-08") == [["b0", 8, 16]]
    assert len(shelf.read) == 8
    assert shelf.ask("2026-03-03", "2026-03-09") == [["b0", 8, 16]]
    assert shelf.read == [MARCH_1 + 1, MARCH_1 + 7, MARCH_1 + 8]


def test_a_day_that_was_written_to_is_read_again(shelf: Shelf) -> None:
    shelf.ask("2026-03-02", "2026-03-08")
    shelf.writes.added([(SITE.id, MARCH_1 + 3), ("other", MARCH_1 + 4)])
    shelf.ask("2026-03-02", "2026-03-08")
    assert shelf.read == [MARCH_1, MARCH_1 + 3, MARCH_1 + 7]
    shelf.ask("2026-03-02", "2026-03-08")
    assert shelf.read == [MARCH_1, MARCH_1 + 7]


def test_what_was_read_before_a_write_that_came_meanwhile_is_not_believed(shelf: Shelf) -> None:
    found = daily(plan())
    assert found is not None
    mark = shelf.writes.mark
    shelf.writes.added([(SITE.id, MARCH_1 + 3)])
    shelf.days.answer(found, mark, shelf.select)
    shelf.ask("2026-03-02", "2026-03-08")
    assert MARCH_1 + 3 in shelf.read
    assert MARCH_1 + 4 not in shelf.read


def test_after_a_deletion_or_an_import_nothing_of_the_domain_is_believed(shelf: Shelf) -> None:
    shelf.ask("2026-03-02", "2026-03-08")
    shelf.writes.rewritten(SITE.id)
    shelf.ask("2026-03-02", "2026-03-08")
    assert len(shelf.read) == 8


def test_days_of_one_filter_are_none_of_another(shelf: Shelf) -> None:
    shelf.ask("2026-03-02", "2026-03-08")
    shelf.ask("2026-03-02", "2026-03-08", country="de")
    assert len(shelf.read) == 8


def test_too_many_pieces_are_read_as_a_whole(shelf: Shelf) -> None:
    shelf.ask("2026-03-02", "2026-03-20")
    shelf.writes.added([(SITE.id, MARCH_1 + d) for d in (2, 4, 6, 8, 10)])
    assert shelf.ask("2026-03-02", "2026-03-20") == [["b0", 20, 40]]
    assert len(shelf.read) == 20


def test_a_list_with_too_many_rows_is_asked_for_as_a_whole_from_then_on(shelf: Shelf) -> None:
    shelf.rows_a_day = MOST_ROWS
    assert shelf.ask("2026-03-02", "2026-03-08") == [["all", 1, 1]]
    assert shelf.ask("2026-03-02", "2026-03-08") == [["all", 1, 1]]
    assert shelf.read == [-1]


def test_what_was_not_asked_for_longest_is_forgotten_first() -> None:
    shelf = Shelf(most_bytes=9 * PLAN_BYTES)
    for code in ("de", "fr", "it", "es", "us", "gb", "nl", "be", "ch"):
        shelf.ask("2026-03-02", "2026-03-08", country=code)
    assert shelf.days.bytes <= 9 * PLAN_BYTES
    shelf.ask("2026-03-02", "2026-03-08", country="ch")
    assert len(shelf.read) == 2
    shelf.ask("2026-03-02", "2026-03-08", country="de")
    assert len(shelf.read) == 8


def test_a_plan_that_would_fill_the_memory_is_not_kept() -> None:
    shelf = Shelf(most_bytes=PLAN_BYTES)
    shelf.ask("2026-03-02", "2026-03-08")
    assert shelf.days.bytes == 0
