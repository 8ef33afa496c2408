"""What a report is: its route, its shape, and how it is answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from typing import Literal as Choice

from msgspec import Struct

from hoofprint.query.calendar import Cycle
from hoofprint.query.dimensions import Dimension
from hoofprint.query.filters import Base
from hoofprint.query.plan import Column, Node, Order, Select
from hoofprint.query.question import Question

Ask = Callable[[Select], list[list[Any]]]
"""Runs a plan in the store."""

Row = dict[str, Any]


class Report(Struct, frozen=True):
    """One statistic (`api.md`, Statistics).

    `run` computes it. `keys` are the dimensions or `cycles` it is grouped by, `metrics` what it
    counts, in the order of the wire. `by_page` counts page views whatever the filters, `base` fixes
    the facts. `needs` are filters that must be set, `single` those that must have one plain value.
    `order` is the main number, by which rows are sorted, the largest first unless `ascending`; what
    is no list of rows (`is_list`) can't be sorted; `sortable` are the fields to sort by where they
    are not those of a row. `at_any_time` makes the period optional. `of_domain` marks what depends
    on the domain and the day only, so that an answer may be given again. `about` says what the
    domain has stored that the question has to hold. `export` is the parameter of the CSV export
    that chooses it, empty where it isn't exported; a list that is must keep to limit and offset.
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
    single: tuple[str, ...] = ()
    order: str = "visitors"
    ascending: bool = False
    is_list: bool = True
    at_any_time: bool = False
    search: Dimension | None = None
    cycles: tuple[Cycle, ...] = ()
    of_domain: bool = False
    about: Choice["goals", "funnel"] | None = None
    sortable: tuple[str, ...] = ()
    export: str = ""

    @property
    def wire(self) -> tuple[str, ...]:
        """The fields of a row."""
        grouped = (*(key.field for key in self.keys), *(cycle.field for cycle in self.cycles))
        return self.fields or (*grouped, *self.metrics)


def sorting(
    report: Report, question: Question, keys: tuple[str, ...], same: Mapping[str, str | Node]
) -> tuple[Order, ...]:
    """How rows are sorted: what was asked for, then the main number, then the keys.

    `same` gives what sorts like a field of the answer: an output's name or an expression; a field
    without one is the same in all rows.
    """
    ascending = report.ascending
    orders: list[Order] = []
    if not question.sort:
        ascending = report.ascending if question.ascending is None else question.ascending
    elif by := same.get(question.sort):
        node = Column(by) if isinstance(by, str) else by
        orders.append(Order(node, descending=not question.ascending))
    main = Order(Column(report.order), descending=not ascending)
    return (*orders, main, *(Order(Column(key)) for key in keys))
