"""Local days and the buckets of a series; that the store agrees is in `tests/laws/test_days.py`."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoofprint.query.calendar import (
    bucket_of,
    buckets,
    day_start,
    days,
    label,
    local_clock,
    local_day,
    offsets,
    second_at,
    shifted,
    wire_time,
)
from hoofprint.query.question import Period, Scale

BERLIN = "Europe/Berlin"
ZONES = ("Europe/Berlin", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kolkata", "UTC")
SOME_DAY = st.dates(date(2000, 1, 2), date(2099, 12, 30))


def utc(text: str) -> int:
    return int(datetime.fromisoformat(f"{text}+00:00").timestamp())


@pytest.mark.parametrize(
    ("day", "timezone", "begins"),
    [
        (date(2026, 3, 29), BERLIN, "2026-03-28T23:00:00"),
        (date(2026, 3, 30), BERLIN, "2026-03-29T22:00:00"),
        # There is no midnight, so the day begins at one o'clock.
        (date(2026, 4, 24), "Africa/Cairo", "2026-04-23T22:00:00"),
        # There is no such day: it would begin where the next one does.
        (date(2011, 12, 30), "Pacific/Apia", "2011-12-30T10:00:00"),
        (date(2011, 12, 31), "Pacific/Apia", "2011-12-30T10:00:00"),
    ],
)
def test_a_day_begins_at_midnight_or_right_after_it(day: date, timezone: str, begins: str) -> None:
    assert day_start(day, timezone) == utc(begins)


def test_of_a_clock_time_that_comes_twice_fold_names_the_second() -> None:
    at = (date(2026, 10, 25), time(2, 30), BERLIN)
    assert second_at(*at) == utc("2026-10-25T00:30:00")
    assert second_at(*at, fold=1) == utc("2026-10-25T01:30:00")


def test_local_day_and_clock_are_what_zoneinfo_says() -> None:
    second = utc("2026-03-29T22:00:05")
    assert (local_day(second, BERLIN), local_clock(second, BERLIN)) == (
        date(2026, 3, 30),
        time(0, 0, 5),
    )


def test_days_span_from_the_first_second_to_the_one_behind_the_last() -> None:
    period = days(date(2026, 3, 29), date(2026, 3, 29), BERLIN)
    assert (period.start, period.end) == (utc("2026-03-28T23:00:00"), utc("2026-03-29T22:00:00"))
    assert (period.first_day, period.last_day) == (date(2026, 3, 29), date(2026, 3, 29))


def test_a_day_is_moved_no_further_than_a_date_can_hold() -> None:
    assert shifted(date(2026, 3, 1), -1) == date(2026, 2, 28)
    assert shifted(date(2026, 3, 1), -1_000_000) == date.min
    assert shifted(date(2026, 3, 1), 10_000_000) == date.max - timedelta(days=1)


@pytest.mark.parametrize(
    ("scale", "first"),
    [
        (Scale.DAY, date(2026, 4, 5)),
        (Scale.WEEK, date(2026, 3, 30)),
        (Scale.MONTH, date(2026, 4, 1)),
        (Scale.YEAR, date(2026, 1, 1)),
    ],
)
def test_a_bucket_is_named_after_its_first_day_and_weeks_begin_on_monday(
    scale: Scale, first: date
) -> None:
    assert bucket_of(date(2026, 4, 5), scale) == first


@given(SOME_DAY, st.integers(0, 900), st.sampled_from(Scale))
def test_buckets_are_those_of_the_period_s_days_without_a_gap(
    first: date, length: int, scale: Scale
) -> None:
    last = min(first + timedelta(length), date(2099, 12, 31))
    period = Period(0, 0, first, last, "UTC")
    every = [first + timedelta(n) for n in range((last - first).days + 1)]
    expected = list(dict.fromkeys(bucket_of(day, scale) for day in every))
    assert list(buckets(period, scale)) == expected


@given(st.sampled_from(ZONES), SOME_DAY, st.integers(0, 500), st.data())
def test_the_offsets_of_a_period_make_zoneinfo_s_local_time(
    timezone: str, first: date, length: int, data: st.DataObject
) -> None:
    last = min(first + timedelta(length), date(2099, 12, 31))
    period = days(first, last, timezone)
    clocks = offsets(period)
    edges = [second - shift for second, _ in clocks for shift in (0, 1)]
    within = [second for second in edges if period.start <= second < period.end]
    within.append(data.draw(st.integers(period.start, period.end - 1)))
    for second in within:
        ahead = [offset for since, offset in clocks if since <= second][-1]
        shown = datetime.fromtimestamp(second, ZoneInfo(timezone)).replace(tzinfo=UTC)
        assert second + ahead == shown.timestamp()


def test_offsets_are_found_once_for_each_change_of_the_clocks() -> None:
    period = days(date(2026, 1, 1), date(2026, 12, 31), BERLIN)
    assert offsets(period) == [
        (period.start, 3600),
        (utc("2026-03-29T01:00:00"), 7200),
        (utc("2026-10-25T01:00:00"), 3600),
    ]


def test_a_period_outside_of_what_facts_can_have_needs_no_offsets_there() -> None:
    [only] = offsets(days(date(1970, 1, 1), date(1999, 12, 31), "UTC"))
    assert only == (utc("2000-01-01T00:00:00"), 0)


def test_answers_write_buckets_and_times_in_utc() -> None:
    assert label(date(2026, 3, 1)) == "2026-03-01T00:00:00Z"
    assert wire_time(utc("2026-03-01T02:03:04")) == "2026-03-01T02:03:04Z"
