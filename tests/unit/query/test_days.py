"""A plan that adds up is asked for days only, and put together again from their rows."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from hoofprint.query.calendar import cycle_node
from hoofprint.query.counting import Carried, count_by, key_of
from hoofprint.query.days import Daily, daily
from hoofprint.query.dimensions import BROWSER, CITY
from hoofprint.query.filters import Base, rows
from hoofprint.query.plan import DAY, Column, Order, Select
from hoofprint.query.series import key_of_bucket
from hoofprint.query.span import span_of

from .asking import BY_ROUTE, question
from .daily import COUNTS, MARCH_1, plan


def apart(**asked: str) -> Daily:
    found = daily(plan(**asked))
    assert found is not None
    return found


def test_a_day_is_whole_if_it_and_the_half_hour_after_it_are_in_the_period() -> None:
    """The last day of a period in UTC is not: its visits may go on until half past midnight."""
    assert apart().whole == (MARCH_1 + 1, MARCH_1 + 6)
    assert (apart().first, apart().last) == (MARCH_1, MARCH_1 + 7)
    assert apart(tz="Europe/Berlin").whole == (MARCH_1 + 1, MARCH_1 + 6)
    assert apart(tz="America/New_York").whole == (MARCH_1 + 2, MARCH_1 + 7)


def test_only_what_is_not_known_is_read_and_neighbours_together() -> None:
    assert apart().missing([]) == [(MARCH_1, MARCH_1 + 7)]
    assert apart().missing([MARCH_1 + 1, MARCH_1 + 2, MARCH_1 + 5]) == [
        (MARCH_1, MARCH_1),
        (MARCH_1 + 3, MARCH_1 + 4),
        (MARCH_1 + 6, MARCH_1 + 7),
    ]


def test_plans_are_alike_whatever_their_period_but_not_with_another_filter() -> None:
    alike = apart(first="2026-03-01", last="2026-03-05", tz="Asia/Kolkata")
    assert alike.template == apart().template
    assert apart(country="de").template != apart().template
    assert apart(event="Buy").template == apart(first="2026-02-01", event="Buy").template


def test_the_plan_of_some_days_reads_no_others_and_keeps_the_period() -> None:
    """Filters on sessions look at the same days."""
    some = apart(event="Buy").of([(MARCH_1 + 3, MARCH_1 + 4)], 5)
    span = span_of(some)
    assert span is not None
    assert (span.first, span.last) == (MARCH_1 + 3, MARCH_1 + 4)
    assert some.limit == 5
    assert DAY in some.source.group_by  # type: ignore[union-attr]


def test_rows_of_days_are_added_by_their_keys_sorted_and_cut() -> None:
    days = [[["Chrome", 1, 2], ["Arc", 3, 3]], [], [["Chrome", 2, 2], ["Safari", 9, 9]]]
    taken = daily(replace(plan(), limit=2, offset=1))
    assert taken is not None
    assert taken.added_up(days) == [["Arc", 3, 3], ["Chrome", 3, 4]]


def test_without_keys_there_is_one_row_even_of_nothing() -> None:
    asked = question({"from": "2026-03-02", "to": "2026-03-08"})
    taken = daily(count_by((), COUNTS, Base.SESSIONS, asked, rows(Base.SESSIONS, asked)))
    assert taken is not None
    assert taken.added_up([]) == [[0, 0]]


@pytest.mark.parametrize(
    "other",
    [
        plan(last="2026-03-03"),
        replace(plan(), with_ties=True),
        replace(plan(), order_by=(Order(Column("nothing_of_it")),)),
        replace(plan(), adds_up=False),
    ],
    ids=["too few days", "ties", "sorted by something else", "does not add up"],
)
def test_other_plans_stay_as_they_are(other: Select) -> None:
    assert daily(other) is None


def test_long_lists_and_what_is_carried_do_not_add_up_cheaply() -> None:
    asked = question({"from": "2026-03-02", "to": "2026-03-08"})
    where = rows(Base.SESSIONS, asked)
    carried = (Carried("name", Column("browser")),)
    cities = count_by((key_of(CITY),), COUNTS, Base.SESSIONS, asked, where)
    named = count_by((key_of(BROWSER),), COUNTS, Base.SESSIONS, asked, where, carried)
    assert not cities.adds_up
    assert not named.adds_up


def test_the_hours_of_a_clock_that_is_put_forward_are_no_bounds_of_the_period() -> None:
    """The plan of hours compares times with the moment of the change."""
    asked = question({"from": "2026-03-20", "to": "2026-04-05", "tz": "Europe/Berlin"})
    key = key_of_bucket(cycle_node(BY_ROUTE["/hours"].cycles, asked.period))
    taken = daily(count_by((key,), COUNTS, Base.PAGE_VIEWS, asked, rows(Base.PAGE_VIEWS, asked)))
    assert taken is not None
    assert taken.whole[1] - taken.whole[0] == 15
