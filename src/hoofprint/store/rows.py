"""Facts of a batch as rows of the store, and those rows as bytes."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec.structs import astuple

from hoofprint.model.arrival import Arrival
from hoofprint.model.imported import VALUES, ImportedKind, ImportedRow
from hoofprint.model.session import Session
from hoofprint.sessions.batch import LedgerKey, UsageKey
from hoofprint.store.columns import IMPORTED_VALUES
from hoofprint.store.port import Row

_encode_lines = msgspec.json.Encoder().encode_lines


def encode_rows(rows: Sequence[Row]) -> bytes:
    """Rows as JSON arrays, one a line (ClickHouse's JSONCompactEachRow)."""
    return _encode_lines(rows)


def page_view_row(session: Session, arrival: Arrival) -> Row:
    """A row of `page_views`; the visit is the one of the session's first request."""
    return (
        session.domain_id,
        session.day,
        arrival.time,
        session.visitor_id,
        session.session_id,
        session.page_views,
        int(session.is_bounce and session.page_views > 1),
        arrival.hostname,
        arrival.path,
        arrival.title,
        arrival.tag_keys,
        arrival.tag_values,
        *astuple(session.visit),
    )


def event_row(session: Session, arrival: Arrival) -> Row:
    """A row of `events`."""
    return (
        session.domain_id,
        session.day,
        arrival.time,
        session.visitor_id,
        session.session_id,
        session.page_views,
        arrival.hostname,
        arrival.path,
        arrival.title,
        arrival.event_name,
        arrival.event_duration,
        arrival.meta_keys,
        arrival.meta_values,
        *astuple(session.visit),
    )


def session_row(session: Session) -> Row:
    """A row of `sessions`."""
    return (
        session.domain_id,
        session.day,
        session.visitor_id,
        session.session_id,
        session.start,
        session.time,
        session.version,
        session.page_views,
        int(session.is_bounce),
        session.extended,
        session.duration,
        session.hostname,
        session.entry_hostname,
        session.entry_path,
        session.entry_title,
        session.exit_hostname,
        session.exit_path,
        session.exit_title,
        *astuple(session.visit),
    )


def usage_row(key: UsageKey, count: int) -> Row:
    """A row of `usage`."""
    return (*key, count)


def ledger_row(key: LedgerKey, hits: int) -> Row:
    """A row of `ledger`."""
    return (*key, hits)


def _others(kind: ImportedKind) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What stands before and after the values of a kind: nothing, for each value of the others."""
    first = IMPORTED_VALUES.index(VALUES[kind][0]) if VALUES[kind] else 0
    after = len(IMPORTED_VALUES) - first - len(VALUES[kind])
    return ("",) * first, ("",) * after


_OTHERS = {kind: _others(kind) for kind in ImportedKind}


def imported_row(domain_id: str, rows_id: str, row: ImportedRow) -> Row:
    """A row of `imported`."""
    before, after = _OTHERS[row.kind]
    return (
        domain_id,
        rows_id,
        row.kind,
        row.day.isoformat(),
        *before,
        *row.values,
        *after,
        row.visitors,
        row.sessions,
        row.views,
        row.bounces,
        row.seconds,
    )
