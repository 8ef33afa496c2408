"""How often the goals of a domain were reached (`rules.md` 2.4, goals)."""

from __future__ import annotations

from typing import Literal as Choice

from hoofprint.model.goal import Goal
from hoofprint.query.breakdown import unfiltered
from hoofprint.query.counting import count_by
from hoofprint.query.filters import Base, base_of, matches, of_sessions, rows, value_of
from hoofprint.query.metrics import divide
from hoofprint.query.plan import Call, Column, Node, Number, compare, every, text
from hoofprint.query.question import Question
from hoofprint.query.report import Ask, Report, Row

Kind = Choice["tag", "meta"]
COUNTS = ("visitors", "views")
SORTABLE = ("name", *COUNTS, "cr")


def goals(_: Report, question: Question, ask: Ask) -> list[Row]:
    """Visitors, views and the conversion rate of each goal.

    A goal without an event counts page views; one with an event the sessions in which it happened
    on a page that matches. The filters of the question apply too.
    """
    found = [
        (goal, _reached(goal, question, ask))
        for goal in question.goals
        if question.search.lower() in goal.name.lower()
    ]
    found.sort(key=lambda pair: pair[0].name)
    by = question.sort or "visitors"
    ascending = bool(question.ascending)
    found.sort(key=lambda p: p[0].name if by == "name" else p[1][by], reverse=not ascending)
    listed = found[question.offset : question.offset + question.limit]
    return [{"page_goal": goal.shown, "stats": stats} for goal, stats in listed]


def _reached(goal: Goal, question: Question, ask: Ask) -> Row:
    base = base_of(question, by_page=not goal.event)
    where = every(rows(base, question), _condition(goal, question)) or Number(1)
    [row] = ask(count_by((), COUNTS, base, question, where))
    counts = dict(zip(COUNTS, row, strict=True))
    total = unfiltered(question, base, ("visitors",), ask)["visitors"]
    return counts | {"cr": divide(counts["visitors"], total)}


def _condition(goal: Goal, question: Question) -> Node | None:
    kind: Kind = "meta" if goal.event else "tag"
    path = matches(goal.pattern) if goal.pattern else None
    pairs = [
        every(_has(kind, key), compare("=", value_of(kind, key), text(value)))
        for key, value in goal.tags
    ]
    if not goal.event:
        return every(path, *pairs)
    name = compare("=", Column("name"), text(goal.event))
    key = _has(kind, goal.meta_key) if goal.meta_key else None
    value = compare("=", value_of(kind, goal.meta_key), text(goal.meta_value))
    met = every(name, key, value if goal.meta_value else None, path, *pairs)
    return of_sessions(Base.EVENTS, question, met)


def _has(kind: Kind, key: str) -> Node:
    return Call("has", (Column(f"{kind}_keys"), text(key)))
