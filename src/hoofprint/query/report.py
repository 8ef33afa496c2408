"""What a report is: its route, its shape, and how it is answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from hoofprint.query.dimensions import Dimension
from hoofprint.query.filters import Base
from hoofprint.query.plan import Column, Order, Select
from hoofprint.query.question import Question

Ask = Callable[[Select], list[list[Any]]]
"""Runs a plan in the store."""

Row = dict[str, Any]


class Report(Struct, frozen=True):
    """One statistic (`api.md`, Statistics).

    `run` computes it. `keys` are the dimensions it is grouped by, `metrics` what it counts, in the
    order of the wire. `by_page` counts page views whatever the filters, `base` fixes the facts.
    `needs` are filters that must be set. `order` is the main number, by which rows are sorted; what
    is no list of rows (`is_list`) can't be sorted. `at_any_time` makes the period optional.
    """

    route: str
    summary: str
    run: Callable[[Report, Question, Ask], Any]
    keys: tuple[Dimension, ...] = ()
    metrics: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    by_page: bool = False
    base: Base | None = None
    needs: tuple[str, ...] = ()
    order: str = "visitors"
    is_list: bool = True
    at_any_time: bool = False
    search: Dimension | None = None

    @property
    def wire(self) -> tuple[str, ...]:
        """The fields of a row."""
        return self.fields or (*(key.field for key in self.keys), *self.metrics)


def sorting(
    report: Report, question: Question, keys: tuple[str, ...], same: dict[str, str]
) -> tuple[Order, ...]:
    """How rows are sorted: what was asked for, then the main number, then the keys.

    `same` names the output that sorts like a field of the answer; a field without one is the same
    in all rows.
    """
    orders = [Order(Column(report.order), descending=True), *(Order(Column(key)) for key in keys)]
    if question.sort:
        output = same.get(question.sort, "")
        if output:
            descending = not question.ascending
            orders = [Order(Column(output), descending=descending), *orders]
    elif question.ascending:
        orders[0] = Order(Column(report.order))
    return tuple(orders)
