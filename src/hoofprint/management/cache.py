"""A bounded cache in front of a slow look-up: short-lived, one look-up a key at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, NamedTuple, TypeVar

from hoofprint.errors import Unavailable

K = TypeVar("K")
V = TypeVar("V")

SIZE = 4096
NOTHING_SECONDS = 1.0
"""How long it is remembered that nothing was found."""
OUTAGE_SECONDS = 3600.0
"""So old an answer may be at most while nothing can be looked up."""


class _Entry(NamedTuple, Generic[V]):
    value: V
    since: float
    until: float


class Cache(Generic[K, V]):
    """Answers of `load`, none older than `ttl` seconds by `clock` as long as there are newer ones.

    While `load` raises Unavailable, what was found last counts: whoever is known can go on sending.
    Callers who miss the same key at once share one run of `load`.
    Found and not found are kept apart: whoever asks for nonsense can't push out what is in use.
    """

    def __init__(
        self,
        load: Callable[[K], Awaitable[V | None]],
        clock: Callable[[], float],
        ttl: float,
        size: int = SIZE,
    ) -> None:
        self._load = load
        self._clock = clock
        self._ttl = ttl
        self._size = size
        self._found: dict[K, _Entry[V]] = {}
        self._missing: dict[K, _Entry[None]] = {}
        self._running: dict[K, asyncio.Task[V | None]] = {}
        self._cleared = 0

    def clear(self) -> None:
        """Forget everything; what a look-up that runs now finds is not kept either."""
        self._cleared += 1
        self._found.clear()
        self._missing.clear()
        self._running.clear()

    def fresh(self, key: K) -> V | None:
        """What is known and young enough; never waits."""
        entry = self._found.get(key)
        # A clock that was set back makes an entry look as if it came from the future: not fresh.
        if entry is not None and entry.since <= self._clock() < entry.until:
            return entry.value
        return None

    async def get(self, key: K) -> V | None:
        """What `load` finds, perhaps up to `ttl` seconds ago. Raises what `load` raises."""
        value = self.fresh(key)
        if value is not None:
            return value
        missing = self._missing.get(key)
        if missing is not None and missing.since <= self._clock() < missing.until:
            return None
        task = self._running.get(key)
        if task is None:
            task = asyncio.create_task(self._look(key))
            self._running[key] = task
            task.add_done_callback(lambda done: self._ended(key, done))
        # A caller who hangs up must not end the look-up for the others.
        return await asyncio.shield(task)

    async def _look(self, key: K) -> V | None:
        since, cleared = self._clock(), self._cleared
        try:
            value = await self._load(key)
        except Unavailable:
            entry = self._during_outage(key)
            if entry is None:
                raise
            return entry.value
        if cleared != self._cleared:
            return value
        self._found.pop(key, None)
        self._missing.pop(key, None)
        if value is None:
            _keep(self._missing, key, _Entry(None, since, since + NOTHING_SECONDS), self._size)
        else:
            _keep(self._found, key, _Entry(value, since, since + self._ttl), self._size)
        return value

    def _during_outage(self, key: K) -> _Entry[V] | None:
        """What was found last, if that may still count; it is looked up again in a while."""
        entry, now = self._found.get(key), self._clock()
        if entry is None or not entry.since <= now < entry.since + OUTAGE_SECONDS:
            return None
        self._found[key] = entry._replace(until=now + self._ttl)
        return entry

    def _ended(self, key: K, task: asyncio.Task[V | None]) -> None:
        if self._running.get(key) is task:
            del self._running[key]
        if not task.cancelled():
            task.exception()  # seen, even if every caller has gone


def in_thread(look_up: Callable[[K], V | None]) -> Callable[[K], Awaitable[V | None]]:
    """A look-up that blocks as one that runs in a worker thread."""
    return lambda key: asyncio.to_thread(look_up, key)


def _keep(entries: dict[K, _Entry[V]], key: K, entry: _Entry[V], size: int) -> None:
    """Remember one more, at the cost of the one that was looked up longest ago."""
    while len(entries) >= size:
        del entries[next(iter(entries))]
    entries[key] = entry
