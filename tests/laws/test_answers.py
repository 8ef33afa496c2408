"""Kept answers are true: whatever is written meanwhile, they are what a look-up would find."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from hoofprint.api.metrics import Metrics
from hoofprint.api.params import read_filter, read_question
from hoofprint.model.arrival import Arrival
from hoofprint.model.domain import Domain
from hoofprint.query.answer import answer
from hoofprint.query.plan import Select
from hoofprint.query.question import Funnel, Goal, Question
from hoofprint.query.span import span_of
from hoofprint.sessions.batch import Facts, process
from hoofprint.sessions.memory import SessionsInMemory
from hoofprint.store.answers import OPEN_SECONDS, Answers, Memory
from hoofprint.store.embedded import EmbeddedStore
from hoofprint.store.recall import newest_activity, recall
from hoofprint.store.sql import write
from hoofprint.store.writer import Writer
from hoofprint.store.writes import Writes

from .site import BY_ROUTE, POSITIONS, TIMEZONE, shared_store
from .traffic import NOW, PAGE_VIEW_LIMIT, Params, questions, traffic

ROUTES = ("/total", "/country", "/growth")
DAY = 86_400
ADDED_UP = (
    *("/total", "/visitor", "/growth", "/overview", "/goals", "/hours", "/weekdays", "/minutes"),
    *("/country", "/browser", "/language", "/channel", "/utm/source", "/hostname", "/platform"),
    *("/duration/session", "/duration/page", "/event/list"),
)
"""Reports with a plan that adds up over days."""
ALL_DAYS: Params = [("from", "2026-03-20"), ("to", "2026-03-31")]
PAST: Params = [("from", "2026-03-20"), ("to", "2026-03-30"), ("tz", "UTC")]
few = settings(shared_store, max_examples=max(3, settings().max_examples // 8))
"""Each example asks every question many times."""


class Clock:
    """Stands still until it is told."""

    def __init__(self) -> None:
        self.now = float(NOW)

    def __call__(self) -> float:
        return self.now


class Site:
    """A domain that is asked through kept answers while facts are added to it."""

    def __init__(self, store: EmbeddedStore, number: int, memory: Memory) -> None:
        self.store = store
        self.domain = Domain(f"{number:010}", "example.com", TIMEZONE)
        self.clock = Clock()
        writes = Writes()
        self.answers = Answers(store, writes, self.clock, memory, Metrics())
        self._writer = Writer(store, writes)
        self._position = number
        self._running = SessionsInMemory(
            lambda wanted: recall(store, wanted), lambda: newest_activity(store), self.clock
        )

    def add(self, arrivals: list[Arrival]) -> None:
        mine = [replace(arrival, domain_id=self.domain.id) for arrival in arrivals]
        facts: Facts = process(mine, self._position, self._running, PAGE_VIEW_LIMIT)
        end = self._position + max(len(mine), 1)
        self._writer.store(self._writer.encode(self._position, end, facts))
        self._running.save(facts.sessions)
        self._position = end

    def question(self, route: str, params: Params) -> Question:
        needed = {"event": "Buy", "event_meta_key": "k", "visitor_id": "1", "session_id": "1"}
        needed["tag"] = "k"
        needed["funnel_id"] = "F"
        named = {name for name, _ in params}
        report = BY_ROUTE[route]
        given = [(name, needed[name]) for name in report.needs if name not in named]
        params = [pair for pair in params if pair[0] not in report.single]
        given += [(name, needed[name]) for name in report.single]
        asked, wrong = read_question(
            [*params, *given], self.domain, int(self.clock.now), at_any_time=report.at_any_time
        )
        assert not wrong
        way = Funnel({}, (read_filter([("path", "~/")]), read_filter([("event", "Buy")])))
        goal = Goal({"name": "", "id": ""}, "", read_filter(params))
        return replace(asked, funnel=way, goals=(goal,))

    def kept(self, route: str, question: Question) -> Any:
        return answer(BY_ROUTE[route], question, self.answers.ask)

    def true(self, route: str, question: Question) -> Any:
        return answer(BY_ROUTE[route], question, self.look_up)

    def look_up(self, plan: Select) -> list[list[Any]]:
        return self.store.select(*write(plan))


@pytest.mark.parametrize("memory", [Memory(10_000_000), Memory(30_000)], ids=["large", "small"])
@few
@given(
    batches=st.lists(traffic(8), min_size=2, max_size=3),
    asked=questions(),
    pauses=st.lists(st.sampled_from([0.0, 0.5, OPEN_SECONDS, 60.0, 2.0 * DAY]), min_size=4),
)
def test_a_kept_answer_is_as_good_as_a_look_up(
    store: EmbeddedStore,
    memory: Memory,
    batches: list[list[Arrival]],
    asked: Params,
    pauses: list[float],
) -> None:
    """Backdated arrivals, new ones and pauses in any order."""
    site = Site(store, next(POSITIONS) + 5_000_000, memory)
    for batch, pause in zip(batches, itertools.cycle(pauses)):
        site.add(batch)
        site.clock.now += pause
        for params, route in itertools.product((PAST, ALL_DAYS, asked), ROUTES):
            note(f"{route} {params}")
            question = site.question(route, params)
            assert site.kept(route, question) == site.true(route, question), route


@few
@given(arrivals=traffic(30, least=15), late=traffic(4, least=2), asked=questions())
def test_what_was_found_on_whole_days_adds_up(
    store: EmbeddedStore, arrivals: list[Arrival], late: list[Arrival], asked: Params
) -> None:
    """Over periods that share days, before and after late arrivals; only days are remembered."""
    site = Site(store, next(POSITIONS) + 7_000_000, Memory(0, days_bytes=10_000_000))
    site.add(arrivals)
    others = [pair for pair in asked if pair[0] not in {"from", "to", "start"}]
    for batch, first, last in ((late, 18, 29), ([], 20, 31), ([], 17, 30)):
        for route in ADDED_UP:
            params: Params = [("from", f"2026-03-{first}"), ("to", f"2026-03-{last}"), *others]
            note(f"{route} {params}")
            question = site.question(route, params)
            assert site.kept(route, question) == site.true(route, question), route
        site.add(batch)


@few
@given(arrivals=traffic(20), asked=questions())
def test_every_plan_says_which_days_it_reads(
    store: EmbeddedStore, arrivals: list[Arrival], asked: Params
) -> None:
    """Else its answers would be kept for two seconds only, although nobody would notice."""
    site = Site(store, next(POSITIONS) + 9_000_000, Memory(0))
    site.add(arrivals)

    def ask(plan: Select) -> list[list[Any]]:
        span = span_of(plan)
        assert span is not None, plan
        assert span.domain_id == site.domain.id
        assert span.first <= span.last <= (NOW + DAY) // DAY
        return site.look_up(plan)

    for route, report in BY_ROUTE.items():
        answer(report, site.question(route, asked), ask)
