"""How often the conversion goals of a domain were reached (`rules.md` 2.4, goals)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hoofprint.query.breakdown import unfiltered
from hoofprint.query.counting import Key, count_by
from hoofprint.query.filters import Base, base_of, kept, rows
from hoofprint.query.metrics import fill
from hoofprint.query.plan import Call, Node, Number, Operation
from hoofprint.query.question import Goal, Question
from hoofprint.query.report import Ask, Report, Row

COUNTS = ("visitors", "views")
AT_ONCE = 32
"""So many goals are counted by one plan."""


def goals(report: Report, question: Question, ask: Ask) -> list[Row]:
    """Each goal with its numbers: those of `/total` with the goal's filters beside one's own."""
    searched = question.search.lower()
    found: list[Row] = []
    for base in (Base.SESSIONS, Base.PAGE_VIEWS):
        those = [
            goal
            for goal in question.goals
            if _base(question, goal) is base and searched in goal.name.lower()
        ]
        if those:
            found += _counted(report, question, base, those, ask)
    return _cut(found, question)


def _base(question: Question, goal: Goal) -> Base:
    """Page views if either filter looks at pages."""
    bases = {base_of(question), base_of(question.asking(goal.filter))}
    return Base.PAGE_VIEWS if Base.PAGE_VIEWS in bases else Base.SESSIONS


def _counted(
    report: Report, question: Question, base: Base, those: Sequence[Goal], ask: Ask
) -> list[Row]:
    totals = unfiltered(question, base, ("visitors",), ask)
    found: list[Row] = []
    for start in range(0, len(those), AT_ONCE):
        some = those[start : start + AT_ONCE]
        key = Key("goal", _reached(base, question, some), number=True)
        plan = count_by((key,), COUNTS, base, question, rows(base, question))
        counts = {row[0]: dict(zip(COUNTS, row[1:], strict=True)) for row in ask(plan)}
        found += [
            {
                "page_goal": goal.shown,
                "stats": fill(counts.get(number, {}), totals, report.metrics),
            }
            for number, goal in enumerate(some)
        ]
    return found


def _reached(base: Base, question: Question, those: Sequence[Goal]) -> Node:
    """The numbers of the goals that a fact fulfils; it counts for each of them."""
    bits = tuple(
        Call("multiply", (_fitting(base, question.asking(goal.filter)), Number(1 << number)))
        for number, goal in enumerate(those)
    )
    mask = Operation("+", bits) if len(bits) > 1 else bits[0]
    return Call("arrayJoin", (Call("bitPositionsToArray", (Call("toUInt64", (mask,)),)),))


def _fitting(base: Base, asked: Question) -> Node:
    return kept(base, asked) or Number(1)


def _cut(found: list[Row], question: Question) -> list[Row]:
    """The rows in order: there are few, and what they may be sorted by is not in the store."""
    descending = not question.ascending
    found.sort(key=lambda row: (row["page_goal"]["name"], row["page_goal"]["id"]))
    most_first = descending or bool(question.sort)
    found.sort(key=lambda row: row["stats"]["visitors"], reverse=most_first)
    if question.sort:
        found.sort(key=lambda row: _sorted_by(row, question.sort), reverse=descending)
    return found[question.offset : question.offset + question.limit]


def _sorted_by(row: Row, field: str) -> tuple[bool, Any]:
    """The value of a field of either part; what is not set is less than anything."""
    value = {**row["page_goal"], **row["stats"]}[field]
    if isinstance(value, dict):
        value = sorted(value.items())
    return value is not None, value if value is not None else 0
