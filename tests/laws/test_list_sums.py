"""Law 2 for tags, events by metadata, pages of events, platforms and the values of filters."""

from __future__ import annotations

from typing import Any

from hypothesis import given, note
from hypothesis import strategies as st

from hoofprint.model.arrival import Arrival, Kind, Visit
from hoofprint.query.special.options import MOST

from .site import MakeSite, fewer
from .test_sums import Row, summed, uncut, without
from .traffic import DOMAIN, KEYS, NAMES, NOW, Params, traffic

PERIOD = {"from", "to", "from_time", "to_time", "start", "tz"}
BREAKDOWNS = {
    "hostname": ("/page", "hostname"),
    "page": ("/page", "path"),
    "referrer/name": ("/referrer", "referrer_name"),
    "event": ("/events", "name"),
    "country": ("/country", "country_code"),
    "city": ("/city", "city"),
    "language": ("/language", "language"),
    "browser": ("/browser", "browser"),
    "os": ("/os", "os"),
    "channel": ("/channel", "channel"),
    **{f"utm/{n}": (f"/utm/{n}", f"utm_{n}") for n in ("source", "medium", "campaign")},
    **{f"utm/{n}": (f"/utm/{n}", f"utm_{n}") for n in ("content", "term")},
    "tag": ("/tags", "key"),
}
"""Reports with a row for each value of a filter, and where it stands."""


def spread(whole: int, parts: list[Row]) -> bool:
    """Whether visitors may be spread like this: each is in one part or more."""
    counts: list[int] = [part["visitors"] for part in parts]
    return max(counts, default=0) <= whole <= sum(counts)


@fewer
@given(arrivals=traffic(30), asked=uncut())
def test_the_values_of_a_tag_add_up_to_the_tag_and_to_what_a_filter_on_it_keeps(
    sites: MakeSite, arrivals: list[Arrival], asked: Params
) -> None:
    """A page view has one value of a tag."""
    site = sites(arrivals)
    rest = without(asked, "tag")
    note(str(rest))
    rows = {row["key"]: row for row in site.ask("/tags", rest)}
    for key in KEYS:
        with_tag = [*rest, ("tag", key)]
        values = site.ask("/tag/details", with_tag)
        total = site.ask("/total", with_tag)
        row = rows.get(key, {"visitors": 0, "views": 0})
        assert row["views"] == total["views"] == summed(values, "views")["views"]
        assert row["visitors"] == total["visitors"]
        assert spread(row["visitors"], values)


@fewer
@given(arrivals=traffic(30), asked=uncut())
def test_events_by_metadata_and_the_visitors_of_their_pages_add_up_to_the_events(
    sites: MakeSite, arrivals: list[Arrival], asked: Params
) -> None:
    """An event has one name, one set of metadata and one page."""
    site = sites(arrivals)
    rest = without(asked, "event")
    for name in NAMES:
        params = [*rest, ("event", name)]
        events = site.ask("/events", params)
        by_meta = site.ask("/event/list", params)
        assert summed(by_meta, "count") == summed(events, "count")
        visitors = sum(row["visitors"] for row in events)
        assert spread(visitors, by_meta)
        assert spread(visitors, site.ask("/event/page", params))


@fewer
@given(arrivals=traffic(30), asked=uncut(), event=st.sampled_from(NAMES))
def test_the_views_of_an_event_s_page_are_some_of_those_of_the_page(
    sites: MakeSite, arrivals: list[Arrival], asked: Params, event: str
) -> None:
    site = sites(arrivals)
    titled = [pair for pair in asked if pair[0] in {*PERIOD, "include_title"}]

    def views(rows: list[Row]) -> dict[Any, int]:
        return {(row["hostname"], row["path"], row["title"]): row["views"] for row in rows}

    pages = views(site.ask("/page", titled))
    found = views(site.ask("/event/page", [*without(asked, "event"), ("event", event)]))
    # An event may be long after its page view: then that was in another period.
    assert all(count <= pages.get(page, 0) for page, count in found.items())


@fewer
@given(arrivals=traffic(30), asked=uncut())
def test_visitors_of_a_platform_are_those_that_the_filter_keeps(
    sites: MakeSite, arrivals: list[Arrival], asked: Params
) -> None:
    site = sites(arrivals)
    rest = without(asked, "platform")
    found = site.ask("/platform", rest)
    for name in ("desktop", "mobile", "unknown"):
        total = site.ask("/total", [*rest, ("platform", name)])
        assert found[f"platform_{name}"] == total["visitors"]
        assert found[f"relative_platform_{name}"] == total["cr"]


@fewer
@given(arrivals=traffic(30), asked=uncut())
def test_the_values_of_a_filter_are_those_that_the_breakdown_by_it_lists(
    sites: MakeSite, arrivals: list[Arrival], asked: Params
) -> None:
    """Without filters, and but for the empty value."""
    site = sites(arrivals)
    period = [pair for pair in asked if pair[0] in PERIOD]
    for name, (route, field) in BREAKDOWNS.items():
        values = {row[field] for row in site.ask(route, period)} - {""}
        assert site.ask(f"/options/{name}", asked) == sorted(values), name
    for key in KEYS:
        tag = ("tag", key)
        values = {row["value"] for row in site.ask("/tag/details", [*period, tag])} - {""}
        assert site.ask("/options/tag/value", [*without(asked, "tag"), tag]) == sorted(values)


def test_options_are_the_first_two_hundred_values(sites: MakeSite) -> None:
    """Of those that the search finds; neither limit nor offset changes that."""
    paths = [f"/{number:03}" for number in range(MOST + 5)]
    site = sites(
        [
            Arrival(Kind.HIT, DOMAIN, NOW - 60, i + 1, 0, i + 1, "example.com", path, "", Visit())
            for i, path in enumerate(reversed(paths))
        ]
    )
    period = [("from", "2026-03-31"), ("to", "2026-03-31")]
    assert MOST == 200
    for cut in ([], [("limit", "3"), ("offset", "2")]):
        assert site.ask("/options/page", [*period, *cut]) == paths[:MOST]
    assert site.ask("/options/page", [*period, ("search", "/20")]) == paths[MOST:]
