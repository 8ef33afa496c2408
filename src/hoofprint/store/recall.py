"""Reads open sessions back from the store: after a restart, and for backdated arrivals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hoofprint.model.arrival import Visit
from hoofprint.model.session import IDLE_SECONDS, Session
from hoofprint.sessions.port import Visitor
from hoofprint.sessions.visitors import day_of
from hoofprint.store.columns import COLUMNS, VISIT
from hoofprint.store.port import Store, Table

_COLUMNS = tuple(c for c in COLUMNS[Table.SESSIONS] if c != "duration")
_NUMBERS = {"day": "toUInt16", "start": "toUnixTimestamp", "time": "toUnixTimestamp"}
_SELECTED = ", ".join(f"{_NUMBERS[c]}({c})" if c in _NUMBERS else c for c in _COLUMNS)
_MOST_VISITORS = 10_000
"""Visitors in one statement."""


def newest_activity(store: Store) -> int:
    """The latest last activity of all sessions in the store, in Unix seconds; 0 without any."""
    [[newest]] = store.select("SELECT toUnixTimestamp(max(time)) FROM sessions")
    return int(newest)


def oldest_activity(store: Store, domain_id: str) -> int:
    """When the first session of a domain began, in Unix seconds; 0 without any."""
    sql = "SELECT toUnixTimestamp(min(start)) FROM sessions WHERE domain_id = {domain:String}"
    [[oldest]] = store.select(sql, {"domain": domain_id})
    return int(oldest)


def recall(store: Store, wanted: Mapping[Visitor, int]) -> list[Session]:
    """The latest session of each wanted visitor that may run at the time given for it.

    Of several sessions of a visitor that is the one with the newest activity (see
    `sessions/engine.py:is_newer`).
    """
    by_domain: dict[str, list[tuple[int, int]]] = {}
    for (domain_id, visitor_id), time in wanted.items():
        by_domain.setdefault(domain_id, []).append((visitor_id, time))
    found: list[Session] = []
    for domain_id, visitors in by_domain.items():
        for i in range(0, len(visitors), _MOST_VISITORS):
            found += _recall_some(store, domain_id, visitors[i : i + _MOST_VISITORS])
    return found


def _recall_some(store: Store, domain_id: str, visitors: list[tuple[int, int]]) -> list[Session]:
    ids = [visitor_id for visitor_id, _ in visitors]
    since = max(IDLE_SECONDS, min(time for _, time in visitors) - IDLE_SECONDS)
    rows = store.select(
        f"""
        SELECT {_SELECTED} FROM sessions FINAL
        WHERE domain_id = {{domain:String}}
            AND day >= toDate({{day:UInt16}})
            AND visitor_id IN {{ids:Array(UInt64)}}
            AND time >= toDateTime({{since:UInt32}}, 'UTC')
        ORDER BY visitor_id, time DESC, version DESC
        LIMIT 1 BY visitor_id
        """,  # noqa: S608 - the columns are constants
        {"domain": domain_id, "day": day_of(since - IDLE_SECONDS), "since": since, "ids": ids},
    )
    return [_session(row) for row in rows]


def _session(row: list[Any]) -> Session:
    own = len(_COLUMNS) - len(VISIT)
    values: dict[str, Any] = dict(zip(_COLUMNS[:own], row[:own], strict=True))
    values["is_bounce"] = bool(values["is_bounce"])
    return Session(**values, visit=Visit(*row[own:]))
