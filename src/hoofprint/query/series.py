"""Totals, series over time, and hours of the day."""

from __future__ import annotations

from typing import Any

from hoofprint.query.breakdown import unfiltered
from hoofprint.query.calendar import bucket_node, buckets, hour_node, label
from hoofprint.query.counting import Key, count_by
from hoofprint.query.custom import FIELDS, custom_metrics
from hoofprint.query.filters import base_of, rows, within
from hoofprint.query.metrics import counts_for, fill, totals_for
from hoofprint.query.plan import Node
from hoofprint.query.question import Question, Scale
from hoofprint.query.report import Ask, Report, Row

NO_CUSTOM_METRIC = dict.fromkeys(FIELDS, 0)
HOURS = 24


def total(report: Report, question: Question, ask: Ask) -> Row:
    """One row over the whole period (`api.md`, Total Visitors)."""
    base = base_of(question, by_page=report.by_page)
    counts = counts_for(report.metrics)
    [row] = ask(count_by((), counts, base, question, rows(base, question)))
    found = dict(zip(counts, row, strict=True))
    totals = found
    if question.is_filtered:
        totals = unfiltered(question, base, totals_for(report.metrics), ask)
    filled = fill(found, totals, report.metrics)
    return filled | NO_CUSTOM_METRIC | custom_metrics(question, ask).get(None, {})


def by_time(report: Report, question: Question, ask: Ask) -> list[Row]:
    """A row for every bucket of the period, ascending, also where nothing happened."""
    bucket = bucket_node(question.scale, question.period)
    found = _buckets(report, question, ask, bucket)
    empty = fill({}, {}, report.metrics) | NO_CUSTOM_METRIC
    return [
        {s.value: label(first) if s is question.scale else None for s in Scale}
        | found.get(first.isoformat(), empty)
        for first in buckets(question.period, question.scale)
    ]


def by_hour(report: Report, question: Question, ask: Ask) -> list[Row]:
    """A row for each hour of the local day, the days of the period added up."""
    found = _buckets(report, question, ask, hour_node(question.period))
    empty = fill({}, {}, report.metrics) | NO_CUSTOM_METRIC
    return [{"hour": hour} | found.get(hour, empty) for hour in range(HOURS)]


def _buckets(report: Report, question: Question, ask: Ask, bucket: Node) -> dict[Any, Row]:
    """The metrics of each bucket that has any fact."""
    base = base_of(question, by_page=report.by_page)
    counts = counts_for(report.metrics)
    key = Key("bucket", bucket, number=True)
    plan = count_by((key,), counts, base, question, rows(base, question))
    found = {row[0]: dict(zip(counts, row[1:], strict=True)) for row in ask(plan)}
    totals = found
    names = totals_for(report.metrics)
    if names and question.is_filtered:
        everything = within(question.domain.id, question.period)
        plan = count_by((key,), names, base, question.plain, everything)
        totals = {row[0]: dict(zip(names, row[1:], strict=True)) for row in ask(plan)}
    custom = custom_metrics(question, ask, bucket)
    return {
        at: fill(found.get(at, {}), totals.get(at, {}), report.metrics)
        | NO_CUSTOM_METRIC
        | custom.get(at, {})
        for at in {*found, *custom}
    }
