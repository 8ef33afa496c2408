"""The first rows of a long list, without gathering the visitors of all the others; exact."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from hoofprint.query.plan import Call, Column, Order, Select, Value, every
from hoofprint.query.question import Question
from hoofprint.query.report import Ask, Report

LEAST = 300
SPARE = 3
"""How many values are candidates: `SPARE` times the rows that are wanted, but at least `LEAST`."""
GROWTH = 8
TRIES = 2

_BY_VISITORS = frozenset({"", "visitors", "relative_visitors"})


def top(report: Report, question: Question, plan: Select, ask: Ask) -> list[list[Any]]:
    """The rows of a plan that is sorted by visitors and cut.

    Counting rows is cheap, counting distinct visitors is not, and nobody has more visitors than
    rows. So only the values of the report's `wide` dimension with the most rows are counted fully.
    If the last row that is wanted then has more visitors than the next value has rows, no other
    value can be among them; else more candidates are tried, and at last all of them.
    """
    wide = report.wide
    descending = not question.ascending and question.sort in _BY_VISITORS
    if wide is None or not descending or report.order != "visitors":
        return ask(plan)
    visitors = [name for name, _ in plan.outputs].index("visitors")
    most = max(LEAST, SPARE * (question.offset + question.limit))
    for _ in range(TRIES):
        candidates = ask(
            Select(
                (("candidate", wide.node), ("weight", Call("count"))),
                plan.source,
                plan.where,
                group_by=(Column("candidate"),),
                order_by=(Order(Column("weight"), descending=True),),
                limit=most + 1,
            )
        )
        if len(candidates) <= most:
            break
        values = Value(tuple(value for value, _ in candidates[:most]), "Array(String)")
        among = Call("in", (wide.node, values))
        rows = ask(replace(plan, where=every(plan.where, among)))
        if len(rows) == question.limit and rows[-1][visitors] > candidates[most][1]:
            return rows
        most *= GROWTH
    return ask(plan)
