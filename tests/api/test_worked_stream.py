"""A stream sent over HTTP answers every question as counted by hand from the rules.

The stream and its derivation are in `worked_stream.py`; the questions and their whole answers are
the tables of the `worked_*.py` beside it.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from urllib.parse import parse_qsl

import pytest

from hoofprint.api.metrics import Metrics
from hoofprint.api.params import FILTERS
from hoofprint.api.services import Services
from hoofprint.bootstrap import open_asking
from hoofprint.ingest.pipe import Pipe
from hoofprint.management.access import Access
from hoofprint.management.deletions import Deletions
from hoofprint.management.directory import Directory
from hoofprint.management.exchange import Exchange
from hoofprint.management.funnels import Funnels
from hoofprint.management.goals import Goals
from hoofprint.management.links import Links
from hoofprint.management.listing import Domains
from hoofprint.management.tokens import Tokens
from hoofprint.management.visibility import Visibility
from hoofprint.query.reports import REPORTS
from hoofprint.records.engine import Records
from hoofprint.settings import Settings
from hoofprint.store.embedded import EmbeddedStore
from hoofprint.store.port import Table
from hoofprint.store.writes import Writes

from . import (
    worked_events,
    worked_goals,
    worked_lists,
    worked_now,
    worked_options,
    worked_pages,
    worked_series,
    worked_sessions,
    worked_sources,
    worked_totals,
)
from .worked_site import Asked, Site, open_site
from .worked_stream import ACCEPTED, DROPPED, PEOPLE, STREAM
from .world import NOW, Cast, MemorySpool, World

PARTS = (
    *(worked_totals, worked_pages, worked_sources),
    worked_goals,
    *(worked_events, worked_sessions, worked_now, worked_series),
    *(worked_lists, worked_options),
)
QUESTIONS: tuple[Asked, ...] = tuple(question for part in PARTS for question in part.QUESTIONS)


@pytest.fixture(scope="module")
def site(  # noqa: PLR0917 - an instance is put together from all of them
    records: Records,
    tokens: Tokens,
    actors: Cast,
    directory: Directory,
    pipe: Pipe,
    runner: asyncio.Runner,
    _embedded: EmbeddedStore,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Site]:
    """The counted stream; no test of this module takes `store`, which would empty it."""
    for table in Table:
        _embedded.execute(f"TRUNCATE TABLE {table}")
    directory_ = tmp_path_factory.mktemp("worked")
    settings = Settings(data_dir=str(directory_), store_readers=2)
    metrics = Metrics()
    services = Services(
        settings=settings,
        clock=lambda: NOW,
        directory=directory,
        access=Access(directory),
        exchange=Exchange(records, tokens, lambda: NOW),
        domains=Domains(records, lambda: NOW),
        links=Links(records, lambda: NOW, directory.forget),
        deletions=Deletions(records, lambda: NOW, lambda: 0, lambda _: None),
        visibility=Visibility(records, lambda: NOW, directory.forget),
        goals=Goals(records, lambda: NOW),
        funnels=Funnels(records, lambda: NOW),
        store=_embedded,
        pipe=pipe,
        spool=MemorySpool(),
        metrics=metrics,
        asking=open_asking(settings, _embedded, Writes(), lambda: NOW, metrics),
        readiness=dict,
    )
    world = World(services, actors, MemorySpool(), runner)
    here = actors.domain.id
    records.write(lambda s: worked_goals.store_goals(s, here, *worked_goals.GOALS))
    with open_site(world, _embedded, directory_ / "spool") as opened:
        yield opened
    services.asking.close()


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda asked: f"{asked.route}: {asked.rule}")
def test_the_whole_answer_is_what_the_rules_say(site: Site, asked: Asked) -> None:
    assert site.ask(asked.route, asked.query) == asked.answer


def test_every_request_is_accounted_for(site: Site) -> None:
    assert site.outcomes() == {"accepted": ACCEPTED, **DROPPED}
    assert sum(site.outcomes().values()) == len(STREAM)


def test_neither_addresses_nor_user_agents_are_in_the_spool(site: Site) -> None:
    files = [p for p in site.spool_directory.rglob("*") if p.is_file()]
    content = b"".join(path.read_bytes() for path in files)
    assert b"/blog/post" in content
    for person in PEOPLE:
        assert person.ip.encode() not in content
        assert person.user_agent.encode() not in content


def test_no_two_questions_are_called_the_same() -> None:
    again = [
        name for name, times in Counter((a.route, a.rule) for a in QUESTIONS).items() if times > 1
    ]
    assert again == []


def test_every_report_is_asked_for() -> None:
    assert {asked.route for asked in QUESTIONS} == {report.route for report in REPORTS}


def test_every_parameter_is_used() -> None:
    used = {name for asked in QUESTIONS for name, _ in parse_qsl(asked.query.replace("+", "%2B"))}
    others = {
        *("from", "to", "from_time", "to_time", "tz", "start", "scale", "pattern", "search"),
        *("sort", "direction", "limit", "offset", "visitor_id", "session_id"),
        *("custom_metric_key", "custom_metric_type", "tag_author", "meta_plan"),
        *("include_avg_time_on_page", "include_title", "funnel_id", "apply_filter"),
    }
    assert set(FILTERS) | others <= used
