"""A site with some traffic in the store, of which a law can ask every report."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, settings
from msgspec.structs import replace

from hoofprint.api.params import read_question
from hoofprint.model.arrival import Arrival
from hoofprint.model.domain import Domain
from hoofprint.query.answer import answer, problems
from hoofprint.query.plan import Select
from hoofprint.query.reports import REPORTS
from hoofprint.sessions.batch import process
from hoofprint.sessions.memory import SessionsInMemory
from hoofprint.store.embedded import EmbeddedStore
from hoofprint.store.sql import write
from hoofprint.store.writer import Writer

from .reference.asked import Asked
from .reference.facts import World, world_of
from .traffic import NOW, PAGE_VIEW_LIMIT, Params

TIMEZONE = "Europe/Berlin"
BY_ROUTE = {report.route: report for report in REPORTS}
POSITIONS = itertools.count(1_000, 1_000)
shared_store = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
"""For property tests that use the one store: each example has a domain of its own in it."""

fewer = settings(shared_store, max_examples=settings().max_examples // 3)
"""The same for laws that ask many questions in each example."""


class Site:
    """A domain of its own in the store with some traffic, and the same traffic as plain facts."""

    def __init__(self, store: EmbeddedStore, arrivals: list[Arrival], number: int) -> None:
        self.store = store
        self.domain = Domain(f"{number:010}", "example.com", TIMEZONE)
        mine = [replace(arrival, domain_id=self.domain.id) for arrival in arrivals]
        nothing = SessionsInMemory(lambda _: [], lambda: 0, lambda: float(NOW))
        facts = process(mine, number, nothing, PAGE_VIEW_LIMIT)
        writer = Writer(store)
        writer.store(writer.encode(number, number + max(len(mine), 1), facts))
        self.world: World = world_of(facts)

    def ask(self, route: str, params: Params, **stored: Any) -> Any:
        """The answer; `stored` are the goals or the funnel that the question is about."""
        report = BY_ROUTE[route]
        question, wrong = read_question(params, self.domain, NOW, at_any_time=report.at_any_time)
        assert not wrong
        assert not problems(report, question)
        return answer(report, replace(question, **stored), self.run)

    def run(self, select: Select) -> list[list[Any]]:
        return self.store.select(*write(select))

    def asked(self, params: Params) -> Asked:
        return Asked(self.world, params, TIMEZONE, NOW)


MakeSite = Callable[[list[Arrival]], Site]
