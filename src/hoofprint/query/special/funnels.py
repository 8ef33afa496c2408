"""How many visitors went a way, step by step (`rules.md` 2.4, funnel)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import takewhile

from msgspec import Struct

from hoofprint.query.counting import count_visitors
from hoofprint.query.filters import Base, base_of, kept, within
from hoofprint.query.metrics import divide
from hoofprint.query.plan import (
    DAY,
    EVERYTHING,
    SESSION,
    VISITOR,
    Call,
    Column,
    Lambda,
    Node,
    Number,
    Operation,
    Select,
    Union,
    compare,
    every,
    some,
)
from hoofprint.query.question import Question
from hoofprint.query.report import Ask, Report, Row

TABLES = (Base.PAGE_VIEWS, Base.EVENTS)
_BITS = 8
"""A row in one number: its second, and behind it a bit for each step that it fits."""
_SESSION, _NUMBER = Column("session"), Column("row_number")
_NUMBERS, _ONE = Column("row_numbers"), Column("r")


class Step(Struct, frozen=True):
    """Which rows of each table fit a step; a table without such rows is missing.

    `of_visit`: a row fits if and only if all of its session's rows do.
    """

    fits: Mapping[Base, Node]
    of_visit: bool


def funnel(_: Report, question: Question, ask: Ask) -> Row:
    """The definition of the question's funnel, and what became of the visitors at each step."""
    if question.funnel is None:
        return {}
    steps = [_step(question.asking(wanted)) for wanted in question.funnel.steps]
    if question.with_filter:
        steps[0] = _both(steps[0], question)
    counts: list[int] = []
    if leading := list(takewhile(lambda step: step.of_visit, steps)):
        [counts] = ask(_leading(question, leading))
    if len(counts) < len(steps):
        [others] = ask(_later(question, steps, len(counts)))
        counts = [*counts, *others]
    return {"definition": question.funnel.shown, "data": _wire(counts)}


def _step(wanted: Question) -> Step:
    """A step with an event looks for that, one about pages for a page view, others for either."""
    tables: tuple[Base, ...] = TABLES
    if wanted.condition("event") is not None:
        tables = (Base.EVENTS,)
    elif base_of(wanted) is Base.PAGE_VIEWS:
        tables = (Base.PAGE_VIEWS,)
    fits = {base: kept(base, wanted) or Number(1) for base in tables}
    return Step(fits, _is_of_visit(wanted))


def _is_of_visit(wanted: Question) -> bool:
    """Whether the filters look at nothing in which the rows of a session differ."""
    looks_at_rows = wanted.condition("event") or wanted.condition("hostname")
    return not looks_at_rows and base_of(wanted) is Base.SESSIONS


def _both(step: Step, question: Question) -> Step:
    """A step with the question's own filters beside it."""
    fits = {base: every(node, kept(base, question)) or node for base, node in step.fits.items()}
    return Step(fits, step.of_visit and _is_of_visit(question))


def _leading(question: Question, steps: Sequence[Step]) -> Select:
    """The visitors of the first steps, which look at visits: no session has to be put together."""
    names = [f"fits_{place}" for place in range(len(steps))]
    selects = tuple(
        Select(
            (
                *(("day", DAY), ("visitor_id", VISITOR)),
                *((name, step.fits[base]) for name, step in zip(names, steps, strict=True)),
            ),
            base.facts,
            every(within(question.domain.id, question.period), steps[0].fits[base]),
        )
        for base in TABLES
    )
    so_far = [every(*(Column(n) for n in names[: i + 1])) or Number(1) for i in range(len(names))]
    return count_visitors(Select((EVERYTHING,), Union(selects)), so_far)


def _later(question: Question, steps: Sequence[Step], start: int) -> Select:
    """The visitors of the steps from `start` on.

    Of each session, step by step, the earliest row is taken that is not earlier than the one
    before: no other choice leaves more for the steps that follow. A step that looks at the visit
    takes the same row as the one before it, so no rows have to be read for it.
    """
    looked_for = [step for step in steps if not step.of_visit]
    tables = [base for base in TABLES if any(base in step.fits for step in looked_for)]
    went = Select(
        (
            *(("of_day", Call("any", (DAY,))), ("of_visitor", Call("any", (VISITOR,)))),
            (_NUMBERS.name, Call("groupArray", (_NUMBER,))),
        ),
        Union(tuple(_numbered(base, question, steps, looked_for) for base in tables)),
        group_by=(_SESSION,),
    )
    for place in range(len(steps)):
        went = Select((EVERYTHING, (_taken(place).name, _earliest(place))), went)
    reached = [
        (f"reached_{place}", compare(">", _taken(place), Number(0)))
        for place in range(start, len(steps))
    ]
    visitors = (("day", Column("of_day")), ("visitor_id", Column("of_visitor")))
    ways = Select((*visitors, *reached), went)
    return count_visitors(ways, [Column(name) for name, _ in reached])


def _numbered(
    base: Base, question: Question, steps: Sequence[Step], looked_for: Sequence[Step]
) -> Select:
    """The rows of a table that fit a step, each as one number, with its session."""
    second = Call("toUInt64", (Call("toUnixTimestamp", (Column("time"),)),))
    bits = [
        Call("multiply", (step.fits[base], Number(1 << place)))
        for place, step in enumerate(steps)
        if base in step.fits
    ]
    number = Operation("+", (Call("multiply", (second, Number(1 << _BITS))), *bits))
    return Select(
        (("day", DAY), ("visitor_id", VISITOR), (_SESSION.name, SESSION), (_NUMBER.name, number)),
        base.facts,
        every(
            within(question.domain.id, question.period),
            some(*(step.fits[base] for step in looked_for if base in step.fits)),
        ),
    )


def _taken(place: int) -> Column:
    """The row that a session's step takes; 0 if none can be taken."""
    return Column(f"taken_{place}")


def _earliest(place: int) -> Node:
    """The earliest row that fits a step and is not earlier than the row of the step before."""
    fits: Node = Call("bitTest", (_ONE, Number(place)))
    if place == 0:
        return _first_of(fits)
    before = _taken(place - 1)
    second = Call("bitShiftRight", (before, Number(_BITS)))
    not_earlier = compare(">=", _ONE, Call("bitShiftLeft", (second, Number(_BITS))))
    found = _first_of(Operation("AND", (fits, not_earlier)))
    return Call("if", (compare(">", before, Number(0)), found, Number(0)))


def _first_of(condition: Node) -> Node:
    """The smallest number of a session's rows for which a condition holds, else 0."""
    return Call("arrayMin", (Call("arrayFilter", (Lambda(_ONE.name, condition), _NUMBERS)),))


def _wire(counts: Sequence[int]) -> list[Row]:
    """What is said of each step; who came to it is compared with the first and the one before."""
    data: list[Row] = []
    for place, visitors in enumerate(counts):
        previous = counts[place - 1] if place else 0
        dropped = previous - visitors if place else 0
        data.append(
            {
                "step": place + 1,
                "visitors": visitors,
                "relative_visitors": divide(visitors, counts[0]),
                "previous_visitors": previous,
                "relative_previous_visitors": divide(previous, counts[0]),
                "dropped": dropped,
                "drop_off": divide(dropped, previous),
            }
        )
    return data
