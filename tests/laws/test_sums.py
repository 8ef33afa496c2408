"""Law 2: parts add up to the whole, and no share is less than nothing or more than everything."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, note
from hypothesis import strategies as st

from hoofprint.model.arrival import Arrival

from .reference.reports import LISTS
from .site import BY_ROUTE, MakeSite, Site, fewer
from .traffic import HOSTNAMES, KEYS, PATHS, VALUES, VISIT, Params, lively, questions, traffic

Row = dict[str, Any]
RATES = {
    *("bounce_rate", "cr", "relative_visitors", "relative_views", "entry_rate", "exit_rate"),
}
PAGED = (*LISTS, "/session/list")
ONE_KEY = {
    route: report.keys[0].field
    for route, report in BY_ROUTE.items()
    if route in LISTS and len(report.keys) == 1 and report.keys[0].field in report.wire
    # These two have a row for each page, of which the path is only a part.
    if route not in {"/page/entry", "/page/exit", "/referrer"}
}
BY_VISITOR = [
    route for route in LISTS if BY_ROUTE[route].metrics == ("visitors", "relative_visitors")
]
RATED = [*LISTS, "/visitor", "/hours", "/minutes", "/total", "/active"]
HOW_TO_CUT = {"limit", "offset", "sort", "direction", "search"}
PAGE_FILTERS = ("path", "pattern", "tag")
EVERY_PAGE = ("path", "~/")
"""Changes no page view, as every path has a slash, but makes page views what is counted."""


def uncut() -> st.SearchStrategy[Params]:
    """Questions about everything that there is, not about the first rows of it."""
    return questions().map(lambda params: without(params, *HOW_TO_CUT))


def without(params: Params, *names: str) -> Params:
    return [pair for pair in params if pair[0] not in names]


def about_sessions(params: Params) -> Params:
    """The question without what makes page views count instead of sessions."""
    kept = without(params, *PAGE_FILTERS)
    return [pair for pair in kept if not pair[0].startswith("tag_")]


def summed(rows: list[Row], *names: str) -> Row:
    return {name: sum(row[name] for row in rows) for name in names}


def some(row: Row, *names: str) -> Row:
    return {name: row[name] for name in names}


@fewer
@given(arrivals=traffic(30), asked=uncut())
def test_the_buckets_of_a_series_add_up_to_the_total(
    sites: MakeSite, arrivals: list[Arrival], asked: Params
) -> None:
    """A page view is in one bucket, and so is a session, by its last activity.

    A visitor may be in several, and so may a session whose page views are counted: these are at
    least as many as in the fullest bucket, and at most as many as in all of them.
    """
    site = sites(arrivals)
    for params, additive in (
        ([*about_sessions(asked)], ("views", "sessions", "bounces")),
        ([*without(asked, "path"), EVERY_PAGE], ("views",)),
    ):
        note(str(params))
        total, series = site.ask("/total", params), site.ask("/visitor", params)
        assert summed(series, *additive) == some(total, *additive)
        for name in ("visitors", "sessions", "bounces"):
            counts = [bucket[name] for bucket in series]
            assert max(counts) <= total[name] <= sum(counts)


@fewer
@given(arrivals=traffic(30), asked=uncut())
def test_the_page_views_of_all_hours_and_of_all_pages_are_the_page_views(
    sites: MakeSite, arrivals: list[Arrival], asked: Params
) -> None:
    site = sites(arrivals)
    params = [*without(asked, "path"), EVERY_PAGE]
    total = site.ask("/total", params)
    assert summed(site.ask("/hours", params), "views") == some(total, "views")
    assert summed(site.ask("/page", params), "views") == some(total, "views")


def either_or(name: str, values: tuple[str, ...]) -> st.SearchStrategy[tuple[Params, Params]]:
    """A filter and its negation, by a whole value or by a part of it."""
    texts = [value for value in values if value]
    return st.one_of(
        st.sampled_from([*texts, "null"]).map(lambda v: ([(name, v)], [(name, f"!{v}")])),
        st.sampled_from([*texts, "_", "%"]).map(
            lambda v: ([(name, f"~{v}")], [(name, f"^{v.upper()}")])
        ),
    )


@fewer
@given(
    arrivals=traffic(30),
    asked=uncut(),
    filters=st.one_of(
        *(either_or(name, values) for name, values in VISIT.items()),
        either_or("hostname", HOSTNAMES),
        *(either_or(name, PATHS) for name in ("entry_path", "exit_path")),
    ),
)
def test_the_sessions_that_a_filter_keeps_and_those_it_refuses_are_all(
    sites: MakeSite, arrivals: list[Arrival], asked: Params, filters: tuple[Params, Params]
) -> None:
    site = sites(arrivals)
    rest = about_sessions(without(asked, filters[0][0][0]))
    note(f"{rest} {filters}")
    parts = [site.ask("/total", [*rest, *part]) for part in filters]
    names = ("sessions", "views", "bounces")
    assert summed(parts, *names) == some(site.ask("/total", rest), *names)


@fewer
@given(
    arrivals=traffic(30),
    asked=uncut(),
    event=st.sampled_from([("Buy", "!Buy"), ("~s", "^S"), ("nothing", "!nothing")]),
)
def test_sessions_with_an_event_and_those_without_are_all(
    sites: MakeSite, arrivals: list[Arrival], asked: Params, event: tuple[str, str]
) -> None:
    """Events by name add up, too; a condition on metadata belongs to the event."""
    site = sites(arrivals)
    rest = about_sessions(without(asked, "event"))
    parts = [site.ask("/total", [*rest, ("event", one)]) for one in event]
    names = ("sessions", "views", "bounces")
    plain = without(rest, "event_meta_key", *(f"meta_{key}" for key in KEYS))
    assert summed(parts, *names) == some(site.ask("/total", plain), *names)
    listed = [row for one in event for row in site.ask("/events", [*plain, ("event", one)])]
    assert summed(listed, "count") == summed(site.ask("/events", plain), "count")


@fewer
@given(
    arrivals=traffic(30),
    asked=uncut(),
    filters=st.one_of(
        either_or("path", PATHS),
        either_or("tag", KEYS),
        *(either_or(f"tag_{key}", VALUES) for key in KEYS),
        st.sampled_from(["^/b", "(?i)^/A$", "x|É"]).map(
            lambda pattern: ([("pattern", pattern)], [("pattern", f"!{pattern}")])
        ),
    ),
)
def test_the_page_views_that_a_filter_keeps_and_those_it_refuses_are_all(
    sites: MakeSite, arrivals: list[Arrival], asked: Params, filters: tuple[Params, Params]
) -> None:
    """Path filters look at page views: a session that saw both pages is in both parts."""
    site = sites(arrivals)
    name = filters[0][0][0]
    # A path filter rules out a pattern, and with an event a pattern is about the event.
    rest = without(asked, "path", "pattern", name, *(["event"] if name == "pattern" else []))
    every_page = [] if name in {"path", "pattern"} else [EVERY_PAGE]
    note(f"{rest} {filters}")
    parts = [site.ask("/total", [*rest, *every_page, *part]) for part in filters]
    total = site.ask("/total", [*rest, EVERY_PAGE])
    assert summed(parts, "views") == some(total, "views")
    assert summed(parts, "sessions")["sessions"] >= total["sessions"]


@fewer
@given(arrivals=traffic(30), asked=uncut(), route=st.sampled_from(BY_VISITOR))
def test_a_breakdown_adds_up_to_the_sessions(
    sites: MakeSite, arrivals: list[Arrival], asked: Params, route: str
) -> None:
    """A session has one source, whatever is counted; one hostname, entry and exit page at its end.

    A visitor may have come from several places, but not from none.
    """
    site = sites(arrivals)
    counts = ["sessions", "bounces"]
    total = site.ask("/total", asked)
    assert summed(site.ask("/referrer", asked), *counts) == some(total, *counts)
    asked = about_sessions(asked)
    total = site.ask("/total", asked)
    counts.append("views")
    assert summed(site.ask("/hostname", asked), *counts) == some(total, *counts)
    assert summed(site.ask("/page/entry", asked), "entries")["entries"] == total["sessions"]
    assert summed(site.ask("/page/exit", asked), "exits")["exits"] == total["sessions"]
    visitors = [row["visitors"] for row in site.ask(route, asked)]
    assert max(visitors, default=0) <= total["visitors"] <= sum(visitors)


def rates_outside(found: Any) -> list[tuple[str, float]]:
    """The rates of an answer that are below 0 or above 1."""
    rows = [found, *found.get("countries", [])] if isinstance(found, dict) else found
    rates = [(name, row[name]) for row in rows for name in sorted(RATES & set(row))]
    return [(name, value) for name, value in rates if not 0 <= value <= 1]


@fewer
@given(
    arrivals=traffic(30),
    asked=questions(),
    routes=st.lists(st.sampled_from(RATED), min_size=5, max_size=5, unique=True),
)
def test_every_rate_and_share_is_between_nothing_and_everything(
    sites: MakeSite, arrivals: list[Arrival], asked: Params, routes: list[str]
) -> None:
    site = sites(arrivals)
    for route in routes:
        assert rates_outside(site.ask(route, asked)) == [], route


FILTERS: list[Params] = [
    [],
    [("os", "Windows")],
    [("path", "!/a")],
    [("event", "Buy")],
    [("tag_k", "x")],
]


@pytest.mark.parametrize("filters", FILTERS, ids=str)
def test_on_a_busy_site_too_no_rate_is_more_than_everything(
    sites: MakeSite, filters: Params
) -> None:
    """Random traffic is small and seldom comes close to a bound."""
    site = sites(lively())
    asked = [("from", "2026-03-28"), ("to", "2026-03-31"), *filters]
    for route in RATED:
        assert rates_outside(site.ask(route, asked)) == [], route


def test_every_report_with_a_rate_is_among_those_that_are_looked_at() -> None:
    """Goals have the rates of totals: `test_goals.py`."""
    rated = {route for route, report in BY_ROUTE.items() if RATES & set(report.wire)}
    assert rated - {"/event/meta", "/goals"} <= set(RATED)


@fewer
@given(arrivals=traffic(30), asked=questions(), size=st.integers(1, 4), data=st.data())
def test_pages_of_an_answer_are_the_whole_answer(
    sites: MakeSite, arrivals: list[Arrival], asked: Params, size: int, data: st.DataObject
) -> None:
    site = sites(arrivals)
    route = data.draw(st.sampled_from(PAGED))
    asked = without(asked, "limit", "offset")
    if sort := data.draw(st.sampled_from(["", *BY_ROUTE[route].wire])):
        asked = [*asked, ("sort", sort)]
    whole = site.ask(route, asked)
    found: list[Row] = []
    for offset in range(0, len(whole) + 1, size):
        cut = [("limit", str(size)), ("offset", str(offset))]
        found += site.ask(route, [*asked, *cut])
    assert found == whole


def ordered(site: Site, route: str, asked: Params, sort: str) -> bool:
    """Whether no two rows are alike in a field; they are in order by it in both directions."""
    by = [*without(asked, *HOW_TO_CUT), ("sort", sort)]
    ascending, descending = (site.ask(route, [*by, ("direction", d)]) for d in ("asc", "desc"))
    # Visitor ids are written as text but are numbers.
    values = [int(row[sort]) if sort == "visitor_id" else row[sort] for row in ascending]
    assert values == sorted(values)
    unique = all(one != following for one, following in pairwise(values))
    assert ascending == descending[::-1] or not unique
    return unique


@fewer
@given(
    arrivals=traffic(30),
    asked=questions(),
    route=st.sampled_from(sorted(ONE_KEY)),
    data=st.data(),
)
def test_ascending_is_the_reverse_of_descending_where_no_two_rows_are_alike(
    sites: MakeSite,
    arrivals: list[Arrival],
    asked: Params,
    route: str,
    data: st.DataObject,
) -> None:
    """Always by a report's only key."""
    site = sites(arrivals)
    assert ordered(site, route, asked, ONE_KEY[route])
    other = data.draw(st.sampled_from(PAGED))
    sort = data.draw(st.sampled_from(BY_ROUTE[other].wire))
    note(f"{other} by {sort}")
    ordered(site, other, asked, sort)


@pytest.mark.parametrize(
    "route",
    [
        *("/hostname", "/page", "/page/entry", "/page/exit", "/referrer", "/country", "/city"),
        *("/os/version", "/events", "/session/list"),
    ],
)
def test_every_field_of_a_busy_site_s_rows_puts_them_in_order(sites: MakeSite, route: str) -> None:
    site = sites(lively())
    asked = [("from", "2026-03-28"), ("to", "2026-03-31"), ("include_avg_time_on_page", "true")]
    unique = [field for field in BY_ROUTE[route].wire if ordered(site, route, asked, field)]
    assert route not in ONE_KEY or ONE_KEY[route] in unique
