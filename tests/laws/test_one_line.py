"""A further breakdown costs one line of `query/reports.py`, and is right at once.

The line is put into the text of the module as a developer would type it; nothing else changes.
"""

from __future__ import annotations

import inspect
from types import ModuleType
from unittest import mock

import pytest
from hypothesis import given, note
from hypothesis import strategies as st

from hoofprint.api import statistics
from hoofprint.model.arrival import Arrival
from hoofprint.query import reports
from hoofprint.query.report import Report

from . import site as sites_module
from .reference.asked import Asked
from .reference.counting import HOSTS, Counts, Row, counted, found_by_search, groups, in_order
from .site import BY_ROUTE, MakeSite, fewer
from .test_sums import about_sessions, some, summed, uncut
from .traffic import Params, questions, traffic

ROUTE = "/os/browser"
LINE = (
    f'    Report("{ROUTE}", "Browsers by operating system", breakdown, (d.OS, d.BROWSER), HOSTS),'
)
BEFORE = "REPORTS: tuple[Report, ...] = (\n"


def with_line(line: str) -> tuple[Report, ...]:
    """The reports of the module with one more line."""
    text = inspect.getsource(reports)
    assert text.count(BEFORE) == 1
    changed = ModuleType(reports.__name__)
    exec(text.replace(BEFORE, f"{BEFORE}{line}\n"), changed.__dict__)  # noqa: S102 - our own text
    found: tuple[Report, ...] = changed.REPORTS
    return found


ADDED = with_line(LINE)


@pytest.fixture(autouse=True)
def added(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sites answer the report, too."""
    by_route = BY_ROUTE | {report.route: report for report in ADDED}
    monkeypatch.setattr(sites_module, "BY_ROUTE", by_route)


def reference(asked: Asked) -> list[Row]:
    """By operating system and browser; a search looks at the first."""
    facts, everything, by_page = counted(asked)
    rows = [
        {"os": os, "browser": browser}
        | Counts(asked, both, everything, by_page=by_page).row(*HOSTS)
        for (os, browser), both in groups(
            facts, lambda f: (f.text["os"], f.text["browser"])
        ).items()
        if found_by_search(asked, os)
    ]
    return in_order(asked, rows, "visitors", ["os", "browser"])


def test_it_is_one_line_of_usual_length() -> None:
    assert len(ADDED) == len(reports.REPORTS) + 1
    assert ADDED[1:] == reports.REPORTS
    assert "\n" not in LINE
    assert len(LINE) <= 100


@fewer
@given(
    arrivals=traffic(30),
    asked=st.lists(questions(), min_size=1, max_size=3),
    sort=st.sampled_from(["", *ADDED[0].wire]),
)
def test_it_equals_the_reference(
    sites: MakeSite, arrivals: list[Arrival], asked: list[Params], sort: str
) -> None:
    site = sites(arrivals)
    for params in asked:
        by = [*params, ("sort", sort)] if sort else params
        note(str(by))
        assert site.ask(ROUTE, by) == reference(site.asked(by))


@fewer
@given(arrivals=traffic(30), asked=uncut())
def test_it_adds_up_to_the_total_and_to_the_breakdowns_that_it_refines(
    sites: MakeSite, arrivals: list[Arrival], asked: Params
) -> None:
    """A session has one operating system and one browser; a visitor may have several."""
    site = sites(arrivals)
    params = about_sessions(asked)
    note(str(params))
    found, total = site.ask(ROUTE, params), site.ask("/total", params)
    names = ("sessions", "views", "bounces")
    assert summed(found, *names) == some(total, *names)
    for field, route in (("os", "/os"), ("browser", "/browser")):
        for row in site.ask(route, params):
            parts = [part["visitors"] for part in found if part[field] == row[field]]
            assert max(parts) <= row["visitors"] <= sum(parts)


def test_it_has_a_route_of_the_api_at_once() -> None:
    with mock.patch.object(statistics, "REPORTS", ADDED):
        paths = {path for route in statistics.statistics_routes() for path in route.paths}
    assert f"/api/v1/statistics{ROUTE}" in paths
