"""What is counted and how rows are put in order: the ground of every report."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from .asked import Asked
from .facts import Fact, Key

Row = dict[str, Any]
Facts = Sequence[Fact]
TIME = "average_time_spent_seconds"


def divide(above: float, below: float) -> float:
    return above / below if below else 0.0


def visitors(facts: Iterable[Fact]) -> int:
    return len({fact.visitor for fact in facts})


def keys(facts: Iterable[Fact]) -> set[Key]:
    return {fact.key for fact in facts}


class Counts:
    """The metrics of some sessions or page views, beside all of the period without filters."""

    def __init__(self, asked: Asked, facts: Facts, everything: Facts, *, by_page: bool) -> None:
        sessions = asked.world.sessions
        self.visitors = visitors(facts)
        self.sessions = len(keys(facts))
        self.views = len(facts) if by_page else sum(sessions[f.key].page_views for f in facts)
        self.bounces = asked.world.bounced(keys(facts))
        self.bounce_rate = divide(self.bounces, self.sessions)
        all_views = (
            len(everything) if by_page else sum(sessions[f.key].page_views for f in everything)
        )
        self.cr = self.relative_visitors = divide(self.visitors, visitors(everything))
        self.relative_views = divide(self.views, all_views)

    def row(self, *names: str) -> Row:
        return {name: getattr(self, name) for name in names}


VISITS = ("visitors", "views", "sessions", "bounces", "bounce_rate", "cr")
SHARES = ("visitors", "relative_visitors")
HOSTS = (
    *("visitors", "views", "sessions", "bounces"),
    *("relative_visitors", "relative_views", "bounce_rate"),
)


def counted(asked: Asked, *, by_page: bool = False) -> tuple[Facts, Facts, bool]:
    """What a report counts, the same without filters, and whether it is page views."""
    if by_page or asked.by_page:
        return asked.views(), asked.all_views(), True
    return asked.sessions(), asked.all_sessions(), False


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


def groups(
    facts: Facts, key: Callable[[Fact], tuple[str, ...]]
) -> dict[tuple[str, ...], list[Fact]]:
    found: dict[tuple[str, ...], list[Fact]] = defaultdict(list)
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
