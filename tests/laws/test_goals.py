"""Laws of goals and funnels: they equal a naive reference, and no funnel grows."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any
from unittest import mock

import pytest
from hypothesis import given, note
from hypothesis import strategies as st
from msgspec.structs import replace

from hoofprint.api.params import read_filter
from hoofprint.model.arrival import Arrival, Kind, Visit
from hoofprint.query.question import Funnel, Goal
from hoofprint.query.special import goals as counted_goals

from .reference.funnels import funnel as reference_funnel
from .reference.goals import goals as reference_goals
from .site import MakeSite, Site, shared_store
from .traffic import DOMAIN, NOW, PATHS, Params, filters, questions, traffic

DAYS: Params = [("from", "2026-03-20"), ("to", "2026-03-31")]
SHARES = ("relative_visitors", "relative_previous_visitors", "drop_off")


def busy() -> st.SearchStrategy[list[Arrival]]:
    """Often much within a few minutes and without new sources: long sessions, equal times."""
    dense = traffic(40, st.integers(NOW - 20, NOW)).map(_without_new_sources)
    return st.one_of(dense, dense, traffic(40))


def _without_new_sources(arrivals: list[Arrival]) -> list[Arrival]:
    """Each visitor keeps the source of the first visit, so that no other session begins."""
    first: dict[int, Visit] = {}
    return [
        replace(arrival, visit=first.setdefault(arrival.visitor_id, arrival.visit))
        for arrival in arrivals
    ]


COMMON: list[Params] = [
    *([("path", path)] for path in PATHS),
    [("path", "~/")],
    [("pattern", "(?i)^/(a|b/.*)$")],
    [("event", "Buy")],
    [("pattern", "^/$"), ("event", "Buy")],
    [("event", "Buy"), ("meta_k", "x")],
    [("tag", "k")],
    [("hostname", "example.com")],
    [("language", "de")],
    [],
]
"""Filters that many facts fit."""


def stored(most: int) -> st.SearchStrategy[Params]:
    """The filters of a goal or a step."""
    return st.one_of(st.sampled_from(COMMON), st.sampled_from(COMMON), filters(most))


def ask_goals(site: Site, params: Params, stored: dict[str, Params]) -> list[tuple[str, Any]]:
    goals = tuple(
        Goal({"name": name, "id": name}, name, read_filter(pairs)) for name, pairs in stored.items()
    )
    rows = site.ask("/goals", params, goals=goals)
    return [(row["page_goal"]["name"], row["stats"]) for row in rows]


def ask_funnel(site: Site, params: Params, steps: Sequence[Params]) -> Any:
    funnel = Funnel({"name": "F"}, tuple(read_filter(pairs) for pairs in steps))
    found = site.ask("/funnel", [*params, ("funnel_id", "F")], funnel=funnel)
    assert found["definition"] == funnel.shown
    return found["data"]


def named(wanted: list[Params]) -> dict[str, Params]:
    return {f"{'BaD'[number % 3]}{number}": goal for number, goal in enumerate(wanted)}


def asking() -> st.SearchStrategy[Params]:
    """Questions of a dashboard; often about all days and with a filter that many facts fit."""
    return st.one_of(stored(1).map(lambda pairs: [*DAYS, *pairs]), questions())


def steps() -> st.SearchStrategy[list[Params]]:
    """Ways, more often short ones."""
    return st.one_of(
        st.lists(stored(2), min_size=2, max_size=3), st.lists(stored(2), min_size=2, max_size=8)
    )


@shared_store
@given(
    arrivals=busy(),
    asked=asking(),
    wanted=st.lists(stored(2), max_size=5),
    data=st.data(),
)
def test_goals_equal_the_reference(
    sites: MakeSite,
    arrivals: list[Arrival],
    asked: Params,
    wanted: list[Params],
    data: st.DataObject,
) -> None:
    """Also when they don't fit into one plan."""
    site = sites(arrivals)
    sort = data.draw(st.sampled_from(["", "", "visitors", "views", "cr", "name"]))
    params = [*asked, ("sort", sort)] if sort else asked
    goals = named(wanted)
    note(f"{params} {goals}")
    with mock.patch.object(counted_goals, "AT_ONCE", data.draw(st.integers(1, 3))):
        assert ask_goals(site, params, goals) == reference_goals(site.asked(params), goals)


@shared_store
@given(arrivals=busy(), wanted=st.lists(stored(3), min_size=1, max_size=5))
def test_a_goal_has_the_numbers_of_the_total_with_its_filters(
    sites: MakeSite, arrivals: list[Arrival], wanted: list[Params]
) -> None:
    site = sites(arrivals)
    goals = named(wanted)
    for name, stats in ask_goals(site, DAYS, goals):
        total = site.ask("/total", [*DAYS, *goals[name]])
        assert stats == {field: total[field] for field in ("visitors", "views", "cr")}


@shared_store
@given(arrivals=busy(), asked=asking(), ways=st.lists(steps(), min_size=1, max_size=3))
def test_a_funnel_equals_the_reference(
    sites: MakeSite, arrivals: list[Arrival], asked: Params, ways: list[list[Params]]
) -> None:
    """With the dashboard's filters if it says so, else without any."""
    site = sites(arrivals)
    for way in ways:
        for params in (asked, [*asked, ("apply_filter", "true")]):
            note(f"{params} {way}")
            expected = reference_funnel(site.asked(params), way)
            found = ask_funnel(site, params, way)
            assert found == [pytest.approx(row) for row in expected]


@shared_store
@given(arrivals=busy(), way=steps())
def test_a_funnel_never_grows_and_loses_what_it_says(
    sites: MakeSite, arrivals: list[Arrival], way: list[Params]
) -> None:
    data = ask_funnel(sites(arrivals), DAYS, way)
    assert [row["step"] for row in data] == list(range(1, len(way) + 1))
    for before, row in pairwise(data):
        assert row["visitors"] <= before["visitors"] == row["previous_visitors"]
        assert row["dropped"] == before["visitors"] - row["visitors"]
        assert row["relative_previous_visitors"] == before["relative_visitors"]
    assert sum(row["dropped"] for row in data) == data[0]["visitors"] - data[-1]["visitors"]
    assert all(0 <= row[name] <= 1 for row in data for name in SHARES)


@shared_store
@given(arrivals=busy(), way=steps(), at=st.integers(0, 7), page=st.sampled_from(PATHS))
def test_a_step_that_is_asked_for_twice_loses_nobody_and_the_first_is_the_total(
    sites: MakeSite, arrivals: list[Arrival], way: list[Params], at: int, page: str
) -> None:
    site = sites(arrivals)
    counts = [row["visitors"] for row in ask_funnel(site, DAYS, way)]
    at = min(at, len(way) - 1)
    twice = [*way[: at + 1], *way[at:]][:8]
    again = [row["visitors"] for row in ask_funnel(site, DAYS, twice)]
    assert again == [*counts[: at + 1], *counts[at:]][:8]
    first = ask_funnel(site, DAYS, [[("path", page)], []])[0]
    assert first["visitors"] == site.ask("/total", [*DAYS, ("path", page)])["visitors"]


def visit(*seen: tuple[int, str]) -> list[Arrival]:
    """What one visitor did, so many seconds after the start: a page or the name of an event."""
    arrivals: list[Arrival] = []
    for n, (after, what) in enumerate(seen):
        hostname = "shop.example.com" if what.startswith("shop") else "example.com"
        path = what.removeprefix("shop")
        is_page = path.startswith("/")
        arrivals.append(
            Arrival(
                kind=Kind.HIT if is_page else Kind.EVENT,
                domain_id=DOMAIN,
                time=NOW - 3600 + after,
                visitor_id=1,
                previous_visitor_id=0,
                session_id=n + 1,
                hostname=hostname,
                path=path if is_page else "/form",
                title="",
                visit=Visit(country="de"),
                event_name="" if is_page else what,
            )
        )
    return arrivals


A, B, C = ([("path", path)] for path in ("/a", "/b", "/c"))
GERMAN, FRENCH = ([("country", country)] for country in ("de", "fr"))
BUY, SHOP = [("event", "Buy")], [("hostname", "shop.example.com")]


@pytest.mark.parametrize(
    ("seen", "way", "came"),
    [
        pytest.param([(0, "/a"), (1, "/b")], [A, B], [1, 1], id="one after the other"),
        pytest.param([(0, "/b"), (1, "/a")], [A, B], [1, 0], id="not the other way round"),
        pytest.param([(0, "/b"), (1, "/a"), (2, "/b")], [A, B], [1, 1], id="later is enough"),
        pytest.param([(0, "/a"), (1, "/c"), (2, "/b")], [A, B], [1, 1], id="others in between"),
        pytest.param([(0, "/b"), (0, "/a")], [A, B], [1, 1], id="in the same second"),
        pytest.param([(0, "/a"), (0, "/b")], [A, B, A], [1, 1, 1], id="back in that second"),
        pytest.param([(0, "shop/a"), (1, "/b")], [SHOP, B], [1, 1], id="from another hostname"),
        pytest.param([(0, "/b"), (1, "shop/a")], [SHOP, B], [1, 0], id="to another hostname"),
        pytest.param(
            [(0, "/a"), (1, "/c"), (2, "/b")], [A, B, C], [1, 1, 0], id="the third was before"
        ),
        pytest.param([(0, "/b"), (1, "/c")], [A, B, C], [0, 0, 0], id="without the first"),
        pytest.param([(0, "/a"), (1, "/c")], [A, B, C], [1, 0, 0], id="no step may be left out"),
        pytest.param([(0, "/a"), (5, "Buy")], [A, BUY], [1, 1], id="an event after a page"),
        pytest.param([(0, "/a"), (5, "Buy"), (9, "/b")], [A, B, BUY], [1, 1, 0], id="too early"),
        pytest.param([(0, "/a")], [GERMAN, A], [1, 1], id="one page view, two steps"),
        pytest.param([(0, "/b")], [GERMAN, GERMAN, A], [1, 1, 0], id="two steps about the visit"),
        pytest.param([(0, "/b")], [GERMAN, FRENCH, B], [1, 0, 0], id="another visit's step"),
        pytest.param([(0, "/b")], [GERMAN, FRENCH, GERMAN], [1, 0, 0], id="nor the one after it"),
        pytest.param([(0, "/b")], [GERMAN, []], [1, 1], id="nothing but steps about the visit"),
        pytest.param([(0, "/b")], [B, FRENCH, GERMAN], [1, 0, 0], id="a visit's step in between"),
        pytest.param([(0, "/a")], [A, A], [1, 1], id="the same step twice"),
        pytest.param([(0, "/a"), (1900, "/b")], [A, B], [1, 0], id="in another session"),
        pytest.param([(0, "/a"), (5, "Buy")], [A, [*BUY, *A]], [1, 0], id="an event elsewhere"),
        pytest.param(
            [(0, "/a"), (5, "Buy")],
            [A, [*BUY, ("pattern", "^/form$")]],
            [1, 1],
            id="an event on its page",
        ),
    ],
)
def test_rows_are_taken_in_order(
    sites: MakeSite, seen: list[tuple[int, str]], way: list[Params], came: list[int]
) -> None:
    site = sites(visit(*seen))
    data = ask_funnel(site, DAYS, way)
    assert [row["visitors"] for row in data] == came
    assert data == reference_funnel(site.asked(DAYS), way)


def test_a_filter_of_the_dashboard_counts_only_where_it_is_said_to(sites: MakeSite) -> None:
    """`api.md`: other parameters have no effect; `rules.md`: the dashboard's apply to step 1."""
    site = sites(visit((0, "/a"), (1, "/b")))
    params = [*DAYS, ("country", "us")]
    for extra, came in ([], 1), ([("apply_filter", "1")], 0):
        data = ask_funnel(site, [*params, *extra], [A, B])
        assert [row["visitors"] for row in data] == [came, came]
    pages = [*DAYS, ("path", "/a"), ("apply_filter", "1")]
    assert [row["visitors"] for row in ask_funnel(site, pages, [GERMAN, B])] == [1, 1]
    assert ask_funnel(site, [*params, ("apply_filter", "1")], [A, B])[1] == {
        "step": 2,
        "visitors": 0,
        "relative_visitors": 0,
        "previous_visitors": 0,
        "relative_previous_visitors": 0,
        "dropped": 0,
        "drop_off": 0,
    }
