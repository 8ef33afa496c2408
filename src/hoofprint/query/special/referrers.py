"""Where visitors came from (`rules.md` 2.4, referrer)."""

from __future__ import annotations

from msgspec.structs import replace

from hoofprint.query.breakdown import plan_breakdown, unfiltered
from hoofprint.query.dimensions import REFERRER, REFERRER_NAME
from hoofprint.query.filters import base_of
from hoofprint.query.metrics import fill, totals_for
from hoofprint.query.plan import Call, Column, Order
from hoofprint.query.question import Question
from hoofprint.query.report import Ask, Report, Row


def referrers(report: Report, question: Question, ask: Ask) -> list[Row]:
    """By name, with one of its urls; by name and url where a filter looks at one source."""
    base = base_of(question)
    narrow = question.condition("referrer") or question.condition("referrer_name")
    keys = (REFERRER_NAME, REFERRER) if narrow else (REFERRER_NAME,)
    plan = plan_breakdown(replace(report, keys=keys), question, base)
    if not narrow:
        one_url = ("key_referrer", Call("max", (Column("referrer"),)))
        plan = replace(plan, outputs=(*plan.outputs, one_url))
        if question.sort == REFERRER.field:
            by_url = Order(Column("key_referrer"), descending=not question.ascending)
            plan = replace(plan, order_by=(by_url, *plan.order_by))
    names = [name.removeprefix("key_") for name, _ in plan.outputs]
    totals = unfiltered(question, base, totals_for(report.metrics), ask)
    found = [dict(zip(names, row, strict=True)) for row in ask(plan)]
    filled = [row | {"referrer_icon": ""} | fill(row, totals, report.metrics) for row in found]
    return [{field: row[field] for field in report.fields} for row in filled]
