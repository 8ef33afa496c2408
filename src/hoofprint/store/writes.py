"""Which days of which domains were written to, and when: for whoever remembers answers."""

from __future__ import annotations

import threading
from collections.abc import Collection
from typing import Protocol

from hoofprint.query.span import Span

MOST_DAYS = 1000
"""Of a domain; after more of them every day of it counts as written to."""


class Listener(Protocol):
    """Who wants to know of writes, in the thread that writes."""

    def added(self, days: Collection[tuple[str, int]]) -> None:
        """Facts were added to these days of these domains."""
        ...

    def rewritten(self, domain_id: str | None) -> None:
        """Facts of a domain, or of all domains, were deleted or changed."""
        ...


class Writes:
    """Notes writes once they can be read; safe to call from several threads.

    A `mark` stands for all that was written so far. Whoever remembers an answer takes one before
    looking it up, and asks later what was written since.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._mark = 0
        self._everything = 0
        self._domains: dict[str, int] = {}
        self._days: dict[str, dict[int, int]] = {}
        self._listeners: list[Listener] = []

    def tell(self, listener: Listener) -> None:
        """Tell somebody of all writes from now on."""
        self._listeners.append(listener)

    @property
    def mark(self) -> int:
        """What was written so far."""
        return self._mark

    def added(self, days: Collection[tuple[str, int]]) -> None:
        """Facts were added to these days (days since 1970-01-01, UTC) of these domains."""
        with self._lock:
            self._mark += 1
            for domain_id, day in days:
                written = self._days.setdefault(domain_id, {})
                written[day] = self._mark
                if len(written) > MOST_DAYS:
                    self._domains[domain_id] = self._mark
                    written.clear()
        for listener in self._listeners:
            listener.added(days)

    def rewritten(self, domain_id: str | None = None) -> None:
        """Facts of a domain, or of all domains, were deleted, imported or changed."""
        with self._lock:
            self._mark += 1
            if domain_id is None:
                self._everything = self._mark
            else:
                self._domains[domain_id] = self._mark
        for listener in self._listeners:
            listener.rewritten(domain_id)

    def written_since(self, mark: int, span: Span | None) -> bool:
        """Whether anything was written to the days of a span; to whatever days without one."""
        if span is None:
            return self._mark > mark
        with self._lock:
            if max(self._everything, self._domains.get(span.domain_id, 0)) > mark:
                return True
            days = self._days.get(span.domain_id, {})
            return any(at > mark and span.first <= day <= span.last for day, at in days.items())

    def latest(self, span: Span) -> tuple[int, dict[int, int]]:
        """The mark of what was last written to all days of a span's domain, and to which of them.

        Days that are missing were not written to by themselves.
        """
        with self._lock:
            everything = max(self._everything, self._domains.get(span.domain_id, 0))
            days = self._days.get(span.domain_id, {})
            return everything, {d: m for d, m in days.items() if span.first <= d <= span.last}
