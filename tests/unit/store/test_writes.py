"""Writes are known by domain and day, and by when they were noted."""

from __future__ import annotations

from hoofprint.query.span import Span
from hoofprint.store.writes import MOST_DAYS, Writes

WEEK = Span("a", 10, 16)


def test_what_was_written_before_a_mark_is_no_news() -> None:
    writes = Writes()
    writes.added([("a", 12)])
    mark = writes.mark
    assert not writes.written_since(mark, WEEK)
    writes.added([("a", 12)])
    assert writes.written_since(mark, WEEK)
    assert not writes.written_since(writes.mark, WEEK)


def test_only_the_days_of_a_span_of_its_domain_count() -> None:
    writes = Writes()
    writes.added([("a", 9), ("a", 17), ("b", 12)])
    assert not writes.written_since(0, WEEK)
    for day in (10, 16):
        assert writes.written_since(0, Span("a", day, day)) is False
        writes.added([("a", day)])
        assert writes.written_since(0, Span("a", day, day)) is True


def test_a_rewritten_domain_is_news_whatever_the_days() -> None:
    writes = Writes()
    writes.rewritten("a")
    assert writes.written_since(0, WEEK)
    assert not writes.written_since(0, Span("b", 0, 99_999))
    assert not writes.written_since(writes.mark, WEEK)


def test_when_everything_may_have_changed_everything_is_news() -> None:
    writes = Writes()
    writes.rewritten()
    assert writes.written_since(0, WEEK)
    assert not writes.written_since(writes.mark, WEEK)


def test_without_a_span_every_write_is_news() -> None:
    writes = Writes()
    assert not writes.written_since(0, None)
    writes.added([("a", 12)])
    assert writes.written_since(0, None)
    mark = writes.mark
    assert not writes.written_since(mark, None)
    writes.rewritten("b")
    assert writes.written_since(mark, None)


def test_memory_is_bounded_and_nothing_is_missed_for_it() -> None:
    writes = Writes()
    for day in range(MOST_DAYS + 1):
        writes.added([("a", day)])
    assert sum(len(days) for days in writes._days.values()) <= MOST_DAYS
    assert all(writes.written_since(0, Span("a", day, day)) for day in range(MOST_DAYS + 1))
    mark = writes.mark
    assert not writes.written_since(mark, WEEK)
    writes.added([("a", 12)])
    assert writes.written_since(mark, WEEK)
