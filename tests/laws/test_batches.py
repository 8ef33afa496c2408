"""Law 3, the pure part: splitting batches and restarting between them change no number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from hoofprint.model.arrival import Arrival, Dropped, Kind, Visit
from hoofprint.model.reasons import DropReason
from hoofprint.model.session import IDLE_SECONDS, Session
from hoofprint.sessions.batch import EVENT, EXTENSION, PAGE_VIEW, LedgerKey, UsageKey, process
from hoofprint.sessions.engine import is_newer
from hoofprint.sessions.memory import SessionsInMemory
from hoofprint.sessions.port import Visitor
from hoofprint.store.rows import event_row, page_view_row

NOON = 1_750_032_000
PAGE_VIEW_LIMIT = 4


class Counted:
    """What all batches together stored; it answers recalls as the fact store does."""

    def __init__(self) -> None:
        self.rows: list[Any] = []
        self.sessions: dict[tuple[str, int, int], Session] = {}
        self.ledger: dict[LedgerKey, int] = {}
        self.usage: Counter[UsageKey] = Counter()

    def recall(self, wanted: Mapping[Visitor, int]) -> list[Session]:
        since = min(wanted.values()) - IDLE_SECONDS
        newest: dict[Visitor, Session] = {}
        for session in self.sessions.values():
            visitor = (session.domain_id, session.visitor_id)
            recent = visitor in wanted and session.time >= since
            if recent and is_newer(session, newest.get(visitor)):
                newest[visitor] = session
        return list(newest.values())

    def newest(self) -> int:
        return max((s.time for s in self.sessions.values()), default=0)

    def memory(self, now: int) -> SessionsInMemory:
        return SessionsInMemory(self.recall, self.newest, lambda: float(now))

    def count(
        self, records: list[Arrival | Dropped], position: int, memory: SessionsInMemory
    ) -> None:
        facts = process(records, position, memory, PAGE_VIEW_LIMIT)
        self.rows += [page_view_row(s, a) for s, a in facts.page_views]
        self.rows += [event_row(s, a) for s, a in facts.events]
        for session in facts.sessions:
            key = (session.domain_id, session.visitor_id, session.session_id)
            self.sessions[key] = session
        for outcome, hits in facts.ledger.items():
            self.ledger[outcome] = self.ledger.get(outcome, 0) + hits
        self.usage.update(facts.usage)
        memory.save(facts.sessions)


def traffic() -> st.SearchStrategy[list[Arrival | Dropped]]:
    """Arrivals in any order of time, each with a session id of its own, and a few drops."""
    arrival = st.builds(
        Arrival,
        kind=st.sampled_from(Kind),
        domain_id=st.sampled_from(["domain0001", "domain0002"]),
        time=st.integers(NOON - 7200, NOON + 7200),
        visitor_id=st.integers(1, 3),
        previous_visitor_id=st.sampled_from([0, 0, 1, 2]),
        session_id=st.just(0),
        hostname=st.just("example.com"),
        path=st.sampled_from(["/", "/a", "/b"]),
        title=st.just(""),
        visit=st.builds(Visit, utm_source=st.sampled_from(["", "", "news"])),
        event_name=st.just("event"),
        non_interactive=st.booleans(),
    )
    dropped = st.builds(Dropped, st.just("domain0001"), st.just(NOON), st.sampled_from(DropReason))
    return st.lists(st.one_of(arrival, arrival, arrival, dropped), max_size=40).map(_numbered)


def _numbered(records: list[Arrival | Dropped]) -> list[Arrival | Dropped]:
    return [
        replace(record, session_id=i) if isinstance(record, Arrival) else record
        for i, record in enumerate(records)
    ]


@given(
    traffic(),
    st.lists(st.tuples(st.integers(0, 40), st.booleans(), st.integers(0, 4 * 3600)), max_size=6),
)
def test_splits_and_restarts_change_no_number(
    records: list[Arrival | Dropped], splits: list[tuple[int, bool, int]]
) -> None:
    """Cut anywhere, restart or go on, and let the sweeping clock say whatever it likes."""
    whole = Counted()
    whole.count(records, 100, whole.memory(NOON))

    parts = Counted()
    memory = parts.memory(NOON)
    begun = 0
    for cut, restart, later in [*sorted(splits), (len(records), False, 0)]:
        parts.count(records[begun:cut], 100 + begun, memory)
        begun = max(begun, min(cut, len(records)))
        if restart:
            memory = parts.memory(NOON + later)
    assert parts.sessions == whole.sessions
    assert sorted(map(repr, parts.rows)) == sorted(map(repr, whole.rows))
    assert parts.ledger == whole.ledger
    assert parts.usage == whole.usage


@given(traffic())
def test_received_is_accepted_plus_every_drop_reason(records: list[Arrival | Dropped]) -> None:
    counted = Counted()
    counted.count(records, 0, counted.memory(NOON))
    assert sum(counted.ledger.values()) == len(records)


@given(traffic())
def test_what_is_billed_is_every_stored_fact_and_every_extension_of_a_session(
    records: list[Arrival | Dropped],
) -> None:
    counted = Counted()
    counted.count(records, 0, counted.memory(NOON))
    billed: Counter[str] = Counter()
    for (_, _, kind), count in counted.usage.items():
        billed[kind] += count
    assert billed[PAGE_VIEW] + billed[EVENT] == len(counted.rows)
    assert billed[EXTENSION] == sum(s.extended for s in counted.sessions.values())


@given(traffic())
def test_a_session_counts_its_page_views(records: list[Arrival | Dropped]) -> None:
    counted = Counted()
    facts = process(records, 0, counted.memory(NOON), PAGE_VIEW_LIMIT)
    seen: dict[tuple[str, int, int], list[int]] = {}
    for session, _ in facts.page_views:
        key = (session.domain_id, session.visitor_id, session.session_id)
        seen.setdefault(key, []).append(session.page_views)
    for numbers in seen.values():
        assert numbers == list(range(1, len(numbers) + 1))
    for session in facts.sessions:
        key = (session.domain_id, session.visitor_id, session.session_id)
        assert session.page_views == len(seen[key]) <= PAGE_VIEW_LIMIT
        assert session.time >= session.start
