"""Law 1 for tags, platforms, pages of events and the values of filters."""

from __future__ import annotations

import pytest
from hypothesis import given, note
from hypothesis import strategies as st

from hoofprint.model.arrival import Arrival, Kind, Visit

from .reference.lists import (
    OPTIONS,
    event_list,
    event_page,
    key_options,
    platform,
    tag_details,
    tag_value_options,
    tags,
)
from .site import BY_ROUTE, MakeSite, shared_store
from .test_sums import without
from .traffic import DOMAIN, NOW, Params, lively, questions, traffic


@shared_store
@given(
    arrivals=traffic(30),
    asked=questions(),
    event=st.sampled_from(["Buy", "!Buy", "~b"]),
    sort=st.sampled_from(["", *BY_ROUTE["/event/page"].wire]),
    timed=st.sampled_from(["", "true"]),
)
def test_pages_of_an_event_equal_the_reference(  # noqa: PLR0917 - what is drawn
    sites: MakeSite, arrivals: list[Arrival], asked: Params, event: str, sort: str, timed: str
) -> None:
    site = sites(arrivals)
    params = [*without(asked, "event", "include_avg_time_on_page"), ("event", event)]
    params += [("include_avg_time_on_page", timed)] if timed else []
    params += [("sort", sort)] if sort else []
    note(str(params))
    assert site.ask("/event/page", params) == event_page(site.asked(params))


@shared_store
@given(
    arrivals=traffic(30),
    asked=questions(),
    tag=st.sampled_from(["k", "price", "none"]),
    sort=st.sampled_from(["", *BY_ROUTE["/tag/details"].wire]),
)
def test_the_values_of_a_tag_equal_the_reference(
    sites: MakeSite, arrivals: list[Arrival], asked: Params, tag: str, sort: str
) -> None:
    site = sites(arrivals)
    params = [*without(asked, "tag"), ("tag", tag)]
    options = [*params]
    params += [("sort", sort)] if sort else []
    note(str(params))
    assert site.ask("/tag/details", params) == tag_details(site.asked(params))
    assert site.ask("/options/tag/value", options) == tag_value_options(site.asked(options))


@shared_store
@given(arrivals=traffic(30), asked=st.lists(questions(), min_size=1, max_size=3))
def test_platforms_equal_the_reference_and_add_up(
    sites: MakeSite, arrivals: list[Arrival], asked: list[Params]
) -> None:
    site = sites(arrivals)
    for params in asked:
        found = site.ask("/platform", params)
        assert found == platform(site.asked(params))
        counts = [found[f"platform_{name}"] for name in ("desktop", "mobile", "unknown")]
        assert sum(counts) >= site.ask("/total", params)["visitors"]


@shared_store
@given(arrivals=traffic(30), asked=st.lists(questions(), min_size=1, max_size=3))
def test_the_values_of_filters_equal_the_reference(
    sites: MakeSite, arrivals: list[Arrival], asked: list[Params]
) -> None:
    """Only the period and a search restrict them."""
    site = sites(arrivals)
    for params in asked:
        for name, reference in OPTIONS.items():
            route = f"/options/{name}"
            assert site.ask(route, params) == reference(site.asked(params)), route


@shared_store
@given(arrivals=traffic(30), asked=questions(), event=st.sampled_from(["", "Buy"]))
def test_keys_and_values_of_metadata_are_those_of_the_events_that_are_asked_about(
    sites: MakeSite, arrivals: list[Arrival], asked: Params, event: str
) -> None:
    site = sites(arrivals)
    params = without(asked, "event", "event_meta_key")
    params += [("event", event)] if event else []
    question = site.asked(params)
    kept = [e for e in question.all_events() if event in {"", e.name}]
    expected = key_options(lambda _: kept)(question)
    assert site.ask("/options/metadata/keys", params) == expected
    assert site.ask("/options/metadata", params) == expected
    with_key = [*params, ("event_meta_key", "price")]
    values = {e.pairs.get("price", "") for e in kept} - {""}
    search = question.one("search").strip().lower()
    assert site.ask("/options/metadata", with_key) == sorted(
        value for value in values if search in value.lower()
    )


BUSY = [("from", "2026-03-28"), ("to", "2026-03-31"), ("include_avg_time_on_page", "true")]
FILTERS: list[Params] = [
    [],
    [("os", "Windows"), ("search", "a")],
    [("path", "/"), ("sort", "visitors"), ("direction", "asc")],
    [("tag_price", "x"), ("include_title", "true")],
    [("meta_k", "!1"), ("platform", "mobile"), ("limit", "3"), ("offset", "1")],
    [("entry_path", "!/a"), ("tag_k", "~1")],
]


@pytest.mark.parametrize("filters", FILTERS, ids=str)
def test_on_a_busy_site_they_equal_the_reference_too(sites: MakeSite, filters: Params) -> None:
    """Random traffic is small: few of its sessions pass a filter and saw a page for a while."""
    site = sites(lively())
    needed = {
        "/event/page": (event_page, [("event", "Buy")]),
        "/tag/details": (tag_details, [("tag", "k")]),
        "/platform": (platform, []),
        "/event/list": (event_list, []),
        "/tags": (tags, []),
        "/options/tag/value": (tag_value_options, [("tag", "k")]),
        **{f"/options/{name}": (reference, []) for name, reference in OPTIONS.items()},
    }
    for route, (reference, needs) in needed.items():
        params = [*BUSY, *filters, *needs]
        assert site.ask(route, params) == reference(site.asked(params)), route


def test_metadata_in_another_order_is_the_same_metadata(sites: MakeSite) -> None:
    """As an object it has no order; other values, or a key less, are another row."""
    pairs = [[("k", "1"), ("price", "2")], [("price", "2"), ("k", "1")]]
    pairs += [[("k", "2"), ("price", "1")], [("k", "1")], []]
    arrivals = [
        Arrival(
            *(Kind.EVENT, DOMAIN, NOW - 60, 1, 0, i + 1, "example.com", "/", "", Visit()),
            event_name="Buy",
            meta_keys=[key for key, _ in meta],
            meta_values=[value for _, value in meta],
        )
        for i, meta in enumerate(pairs)
    ]
    found = sites(arrivals).ask("/event/list", [("from", "2026-03-31"), ("to", "2026-03-31")])
    assert [(row["meta"], row["count"], row["visitors"]) for row in found] == [
        ({"k": "1", "price": "2"}, 2, 1),
        ({}, 1, 1),
        ({"k": "1"}, 1, 1),
        ({"k": "2", "price": "1"}, 1, 1),
    ]


@pytest.mark.parametrize("name", [*OPTIONS, "tag/value", "metadata", "metadata/keys"])
def test_every_filter_with_options_has_a_route(name: str) -> None:
    assert f"/options/{name}" in BY_ROUTE
