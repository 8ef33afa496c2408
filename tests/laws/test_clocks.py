"""What clocks show adds up, also where they jump; averages over time stay between their parts."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, note

from hoofprint.model.arrival import Arrival

from .site import MakeSite, fewer
from .test_days import local, second, viewed
from .test_sums import EVERY_PAGE, Row, some, summed, uncut, without
from .traffic import Params, traffic

TIME = "average_time_spent_seconds"
COUNTS = ("visitors", "views", "sessions", "bounces")


@fewer
@given(arrivals=traffic(30), asked=uncut())
def test_the_page_views_of_all_minutes_hours_and_weekdays_are_the_page_views(
    sites: MakeSite, arrivals: list[Arrival], asked: Params
) -> None:
    """A page view is in one of each; a visitor or a session may be in several."""
    site = sites(arrivals)
    params = [*without(asked, "path"), EVERY_PAGE]
    note(str(params))
    total = site.ask("/total", params)
    for route, rows in (("/minutes", 60), ("/hours", 24), ("/weekdays", 7 * 24)):
        found = site.ask(route, params)
        assert len(found) == rows
        assert summed(found, "views") == some(total, "views"), route
        for name in COUNTS:
            counts = [row[name] for row in found]
            assert max(counts) <= total[name] <= sum(counts), (route, name)


@fewer
@given(arrivals=traffic(30), asked=uncut())
def test_an_hour_of_all_weekdays_together_is_the_hour(
    sites: MakeSite, arrivals: list[Arrival], asked: Params
) -> None:
    site = sites(arrivals)
    weekdays = site.ask("/weekdays", asked)
    for hour in site.ask("/hours", asked):
        parts: list[Row] = [row for row in weekdays if row["hour"] == hour["hour"]]
        assert [row["weekday"] for row in parts] == list(range(7))
        assert summed(parts, "views") == some(hour, "views")
        for name in COUNTS:
            counts = [row[name] for row in parts]
            assert max(counts) <= hour[name] <= sum(counts)


@fewer
@given(arrivals=traffic(30), asked=uncut())
def test_an_average_of_all_days_is_between_the_lowest_and_the_highest_of_them(
    sites: MakeSite, arrivals: list[Arrival], asked: Params
) -> None:
    """All days are in one year; those without any duration don't count."""
    site = sites(arrivals)
    plain = without(asked, "scale")
    for route in ("/duration/session", "/duration/page"):
        [year] = site.ask(route, [*plain, ("scale", "year")])
        found = [row[TIME] for row in site.ask(route, plain) if row[TIME]]
        assert min(found, default=0) <= year[TIME] <= max(found, default=0), route


CLOCKS = [
    ("Europe/Berlin", "2026-03-29T00:59:30", (6, 1, 59)),
    ("Europe/Berlin", "2026-03-29T01:00:00", (6, 3, 0)),
    ("Europe/Berlin", "2026-10-25T00:30:00", (6, 2, 30)),
    ("Europe/Berlin", "2026-10-25T01:30:00", (6, 2, 30)),
    ("America/New_York", "2026-03-08T06:59:59", (6, 1, 59)),
    ("America/New_York", "2026-03-08T07:00:00", (6, 3, 0)),
    ("America/New_York", "2026-11-01T05:10:00", (6, 1, 10)),
    ("America/New_York", "2026-11-01T06:10:00", (6, 1, 10)),
    ("Asia/Kolkata", "2026-03-29T18:29:59", (6, 23, 59)),
    ("Asia/Kolkata", "2026-03-29T18:30:00", (0, 0, 0)),
    # From Thursday 29 to Saturday 31 December: there was no Friday.
    ("Pacific/Apia", "2011-12-30T09:59:59", (3, 23, 59)),
    ("Pacific/Apia", "2011-12-30T10:00:00", (5, 0, 0)),
    ("Australia/Lord_Howe", "2026-04-04T14:45:00", (6, 1, 45)),
    ("Australia/Lord_Howe", "2026-04-04T15:00:00", (6, 1, 30)),
    ("Australia/Lord_Howe", "2026-10-03T15:29:59", (6, 1, 59)),
    ("Australia/Lord_Howe", "2026-10-03T15:30:00", (6, 2, 30)),
]


@pytest.mark.parametrize("timezone", sorted({timezone for timezone, *_ in CLOCKS}))
def test_a_page_view_is_where_clocks_and_calendars_stood(sites: MakeSite, timezone: str) -> None:
    """Written down by hand, so that Python's own zone data is not the only witness."""
    mine = [(second(at), stood) for zone, at, stood in CLOCKS if zone == timezone]
    site = sites(viewed([at for at, _ in mine]))
    days = [clock.date() for clock in local([at for at, _ in mine], timezone)]
    asked: Params = [("from", f"{min(days)}"), ("to", f"{max(days)}"), ("tz", timezone)]
    minutes = {row["minute"]: row["views"] for row in site.ask("/minutes", asked) if row["views"]}
    assert minutes == Counter(minute for _, (_, _, minute) in mine)
    found = {
        (row["weekday"], row["hour"]): row["views"]
        for row in site.ask("/weekdays", asked)
        if row["views"]
    }
    assert found == Counter((weekday, hour) for _, (weekday, hour, _) in mine)


def test_a_day_that_did_not_exist_is_empty_and_its_neighbours_are_not(sites: MakeSite) -> None:
    zone = ZoneInfo("Pacific/Apia")
    site = sites(viewed([second("2011-12-30T09:30:00"), second("2011-12-30T10:30:00")]))
    assert [clock.date().day for clock in local([second("2011-12-30T10:00:00")], zone.key)] == [31]
    day = date(2011, 12, 30)
    for by, views in ((-1, 1), (0, 0), (1, 1)):
        at = f"{day + timedelta(by)}"
        asked: Params = [("from", at), ("to", at), ("tz", zone.key)]
        for route in ("/minutes", "/weekdays", "/hours"):
            assert summed(site.ask(route, asked), "views") == {"views": views}
        for route in ("/duration/session", "/duration/page"):
            assert [row["day"] for row in site.ask(route, asked)] == [f"{at}T00:00:00Z"]
