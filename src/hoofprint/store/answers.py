"""Runs plans in the store: equal ones once at a time, and remembers what they gave."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from enum import StrEnum
from typing import NamedTuple, Protocol, TypeVar

import msgspec
from msgspec import Struct

from hoofprint.query.days import Rows, daily
from hoofprint.query.plan import Select
from hoofprint.query.span import Span, span_of
from hoofprint.store.days import KeptDays
from hoofprint.store.port import Store
from hoofprint.store.sql import write
from hoofprint.store.writes import Writes

DAY_SECONDS = 86_400
OPEN_SECONDS = 2.0
"""How old an answer may be that facts may still be added to at any moment."""
CLOSED_SECONDS = 3600.0
"""How old one may be that depends on past days only, as long as nothing is written to these."""
LARGEST_SHARE = 8
"""An answer that would fill more than this part of the memory is not kept."""
PLAN_BYTES = 4
"""A plan in memory is about so many times as large as it is encoded."""

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Rows).decode


class Source(StrEnum):
    """Where an answer to a plan came from."""

    KEPT = "kept"
    """It was there already."""
    SHARED = "shared"
    """Somebody else was just asking for it."""
    STORE = "store"


class Observer(Protocol):
    """Who wants to know about answers: the metrics."""

    def queried(self, seconds: float) -> None:
        """The store took so long for an answer, or to fail."""
        ...

    def answered(self, source: Source) -> None:
        """A plan was answered."""
        ...


class Memory(Struct, frozen=True):
    """How much is remembered; without any bytes only what runs right now is shared.

    `days_bytes` are for what was found on whole days (`store/days.py`).
    """

    most_bytes: int
    most_answers: int = 10_000
    days_bytes: int = 0


class _Stamp(NamedTuple):
    """When an answer was looked up, after which writes, and what it depends on."""

    since: float
    mark: int
    span: Span | None


class _Running(NamedTuple):
    stamp: _Stamp
    encoded: Future[bytes]


class _Kept(NamedTuple):
    stamp: _Stamp
    encoded: bytes
    weight: int


Found = TypeVar("Found", _Running, _Kept)


class Answers:
    """Answers plans; safe to call from several threads, which it makes wait.

    Of equal plans asked at the same time one runs; its failure is everybody's, and the next one to
    ask tries anew. An answer is given again until something is written to a day that it depends on:
    so answers to several plans fit together. That is for `OPEN_SECONDS` at most, and where all
    these days are over for `CLOSED_SECONDS`. `writes` is None where other processes write too: then
    only the time counts, and no day is over. Everybody gets rows of their own.
    """

    def __init__(
        self,
        store: Store,
        writes: Writes | None,
        clock: Callable[[], float],
        memory: Memory,
        observer: Observer,
    ) -> None:
        self._store = store
        self._writes = writes
        self._clock = clock
        self._memory = memory
        self._observer = observer
        self._days = KeptDays(writes, memory.days_bytes) if writes and memory.days_bytes else None
        self._lock = threading.Lock()
        self._running: dict[Select, _Running] = {}
        self._kept: OrderedDict[Select, _Kept] = OrderedDict()
        self._bytes = 0

    @property
    def kept(self) -> int:
        """Answers that are remembered."""
        return len(self._kept)

    @property
    def kept_bytes(self) -> int:
        """What they take, about."""
        return self._bytes + (self._days.bytes if self._days else 0)

    def ask(self, plan: Select) -> Rows:
        """The rows of a plan. Raises QueryTooLarge, QueryTooSlow or StoreError."""
        mark = 0 if self._writes is None else self._writes.mark
        mine = _Running(_Stamp(self._clock(), mark, span_of(plan)), Future())
        now = mine.stamp.since
        with self._lock:
            kept = self._fresh(self._kept.get(plan), now)
            running = self._fresh(self._running.get(plan), now)
            if kept is not None:
                self._kept.move_to_end(plan)
            elif running is None:
                self._running[plan] = mine
        if kept is not None:
            self._observer.answered(Source.KEPT)
            return _decode(kept.encoded)
        if running is not None:
            encoded = running.encoded.result()
            self._observer.answered(Source.SHARED)
            return _decode(encoded)
        return self._run(plan, mine)

    def _run(self, plan: Select, mine: _Running) -> Rows:
        """Ask the store, and tell whoever waits for it."""
        began = time.perf_counter()
        try:
            rows = self._find(plan, mine.stamp.mark)
            encoded = _encode(rows)
        except BaseException as error:
            self._end(plan, mine, None)
            mine.encoded.set_exception(error)
            raise
        finally:
            self._observer.queried(time.perf_counter() - began)
        self._end(plan, mine, encoded)
        mine.encoded.set_result(encoded)
        self._observer.answered(Source.STORE)
        return rows

    def _find(self, plan: Select, mark: int) -> Rows:
        """The rows of a plan, put together from those of its days if they are known."""
        apart = daily(plan) if self._days is not None else None
        if self._days is None or apart is None:
            return self._select(plan)
        return self._days.answer(apart, mark, self._select)

    def _select(self, plan: Select) -> Rows:
        return self._store.select(*write(plan))

    def _end(self, plan: Select, mine: _Running, encoded: bytes | None) -> None:
        """Nobody can join any more; the answer is kept, unless a younger one was begun."""
        with self._lock:
            if self._running.get(plan) is not mine:
                return
            del self._running[plan]
            if encoded is None:
                return
            weight = len(encoded) + PLAN_BYTES * len(_encode(plan))
            if weight * LARGEST_SHARE > self._memory.most_bytes:
                return
            self._forget(self._kept.pop(plan, None))
            self._kept[plan] = _Kept(mine.stamp, encoded, weight)
            self._bytes += weight
            while (
                self._bytes > self._memory.most_bytes or len(self._kept) > self._memory.most_answers
            ):
                self._forget(self._kept.popitem(last=False)[1])

    def _forget(self, kept: _Kept | None) -> None:
        if kept is not None:
            self._bytes -= kept.weight

    def _fresh(self, found: Found | None, now: float) -> Found | None:
        """What was found, if it may be given to somebody who asks now."""
        if found is None:
            return None
        since, mark, span = found.stamp
        writes = self._writes
        closed = writes is not None and span is not None and span.last < since // DAY_SECONDS
        # The age is negative, that is unknown, when the clock was set back.
        if not 0 <= now - since < (CLOSED_SECONDS if closed else OPEN_SECONDS):
            return None
        return None if writes is not None and writes.written_since(mark, span) else found
