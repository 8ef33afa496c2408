"""Law 1: every report equals a naive reference, for random traffic, filters, zones and scales."""

from __future__ import annotations

from unittest import mock

import pytest
from hypothesis import given, note
from hypothesis import strategies as st

from hoofprint.model.arrival import Arrival, Kind, Visit
from hoofprint.query import top
from hoofprint.query.calendar import wire_time

from .reference.reports import (
    LISTS,
    active,
    event_meta,
    growth,
    hours,
    session_details,
    session_list,
    total,
    visitor,
)
from .site import BY_ROUTE, MakeSite, shared_store
from .traffic import DOMAIN, HOSTNAMES, NOW, Params, questions, traffic


@shared_store
@given(arrivals=traffic(30), asked=st.lists(questions(), min_size=1, max_size=3), data=st.data())
def test_every_list_equals_the_reference(
    sites: MakeSite,
    arrivals: list[Arrival],
    asked: list[Params],
    data: st.DataObject,
) -> None:
    site = sites(arrivals)
    for params in asked:
        for route, reference in LISTS.items():
            fields = ["", "", *BY_ROUTE[route].wire]
            sort = data.draw(st.sampled_from(fields))
            sorted_params = [*params, ("sort", sort)] if sort else params
            note(f"{route} {sorted_params}")
            expected = reference(site.asked(sorted_params))
            assert site.ask(route, sorted_params) == expected, route


@shared_store
@given(arrivals=traffic(40), asked=questions(), limit=st.integers(1, 3), offset=st.integers(0, 1))
def test_lists_that_count_only_candidates_equal_the_reference(
    sites: MakeSite, arrivals: list[Arrival], asked: Params, limit: int, offset: int
) -> None:
    """With so few candidates that the right rows are often not among the first ones."""
    site = sites(arrivals)
    own = {"limit", "offset", "sort", "direction"}
    params = [pair for pair in asked if pair[0] not in own]
    params += [("limit", str(limit)), ("offset", str(offset))]
    with mock.patch.multiple(top, LEAST=1, SPARE=1, GROWTH=2):
        assert site.ask("/page", params) == LISTS["/page"](site.asked(params))


def test_a_page_with_few_views_but_many_visitors_is_not_missed(sites: MakeSite) -> None:
    """Candidates are those with the most views: one visitor may have more of them than many."""
    seen = [(1, "/a")] * 5 + [(visitor, "/b/É") for visitor in (2, 3, 4)]
    arrivals = [
        Arrival(Kind.HIT, DOMAIN, NOW - 60, visitor, 0, i + 1, "example.com", path, "", Visit())
        for i, (visitor, path) in enumerate(seen)
    ]
    site = sites(arrivals)
    params = [("from", "2026-03-31"), ("to", "2026-03-31"), ("limit", "1")]
    with mock.patch.multiple(top, LEAST=1, SPARE=1, GROWTH=1):
        [row] = site.ask("/page", params)
    assert (row["path"], row["visitors"]) == ("/b/É", 3)


@pytest.mark.parametrize("route", ["/page/entry", "/page/exit"])
@pytest.mark.parametrize("hostname", HOSTNAMES)
@pytest.mark.parametrize("sort", ["", "hostname", "path", "visitors"])
def test_a_filter_on_the_hostname_looks_at_the_session_not_at_the_page_at_its_end(
    sites: MakeSite, route: str, hostname: str, sort: str
) -> None:
    """A session's hostname is that of its last request: it may have begun on another one."""
    arrivals = [
        Arrival(Kind.HIT, DOMAIN, NOW - 60 + i, 1, 0, i + 1, name, f"/{i}", "", Visit())
        for i, name in enumerate(reversed(HOSTNAMES))
    ]
    site = sites(arrivals)
    params = [("from", "2026-03-31"), ("to", "2026-03-31"), ("hostname", hostname), ("sort", sort)]
    asked = [pair for pair in params if pair[1]]
    assert site.ask(route, asked) == LISTS[route](site.asked(asked))


@shared_store
@given(arrivals=traffic(30), asked=st.lists(questions(), min_size=1, max_size=4))
def test_totals_series_hours_growth_and_active_visitors_equal_the_reference(
    sites: MakeSite, arrivals: list[Arrival], asked: list[Params]
) -> None:
    site = sites(arrivals)
    for params in asked:
        note(str(params))
        question = site.asked(params)
        assert site.ask("/total", params) == total(question)
        assert site.ask("/visitor", params) == visitor(question)
        assert site.ask("/hours", params) == hours(question)
        assert site.ask("/growth", params) == pytest.approx(growth(question))
        if question.seconds:
            assert site.ask("/active", params) == active(question)


@shared_store
@given(arrivals=traffic(30), asked=questions(), event=st.sampled_from(["Buy", "!Buy", "~b"]))
def test_event_metadata_equals_the_reference(
    sites: MakeSite, arrivals: list[Arrival], asked: Params, event: str
) -> None:
    site = sites(arrivals)
    own = {"event", "event_meta_key", "sort"}
    params = [pair for pair in asked if pair[0] not in own]
    params += [("event", event), ("event_meta_key", "price")]
    assert site.ask("/event/meta", params) == event_meta(site.asked(params))


@shared_store
@given(arrivals=traffic(30), asked=questions(), sort=st.sampled_from(["", "page_views", "desktop"]))
def test_the_list_of_sessions_equals_the_reference(
    sites: MakeSite, arrivals: list[Arrival], asked: Params, sort: str
) -> None:
    site = sites(arrivals)
    params = [*asked, ("sort", sort)] if sort else asked
    found = site.ask("/session/list", params)
    expected = session_list(site.asked(params))
    for row in expected:
        row["time"], row["start"] = wire_time(row["time"]), wire_time(row["start"])
    names = list(expected[0]) if expected else []
    assert [{name: row[name] for name in names} for row in found] == expected


@shared_store
@given(arrivals=traffic(30), asked=questions(), data=st.data())
def test_the_details_of_a_session_equal_the_reference(
    sites: MakeSite,
    arrivals: list[Arrival],
    asked: Params,
    data: st.DataObject,
) -> None:
    site = sites(arrivals)
    keys = sorted(site.world.sessions) or [(1, 1)]
    visitor_id, session_id = data.draw(st.sampled_from(keys))
    params = [*asked, ("visitor_id", str(visitor_id)), ("session_id", str(session_id))]
    found = []
    for row in site.ask("/session/details", params):
        kind = "page_view" if row["event"] is None else "event"
        fact = row[kind]
        found.append((kind, fact["time"], fact["path"], fact["duration_seconds"]))
    expected = session_details(site.asked(params))
    assert found == [(k, wire_time(time), *rest) for k, time, *rest in expected]
