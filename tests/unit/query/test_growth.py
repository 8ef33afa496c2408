"""The period before, and by how much a number changed (`rules.md` 2.4)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from hoofprint.query.question import Period, Question
from hoofprint.query.special.growth import change, period_before

from .asking import NOW, question


@pytest.mark.parametrize(
    ("now", "before", "changed"),
    [(3, 2, 0.5), (1, 2, -0.5), (0, 2, -1.0), (2, 2, 0.0), (5, 0, 1.0), (0, 0, 0.0)],
)
def test_a_change_is_a_part_of_what_was_before(now: float, before: float, changed: float) -> None:
    """From nothing to something is 1, from nothing to nothing 0."""
    assert change(now, before) == changed


def between(period: Period) -> tuple[str, str]:
    """The ends of a period in UTC."""
    ends = [datetime.fromtimestamp(second, UTC) for second in (period.start, period.end)]
    return (f"{ends[0]:%m-%d %H:%M:%S}", f"{ends[1]:%m-%d %H:%M:%S}")


def one_day(day: str, **more: str) -> Question:
    return question({"from": day, "to": day}, **more)


def test_a_day_is_compared_with_the_same_weekday_a_week_before() -> None:
    """Between them the clocks went forward: both are whole local days."""
    before = period_before(one_day("2026-03-30"))
    assert between(before) == ("03-22 23:00:00", "03-23 23:00:00")
    assert (before.first_day, before.last_day) == (date(2026, 3, 23), date(2026, 3, 23))


def test_today_is_compared_until_the_same_time_of_day() -> None:
    """It is 14:00:00 in Berlin: the second that runs is part of both."""
    before = period_before(one_day("2026-03-31"))
    assert between(before) == ("03-23 23:00:00", "03-24 13:00:01")


def test_today_is_what_it_is_in_the_time_zone_that_was_asked_for() -> None:
    """At noon in UTC it is the next day in Kiribati already."""
    before = period_before(one_day("2026-04-01", tz="Pacific/Kiritimati"))
    assert between(before) == ("03-24 10:00:00", "03-24 12:00:01")
    before = period_before(one_day("2026-03-31", tz="Pacific/Kiritimati"))
    assert between(before) == ("03-23 10:00:00", "03-24 10:00:00")


def test_days_are_compared_with_as_many_days_before_them() -> None:
    """Also when today is among them."""
    before = period_before(question({"from": "2026-03-29", "to": "2026-03-31"}))
    assert (before.first_day, before.last_day) == (date(2026, 3, 26), date(2026, 3, 28))
    assert between(before) == ("03-25 23:00:00", "03-28 23:00:00")


def test_a_window_is_compared_with_the_same_window_a_day_before() -> None:
    """By the local clock: the clocks went forward that morning."""
    before = period_before(one_day("2026-03-29", from_time="08:00", to_time="09:30"))
    assert before.first_day == before.last_day == date(2026, 3, 28)
    assert between(before) == ("03-28 07:00:00", "03-28 08:31:00")


def test_the_last_seconds_are_compared_with_the_same_seconds_a_day_before() -> None:
    asked = question(start="600")
    before = period_before(asked)
    assert (before.start, before.end) == (NOW - 599 - 86_400, NOW + 1 - 86_400)


def test_the_time_before_all_time_is_as_far_back_as_a_date_goes() -> None:
    before = period_before(question({"from": "1970-01-01", "to": "2099-12-31"}))
    assert before.last_day == date(1969, 12, 31)
