"""Plans that add up over UTC days, taken apart: what was found on a day need not be counted again.

A visitor id belongs to one UTC day, and what its visitor did ends 30 minutes after it. So what a
plan counts on each day adds up to its answer, and on a day that lies in the period as a whole it
counts the same for every period.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from operator import add, itemgetter
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from hoofprint.model.session import IDLE_SECONDS
from hoofprint.query.metrics import divide
from hoofprint.query.plan import (
    DAY,
    Call,
    Column,
    Node,
    Number,
    Operation,
    Select,
    Union,
    Value,
    compare,
    every,
)
from hoofprint.query.span import conjuncts, selects_of, span_of

Range = tuple[int, int]
"""The first and the last day, as days since 1970-01-01 (UTC)."""
Rows = list[list[Any]]

DAY_SECONDS = 86_400
OF_DAY = "of_day"
FEWEST_DAYS = 2
"""From so many whole days on a plan is worth taking apart."""


class Daily(Struct, frozen=True):
    """A plan that adds up: its days, which of them are whole, and by which outputs it is sorted."""

    plan: Select
    domain_id: str
    order: tuple[tuple[int, bool], ...]
    first: int
    last: int
    whole: Range

    @property
    def template(self) -> Select:
        """The plan without its period: equal for plans that find the same on a whole day."""
        timeless = _timeless(self.plan.source)
        return replace(self.plan, source=_on(timeless, (0, 0)), order_by=(), limit=None, offset=0)

    def missing(self, known: Iterable[int]) -> list[Range]:
        """The ranges of days without those that are known."""
        there = set(known)
        ranges: list[Range] = []
        for day in range(self.first, self.last + 1):
            if day in there:
                continue
            if ranges and ranges[-1][1] == day - 1:
                ranges[-1] = (ranges[-1][0], day)
            else:
                ranges.append((day, day))
        return ranges

    def of(self, ranges: Sequence[Range], limit: int) -> Select:
        """The plan of what is found on each day of some ranges: the day, the keys, the counts."""
        selects = tuple(_by_day(part, days) for days in ranges for part in _parts(self.plan.source))
        day = Column(OF_DAY)
        return Select(
            ((OF_DAY, day), *self.plan.outputs[: self._counts]),
            Union(selects) if len(selects) > 1 else selects[0],
            group_by=(day, *self.plan.group_by),
            limit=limit,
        )

    def added_up(self, found: Iterable[Rows]) -> Rows:
        """The answer from the rows of all days, without their day."""
        keys = len(self.plan.group_by)
        sums: dict[tuple[Any, ...], list[Any]] = {}
        if not keys:
            sums[()] = [0] * self._counts
        for rows in found:
            for row in rows:
                key, counts = tuple(row[:keys]), row[keys:]
                if (so_far := sums.get(key)) is not None:
                    counts = list(map(add, so_far, counts))
                sums[key] = counts
        rows = [[*key, *counts] for key, counts in sums.items()]
        for row in rows:
            row += [divide(row[above], row[below]) for above, below in self._ratios()]
        for at, descending in reversed(self.order):
            rows.sort(key=itemgetter(at), reverse=descending)
        if self.plan.limit is None:
            return rows
        return rows[self.plan.offset : self.plan.offset + self.plan.limit]

    @property
    def _counts(self) -> int:
        """How many outputs are keys and counts; what follows is made of them."""
        return sum(1 for _, node in self.plan.outputs if not _is_ratio(node))

    def _ratios(self) -> list[tuple[int, int]]:
        names = [name for name, _ in self.plan.outputs]
        return [
            (names.index(above.name), names.index(below.name))
            for _, node in self.plan.outputs
            if isinstance(node, Call) and _is_ratio(node)
            for above, below in [node.arguments]
            if isinstance(above, Column) and isinstance(below, Column)
        ]


def daily(plan: Select) -> Daily | None:
    """A plan taken apart; None if it does not add up, or has too few whole days."""
    if not plan.adds_up or plan.with_ties:
        return None
    span, period, order = span_of(plan), _period(plan), _order(plan)
    if span is None or period is None or order is None:
        return None
    start, end = period
    whole = -(-start // DAY_SECONDS), (end - IDLE_SECONDS - 1) // DAY_SECONDS - 1
    if whole[1] - whole[0] + 1 < FEWEST_DAYS:
        return None
    return Daily(plan, span.domain_id, order, span.first, span.last, whole)


def _order(plan: Select) -> tuple[tuple[int, bool], ...] | None:
    """The places of the outputs by which a plan is sorted, and whether descending."""
    names = [name for name, _ in plan.outputs]
    order: list[tuple[int, bool]] = []
    for one in plan.order_by:
        if not isinstance(one.by, Column) or one.by.name not in names:
            return None
        order.append((names.index(one.by.name), one.descending))
    return tuple(order)


def _is_ratio(node: Node) -> bool:
    return isinstance(node, Call) and node.function == "divide"


def _parts(source: Any) -> tuple[Select, ...]:
    return source.selects if isinstance(source, Union) else (source,)


def _by_day(part: Select, days: Range) -> Select:
    """A part of a count, split by the day, of some days only."""
    outputs = ((OF_DAY, Call("toUInt16", (DAY,))), *part.outputs)
    group_by = part.group_by if DAY in part.group_by else (*part.group_by, DAY)
    split = replace(part, outputs=outputs, group_by=group_by)
    return replace(split, source=_on(split.source, days), where=_on(split.where, days))


def _on(part: Any, days: Range) -> Any:
    """A part of a plan with other days."""
    match part:
        case Operation(">=", (column, Value(str(), "Date"))) if column == DAY:
            return compare(">=", DAY, _date(days[0]))
        case Operation("<=", (column, Value(str(), "Date"))) if column == DAY:
            return compare("<=", DAY, _date(days[1]))
    return _changed(part, lambda inner: _on(inner, days))


def _timeless(part: Any) -> Any:
    """A part of a plan without the bounds of its period."""
    if isinstance(part, Select):
        kept = [one for one in conjuncts(part.where) if _bound(one) is None]
        part = replace(part, where=every(*kept))
    return _changed(part, _timeless)


def _period(plan: Select) -> Range | None:
    """The bounds of the period, Unix seconds; None if they are not the same in the whole plan."""
    bounds = [
        bound
        for select in selects_of(plan)
        for one in conjuncts(select.where)
        if (bound := _bound(one)) is not None
    ]
    starts = {second for operator, second in bounds if operator == ">="}
    ends = {second for operator, second in bounds if operator == "<"}
    return (starts.pop(), ends.pop()) if len(starts) == len(ends) == 1 else None


def _bound(part: Node) -> tuple[str, int] | None:
    """A condition that compares a fact's time with an end of the period."""
    match part:
        case Operation(
            (">=" | "<") as operator,
            (Column("time"), Call("toDateTime", (Value(int(second)), _))),
        ):
            return operator, second
    return None


def _changed(part: Any, change: Any) -> Any:
    """A part of a plan with its own parts changed."""
    if isinstance(part, tuple):
        return tuple(change(inner) for inner in part)
    if not isinstance(part, Struct) or isinstance(part, Value | Column | Number):
        return part
    fields = {name: getattr(part, name) for name in part.__struct_fields__}
    changed = {name: change(value) for name, value in fields.items()}
    return type(part)(**changed)


def _date(day: int) -> Value:
    return Value(datetime.fromtimestamp(day * DAY_SECONDS, UTC).date().isoformat(), "Date")
