"""Which imported statistics are counted beside facts: those that can answer the same question.

They are sums of local days, so they answer for whole days only, before the first day with facts of
the domain's own. A kind of them answers if it has every value that the question groups or filters
by; no kind does where the question looks at single visitors, hours, tags or events.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from msgspec import Struct
from msgspec.structs import astuple

from hoofprint.model.imported import VALUES, ImportedKind
from hoofprint.query.calendar import days
from hoofprint.query.plan import (
    DAY,
    Call,
    Column,
    Facts,
    Node,
    Operation,
    Value,
    compare,
    every,
    some,
    text,
)
from hoofprint.query.question import Question
from hoofprint.query.span import conjuncts

IMPORTED = Facts("imported")
_PERIOD = frozenset({"domain_id", "day", "time"})
_PAGE = "path_number"


class Days(Struct, frozen=True):
    """The days from `first` to `last`."""

    first: date
    last: date


def _sum(column: str) -> Node:
    return Call("sum", (Column(column),))


_LASTING = Call("minus", (_sum("sessions"), _sum("bounces")))
COUNTS: dict[str, Node] = {
    **{name: _sum(name) for name in ("visitors", "sessions", "views", "bounces", "seconds")},
    "lasting": Call("toUInt64", (_LASTING,)),
}
"""The metrics that imported statistics have; every session but a bounce is taken to have lasted."""


def _columns(kind: ImportedKind) -> frozenset[str]:
    paths = (f"{name}_number" for name in VALUES[kind] if name.endswith("path"))
    return frozenset({*VALUES[kind], *paths, "day"})


_KINDS = {kind: _columns(kind) for kind in ImportedKind}


def imported_days(question: Question) -> Days | None:
    """The days of a question for which imported statistics count; None if they don't for any."""
    counted = question.domain.imported
    if not counted:
        return None
    period = question.period
    whole = days(period.first_day, period.last_day, period.timezone)
    if (whole.start, whole.end) != (period.start, period.end):
        return None
    last = period.last_day
    if (start := question.domain.statistics_start) is not None:
        last = min(last, start - timedelta(days=1))
    first = max(period.first_day, min(one.first for one in counted))
    last = min(last, max(one.last for one in counted))
    return Days(first, last) if first <= last else None


def imported_beside(
    question: Question, where: Node, values: Iterable[Node], *, by_page: bool = False
) -> Node | None:
    """The imported rows to be counted beside the facts for which `where` holds; None if none are.

    `values` are made of every row that is counted, by the names that facts have for their columns.
    Who saw several pages of a day is among the visitors of each of them, so visitors of pages are
    counted only `by_page`, or of a single one.
    """
    asked = imported_days(question)
    if asked is None:
        return None
    filters = [one for one in conjuncts(where) if not columns_in(one) <= _PERIOD]
    kind = _kind_for({*columns_in((*filters, *values))}, one_page=by_page or _is_one_page(filters))
    if kind is None:
        return None
    return every(
        compare("=", Column("domain_id"), text(question.domain.id)),
        compare("=", Column("kind"), text(kind)),
        compare(">=", DAY, _day(asked.first)),
        compare("<=", DAY, _day(asked.last)),
        some(*_counted(question, asked)),
        *filters,
    )


def columns_in(part: Any) -> frozenset[str]:
    """The names of all columns in a part of a plan."""
    return frozenset(_names_in(part))


def _names_in(part: Any) -> Iterator[str]:
    match part:
        case Column(name):
            yield name
        case Value():
            return
        case Struct():
            yield from _names_in(astuple(part))
        case tuple():
            for inner in part:
                yield from _names_in(inner)


def _kind_for(columns: set[str], *, one_page: bool) -> ImportedKind | None:
    for kind, known in _KINDS.items():
        if columns <= known and (one_page or kind is not ImportedKind.PAGES):
            return kind
    return None


def _is_one_page(filters: Iterable[Node]) -> bool:
    """Whether a filter keeps exactly one path."""
    for condition in filters:
        match condition:
            case Operation("=", (Column(name), _)) if name == _PAGE:
                return True
    return False


def _counted(question: Question, asked: Days) -> Iterator[Node | None]:
    """The days that were imported at the same time, of those that are asked about."""
    for one in question.domain.imported:
        if one.first <= asked.last and one.last >= asked.first:
            yield every(
                compare("=", Column("rows_id"), text(one.rows_id)),
                compare(">=", DAY, _day(one.first)),
                compare("<=", DAY, _day(one.last)),
            )


def _day(day: date) -> Node:
    return Value(day.isoformat(), "Date")
