"""Custom metrics: numbers in the metadata of events, averaged and summed."""

from __future__ import annotations

from typing import Any

from hoofprint.query.filters import Base, rows, value_of
from hoofprint.query.metrics import divide
from hoofprint.query.plan import Call, Column, Node, Number, Select, text
from hoofprint.query.question import CustomMetric, Question
from hoofprint.query.report import Ask

FIELDS = ("custom_metric_avg", "custom_metric_total")
_INTEGER = r"^[+-]?[0-9]{1,15}$"
_FLOAT = r"^[+-]?([0-9]{1,300}(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,2})?$"


def custom_metrics(
    question: Question, ask: Ask, bucket: Node | None = None
) -> dict[Any, dict[str, float]]:
    """Average and total over the matching events, by bucket (one bucket None without any)."""
    metric = question.custom_metric
    if metric is None or question.condition("event") is None:
        return {}
    grouped = () if bucket is None else (("bucket", bucket),)
    plan = Select(
        (*grouped, ("count", Call("count")), ("total", Call("sum", (_number(metric),)))),
        Base.EVENTS.facts,
        rows(Base.EVENTS, question),
        group_by=tuple(Column(name) for name, _ in grouped),
    )
    found: dict[Any, dict[str, float]] = {}
    for row in ask(plan):
        count, total = row[-2:]
        values = dict(zip(FIELDS, (divide(total, count), total), strict=True))
        found[row[0] if grouped else None] = values
    return found


def _number(metric: CustomMetric) -> Node:
    """An event's number; 0 where it is missing or none."""
    value = value_of("meta", metric.key)
    pattern, convert = (
        (_INTEGER, "toInt64OrZero") if metric.integer else (_FLOAT, "toFloat64OrZero")
    )
    return Call("if", (Call("match", (value, text(pattern))), Call(convert, (value,)), Number(0)))
