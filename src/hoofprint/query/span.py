"""Which days of a domain's facts a plan looks at: what lies outside can't change its answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from msgspec import Struct
from msgspec.structs import astuple

from hoofprint.query.plan import DAY, Column, Facts, Node, Operation, Select, Value

EPOCH = date(1970, 1, 1)


class Span(Struct, frozen=True):
    """Days of one domain, from `first` to `last`, as days since 1970-01-01 (UTC)."""

    domain_id: str
    first: int
    last: int


def span_of(plan: Select) -> Span | None:
    """The days that the plan looks at; None if it does not say so of all the facts it reads."""
    spans = [_span(select) for select in selects_of(plan) if isinstance(select.source, Facts)]
    known = [span for span in spans if span is not None]
    domains = {span.domain_id for span in known}
    if len(known) < len(spans) or len(domains) != 1:
        return None
    return Span(domains.pop(), min(s.first for s in known), max(s.last for s in known))


def _span(select: Select) -> Span | None:
    """What the conditions of a select that reads facts restrict it to."""
    domain_id: str | None = None
    first: int | None = None
    last: int | None = None
    for condition in conjuncts(select.where):
        match condition:
            case Operation("=", (Column("domain_id"), Value(str(value)))):
                domain_id = value
            case Operation(">=", (column, Value(str(day), "Date"))) if column == DAY:
                first = _number(day)
            case Operation("<=", (column, Value(str(day), "Date"))) if column == DAY:
                last = _number(day)
    if domain_id is None or first is None or last is None:
        return None
    return Span(domain_id, first, last)


def conjuncts(node: Node | None) -> Iterator[Node]:
    """The conditions that all have to hold."""
    match node:
        case None:
            return
        case Operation("AND", operands):
            for operand in operands:
                yield from conjuncts(operand)
        case _:
            yield node


def selects_of(part: Any) -> Iterator[Select]:
    """Every select in a part of a plan, the part itself too."""
    if isinstance(part, Select):
        yield part
    if isinstance(part, Value):
        return
    if isinstance(part, Struct):
        part = astuple(part)
    if isinstance(part, tuple):
        for inner in part:
            yield from selects_of(inner)


def _number(day: str) -> int:
    return (date.fromisoformat(day) - EPOCH).days
