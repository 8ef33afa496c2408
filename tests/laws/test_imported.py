"""Law 1 with imported statistics: reports equal the naive reference on both sides of the border.

What was imported counts on the days that the domain says, before its first day of own facts.
"""

from __future__ import annotations

import itertools
import random
from dataclasses import replace as changed
from datetime import date, timedelta
from typing import Any, NamedTuple
from unittest import mock

import pytest
from hypothesis import given, note
from hypothesis import strategies as st
from msgspec.structs import replace

from hoofprint.api.metrics import Metrics
from hoofprint.api.params import read_question
from hoofprint.model.arrival import Arrival
from hoofprint.model.imported import VALUES, ImportedDays, ImportedKind, ImportedRow
from hoofprint.query import top
from hoofprint.query.answer import answer
from hoofprint.query.plan import Select
from hoofprint.store.answers import Answers, Memory
from hoofprint.store.port import Table
from hoofprint.store.rows import imported_row
from hoofprint.store.writes import Writes

from .reference.imported import sums_of
from .reference.lists import platform
from .reference.reports import LISTS, growth, hours, total, visitor
from .site import BY_ROUTE, MakeSite, Site, fewer, shared_store
from .traffic import HOSTNAMES, NOW, PATHS, VISIT, Params, lively, questions, traffic

FIRST = date(2026, 3, 22)
DAYS = [FIRST + timedelta(days=n) for n in range(10)]
IDS = itertools.count(1)
EDGES = [f"{edge}{name}" for edge in ("", "entry_", "exit_") for name in ("hostname", "path")]
POOLS = {
    **VISIT,
    **{name: PATHS if name.endswith("path") else HOSTNAMES for name in EDGES},
    **dict.fromkeys(("title", "entry_title", "exit_title"), ("", "A title")),
}
DAY = st.sampled_from(DAYS)


def _row(kind: ImportedKind) -> st.SearchStrategy[ImportedRow]:
    sessions = st.integers(0, 20)
    return st.builds(
        lambda visits, bounced, **rest: ImportedRow(
            kind=kind, sessions=visits, bounces=min(visits, bounced), **rest
        ),
        sessions,
        sessions,
        day=DAY,
        values=st.tuples(*(st.sampled_from(POOLS[name]) for name in VALUES[kind])),
        visitors=st.integers(0, 15),
        views=st.integers(0, 30),
        seconds=st.integers(0, 900),
    )


class History(NamedTuple):
    """What is imported: the first half of the rows counts up to a border, the second from it on.

    `start` is the first day of own facts.
    """

    rows: list[ImportedRow]
    border: date
    start: date | None


def histories() -> st.SearchStrategy[History]:
    """A few rows of every kind."""
    some = (st.lists(_row(kind), max_size=4) for kind in ImportedKind)
    rows = st.tuples(*some).map(lambda lists: [row for rows in lists for row in rows])
    return st.builds(History, rows, DAY, st.one_of(st.none(), DAY))


def imported(site: Site, history: History) -> Site:
    """The site with this history; rows of an import that failed are in the store, too."""
    rows, border, start = history
    half = len(rows) // 2
    ids = [f"import{next(IDS)}" for _ in range(3)]
    for rows_id, part in zip(ids, (rows[:half], rows[half:], rows), strict=True):
        encoded = [imported_row(site.domain.id, rows_id, row) for row in part]
        site.store.insert(Table.IMPORTED, encoded, rows_id)
        site.store.insert(Table.IMPORTED, encoded, rows_id)  # a repetition changes nothing
    last = DAYS[-1] - timedelta(days=1)
    counted = (
        ImportedDays(ids[0], FIRST, border - timedelta(days=1)),
        ImportedDays(ids[1], border, last),
    )
    site.domain = replace(site.domain, imported=counted, statistics_start=start)
    there = [row for row in rows[:half] if row.day < border]
    there += [row for row in rows[half:] if border <= row.day <= last]
    site.world = changed(site.world, imported=sums_of(there), start=start)
    return site


@fewer
@given(
    arrivals=traffic(20),
    history=histories(),
    params=questions(),
    data=st.data(),
)
def test_every_list_equals_the_reference(
    sites: MakeSite,
    arrivals: list[Arrival],
    history: History,
    params: Params,
    data: st.DataObject,
) -> None:
    site = imported(sites(arrivals), history)
    for route, reference in LISTS.items():
        sort = data.draw(st.sampled_from(["", "", *BY_ROUTE[route].wire]))
        sorted_params = [*params, ("sort", sort)] if sort else params
        note(f"{route} {sorted_params}")
        assert site.ask(route, sorted_params) == reference(site.asked(sorted_params)), route


@shared_store
@given(
    arrivals=traffic(20),
    history=histories(),
    asked=st.lists(questions(), min_size=1, max_size=2),
)
def test_totals_series_hours_growth_and_platforms_equal_the_reference(
    sites: MakeSite,
    arrivals: list[Arrival],
    history: History,
    asked: list[Params],
) -> None:
    site = imported(sites(arrivals), history)
    for params in asked:
        note(str(params))
        question = site.asked(params)
        assert site.ask("/total", params) == total(question)
        assert site.ask("/visitor", params) == visitor(question)
        assert site.ask("/hours", params) == hours(question)
        assert site.ask("/platform", params) == platform(question)
        assert site.ask("/growth", params) == pytest.approx(growth(question))


FILTERS: dict[str, Params] = {
    "country": [("country", "de")],
    "not country": [("country", "!de")],
    "city": [("city", "Munich")],
    "path": [("path", "/")],
    "paths": [("path", "/"), ("path", "/a")],
    "part of a path": [("path", "~b")],
    "not path": [("path", "!/")],
    "path and not another": [("path", "/"), ("path", "!/a")],
    "pattern": [("pattern", "^/b")],
    "entry": [("entry_path", "/")],
    "exit": [("exit_path", "~a")],
    "hostname": [("hostname", "example.com")],
    "page": [("hostname", "example.com"), ("path", "/a")],
    "browser": [("browser", "Chrome"), ("browser_version", "140.0")],
    "os": [("os", "^win")],
    "two kinds": [("browser", "Chrome"), ("country", "de")],
    "source": [("referrer_name", "A"), ("utm_source", "!news")],
    "channel": [("channel", "!Direct")],
    "platform": [("platform", "mobile")],
    "language": [("language", "de")],
    "tag": [("tag", "k")],
    "event": [("event", "Buy")],
    "metadata without event": [("meta_k", "1")],
    "session": [("visitor_id", "1"), ("session_id", "1")],
    "window": [("from_time", "00:00"), ("to_time", "11:59")],
}


def lasting() -> History:
    """Rows of every kind and day with every value."""
    draw = random.Random(3)  # noqa: S311 - a test is no secret
    rows: list[ImportedRow] = []
    for kind, day, _ in itertools.product(ImportedKind, DAYS, range(3)):
        values = tuple(draw.choice(POOLS[name]) for name in VALUES[kind])
        numbers = sorted(draw.randrange(1, 20) for _ in range(4))
        bounces, visitors, sessions, views = numbers
        seconds = draw.randrange(900)
        rows.append(ImportedRow(day, kind, values, visitors, sessions, views, bounces, seconds))
    draw.shuffle(rows)
    return History(rows, DAYS[3], DAYS[8])


def test_pages_that_were_only_imported_are_among_the_candidates(sites: MakeSite) -> None:
    """With so few candidates that the right rows are often not among the first ones."""
    site = imported(sites(lively()), lasting())
    for limit, first in itertools.product((1, 2, 3), DAYS[:8]):
        params = [("from", f"{first}"), ("to", f"{DAYS[-1]}"), ("limit", f"{limit}")]
        with mock.patch.multiple(top, LEAST=1, SPARE=1, GROWTH=2):
            assert site.ask("/page", params) == LISTS["/page"](site.asked(params))


def test_a_filter_keeps_what_it_can_answer_and_leaves_out_the_rest(sites: MakeSite) -> None:
    site = imported(sites(lively()[:40]), lasting())
    for named, kept in FILTERS.items():
        last = FIRST if named == "window" else DAYS[-1]
        params = [("from", f"{FIRST}"), ("to", f"{last}"), *kept]
        asked = site.asked(params)
        assert site.ask("/total", params) == total(asked), named
        for route in ("/page", "/page/exit", "/referrer", "/city"):
            assert site.ask(route, params) == LISTS[route](asked), (named, route)


@fewer
@given(arrivals=traffic(20), history=histories())
def test_days_weeks_months_and_years_add_up_to_the_total(
    sites: MakeSite,
    arrivals: list[Arrival],
    history: History,
) -> None:
    """Visitors of imported days are added up by day, as own ones are."""
    site = imported(sites(arrivals), history)
    period = [("from", "2026-03-01"), ("to", "2026-03-31"), ("tz", "UTC")]
    names = ("visitors", "views", "sessions", "bounces")
    whole = site.ask("/total", period)
    for scale in ("day", "week", "month", "year"):
        series = site.ask("/visitor", [*period, ("scale", scale)])
        assert {n: sum(row[n] for row in series) for n in names} == {n: whole[n] for n in names}


@fewer
@given(
    arrivals=traffic(20),
    history=histories(),
    days=st.lists(st.tuples(DAY, DAY), min_size=2, max_size=3),
)
def test_what_is_remembered_of_days_is_right_where_imported_days_are_among_them(
    sites: MakeSite, arrivals: list[Arrival], history: History, days: list[tuple[date, date]]
) -> None:
    site = imported(sites(arrivals), history)
    memory = Memory(1_000_000, days_bytes=10_000_000)
    answers = Answers(site.store, Writes(), lambda: float(NOW), memory, Metrics())
    for first, last in days:
        params = [("from", f"{first}"), ("to", f"{last}"), ("tz", "UTC")]
        question, _ = read_question(params, site.domain, NOW)
        asked = site.asked(params)
        assert answer(BY_ROUTE["/total"], question, answers.ask) == total(asked)
        assert answer(BY_ROUTE["/visitor"], question, answers.ask) == visitor(asked)
        for route in ("/country", "/browser", "/page"):
            assert answer(BY_ROUTE[route], question, answers.ask) == LISTS[route](asked), route


def test_a_domain_without_imports_is_asked_nothing_more(sites: MakeSite) -> None:
    """Its plans never name the table."""
    site = sites([])
    plans: list[Select] = []

    def ask(plan: Select) -> list[list[Any]]:
        plans.append(plan)
        return site.run(plan)

    period = [("from", "2026-03-01"), ("to", "2026-03-31")]
    for route in ("/total", "/visitor", "/page", "/page/entry", "/country", "/growth"):
        question, _ = read_question(period, site.domain, NOW)
        answer(BY_ROUTE[route], question, ask)
    assert plans
    assert not any("imported" in str(plan) for plan in plans)
