"""How rows are sorted, and what keeps a report from answering."""

from __future__ import annotations

import pytest

from hoofprint.query.answer import problems
from hoofprint.query.plan import Call, Column, Node, Order
from hoofprint.query.report import Report, sorting
from hoofprint.query.reports import REPORTS

from .asking import BY_ROUTE, question

KEYS = ("key_a", "key_b")
SAME: dict[str, str | Node] = {"a": "key_a", "cr": "visitors", "odd": Call("odd")}
TIES = (Order(Column("key_a")), Order(Column("key_b")))


def nobody(*_: object) -> None:
    """A report that is never run."""


LARGEST_FIRST = Report("/x", "", nobody)
SMALLEST_FIRST = Report("/x", "", nobody, order="time", ascending=True)


def order(report: Report, **params: str) -> tuple[Order, ...]:
    return sorting(report, question({**params}), KEYS, SAME)


def test_rows_come_by_the_main_number_then_by_their_keys() -> None:
    assert order(LARGEST_FIRST) == (Order(Column("visitors"), descending=True), *TIES)
    assert order(SMALLEST_FIRST) == (Order(Column("time")), *TIES)


def test_a_direction_alone_turns_the_main_number_around() -> None:
    """Ties stay in their order."""
    assert order(LARGEST_FIRST, direction="asc") == (Order(Column("visitors")), *TIES)
    down = Order(Column("time"), descending=True)
    assert order(SMALLEST_FIRST, direction="desc") == (down, *TIES)


@pytest.mark.parametrize(("direction", "descending"), [("", True), ("asc", False), ("desc", True)])
def test_a_sort_comes_before_the_default_order(direction: str, descending: bool) -> None:
    main = Order(Column("visitors"), descending=True)
    found = order(LARGEST_FIRST, sort="a", direction=direction)
    assert found == (Order(Column("key_a"), descending=descending), main, *TIES)


def test_a_field_sorts_by_what_it_is_made_of() -> None:
    assert order(LARGEST_FIRST, sort="cr")[0] == Order(Column("visitors"), descending=True)
    assert order(LARGEST_FIRST, sort="odd")[0] == Order(Call("odd"), descending=True)


def test_a_field_that_is_the_same_in_all_rows_leaves_the_default_order() -> None:
    """Also when the direction is turned around: it would be that field's."""
    assert order(LARGEST_FIRST, sort="icon", direction="asc") == order(LARGEST_FIRST)


@pytest.mark.parametrize("report", [r for r in REPORTS if r.is_list], ids=lambda r: r.route)
def test_a_list_can_be_sorted_by_every_field_of_its_rows_and_by_no_other(report: Report) -> None:
    for field in report.sortable or report.wire:
        assert "sort" not in problems(report, question(sort=field))
    assert "sort" in problems(report, question(sort="nonsense"))


def test_what_is_no_list_ignores_a_sort() -> None:
    assert problems(BY_ROUTE["/total"], question(sort="nonsense")) == {}


@pytest.mark.parametrize("report", [r for r in REPORTS if r.needs], ids=lambda r: r.route)
def test_a_report_names_the_filters_that_it_needs(report: Report) -> None:
    assert problems(report, question()) == dict.fromkeys(report.needs, "is required")
    given = question(dict.fromkeys(report.needs, "1"))
    assert problems(report, given) == {}


def test_routes_are_unique_and_rows_have_no_field_twice() -> None:
    assert len(BY_ROUTE) == len(REPORTS)
    for report in REPORTS:
        assert len(set(report.sortable or report.wire)) == len(report.sortable or report.wire), (
            report.route
        )
