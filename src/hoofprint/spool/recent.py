"""The newest records of the spool as they were before they were written down."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence

from hoofprint.spool.frame import Record

MOST = 50_000
"""Records that are kept; when counting falls further behind, they are read from the disk."""


class Recent:
    """Saves whoever counts from reading back what this process has just written.

    `add` belongs to the thread that writes, `take` to the one that counts.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._frames: deque[tuple[int, Sequence[Record]]] = deque()
        self._count = 0

    def add(self, first: int, records: Sequence[Record]) -> None:
        """Remember records that are durable from now on; `first` is the first one's position."""
        with self._lock:
            if self._count + len(records) > MOST:
                self._frames.clear()
                self._count = 0
            self._frames.append((first, records))
            self._count += len(records)

    def take(self, position: int, limit: int) -> list[Record]:
        """About `limit` records from exactly this position on; none if it is not at hand."""
        taken: list[Record] = []
        with self._lock:
            frames = self._frames
            while frames and len(taken) < limit:
                first, records = frames[0]
                if first > position:
                    break
                frames.popleft()
                self._count -= len(records)
                if first == position:
                    taken += records
                    position += len(records)
        return taken
