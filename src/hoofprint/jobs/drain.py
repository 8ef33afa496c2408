"""Counts what the spool holds: records through the session engine into the store, exactly once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol

import structlog
from msgspec import Struct

from hoofprint.errors import HoofprintError
from hoofprint.model.reasons import DropReason
from hoofprint.sessions.batch import Facts, process
from hoofprint.sessions.port import OpenSessions
from hoofprint.spool.frame import Record
from hoofprint.spool.journal import Batch
from hoofprint.spool.spool import Spool

FIRST_PAUSE = 0.25
LONGEST_PAUSE = 15.0

TRIES = 5
"""So often an interlude may fail before counting goes on without it."""

NOTHING = Facts([], [], [], {}, {})

log = structlog.get_logger("hoofprint.drain")


class BatchWriter(Protocol):
    """What the drain needs of `store/writer.py`."""

    def encode(self, start: int, end: int, facts: Facts) -> Batch:
        """The rows that facts add to the store."""
        ...

    def store(self, batch: Batch) -> None:
        """Store a batch; a repetition stores nothing twice. Raises StoreError."""
        ...


class Observer(Protocol):
    """Who wants to know about flushes: the metrics."""

    def flushed(self, seconds: float) -> None:
        """A batch is in the store; it took so long to get it there."""
        ...

    def dropped(self, reason: DropReason, times: int) -> None:
        """The session engine dropped arrivals of a batch that is in the store."""
        ...


class Interlude:
    """Something to do between two batches, when all records before `position` are in the store.

    No record at or behind the position is counted before it is done: while `run` fails, counting
    waits, but only `TRIES` times. Who is given up may be scheduled again, for a later point.
    """

    def __init__(self, position: int, run: Callable[[], None]) -> None:
        self.position = position
        self.run = run
        self.failures = 0

    @property
    def given_up(self) -> bool:
        """Whether counting has gone on without it."""
        return self.failures >= TRIES


class DrainOptions(Struct, frozen=True):
    """How often and how much at once."""

    seconds: float
    rows: int
    page_view_limit: int


class Drain:
    """A thread that empties the spool into the store.

    A failing store or disk is tried again with growing pauses for as long as it takes: the spool
    keeps everything meanwhile. `problem` says what is wrong, and is empty when nothing is.
    """

    def __init__(  # noqa: PLR0917 - the parts it connects
        self,
        spool: Spool,
        open_sessions: OpenSessions,
        writer: BatchWriter,
        options: DrainOptions,
        observer: Observer,
        monotonic: Callable[[], float],
    ) -> None:
        self.problem = ""
        self._spool = spool
        self._open_sessions = open_sessions
        self._writer = writer
        self._options = options
        self._observer = observer
        self._monotonic = monotonic
        self._in_flight = NOTHING
        self._interludes: list[Interlude] = []
        self._reading = threading.Lock()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="drain")

    def start(self) -> None:
        """Begin to count."""
        self._thread.start()

    def stop(self) -> None:
        """Count what the spool holds, then end; a failing store is not waited for."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def schedule(self, interlude: Interlude) -> None:
        """Have something done between two batches; from any thread."""
        with self._reading:
            interlude.position = min(interlude.position, self._spool.end)
            self._interludes.append(interlude)

    def count_all(self) -> int:
        """Count everything that the spool holds now; how many records that was.

        Raises StoreError, OSError or what an interlude raises; a later call goes on where this one
        failed.
        """
        until = self._spool.end  # what comes meanwhile is the next call's: batches stay large
        counted = 0
        try:
            self._run_due()
            while (batch := self._count_batch()) is not None:
                counted += batch.end - batch.start
                self._run_due()
                if batch.end >= until:
                    break
        except BaseException:
            self._spool.rewind()
            raise
        return counted

    def _run(self) -> None:
        pause = FIRST_PAUSE
        while True:
            began = self._monotonic()
            last = self._stopping.is_set()
            try:
                self.count_all()
            except Exception as error:  # the outermost loop: whatever it is, nothing is lost
                expected = isinstance(error, (HoofprintError, OSError))
                self.problem = f"counting failed: {error}"
                log.error(  # noqa: TRY400 - with a trace only where it is not an expected failure
                    "counting failed", error=str(error), pause=pause, exc_info=not expected
                )
                wait, pause = pause, min(pause * 2, LONGEST_PAUSE)
            else:
                self.problem = ""
                wait, pause = self._options.seconds - (self._monotonic() - began), FIRST_PAUSE
            if last:
                return
            self._stopping.wait(max(0.0, wait))

    def _count_batch(self) -> Batch | None:
        """Store the pending batch, else the next one, if there is one."""
        began = self._monotonic()
        if self._spool.pending is None:
            start, end, records = self._read()
            if end == start:
                return None
            facts = process(records, start, self._open_sessions, self._options.page_view_limit)
            batch = self._writer.encode(start, end, facts)
            self._spool.begin(batch)
            self._in_flight = facts
        else:
            batch = self._spool.pending
        self._writer.store(batch)
        self._spool.done()
        facts, self._in_flight = self._in_flight, NOTHING
        self._open_sessions.save(facts.sessions)
        self._observer.flushed(self._monotonic() - began)
        for reason, times in facts.drops.items():
            self._observer.dropped(reason, times)
        return batch

    def _read(self) -> tuple[int, int, list[Record]]:
        """The records of the next batch: none at or behind the position of an interlude."""
        with self._reading:
            room = [i.position - self._spool.counted for i in self._interludes]
            return self._spool.read(min([self._options.rows, *room]))

    def _run_due(self) -> None:
        """Do what has to be done before the next record is counted."""
        while self._spool.pending is None and (due := self._first_due()) is not None:
            try:
                due.run()
            except BaseException:
                due.failures += 1
                if due.given_up:
                    self._end(due)
                raise
            self._end(due)

    def _first_due(self) -> Interlude | None:
        with self._reading:
            due = (i for i in self._interludes if i.position <= self._spool.counted)
            return next(due, None)

    def _end(self, interlude: Interlude) -> None:
        with self._reading:
            self._interludes.remove(interlude)
