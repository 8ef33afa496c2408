"""Law 4: every hit is on exactly one local day, in every time zone, whatever the clocks do."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoofprint.model.arrival import Arrival, Kind, Visit
from hoofprint.query.calendar import day_start

from .site import MakeSite, Site, fewer
from .traffic import DOMAIN, Params

ZONES = (
    *("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "UTC"),
    *("America/Sao_Paulo", "Australia/Lord_Howe", "Africa/Cairo"),
)
HOUR, DAY = 3600, 86_400
EVERY_PAGE = ("path", "~/")
"""Makes page views what is counted."""


def second(text: str) -> int:
    """A UTC time as Unix seconds."""
    return int(datetime.fromisoformat(f"{text}+00:00").timestamp())


FIRST, LAST = second("2026-01-01T00:00:00"), second("2026-12-31T23:59:59")


@cache
def changes(timezone: str, first: int = FIRST, last: int = LAST) -> tuple[int, ...]:
    """The seconds at which the clocks of a zone change; each is looked for day by day."""
    zone = ZoneInfo(timezone)

    def ahead(at: int) -> timedelta | None:
        return datetime.fromtimestamp(at, zone).utcoffset()

    found: list[int] = []
    for day in range(first, last, DAY):
        before, after = day, day + DAY
        if ahead(before) == ahead(after):
            continue
        while after - before > 1:
            middle = (before + after) // 2
            before, after = (middle, after) if ahead(middle) == ahead(before) else (before, middle)
        found.append(after)
    return tuple(found)


def viewed(times: list[int]) -> list[Arrival]:
    """A page view of another visitor at each of the times."""
    return [
        Arrival(Kind.HIT, DOMAIN, at, n, 0, n, "example.com", "/", "", Visit())
        for n, at in enumerate(times, 1)
    ]


def views_by_day(site: Site, timezone: str, first: str, last: str) -> dict[str, int]:
    """The series' days with any page view."""
    rows = site.ask("/visitor", [("from", first), ("to", last), ("tz", timezone), EVERY_PAGE])
    return {row["day"]: row["views"] for row in rows if row["views"]}


def views_by_hour(site: Site, timezone: str, first: str, last: str) -> dict[int, int]:
    rows = site.ask("/hours", [("from", first), ("to", last), ("tz", timezone)])
    return {row["hour"]: row["views"] for row in rows if row["views"]}


def views_in(site: Site, timezone: str, first: date, last: date) -> int:
    period: Params = [("from", first.isoformat()), ("to", last.isoformat()), ("tz", timezone)]
    return int(site.ask("/total", [*period, EVERY_PAGE])["views"])


def label(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def local(times: list[int], timezone: str) -> list[datetime]:
    return [datetime.fromtimestamp(at, ZoneInfo(timezone)) for at in times]


@pytest.mark.parametrize(
    ("timezone", "hours"),
    [
        ("Europe/Berlin", {23: 1, 24: 363, 25: 1}),
        ("America/New_York", {23: 1, 24: 363, 25: 1}),
        ("Asia/Kolkata", {24: 365}),
        ("Pacific/Apia", {24: 365}),
        ("UTC", {24: 365}),
        ("America/Sao_Paulo", {24: 365}),
        ("Australia/Lord_Howe", {23.5: 1, 24: 363, 24.5: 1}),
        ("Africa/Cairo", {23: 1, 24: 363, 25: 1}),
    ],
)
def test_a_local_day_lasts_until_the_next_one_begins(
    timezone: str, hours: dict[float, int]
) -> None:
    starts = [day_start(date(2026, 1, 1) + timedelta(n), timezone) for n in range(366)]
    assert Counter((b - a) / HOUR for a, b in pairwise(starts)) == hours


@pytest.mark.parametrize("timezone", ZONES)
def test_the_first_second_of_a_day_is_on_it_and_the_one_before_is_not(timezone: str) -> None:
    """On every day of 2026, also on one without midnight."""
    for n in range(365):
        day = date(2026, 1, 1) + timedelta(n)
        begins = day_start(day, timezone)
        before, first = local([begins - 1, begins], timezone)
        assert (before.date(), first.date()) == (day - timedelta(1), day)


def times_in(timezone: str) -> st.SearchStrategy[list[int]]:
    """Seconds of 2026, many of them around midnights and changes of the clocks."""
    at = changes(timezone)
    near = st.sampled_from((-HOUR, -HOUR // 2, -1, 0, 1, HOUR // 2, HOUR - 1, HOUR))
    midnight = st.integers(0, 364).map(
        lambda n: day_start(date(2026, 1, 1) + timedelta(n), timezone)
    )
    some = [midnight, *([st.sampled_from(at)] if at else [])]
    moved = [st.builds(int.__add__, moment, near) for moment in some]
    return st.lists(st.one_of(st.integers(FIRST, LAST), *moved), min_size=1, max_size=30)


@fewer
@given(
    at=st.sampled_from(ZONES).flatmap(lambda zone: st.tuples(st.just(zone), times_in(zone))),
    before=st.integers(0, 3),
    length=st.integers(0, 6),
)
def test_every_hit_is_on_its_own_local_day_and_hour_and_on_no_other(
    sites: MakeSite, at: tuple[str, list[int]], before: int, length: int
) -> None:
    """Asked day by day, as a series, or as hours of the day: as zoneinfo says."""
    timezone, times = at
    site = sites(viewed(times))
    clocks = local(times, timezone)
    expected = Counter(label(clock.date()) for clock in clocks)
    assert views_by_day(site, timezone, "2025-12-31", "2027-01-01") == expected
    by_hour = Counter(clock.hour for clock in clocks)
    assert views_by_hour(site, timezone, "2025-12-31", "2027-01-01") == by_hour
    first = clocks[0].date() - timedelta(before)
    days = [first + timedelta(n) for n in range(length + 1)]
    asked = {label(day): views_in(site, timezone, day, day) for day in days}
    assert asked == {day: expected[day] for day in asked}
    assert sum(asked.values()) == views_in(site, timezone, days[0], days[-1])


CLOCKS = [
    ("Europe/Berlin", "2026-03-29T00:59:59", "2026-03-29", 1),
    ("Europe/Berlin", "2026-03-29T01:00:00", "2026-03-29", 3),
    ("Europe/Berlin", "2026-10-25T00:59:59", "2026-10-25", 2),
    ("Europe/Berlin", "2026-10-25T01:00:00", "2026-10-25", 2),
    ("Europe/Berlin", "2026-10-25T22:59:59", "2026-10-25", 23),
    ("America/New_York", "2026-03-08T06:59:59", "2026-03-08", 1),
    ("America/New_York", "2026-03-08T07:00:00", "2026-03-08", 3),
    ("America/New_York", "2026-11-01T05:59:59", "2026-11-01", 1),
    ("America/New_York", "2026-11-01T06:00:00", "2026-11-01", 1),
    ("Asia/Kolkata", "2026-03-28T18:29:59", "2026-03-28", 23),
    ("Asia/Kolkata", "2026-03-28T18:30:00", "2026-03-29", 0),
    ("Pacific/Apia", "2026-03-28T10:59:59", "2026-03-28", 23),
    ("Pacific/Apia", "2026-03-28T11:00:00", "2026-03-29", 0),
    # Samoa had no 30 December 2011: it moved to the other side of the date line.
    ("Pacific/Apia", "2011-12-30T09:59:59", "2011-12-29", 23),
    ("Pacific/Apia", "2011-12-30T10:00:00", "2011-12-31", 0),
    ("America/Sao_Paulo", "2026-03-29T02:59:59", "2026-03-28", 23),
    ("America/Sao_Paulo", "2026-03-29T03:00:00", "2026-03-29", 0),
    # Midnight did not exist, and three months later came twice.
    ("America/Sao_Paulo", "2018-11-04T02:59:59", "2018-11-03", 23),
    ("America/Sao_Paulo", "2018-11-04T03:00:00", "2018-11-04", 1),
    ("America/Sao_Paulo", "2019-02-17T01:59:59", "2019-02-16", 23),
    ("America/Sao_Paulo", "2019-02-17T02:00:00", "2019-02-16", 23),
    ("America/Sao_Paulo", "2019-02-17T03:00:00", "2019-02-17", 0),
    # Half an hour back and forth.
    ("Australia/Lord_Howe", "2026-04-04T14:59:59", "2026-04-05", 1),
    ("Australia/Lord_Howe", "2026-04-04T15:00:00", "2026-04-05", 1),
    ("Australia/Lord_Howe", "2026-04-04T15:30:00", "2026-04-05", 2),
    ("Australia/Lord_Howe", "2026-10-03T15:29:59", "2026-10-04", 1),
    ("Australia/Lord_Howe", "2026-10-03T15:30:00", "2026-10-04", 2),
    ("Africa/Cairo", "2026-04-23T21:59:59", "2026-04-23", 23),
    ("Africa/Cairo", "2026-04-23T22:00:00", "2026-04-24", 1),
    ("Africa/Cairo", "2026-10-29T20:59:59", "2026-10-29", 23),
    ("Africa/Cairo", "2026-10-29T21:00:00", "2026-10-29", 23),
    ("Africa/Cairo", "2026-10-29T22:00:00", "2026-10-30", 0),
]


def test_the_seconds_around_a_change_are_on_the_day_and_hour_that_clocks_showed(
    sites: MakeSite,
) -> None:
    """Written down by hand, so that Python's own zone data is not the only witness."""
    site = sites(viewed([second(at) for _, at, _, _ in CLOCKS]))
    for timezone, at, day, hour in CLOCKS:
        moment = datetime.fromtimestamp(second(at), ZoneInfo(timezone))
        assert (moment.date().isoformat(), moment.hour) == (day, hour)
        window = f"{moment:%H:%M}"
        asked: Params = [("from", day), ("to", day), ("tz", timezone), EVERY_PAGE]
        asked += [("from_time", window), ("to_time", window)]
        found = site.ask("/visitor", asked)
        assert [row["day"] for row in found if row["views"]] == [f"{day}T00:00:00Z"], (timezone, at)
        hours = [row["hour"] for row in site.ask("/hours", asked) if row["views"]]
        assert hours == [hour], (timezone, at)


def test_the_clocks_change_in_these_zones_and_years() -> None:
    """Otherwise the rules above would look at nothing."""
    found = {zone: [datetime.fromtimestamp(s, UTC) for s in changes(zone)] for zone in ZONES}
    assert {zone: len(some) for zone, some in found.items() if some} == dict.fromkeys(
        ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo"), 2
    )


@pytest.mark.slow
def test_days_and_hours_are_those_of_zoneinfo_in_every_time_zone(sites: MakeSite) -> None:
    """From 2023 to 2028, in the seconds before and after any change of clocks anywhere.

    The store's own zone data is of another year than Python's: it must have no say.
    """
    first, last = second("2023-01-01T00:00:00"), second("2028-12-31T23:59:59")
    zones = sorted(available_timezones())
    at = sorted({s for zone in zones for s in changes(zone, first, last)})
    times = [moved for s in at for moved in (s - 1, s)]
    site = sites(viewed(times))
    wrong: dict[str, object] = {}
    for timezone in zones:
        clocks = local(times, timezone)
        by_day = Counter(label(clock.date()) for clock in clocks)
        by_hour = Counter(clock.hour for clock in clocks)
        found = views_by_day(site, timezone, "2022-12-31", "2029-01-01")
        hours = views_by_hour(site, timezone, "2022-12-31", "2029-01-01")
        if (found, hours) != (by_day, by_hour):
            wrong[timezone] = sorted(set(found.items()) ^ set(by_day.items()))[:4]
    assert not wrong
