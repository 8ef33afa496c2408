"""A deletion while hits arrive: restarts and failures in the middle change no number."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from hoofprint.errors import StoreError
from hoofprint.jobs.deletion import DeletionJob, Told
from hoofprint.jobs.drain import Drain, DrainOptions
from hoofprint.management.deletions import Progress
from hoofprint.model.arrival import Arrival
from hoofprint.model.deletion import Deletion, DeletionKind
from hoofprint.model.session import Session
from hoofprint.records.tables import DeletionState
from hoofprint.sessions.batch import process
from hoofprint.sessions.memory import SessionsInMemory
from hoofprint.sessions.port import Visitor
from hoofprint.spool.spool import Spool
from hoofprint.store.eraser import Eraser
from hoofprint.store.port import Store
from hoofprint.store.recall import recall
from hoofprint.store.writer import Writer

from .reference.deletion import without
from .reference.facts import Fact, World, world_of
from .site import shared_store
from .test_deletion import KINDS, Brittle, deletion_of, spans
from .test_replay import Silent
from .traffic import NOW, PAGE_VIEW_LIMIT, long_visits

DOMAINS = itertools.count(1)
Facts = dict[str, list[tuple[Any, ...]]]

QUERIES = {
    "views": "SELECT visitor_id, session_id, toUnixTimestamp(time), path, n FROM page_views",
    "events": "SELECT visitor_id, session_id, toUnixTimestamp(time), path, name FROM events",
    "sessions": "SELECT visitor_id, session_id, toUnixTimestamp(start), toUnixTimestamp(time),"
    " duration, page_views, is_bounce, extended, entry_path, exit_path FROM sessions FINAL",
}


def stored(store: Store, domain_id: str) -> Facts:
    """The facts of a domain in the store."""
    where = "WHERE domain_id = {d:String}"
    return {
        name: sorted(tuple(row) for row in store.select(f"{sql} {where}", {"d": domain_id}))
        for name, sql in QUERIES.items()
    }


def expected(
    before: list[Arrival], after: list[Arrival], span: tuple[int, int], kind: DeletionKind
) -> Facts:
    """The facts of what came before, without what is deleted, and of what came after that."""

    def count(arrivals: list[Arrival], position: int, known: Iterable[Session]) -> World:
        latest: dict[Visitor, Session] = {}
        for session in sorted(known, key=lambda s: (s.time, s.version)):
            latest[session.domain_id, session.visitor_id] = session

        def find(wanted: Mapping[Visitor, int]) -> list[Session]:
            return [session for visitor, session in latest.items() if visitor in wanted]

        running = SessionsInMemory(find, lambda: NOW + 86_400, lambda: float(NOW))
        return world_of(process(arrivals, position, running, PAGE_VIEW_LIMIT))

    world = without(count(before, 0, ()), *span, kind)
    more = count(after, len(before), world.sessions.values())

    def own(fact: Fact, last: object) -> tuple[Any, ...]:
        return (*fact.key, fact.time, fact.path, last)

    return {
        "views": sorted(own(view, view.n) for view in (*world.views, *more.views)),
        "events": sorted(own(event, event.name) for event in (*world.events, *more.events)),
        "sessions": sorted(
            (
                *(*key, s.start, s.time, s.duration, s.page_views, int(s.is_bounce), s.extended),
                *(s.entry_path, s.exit_path),
            )
            for key, s in (world.sessions | more.sessions).items()
        ),
    }


class Book:
    """Records that outlive every process."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[Deletion, Progress]] = {}

    def unfinished(self) -> list[tuple[Deletion, Progress]]:
        done = DeletionState.DONE
        return [page for page in self.pages.values() if page[1].state is not done]

    def note(self, deletion_id: str, progress: Progress) -> None:
        self.pages[deletion_id] = (self.pages[deletion_id][0], progress)


def newest_of(store: Store, domain_id: str) -> int:
    """The latest activity on a domain: what is newer may be in memory only."""
    sql = "SELECT toUnixTimestamp(max(time)) FROM sessions WHERE domain_id = {d:String}"
    return int(store.select(sql, {"d": domain_id})[0][0])


class Process:
    """What a start of the server sets up."""

    def __init__(self, directory: Path, store: Store, book: Book, rows: int) -> None:
        self.spool = Spool(directory, segment_bytes=2000, sync=False)
        # The store may hold later sessions of other domains, which come to nothing here.
        running = SessionsInMemory(
            lambda wanted: recall(store, wanted),
            lambda: newest_of(store, directory.name),
            lambda: NOW,
        )
        options = DrainOptions(seconds=1.0, rows=rows, page_view_limit=PAGE_VIEW_LIMIT)
        self.drain = Drain(
            self.spool, running, Writer(store), options, Silent(), itertools.count().__next__
        )
        told = Told(running.forget, lambda _: None)
        hours = itertools.count(0, 3600)
        self.job = DeletionJob(book, Eraser(store), self.drain, told, lambda: next(hours))
        self.job.resume()

    def end(self) -> None:
        self.spool.release()


@settings(shared_store)
@given(
    arrivals=long_visits(4, 25),
    kind=KINDS,
    rows=st.sampled_from([1, 3, 100]),
    counted=st.booleans(),
    lost=st.booleans(),
    fail_at=st.integers(0, 30),
    behind=st.booleans(),
    restarts=st.booleans(),
    data=st.data(),
)
def test_the_facts_are_those_of_a_deletion_at_one_moment(  # noqa: PLR0917 - a law draws much
    store: Store,
    arrivals: list[Arrival],
    kind: DeletionKind,
    rows: int,
    counted: bool,
    lost: bool,
    fail_at: int,
    behind: bool,
    restarts: bool,
    data: st.DataObject,
) -> None:
    """What was accepted before the request goes, what came later stays, whatever its time.

    Whether it is counted already, whether the process ends right behind the request (`lost`),
    whatever statement or insert fails, and whether that ends the process.
    """
    domain_id = f"counting{next(DOMAINS):02}"
    mine = [replace(arrival, domain_id=domain_id) for arrival in arrivals]
    at = data.draw(st.integers(0, len(mine)))
    span = data.draw(spans(arrivals))
    book = Book()
    brittle = Brittle(store, fail_at, behind=behind)
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name) / domain_id
        process_ = Process(directory, brittle, book, rows)
        for arrival in mine[:at]:
            process_.spool.append([arrival])
        if counted:
            try:
                process_.drain.count_all()
            except StoreError:
                process_.drain.count_all()
        deletion = replace(deletion_of(domain_id, span, kind), position=process_.spool.end)
        book.pages[deletion.id] = (deletion, Progress())
        if lost:
            process_.end()
            process_ = Process(directory, brittle, book, rows)
        else:
            process_.job.begin(deletion)
        for arrival in mine[at:]:
            process_.spool.append([arrival])
        while book.unfinished() or process_.spool.lag:
            try:
                process_.drain.count_all()
            except StoreError:
                if restarts:
                    process_.end()
                    process_ = Process(directory, brittle, book, rows)
            process_.job.look()
        process_.end()
    assert stored(store, domain_id) == expected(mine[:at], mine[at:], span, kind)
    assert book.pages[deletion.id][1].progress == 1.0
