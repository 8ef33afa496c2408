"""Regions and cities, with one row for all that is unknown (`rules.md` 2.4)."""

from __future__ import annotations

from msgspec.structs import replace

from hoofprint.query.breakdown import plan_breakdown, unfiltered
from hoofprint.query.filters import base_of
from hoofprint.query.metrics import fill, totals_for
from hoofprint.query.plan import Call, Column, Node, compare, every, text
from hoofprint.query.question import Question
from hoofprint.query.report import Ask, Report, Row


def places(report: Report, question: Question, ask: Ask) -> list[Row]:
    """By country, region and city; an unknown city blanks the others too."""
    base = base_of(question)
    plan = plan_breakdown(report, question, base)
    count = len(report.keys)
    blanked = tuple((name, _known(node)) for name, node in plan.outputs[:count])
    named = compare("!=", Column("city"), text("")) if question.search else None
    where = every(plan.where, named)
    plan = replace(plan, outputs=(*blanked, *plan.outputs[count:]), where=where)
    names = [name.removeprefix("key_") for name, _ in plan.outputs]
    totals = unfiltered(question, base, totals_for(report.metrics), ask)
    found = [dict(zip(names, row, strict=True)) for row in ask(plan)]
    keys = [key.field for key in report.keys]
    return [
        fill(row, totals, report.metrics) | {field: row[field] for field in keys} for row in found
    ]


def _known(node: Node) -> Node:
    unknown = compare("=", Column("city"), text(""))
    return Call("if", (unknown, text(""), Call("toString", (node,))))
