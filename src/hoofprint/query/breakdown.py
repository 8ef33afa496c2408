"""Reports with a row for each value of one or several dimensions."""

from __future__ import annotations

from typing import Any

from hoofprint.query.dimensions import Dimension
from hoofprint.query.filters import Base, base_of, contains, rows, within
from hoofprint.query.metrics import COUNTS, RATIOS, counts_for, fill, outputs, totals_for
from hoofprint.query.plan import Call, Column, Node, Select, Union, compare, every, text
from hoofprint.query.question import Question
from hoofprint.query.report import Ask, Report, Row, sorting
from hoofprint.query.top import top


def breakdown(report: Report, question: Question, ask: Ask) -> list[Row]:
    """The rows of a report by its keys, sorted and cut in the store."""
    base = report.base or base_of(question, by_page=report.by_page)
    plan = plan_breakdown(report, question, base)
    names = [name.removeprefix("key_") for name, _ in plan.outputs]
    totals = unfiltered(question, base, totals_for(report.metrics), ask)
    found = [dict(zip(names, row, strict=True)) for row in top(report, question, plan, ask)]
    return [
        {field: row.get(field, "") for field in report.wire} | fill(row, totals, report.metrics)
        for row in found
    ]


def plan_breakdown(report: Report, question: Question, base: Base) -> Select:
    """The plan of a breakdown: its keys as `key_FIELD`, then its counts."""
    counts = counts_for((*report.metrics, report.order))
    keys = tuple((key_name(key), key.node) for key in report.keys)
    extra: list[tuple[str, Node]] = []
    sort_by = {count: count for count in counts} | _ratios_by_order(report.metrics)
    sort_by |= {key.field: key_name(key) for key in report.keys}
    if question.sort == "bounce_rate":
        rate = Call("divide", (Column("bounces"), Column("sessions")))
        extra.append(("bounce_rate_order", rate))
        sort_by["bounce_rate"] = "bounce_rate_order"
    names = tuple(name for name, _ in keys)
    return Select(
        (*keys, *outputs(counts, base, question), *extra),
        base.facts,
        every(rows(base, question), searched(report, question)),
        group_by=tuple(Column(name) for name in names),
        order_by=sorting(report, question, names, sort_by),
        limit=question.limit,
        offset=question.offset,
    )


def key_name(key: Dimension) -> str:
    """The output of a key: not the column's name, which the store would take it for."""
    return f"key_{key.field}"


def _ratios_by_order(metrics: tuple[str, ...]) -> dict[str, str]:
    """Fractions of the unfiltered period sort like what is above the line."""
    return {m: RATIOS[m].above for m in metrics if m in RATIOS and RATIOS[m].of_all}


def searched(report: Report, question: Question) -> Node | None:
    """The condition of `search` on the report's main field."""
    key = report.search or (report.keys[0] if report.keys else None)
    if not question.search or key is None:
        return None
    if key.exact_search:
        return compare("=", key.node, text(question.search.lower()))
    return contains(key.node, question.search)


def unfiltered(question: Question, base: Base, names: tuple[str, ...], ask: Ask) -> dict[str, Any]:
    """Counts of the whole period, whatever the filters."""
    if not names:
        return {}
    if base is Base.EVENTS:
        return _unfiltered_visitors(question, ask)
    plain = Question(question.domain, question.period, question.now)
    plan = Select(
        outputs(names, base, plain),
        base.facts,
        within(base, question.domain.id, question.period),
    )
    [row] = ask(plan)
    return dict(zip(names, row, strict=True))


def _unfiltered_visitors(question: Question, ask: Ask) -> dict[str, Any]:
    """Everybody who saw a page or caused an event in the period: events are compared with them."""
    domain_id, period = question.domain.id, question.period
    selects = tuple(
        Select((("visitor_id", Column("visitor_id")),), b.facts, within(b, domain_id, period))
        for b in (Base.PAGE_VIEWS, Base.EVENTS)
    )
    plan = Select((("visitors", COUNTS["visitors"](Base.EVENTS, question)),), Union(selects))
    [[visitors]] = ask(plan)
    return {"visitors": visitors}
