"""Law 1 for what clocks show, durations and the overview: they equal the naive reference."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, note
from hypothesis import strategies as st

from hoofprint.model.arrival import Arrival, Kind, Visit

from .reference.asked import Asked
from .reference.clocks import minutes, overview, page_duration, session_duration, weekdays
from .reference.counting import TIME
from .reference.series import hours, visitor
from .site import TIMEZONE, MakeSite, fewer, shared_store
from .test_sums import without
from .traffic import DOMAIN, NOW, Params, questions, traffic

REFERENCE: dict[str, Callable[[Asked], Any]] = {
    "/minutes": minutes,
    "/weekdays": weekdays,
    "/duration/session": session_duration,
    "/duration/page": page_duration,
}
WHEN = ("from", "to", "from_time", "to_time", "start", "tz")


@shared_store
@given(arrivals=traffic(30), asked=st.lists(questions(), min_size=1, max_size=3))
def test_clocks_and_durations_equal_the_reference(
    sites: MakeSite, arrivals: list[Arrival], asked: list[Params]
) -> None:
    site = sites(arrivals)
    for params in asked:
        note(str(params))
        for route, reference in REFERENCE.items():
            assert site.ask(route, params) == reference(site.asked(params)), route


@shared_store
@given(arrivals=traffic(40), asked=questions())
def test_the_overview_equals_the_reference_whatever_is_asked(
    sites: MakeSite, arrivals: list[Arrival], asked: Params
) -> None:
    """Clocks went forward within its days; filters, periods and time zones don't matter."""
    site = sites(arrivals)
    expected = overview(site.world, TIMEZONE, NOW) | {"member": 0}
    assert site.ask("/overview", []) == expected
    assert site.ask("/overview", asked) == expected
    # Where it is the next day already.
    assert site.ask("/overview", [*without(asked, "tz"), ("tz", "Pacific/Apia")]) == expected
    assert list(site.ask("/overview", [])) == [
        *("visitors", "views", "visitor_growth", "visitors_growth", "views_growth"),
        *("visitors_time_series", "member"),
    ]


class Change(NamedTuple):
    """A moment at which local clocks jump, or a midnight."""

    timezone: str
    second: int

    @property
    def day(self) -> date:
        return datetime.fromtimestamp(self.second, ZoneInfo(self.timezone)).date()


def change(timezone: str, at: str) -> Change:
    return Change(timezone, int(datetime.fromisoformat(f"{at}+00:00").timestamp()))


CHANGES = (
    change("Europe/Berlin", "2025-10-26T01:00"),
    change("Europe/Berlin", "2026-03-29T01:00"),
    change("America/New_York", "2025-11-02T06:00"),
    change("America/New_York", "2026-03-08T07:00"),
    change("Asia/Kolkata", "2026-03-28T18:30"),
    # Samoa went from 29 to 31 December.
    change("Pacific/Apia", "2011-12-30T10:00"),
    change("Pacific/Apia", "2026-03-29T11:00"),
    # Half an hour back and forth.
    change("Australia/Lord_Howe", "2026-04-04T15:00"),
    change("Australia/Lord_Howe", "2025-10-04T15:30"),
)
HOUR, DAY = 3600, 86_400


def around(at: Change) -> st.SearchStrategy[tuple[Change, list[Arrival], Params]]:
    """A change with traffic around it, and a question about some of the days around it."""
    near = st.integers(at.second - 2 * HOUR, at.second + 2 * HOUR)
    times = st.one_of(near, near, st.integers(at.second - 2 * DAY, at.second + 2 * DAY))
    day = st.integers(-2, 2).map(lambda by: f"{at.day + timedelta(by)}")
    asked = st.builds(
        lambda first, last, others: [
            *[("from", first), ("to", last), ("tz", at.timezone)],
            *without(others, *WHEN),
        ],
        *(day, day, questions()),
    )
    return st.tuples(st.just(at), traffic(20, times), asked)


@pytest.mark.parametrize("at", CHANGES, ids=lambda at: f"{at.timezone} {at.day}")
def test_around_changes_of_the_clocks_series_equal_the_reference(
    sites: MakeSite, at: Change
) -> None:
    @fewer
    @given(around(at))
    def check(drawn: tuple[Change, list[Arrival], Params]) -> None:
        _, arrivals, params = drawn
        site = sites(arrivals)
        for route, reference in ({"/hours": hours, "/visitor": visitor} | REFERENCE).items():
            note(f"{route} {params}")
            assert site.ask(route, params) == reference(site.asked(params)), route

    check()


def test_sessions_that_did_not_last_are_not_part_of_the_average(sites: MakeSite) -> None:
    """Two sessions of 10 and 20 seconds, one of none; times on page, whichever day they are on."""
    seen = [(1, 0), (1, 10), (2, 0), (2, 20), (3, 0)]
    arrivals = [
        Arrival(Kind.HIT, DOMAIN, NOW - 60 + at, visitor, 0, n, "example.com", "/", "", Visit())
        for n, (visitor, at) in enumerate(seen, 1)
    ]
    site = sites(arrivals)
    asked = [("from", "2026-03-31"), ("to", "2026-03-31")]
    for route in ("/duration/session", "/duration/page"):
        [row] = site.ask(route, asked)
        assert row[TIME] == 15, route
