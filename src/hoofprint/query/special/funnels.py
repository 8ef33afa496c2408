"""How many visitors went a way, step by step (`rules.md` 2.4, funnel)."""

from __future__ import annotations

from collections.abc import Sequence

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
    In,
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


def funnel(_: Report, question: Question, ask: Ask) -> Row:
    """The definition of the question's funnel, and what became of the visitors at each step."""
    if question.funnel is None:
        return {}
    steps = [question.asking(step) for step in question.funnel.steps]
    fitting = {base: [_fitting(base, step) for step in steps] for base in TABLES}
    if question.with_filter:
        for base, fits in fitting.items():
            fits[0] = None if fits[0] is None else every(fits[0], kept(base, question))
    [counts] = ask(_first(question, fitting))
    if counts[0]:
        [later] = ask(_later(question, fitting, len(steps)))
    else:
        later = [0] * (len(steps) - 1)
    return {"definition": question.funnel.shown, "data": _wire([*counts, *later])}


Fitting = dict[Base, list[Node | None]]
"""For each table and step which rows fit it; None where no row can."""


def _fitting(base: Base, step: Question) -> Node | None:
    """A step with an event looks for that, one about pages for a page view, others for either."""
    about = None
    if step.condition("event") is not None:
        about = Base.EVENTS
    elif base_of(step) is Base.PAGE_VIEWS:
        about = Base.PAGE_VIEWS
    return (kept(base, step) or Number(1)) if about in {None, base} else None


def _first(question: Question, fitting: Fitting) -> Select:
    """The visitors of the first step; no session has to be looked at as a whole for that."""
    seen = _rows(question, fitting, 0, (("day", DAY), ("visitor_id", VISITOR)))
    return count_visitors(seen, (Number(1),))


def _later(question: Question, fitting: Fitting, count: int) -> Select:
    """The visitors of the steps after the first, in sessions with a row that fits the second.

    Step by step the earliest row is taken that is not earlier than the one before: no other choice
    leaves more for the steps that follow.
    """
    numbers = Call("groupArray", (_NUMBER,))
    went = Select(
        (("of_day", _any(DAY)), ("of_visitor", _any(VISITOR)), (_NUMBERS.name, numbers)),
        Union(tuple(_numbered(base, question, fitting) for base in TABLES if any(fitting[base]))),
        group_by=(_SESSION,),
    )
    for step in range(count):
        went = Select((EVERYTHING, (_taken(step).name, _earliest(step))), went)
    reached = tuple((f"reached_{n}", compare(">", _taken(n), Number(0))) for n in range(1, count))
    visitors = (("day", Column("of_day")), ("visitor_id", Column("of_visitor")))
    return count_visitors(
        Select((*visitors, *reached), went), tuple(Column(name) for name, _ in reached)
    )


def _numbered(base: Base, question: Question, fitting: Fitting) -> Select:
    """The rows of a table that fit any step, each as one number, with its session."""
    second = Call("toUInt64", (Call("toUnixTimestamp", (Column("time"),)),))
    parts: list[Node] = [Call("multiply", (second, Number(1 << _BITS)))]
    for step, fits in enumerate(fitting[base]):
        if fits is not None:
            parts.append(Call("multiply", (fits, Number(1 << step))))
    candidates = _rows(question, fitting, 1, ((_SESSION.name, SESSION),))
    return Select(
        (
            *(("day", DAY), ("visitor_id", VISITOR), (_SESSION.name, SESSION)),
            (_NUMBER.name, Operation("+", tuple(parts))),
        ),
        base.facts,
        every(
            within(question.domain.id, question.period),
            In(SESSION, candidates),
            some(*fitting[base]),
        ),
    )


def _rows(
    question: Question, fitting: Fitting, step: int, outputs: tuple[tuple[str, Node], ...]
) -> Select:
    """Values of all rows that fit a step."""
    everything = within(question.domain.id, question.period)
    selects = tuple(
        Select(outputs, base.facts, every(everything, fits[step]))
        for base, fits in fitting.items()
        if fits[step] is not None
    )
    return Select(tuple((name, Column(name)) for name, _ in outputs), Union(selects))


def _taken(step: int) -> Column:
    """The row that a session's step takes; 0 if none can be taken."""
    return Column(f"taken_{step}")


def _earliest(step: int) -> Node:
    """The earliest row that fits a step and is not earlier than the row of the step before."""
    fits: Node = Call("bitTest", (_ONE, Number(step)))
    if step == 0:
        return _first_of(fits)
    before = _taken(step - 1)
    second = Call("bitShiftRight", (before, Number(_BITS)))
    not_earlier = compare(">=", _ONE, Call("bitShiftLeft", (second, Number(_BITS))))
    found = _first_of(every(fits, not_earlier) or fits)
    return Call("if", (compare(">", before, Number(0)), found, Number(0)))


def _first_of(condition: Node) -> Node:
    """The smallest number of a session's rows for which a condition holds, else 0."""
    return Call("arrayMin", (Call("arrayFilter", (Lambda(_ONE.name, condition), _NUMBERS)),))


def _any(node: Node) -> Node:
    return Call("any", (node,))


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
