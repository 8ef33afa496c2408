"""What is counted and how rows are put in order: the ground of every report."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from .asked import Asked
from .facts import Fact, Key
from .imported import Sum

Row = dict[str, Any]
Facts = Sequence[Fact]
Counted = Fact | Sum
TIME = "average_time_spent_seconds"


def divide(above: float, below: float) -> float:
    return above / below if below else 0.0


def visitors(facts: Iterable[Counted]) -> int:
    own, sums = apart(facts)
    return len({fact.visitor for fact in own}) + sum(one.visitors for one in sums)


def keys(facts: Iterable[Fact]) -> set[Key]:
    return {fact.key for fact in facts}


def apart(facts: Iterable[Counted]) -> tuple[list[Fact], list[Sum]]:
    """Facts, and sums that were imported."""
    there = list(facts)
    own = [fact for fact in there if isinstance(fact, Fact)]
    return own, [one for one in there if isinstance(one, Sum)]


class Counts:
    """The metrics of some sessions or page views, beside all of the period without filters."""

    def __init__(
        self,
        asked: Asked,
        facts: Sequence[Counted],
        everything: Sequence[Counted],
        *,
        by_page: bool,
    ) -> None:
        own, sums = apart(facts)
        self.visitors = visitors(facts)
        self.sessions = len(keys(own)) + sum(one.sessions for one in sums)
        self.views = _views(asked, facts, by_page=by_page)
        self.bounces = asked.world.bounced(keys(own)) + sum(one.bounces for one in sums)
        self.bounce_rate = divide(self.bounces, self.sessions)
        all_views = _views(asked, everything, by_page=by_page)
        self.cr = self.relative_visitors = divide(self.visitors, visitors(everything))
        self.relative_views = divide(self.views, all_views)

    def row(self, *names: str) -> Row:
        return {name: getattr(self, name) for name in names}


def _views(asked: Asked, facts: Sequence[Counted], *, by_page: bool) -> int:
    own, sums = apart(facts)
    sessions = asked.world.sessions
    seen = len(own) if by_page else sum(sessions[fact.key].page_views for fact in own)
    return seen + sum(one.views for one in sums)


VISITS = ("visitors", "views", "sessions", "bounces", "bounce_rate", "cr")
SHARES = ("visitors", "relative_visitors")
HOSTS = (
    *("visitors", "views", "sessions", "bounces"),
    *("relative_visitors", "relative_views", "bounce_rate"),
)


def counted(
    asked: Asked, *names: str, by_page: bool = False, by_clock: bool = False
) -> tuple[Sequence[Counted], Sequence[Counted], bool]:
    """What a report by these values counts, the same without filters, and whether it is page views.

    What was imported says nothing `by_clock`.
    """
    sums = [] if by_clock else asked.imported(*names, by_page=by_page)
    all_sums = [] if by_clock else asked.all_imported()
    if by_page or asked.by_page:
        return [*asked.views(), *sums], [*asked.all_views(), *all_sums], True
    return [*asked.sessions(), *sums], [*asked.all_sessions(), *all_sums], False


def custom_metrics(asked: Asked, events: Facts) -> Row:
    kind, key = asked.one("custom_metric_type"), asked.one("custom_metric_key")
    total: float = 0
    average: float = 0
    if kind and key and asked.params.get("event"):
        total = sum(_number(event.pairs.get(key, ""), kind) for event in events)
        average = divide(total, len(events))
    return {"custom_metric_avg": average, "custom_metric_total": total}


def _number(text: str, kind: str) -> float:
    if kind == "integer":
        return int(text) if re.fullmatch(r"[+-]?\d{1,15}", text) else 0
    try:
        number = float(text)
    except ValueError:
        return 0
    return number if math.isfinite(number) else 0


F = TypeVar("F")


def groups(
    facts: Iterable[F], key: Callable[[F], tuple[str, ...]]
) -> dict[tuple[str, ...], list[F]]:
    found: dict[tuple[str, ...], list[F]] = defaultdict(list)
    for fact in facts:
        found[key(fact)].append(fact)
    return found


def in_order(
    asked: Asked, rows: list[Row], main: str, by: Sequence[str], *, ascending: bool = False
) -> list[Row]:
    """Sorted by the main number, then the keys, or by what was asked for, and cut."""
    direction = asked.one("direction")
    if direction and not asked.one("sort"):
        ascending = direction == "asc"
    rows = sorted(rows, key=lambda row: [row[key] for key in by])
    rows.sort(key=lambda row: row[main], reverse=not ascending)
    if asked.one("sort"):
        rows.sort(key=lambda row: row[asked.one("sort")], reverse=direction != "asc")
    return cut(asked, rows)


def cut(asked: Asked, rows: list[Row]) -> list[Row]:
    """The rows from the offset up to the limit."""
    offset, limit = int(asked.one("offset") or 0), int(asked.one("limit") or 0) or 100
    return rows[offset : offset + limit]


def found_by_search(asked: Asked, text: str, *, exact: bool = False) -> bool:
    search = asked.one("search").strip().lower()
    return not search or (search == text if exact else search in text.lower())
