"""A batch of the spool becomes facts: the session engine over many arrivals; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from msgspec import Struct

from hoofprint.model.arrival import Arrival, Dropped
from hoofprint.model.reasons import DropReason
from hoofprint.model.session import Session
from hoofprint.sessions.engine import advance, find_running, is_newer
from hoofprint.sessions.port import OpenSessions, Visitor
from hoofprint.sessions.visitors import day_of

ACCEPTED = "accepted"
LedgerKey = tuple[str, int, str]
"""(domain id, minute in Unix seconds, `accepted` or a drop reason)."""

PAGE_VIEW, EVENT, EXTENSION = "page_view", "event", "extension"
UsageKey = tuple[str, int, str]
"""(domain id, UTC day since 1970-01-01, one of the three above)."""


class Facts(Struct, frozen=True):
    """What a batch adds to the store.

    `page_views` and `events` pair an arrival with its session as it stood right after it.
    `sessions` holds every session that was touched, in its last state. `ledger` counts every
    outcome, `drops` those that the engine decided. `usage` counts what is billed.
    """

    page_views: list[tuple[Session, Arrival]]
    events: list[tuple[Session, Arrival]]
    sessions: list[Session]
    ledger: dict[LedgerKey, int]
    drops: dict[DropReason, int]
    usage: dict[UsageKey, int] = {}


def process(
    records: Sequence[Arrival | Dropped],
    position: int,
    open_sessions: OpenSessions,
    page_view_limit: int,
) -> Facts:
    """Run records through the session engine, in their order; `position` is the first one's.

    The open sessions are only read: the caller saves them once the facts are stored.
    """
    latest = open_sessions.fetch(_visitors(records))
    page_views: list[tuple[Session, Arrival]] = []
    events: list[tuple[Session, Arrival]] = []
    touched: dict[tuple[str, int, int], Session] = {}
    outcomes: list[LedgerKey] = []
    drops: list[DropReason] = []
    extensions: list[UsageKey] = []
    for version, record in enumerate(records, position + 1):
        domain_id, time = record.domain_id, record.time
        outcome: str = ACCEPTED
        if isinstance(record, Arrival):
            running = find_running(latest, record)
            transition = advance(running, record, version, page_view_limit)
            session = transition.session
            if session is not None:
                visitor = (domain_id, session.visitor_id)
                if is_newer(session, latest.get(visitor)):
                    latest[visitor] = session
                touched[domain_id, session.visitor_id, session.session_id] = session
                if transition.page_view:
                    page_views.append((session, record))
                if transition.event:
                    events.append((session, record))
                elif not transition.page_view:
                    extensions.append((domain_id, day_of(time), EXTENSION))
            elif transition.drop is not None:
                outcome = transition.drop
                drops.append(transition.drop)
        else:
            outcome = record.reason
        outcomes.append((domain_id, time - time % 60, outcome))
    sessions = list(touched.values())
    usage = Counter(extensions)
    usage.update([(a.domain_id, day_of(a.time), PAGE_VIEW) for _, a in page_views])
    usage.update([(a.domain_id, day_of(a.time), EVENT) for _, a in events])
    return Facts(page_views, events, sessions, Counter(outcomes), Counter(drops), usage)


def _visitors(records: Sequence[Arrival | Dropped]) -> dict[Visitor, int]:
    """Every visitor id that the records may look up, with the earliest time of a look-up."""
    wanted: dict[Visitor, int] = {}
    for record in records:
        if isinstance(record, Arrival):
            time = record.time
            visitor = (record.domain_id, record.visitor_id)
            if wanted.setdefault(visitor, time) > time:
                wanted[visitor] = time
            if record.previous_visitor_id:
                visitor = (record.domain_id, record.previous_visitor_id)
                if wanted.setdefault(visitor, time) > time:
                    wanted[visitor] = time
    return wanted
