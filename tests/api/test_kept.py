"""Answers about a domain as a whole: given again for half an hour, computed once at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hoofprint.api.kept import KEPT_SECONDS, KeptAnswers
from hoofprint.errors import StoreError
from hoofprint.model.domain import Domain
from hoofprint.query.report import Report
from hoofprint.query.reports import REPORTS

from .world import NOW

OVERVIEW = next(report for report in REPORTS if report.of_domain)
ONE, OTHER = (Domain(f"domain000{n}", "example.com", "Europe/Berlin") for n in (1, 2))


class Counted:
    """Answers with how often it was asked; waits while `gate` is closed."""

    def __init__(self) -> None:
        self.now = NOW
        self.asked: list[str] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.both = asyncio.Event()
        self.broken = False

    async def compute(self, _: Report, domain: Domain) -> int:
        self.asked.append(domain.id)
        if len(self.asked) == 2:
            self.both.set()
        await self.gate.wait()
        if self.broken:
            raise StoreError("gone")
        return len(self.asked)


@pytest.fixture
def counted() -> Counted:
    return Counted()


@pytest.fixture
def kept(counted: Counted) -> KeptAnswers:
    return KeptAnswers(counted.compute, lambda: counted.now)


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as opened:
        yield opened


def test_an_answer_is_given_again_for_half_an_hour_and_not_longer(
    counted: Counted, kept: KeptAnswers, runner: asyncio.Runner
) -> None:
    def ask() -> object:
        return runner.run(kept.get(OVERVIEW, ONE))

    assert (ask(), ask()) == (1, 1)
    counted.now += KEPT_SECONDS - 1
    assert ask() == 1
    counted.now += 1
    assert ask() == 2


def test_each_domain_has_its_own_answer_and_so_has_another_time_zone(
    kept: KeptAnswers, runner: asyncio.Runner
) -> None:
    moved = Domain(ONE.id, ONE.hostname, "UTC")
    answers = [runner.run(kept.get(OVERVIEW, domain)) for domain in (ONE, OTHER, moved, OTHER)]
    assert answers == [1, 2, 3, 2]


def test_the_last_days_are_others_after_midnight(
    counted: Counted, kept: KeptAnswers, runner: asyncio.Runner
) -> None:
    """Midnight of the domain: however fresh an answer is, it is about yesterday."""
    midnight = datetime(2026, 5, 5, tzinfo=ZoneInfo(ONE.timezone)).timestamp()
    counted.now = midnight - 1
    assert runner.run(kept.get(OVERVIEW, ONE)) == 1
    counted.now = midnight
    assert runner.run(kept.get(OVERVIEW, ONE)) == 2


def test_many_callers_share_one_computation_and_none_waits_for_another_domain(
    counted: Counted, kept: KeptAnswers, runner: asyncio.Runner
) -> None:
    async def everybody() -> list[Any]:
        counted.gate.clear()
        domains = [ONE] * 50 + [OTHER]
        waiting = [asyncio.create_task(kept.get(OVERVIEW, domain)) for domain in domains]
        await counted.both.wait()
        waiting[0].cancel()  # hangs up; the others still get their answer
        counted.gate.set()
        return list(await asyncio.gather(*waiting[1:]))

    assert runner.run(everybody()) == [2] * 50
    assert counted.asked == [ONE.id, OTHER.id]


def test_a_failure_is_not_kept(counted: Counted, kept: KeptAnswers, runner: asyncio.Runner) -> None:
    counted.broken = True
    with pytest.raises(StoreError):
        runner.run(kept.get(OVERVIEW, ONE))
    counted.broken = False
    assert runner.run(kept.get(OVERVIEW, ONE)) == 2
