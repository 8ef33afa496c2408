"""The open sessions in this process's memory, backed by the store for whatever is not there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from hoofprint.model.session import IDLE_SECONDS, Session
from hoofprint.sessions.engine import is_newer
from hoofprint.sessions.port import Visitor

Recall = Callable[[Mapping[Visitor, int]], Iterable[Session]]
"""Reads the latest sessions of visitors from the store, active after the time given for each."""

KEEP_SECONDS = 2 * IDLE_SECONDS
"""How long a session stays in memory after its last activity; older ones are asked of the store."""


class SessionsInMemory:
    """Latest sessions by visitor.

    Every session with its last activity at or after `complete_since` is in memory, so a visitor who
    is missing has none, and the store is asked only about times before it: after a restart, and for
    backdated arrivals.
    """

    def __init__(
        self, recall: Recall, newest: Callable[[], int], clock: Callable[[], float]
    ) -> None:
        """`newest` gives the newest activity that the store knows, in Unix seconds."""
        self._recall = recall
        self._newest = newest
        self._clock = clock
        self._complete_since: int | None = None
        self._latest: dict[Visitor, Session] = {}
        self._swept_at = 0

    def __len__(self) -> int:
        return len(self._latest)

    def fetch(self, wanted: Mapping[Visitor, int]) -> dict[Visitor, Session]:
        """See `OpenSessions.fetch`."""
        if self._complete_since is None:
            self._complete_since = self._newest() + 1
        found: dict[Visitor, Session] = {}
        unknown: dict[Visitor, int] = {}
        latest = self._latest
        for visitor, time in wanted.items():
            session = latest.get(visitor)
            if session is not None:
                found[visitor] = session
            elif time - IDLE_SECONDS < self._complete_since:
                unknown[visitor] = time
        if unknown:
            for session in self._recall(unknown):
                found[session.domain_id, session.visitor_id] = session
        return found

    def save(self, sessions: Iterable[Session]) -> None:
        """See `OpenSessions.save`."""
        since = self._complete_since
        if since is None:
            return  # nothing was fetched yet: the store knows them
        for session in sessions:
            visitor = (session.domain_id, session.visitor_id)
            if session.time >= since and is_newer(session, self._latest.get(visitor)):
                self._latest[visitor] = session
        now = int(self._clock())
        if now >= self._swept_at + IDLE_SECONDS:
            self._sweep(now, since)

    def forget(self) -> None:
        """See `OpenSessions.forget`; it is then as after a restart."""
        self._latest = {}
        self._complete_since = None

    def _sweep(self, now: int, since: int) -> None:
        """Forget sessions that ended long ago."""
        horizon = now - KEEP_SECONDS
        self._latest = {v: s for v, s in self._latest.items() if s.time >= horizon}
        self._complete_since = max(since, horizon)
        self._swept_at = now
