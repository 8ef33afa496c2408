"""What is counted: each metric on each base (`rules.md` 2.2), and the ratios made of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct

from hoofprint.query.filters import Base, bounced
from hoofprint.query.plan import SESSION, VISITOR, Call, Column, Node, Number, compare
from hoofprint.query.question import Question

Count = Callable[[Base, Question], Node]


def _visitors(_: Base, __: Question) -> Node:
    return Call("uniqExact", (VISITOR,))


def _sessions(base: Base, _: Question) -> Node:
    return Call("count") if base is Base.SESSIONS else Call("uniqExact", (SESSION,))


def _views(base: Base, _: Question) -> Node:
    return Call("sum", (Column("page_views"),)) if base is Base.SESSIONS else Call("count")


def _bounces(base: Base, question: Question) -> Node:
    if base is Base.SESSIONS:
        return Call("countIf", (compare("=", Column("is_bounce"), Number(1)),))
    return Call("uniqExactIf", (SESSION, bounced(question)))


COUNTS: Mapping[str, Count] = {
    "visitors": _visitors,
    "views": _views,
    "sessions": _sessions,
    "bounces": _bounces,
    "count": lambda _, __: Call("count"),
    "seconds": lambda _, __: Call("sum", (Column("duration"),)),
    "lasting": lambda _, __: Call("countIf", (compare(">", Column("duration"), Number(0)),)),
}
"""Metrics that the store counts."""


class Ratio(Struct, frozen=True):
    """A metric divided by another of the same row, or, with `of_all`, of the unfiltered period."""

    above: str
    below: str
    of_all: bool = False


RATIOS: Mapping[str, Ratio] = {
    "bounce_rate": Ratio("bounces", "sessions"),
    "cr": Ratio("visitors", "visitors", of_all=True),
    "relative_visitors": Ratio("visitors", "visitors", of_all=True),
    "relative_views": Ratio("views", "views", of_all=True),
    "entry_rate": Ratio("entries", "sessions", of_all=True),
    "exit_rate": Ratio("exits", "sessions", of_all=True),
}
"""Metrics that are plain fractions of counts; 0 where the count below is 0."""


def divide(above: float, below: float) -> float:
    """A fraction; 0 when there is nothing to divide by."""
    return above / below if below else 0.0


def counts_for(metrics: tuple[str, ...]) -> tuple[str, ...]:
    """The counts that metrics are made of, without those of the unfiltered period."""
    wanted: list[str] = []
    for metric in metrics:
        ratio = RATIOS.get(metric)
        names = [metric] if ratio is None else [ratio.above]
        if ratio is not None and not ratio.of_all:
            names.append(ratio.below)
        wanted += [name for name in names if name in COUNTS and name not in wanted]
    return tuple(wanted)


def totals_for(metrics: tuple[str, ...]) -> tuple[str, ...]:
    """The counts of the unfiltered period that metrics are divided by."""
    below = [ratio.below for m in metrics if (ratio := RATIOS.get(m)) is not None and ratio.of_all]
    return tuple(dict.fromkeys(below))


def outputs(names: tuple[str, ...], base: Base, question: Question) -> tuple[tuple[str, Node], ...]:
    """The counts as outputs of a select."""
    return tuple((name, COUNTS[name](base, question)) for name in names)


def fill(
    row: Mapping[str, float], totals: Mapping[str, float], metrics: tuple[str, ...]
) -> dict[str, float]:
    """All metrics of a row from its counts and those of the unfiltered period."""
    filled: dict[str, float] = {}
    for metric in metrics:
        ratio = RATIOS.get(metric)
        if ratio is None:
            filled[metric] = row.get(metric, 0)
        else:
            below = totals if ratio.of_all else row
            filled[metric] = divide(row.get(ratio.above, 0), below.get(ratio.below, 0))
    return filled
