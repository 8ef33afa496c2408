"""Law 1 for tags, platforms, pages of events and the values of filters; and what adds up."""

from __future__ import annotations

import pytest
from hypothesis import given, note
from hypothesis import strategies as st

from hoofprint.model.arrival import Arrival

from .reference.lists import (
    OPTIONS,
    event_page,
    key_options,
    platform,
    tag_details,
    tag_value_options,
)
from .site import BY_ROUTE, MakeSite, shared_store
from .test_sums import rates_outside, without
from .traffic import Params, questions, traffic


@shared_store
@given(
    arrivals=traffic(30),
    asked=questions(),
    event=st.sampled_from(["Buy", "!Buy", "~b"]),
    sort=st.sampled_from(["", "views", "bounce_rate", "path", "relative_visitors"]),
)
def test_pages_of_an_event_equal_the_reference(
    sites: MakeSite, arrivals: list[Arrival], asked: Params, event: str, sort: str
) -> None:
    site = sites(arrivals)
    params = [*without(asked, "event"), ("event", event)]
    params += [("sort", sort)] if sort else []
    note(str(params))
    found = site.ask("/event/page", params)
    assert found == event_page(site.asked(params))
    assert rates_outside(found) == []


@shared_store
@given(
    arrivals=traffic(30),
    asked=questions(),
    tag=st.sampled_from(["k", "price", "none"]),
    sort=st.sampled_from(["", "value", "views", "key"]),
)
def test_the_values_of_a_tag_equal_the_reference(
    sites: MakeSite, arrivals: list[Arrival], asked: Params, tag: str, sort: str
) -> None:
    site = sites(arrivals)
    params = [*without(asked, "tag"), ("tag", tag)]
    options = [*params]
    params += [("sort", sort)] if sort else []
    note(str(params))
    found = site.ask("/tag/details", params)
    assert found == tag_details(site.asked(params))
    assert rates_outside(found) == []
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


@pytest.mark.parametrize("name", [*OPTIONS, "tag/value", "metadata", "metadata/keys"])
def test_every_filter_with_options_has_a_route(name: str) -> None:
    assert f"/options/{name}" in BY_ROUTE
