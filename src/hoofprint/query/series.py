"""Totals, series over time, and what clocks show again and again: hours, minutes, weekdays."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

from hoofprint.query.breakdown import unfiltered
from hoofprint.query.calendar import bucket_node, bucket_of_day, buckets, cycle_node, label
from hoofprint.query.counting import Key, count_by
from hoofprint.query.custom import FIELDS, custom_metrics
from hoofprint.query.filters import base_of, rows, within
from hoofprint.query.metrics import counts_for, fill, totals_for
from hoofprint.query.plan import DAY, Node
from hoofprint.query.question import Question, Scale
from hoofprint.query.report import Ask, Report, Row

BUCKET = "bucket"


def total(report: Report, question: Question, ask: Ask) -> Row:
    """One row over the whole period (`api.md`, Total Visitors)."""
    base = base_of(question, by_page=report.by_page)
    counts = counts_for(report.metrics)
    [row] = ask(count_by((), counts, base, question, rows(base, question)))
    found = dict(zip(counts, row, strict=True))
    totals = found
    if question.is_filtered:
        totals = unfiltered(question, base, totals_for(report.metrics), ask)
    custom = _custom(report, question, ask).get(None, {})
    return fill(found | custom, totals, report.metrics)


def by_time(report: Report, question: Question, ask: Ask) -> list[Row]:
    """A row for every bucket of the period, ascending, also where nothing happened."""
    found = _buckets(report, question, ask, key_of_scale(question))
    return over_time(question, found, fill({}, {}, report.metrics))


def over_time(question: Question, found: Mapping[str, Row], empty: Row) -> list[Row]:
    """What was found by a bucket's first day as rows of a series; `empty` stands for nothing."""
    return [
        {s.value: label(first) if s is question.scale else None for s in Scale}
        | found.get(first.isoformat(), empty)
        for first in buckets(question.period, question.scale)
    ]


def by_cycle(report: Report, question: Question, ask: Ask) -> list[Row]:
    """A row for each place of the report's cycles, whatever the day, ascending."""
    key = key_of_bucket(cycle_node(report.cycles, question.period))
    found = _buckets(report, question, ask, key)
    empty = fill({}, {}, report.metrics)
    fields = [cycle.field for cycle in report.cycles]
    places = product(*(range(cycle.size) for cycle in report.cycles))
    return [
        dict(zip(fields, place, strict=True)) | found.get(number, empty)
        for number, place in enumerate(places)
    ]


def key_of_bucket(bucket: Node, daily: Node | None = None) -> Key:
    """The key that groups facts by a bucket of time, and imported rows by the same of their day."""
    return Key(BUCKET, bucket, number=True, daily=daily)


def key_of_scale(question: Question) -> Key:
    """The key that groups by the buckets of a question's scale."""
    bucket = bucket_node(question.scale, question.period)
    return key_of_bucket(bucket, bucket_of_day(question.scale, DAY))


def _buckets(report: Report, question: Question, ask: Ask, key: Key) -> dict[Any, Row]:
    """The metrics of each bucket that has any fact."""
    base = base_of(question, by_page=report.by_page)
    counts = counts_for(report.metrics)
    plan = count_by((key,), counts, base, question, rows(base, question))
    found = {row[0]: dict(zip(counts, row[1:], strict=True)) for row in ask(plan)}
    totals = found
    names = totals_for(report.metrics)
    if names and question.is_filtered:
        everything = within(question.domain.id, question.period)
        plan = count_by((key,), names, base, question.plain, everything)
        totals = {row[0]: dict(zip(names, row[1:], strict=True)) for row in ask(plan)}
    custom = _custom(report, question, ask, key.node)
    return {
        at: fill(found.get(at, {}) | custom.get(at, {}), totals.get(at, {}), report.metrics)
        for at in {*found, *custom}
    }


def _custom(
    report: Report, question: Question, ask: Ask, bucket: Node | None = None
) -> dict[Any, dict[str, float]]:
    """Custom metrics by bucket, if the report has any."""
    return custom_metrics(question, ask, bucket) if set(FIELDS) <= set(report.metrics) else {}
