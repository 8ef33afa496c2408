"""A fixed number of connections, each lent to one thread at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Generic, TypeVar

from hoofprint.errors import StoreError

T = TypeVar("T")


class Pool(Generic[T]):
    """Lends connections; who finds none idle waits for one."""

    def __init__(self, connections: Sequence[T]) -> None:
        self._size = len(connections)
        self._idle = list(connections)
        self._closed = False
        self._changed = threading.Condition()

    @contextmanager
    def lend(self) -> Iterator[T]:
        """A connection for the time of the block. Raises StoreError once the pool is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._idle or self._closed)
            if self._closed:
                raise StoreError("the store is closed")
            connection = self._idle.pop()
        try:
            yield connection
        finally:
            with self._changed:
                self._idle.append(connection)
                self._changed.notify_all()

    def close(self) -> None:
        """Lend nothing any more, and wait until everything is back."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: len(self._idle) == self._size)
