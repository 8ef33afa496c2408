"""Reports with a row for each value of one or several dimensions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from hoofprint.query.counting import Carried, Key, count_by, count_visitors, key_of
from hoofprint.query.filters import Base, base_of, rows, sought, within
from hoofprint.query.metrics import RATIOS, counts_for, fill, totals_for
from hoofprint.query.plan import (
    DAY,
    VISITOR,
    Call,
    Column,
    Node,
    Number,
    Select,
    Union,
    every,
)
from hoofprint.query.question import Question
from hoofprint.query.report import Ask, Report, Row, sorting

_SEEN = (("day", DAY), ("visitor_id", VISITOR))


def breakdown(report: Report, question: Question, ask: Ask) -> list[Row]:
    """The rows of a report by its keys, sorted and cut in the store."""
    base = report.base or base_of(question, by_page=report.by_page)
    keys = [key_of(dimension) for dimension in report.keys]
    return answered(report, question, base, plan_breakdown(report, question, base, keys), ask)


def answered(report: Report, question: Question, base: Base, plan: Select, ask: Ask) -> list[Row]:
    """The rows of a plan of a breakdown with all metrics of the report."""
    names = [name.removeprefix("key_") for name, _ in plan.outputs]
    totals = unfiltered(question, base, totals_for(report.metrics), ask)
    found = [dict(zip(names, row, strict=True)) for row in ask(plan)]
    return [
        {field: row.get(field, "") for field in report.wire} | fill(row, totals, report.metrics)
        for row in found
    ]


def plan_breakdown(  # noqa: PLR0917 - a breakdown and how this one differs
    report: Report,
    question: Question,
    base: Base,
    keys: Sequence[Key],
    where: Node | None = None,
    carried: Sequence[Carried] = (),
) -> Select:
    """The plan of a breakdown: its keys and what is carried as `key_FIELD`, and its counts."""
    counts = counts_for((*report.metrics, report.order))
    kept = every(rows(base, question), searched(report, question), where) or Number(1)
    plan = with_bounce_rate(count_by(keys, counts, base, question, kept, carried))
    names = tuple(name for name, _ in plan.outputs if name.startswith("key_"))
    sort_by = sort_columns(report) | {name.removeprefix("key_"): name for name in names}
    return replace(
        plan,
        order_by=sorting(report, question, names, sort_by),
        limit=question.limit,
        offset=question.offset,
    )


def with_bounce_rate(plan: Select) -> Select:
    """A plan that counts bounces and sessions with the rate, which rows may be sorted by."""
    if not {"bounces", "sessions"} <= {name for name, _ in plan.outputs}:
        return plan
    rate = Call("divide", (Column("bounces"), Column("sessions")))
    return replace(plan, outputs=(*plan.outputs, ("bounce_rate", rate)))


def sort_columns(report: Report) -> dict[str, str]:
    """The outputs that sort like the metrics of a report.

    Fractions of the unfiltered period sort like what is above the line.
    """
    columns = {name: name for name in (*report.metrics, report.order)}
    return columns | {m: RATIOS[m].above for m in columns if m in RATIOS and RATIOS[m].of_all}


def searched(report: Report, question: Question) -> Node | None:
    """The condition of `search` on the report's main field."""
    key = report.search or (report.keys[0] if report.keys else None)
    return None if key is None else sought(key.node, question.search, exact=key.exact_search)


def unfiltered(question: Question, base: Base, names: tuple[str, ...], ask: Ask) -> dict[str, Any]:
    """Counts of the whole period, whatever the filters."""
    if not names:
        return {}
    if base is Base.EVENTS:
        return _unfiltered_visitors(question, ask)
    everything = within(question.domain.id, question.period)
    [row] = ask(count_by((), names, base, question.plain, everything))
    return dict(zip(names, row, strict=True))


def _unfiltered_visitors(question: Question, ask: Ask) -> dict[str, Any]:
    """Everybody who saw a page or caused an event in the period: events are compared with them."""
    domain_id, period = question.domain.id, question.period
    selects = tuple(
        Select(_SEEN, b.facts, within(domain_id, period)) for b in (Base.PAGE_VIEWS, Base.EVENTS)
    )
    [[visitors]] = ask(count_visitors(Select(_SEEN, Union(selects)), (Number(1),)))
    return {"visitors": visitors}
