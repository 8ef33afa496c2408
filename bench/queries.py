"""How long each question takes, beside SQL written by hand for the same answer."""

from __future__ import annotations

import gc
import shutil
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from bench.facts import TODAY, Size, fill, settle
from bench.handwritten import HANDWRITTEN
from hoofprint.api.params import read_filter, read_question
from hoofprint.model.domain import Domain
from hoofprint.query.answer import answer, problems
from hoofprint.query.question import Funnel, Goal
from hoofprint.query.reports import REPORTS
from hoofprint.store.embedded import EmbeddedStore
from hoofprint.store.sql import write

DOMAIN = Domain("benchsite1", "example.com", "Europe/Berlin")
NOW = int(TODAY.timestamp()) - 1
RUNS = 5
BY_ROUTE = {report.route: report for report in REPORTS}


GOALS = tuple(
    Goal({"id": name, "name": name}, name, read_filter(filters))
    for name, *filters in (
        ("A page", ("pattern", "(?i)^/page/7.*$")),
        ("An event", ("event", "Sign up")),
        ("An event on a page", ("event", "Purchase"), ("pattern", "(?i)^/page/.*$")),
        ("A tag", ("tag_author", "Author 3")),
    )
)
FUNNEL = Funnel(
    {"name": "F"},
    tuple(
        read_filter([pair])
        for pair in (("country", "de"), ("pattern", "(?i)^/page/.*$"), ("event", "Sign up"))
    ),
)


class Period(Struct, frozen=True):
    """Local days."""

    name: str
    first: str
    last: str


YEAR = Period("year", "2025-06-02", "2026-05-31")
MONTH = Period("30 days", "2026-05-02", "2026-05-31")


class Case(Struct, frozen=True):
    """One question: a route and its further parameters."""

    name: str
    route: str
    params: tuple[tuple[str, str], ...] = ()


def cases() -> Iterator[Case]:
    """Every report once, and some with filters."""
    needs: Mapping[str, tuple[tuple[str, str], ...]] = {
        "/event/meta": (("event", "Purchase"), ("event_meta_key", "plan")),
        "/session/details": (("visitor_id", "1"), ("session_id", "1")),
        "/event/page": (("event", "Purchase"),),
        "/tag/details": (("tag", "author"),),
        "/options/tag/value": (("tag", "author"),),
        "/funnel": (("funnel_id", "F"),),
    }
    for route in BY_ROUTE:
        yield Case(route, route, needs.get(route, ()))
    yield Case("/total path=", "/total", (("path", "/page/7"),))
    yield Case("/visitor country=", "/visitor", (("country", "de"),))
    yield Case("/page event=", "/page", (("event", "Sign up"),))
    yield Case("/page with time", "/page", (("include_avg_time_on_page", "true"),))


class Timing(Struct, frozen=True):
    """Milliseconds: the median and the slowest, and the median of the SQL by hand, if there is."""

    case: str
    period: str
    median: float
    slowest: float
    by_hand: float | None
    ratio: float | None


def ask(store: EmbeddedStore, case: Case, period: Period) -> Any:
    """Answer a question as the API does."""
    report = BY_ROUTE[case.route]
    params = [("from", period.first), ("to", period.last), *case.params]
    question, wrong = read_question(params, DOMAIN, NOW, at_any_time=report.at_any_time)
    wrong |= problems(report, question)
    if wrong:
        raise ValueError(f"{case.name}: {wrong}")
    question = replace(question, goals=GOALS, funnel=FUNNEL)
    return answer(report, question, lambda select: store.select(*write(select)))


def timed(run: Callable[[], object]) -> float:
    """Milliseconds of one run."""
    began = time.perf_counter()
    run()
    return (time.perf_counter() - began) * 1000


def measure(store: EmbeddedStore, case: Case, period: Period, runs: int) -> Timing:
    """Run a question and the SQL by hand in turn."""
    bounds = {"from": period.first, "to": period.last, "tz": DOMAIN.timezone, "id": DOMAIN.id}
    sql = HANDWRITTEN.get(case.name)

    def own() -> object:
        return ask(store, case, period)

    def by_hand() -> object:
        return [store.select(statement, bounds) for statement in sql or ()]

    own()
    by_hand()
    pairs = [(timed(own), timed(by_hand)) for _ in range(runs)]
    median = statistics.median(own for own, _ in pairs)
    hand = statistics.median(by_hand for _, by_hand in pairs) if sql else None
    ratio = statistics.median(own / by_hand for own, by_hand in pairs) if sql else None
    return Timing(case.name, period.name, median, max(own for own, _ in pairs), hand, ratio)


@contextmanager
def filled(views: int, directory: Path, *, keep: bool = False) -> Iterator[EmbeddedStore]:
    """A store with so many page views over a year; written unless it is there already."""
    path = directory / f"year-{views}"
    if not keep:
        shutil.rmtree(path, ignore_errors=True)
    store = EmbeddedStore(path, readers=4)
    try:
        store.migrate()
        if not store.select("SELECT count() FROM page_views")[0][0]:
            fill(store, Size(DOMAIN.id, views, 365, TODAY))
        settle(store)
        yield store
    finally:
        store.close()


def run(store: EmbeddedStore, runs: int = RUNS) -> list[Timing]:
    """All questions over the year and the last month."""
    gc.collect()
    gc.freeze()
    return [measure(store, case, period, runs) for period in (MONTH, YEAR) for case in cases()]


def table(timings: list[Timing]) -> str:
    """The timings as a Markdown table."""
    lines = ["| question | period | median ms | slowest ms | SQL by hand ms | ratio |"]
    lines.append("|---|---|---|---|---|---|")
    for t in timings:
        hand = "" if t.by_hand is None else f"{t.by_hand:.1f}"
        ratio = "" if t.ratio is None else f"{t.ratio:.2f}"
        lines.append(
            f"| `{t.case}` | {t.period} | {t.median:.1f} | {t.slowest:.1f} | {hand} | {ratio} |"
        )
    return "\n".join(lines)
