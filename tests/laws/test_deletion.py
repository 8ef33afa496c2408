"""Deleting changes every number to what it is without the deleted facts, and no other number."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from hoofprint.errors import StoreError
from hoofprint.model.arrival import Arrival
from hoofprint.model.deletion import Deletion, DeletionKind
from hoofprint.query.calendar import wire_time
from hoofprint.store.eraser import Eraser
from hoofprint.store.port import Parameters, Row, Store, Table

from .reference.deletion import without
from .reference.reports import LISTS, growth, hours, session_list, total, visitor
from .site import MakeSite, Site, fewer
from .traffic import FIRST, NOW, Params, long_visits, questions

IDS = itertools.count()
PATIENCE_SECONDS = 60
KINDS = st.sampled_from([*DeletionKind, DeletionKind.EVERYTHING])


def spans(arrivals: Sequence[Arrival]) -> st.SearchStrategy[tuple[int, int]]:
    """Times to delete, often with an end in the middle of a session."""
    times = [arrival.time for arrival in arrivals]
    edge = st.one_of(
        st.builds(lambda at, by: at + by, st.sampled_from(times), st.integers(-600, 600)),
        st.sampled_from([FIRST, NOW - 43_200, NOW + 86_400]),
    )
    return st.tuples(edge, edge).map(lambda two: (min(two), max(two)))


def deletion_of(domain_id: str, span: tuple[int, int], kind: DeletionKind) -> Deletion:
    return Deletion(f"deletion{next(IDS):02}", domain_id, kind, *span, position=0)


def wait_for(eraser: Eraser, deletion: Deletion) -> None:
    """Until the store has removed everything from its disk."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (left := eraser.left(deletion)).steps:
        assert time.monotonic() < deadline, left
        assert not left.problem
        time.sleep(0.005)


EVERYTHING: Params = [("from", "2026-03-20"), ("to", "2026-04-01")]
ASKED: tuple[Params, ...] = (
    EVERYTHING,
    [*EVERYTHING, ("path", "~/"), ("scale", "week")],
    [("from", "2026-03-31"), ("to", "2026-03-31"), ("entry_path", "~/"), ("path", "~/")],
)
"""Questions about everything, by sessions and by page views, and with filters on sessions."""
ROUTES = (
    *("/hostname", "/page", "/page/entry", "/page/exit", "/referrer", "/country", "/events"),
    *("/tags", "/event/list"),
)


def check(site: Site, asked: Params, span: tuple[int, int], kind: str) -> None:
    """Compare the answers with those about the facts that are left."""
    site.world = without(site.world, *span, kind)
    for params in (*ASKED, asked):
        note(f"{params} without {span}")
        check_question(site, params)


def check_question(site: Site, params: Params) -> None:
    question = site.asked(params)
    for route in ROUTES:
        assert site.ask(route, params) == LISTS[route](question), route
    assert site.ask("/total", params) == total(question)
    assert site.ask("/visitor", params) == visitor(question)
    assert site.ask("/hours", params) == hours(question)
    assert site.ask("/growth", params) == pytest.approx(growth(question))
    listed = session_list(question)
    for row in listed:
        row["time"], row["start"] = wire_time(row["time"]), wire_time(row["start"])
    names = list(listed[0]) if listed else []
    found = site.ask("/session/list", params)
    assert [{name: row[name] for name in names} for row in found] == listed


class Brittle:
    """A store of which one statement or insert fails, before or after it was carried out."""

    def __init__(self, store: Store, fail_at: int, *, behind: bool) -> None:
        self._store = store
        self._left = fail_at
        self._behind = behind

    def execute(self, sql: str, parameters: Parameters | None = None) -> None:
        self._do(lambda: self._store.execute(sql, parameters))

    def insert_encoded(self, table: Table, data: bytes, token: str | None = None) -> None:
        self._do(lambda: self._store.insert_encoded(table, data, token))

    def _do(self, work: Callable[[], None]) -> None:
        self._left -= 1
        if self._left == -1 and not self._behind:
            raise StoreError("not now")
        work()
        if self._left == -1:
            raise StoreError("where is the answer?")

    def select(self, sql: str, parameters: Parameters | None = None) -> list[list[Any]]:
        return self._store.select(sql, parameters)

    def insert(self, table: Table, rows: Sequence[Row], token: str | None = None) -> None:
        self._store.insert(table, rows, token)

    def migrate(self) -> list[str]:
        return self._store.migrate()

    def ping(self) -> None:
        self._store.ping()

    def close(self) -> None:
        """Nothing: the tests share the store."""


few = settings(fewer, max_examples=max(2, fewer.max_examples // 3))
"""For laws that ask everything twice."""


@fewer
@given(
    arrivals=long_visits(5, 25),
    asked=questions(),
    kind=KINDS,
    fail_at=st.integers(0, 6),
    behind=st.booleans(),
    data=st.data(),
)
def test_the_numbers_are_those_without_the_deleted_facts(  # noqa: PLR0917 - a law draws much
    sites: MakeSite,
    arrivals: list[Arrival],
    asked: Params,
    kind: DeletionKind,
    fail_at: int,
    behind: bool,
    data: st.DataObject,
) -> None:
    """Whatever statement fails, when it is tried again."""
    site = sites(arrivals)
    span = data.draw(spans(arrivals))
    deletion = deletion_of(site.domain.id, span, kind)
    eraser = Eraser(Brittle(site.store, fail_at, behind=behind))
    try:
        steps = eraser.begin(deletion)
    except StoreError:
        steps = eraser.begin(deletion)
    assert eraser.left(deletion).steps <= steps
    wait_for(eraser, deletion)
    check(site, asked, span, kind)


@pytest.fixture
def slow_store(sites: MakeSite) -> Iterator[MakeSite]:
    """Sites in a store that begins no removal."""
    store = sites([]).store
    tables = [table for table in Table if table not in {Table.LEDGER, Table.USAGE}]
    for table in tables:
        store.execute(f"SYSTEM STOP MERGES {table}")
    yield sites
    for table in tables:
        store.execute(f"SYSTEM START MERGES {table}")


@few
@given(arrivals=long_visits(5, 25), asked=questions(), kind=KINDS, data=st.data())
def test_they_are_so_from_the_moment_at_which_the_deletion_begins(
    slow_store: MakeSite,
    arrivals: list[Arrival],
    asked: Params,
    kind: DeletionKind,
    data: st.DataObject,
) -> None:
    """Long before the store has removed anything from its disk."""
    site = slow_store(arrivals)
    span = data.draw(spans(arrivals))
    eraser = Eraser(site.store)
    deletion = deletion_of(site.domain.id, span, kind)
    assert eraser.begin(deletion) == eraser.left(deletion).steps
    check(site, asked, span, kind)


@few
@given(arrivals=long_visits(5, 25), asked=questions(), kind=KINDS, data=st.data())
def test_other_domains_lose_nothing(
    sites: MakeSite,
    arrivals: list[Arrival],
    asked: Params,
    kind: DeletionKind,
    data: st.DataObject,
) -> None:
    site, other = sites(arrivals), sites(arrivals)
    span = data.draw(spans(arrivals))
    eraser = Eraser(site.store)
    eraser.begin(deletion_of(site.domain.id, span, kind))
    check(other, asked, (0, 0), kind)
