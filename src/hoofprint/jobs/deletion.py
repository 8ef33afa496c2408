"""Carries out deletions of statistics in the background, through restarts and failures."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import NamedTuple, Protocol

import structlog
from msgspec.structs import replace

from hoofprint.errors import HoofprintError, StoreError
from hoofprint.jobs.drain import Interlude
from hoofprint.management.deletions import Progress
from hoofprint.model.deletion import Deletion
from hoofprint.records.tables import DeletionState

FIRST_LOOK, LONGEST_LOOK = 0.05, 2.0
"""Seconds between two looks at a deletion that goes well: the first, and at last."""
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 300.0
"""The same for one that failed."""

log = structlog.get_logger("hoofprint.deletion")


class Left(Protocol):
    """What the store still has to do: steps, and what hinders them (`store/eraser.py`)."""

    @property
    def steps(self) -> int:
        """Steps that are not done."""
        ...

    @property
    def problem(self) -> str:
        """What went wrong with one of them; empty when nothing did."""
        ...


class Eraser(Protocol):
    """What the job needs of `store/eraser.py`."""

    def begin(self, deletion: Deletion) -> int:
        """Make the facts disappear from answers; how many steps are left. Raises StoreError."""
        ...

    def left(self, deletion: Deletion) -> Left:
        """What is left of these steps. Raises StoreError."""
        ...


class Book(Protocol):
    """What the job needs of `management/deletions.py:DeletionBook`."""

    def unfinished(self) -> list[tuple[Deletion, Progress]]:
        """What is not done. Raises Unavailable."""
        ...

    def note(self, deletion_id: str, progress: Progress) -> None:
        """Write down how far a deletion is. Raises Unavailable."""
        ...


class Schedule(Protocol):
    """What the job needs of the drain."""

    def schedule(self, interlude: Interlude) -> None:
        """Have something done between two batches."""
        ...


class Told(NamedTuple):
    """Who is told, in the drain's thread, that facts are no longer there.

    `forget` are the open sessions, `rewritten` is whoever remembers answers about a domain.
    """

    forget: Callable[[], None]
    rewritten: Callable[[str], None]


class DeletionJob:
    """A thread that looks after all deletions that are not done.

    A deletion begins between two batches of the drain, at its position of the spool: whatever was
    accepted before it is in the store, whatever came later is not, and no open session can bring
    back what it forgot. From then on no answer has the facts; the store removes them from its disk
    in its own time, which is watched here. What fails is tried again with growing pauses, and the
    records say so meanwhile.
    """

    def __init__(
        self,
        book: Book,
        eraser: Eraser,
        drain: Schedule,
        told: Told,
        monotonic: Callable[[], float],
    ) -> None:
        self._book = book
        self._eraser = eraser
        self._drain = drain
        self._told = told
        self._monotonic = monotonic
        self._running: list[_Running] = []
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="deletions")

    def resume(self) -> None:
        """Go on with what a process before left unfinished; to be called before the drain starts.

        Raises Unavailable.
        """
        for deletion, progress in self._book.unfinished():
            self._add(_Running(deletion, progress))

    def begin(self, deletion: Deletion) -> None:
        """Carry out a deletion that was just written down; from any thread."""
        self._add(_Running(deletion, Progress()))

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """End; what is unfinished goes on after the next start."""
        self._stopping = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()

    def look(self) -> float | None:
        """Look after every deletion that is due; the seconds until the next one is, if any is."""
        with self._lock:
            running = list(self._running)
        for one in running:
            if one.due <= self._monotonic():
                self._advance(one)
        with self._lock:
            self._running = [one for one in self._running if not one.finished]
            waits = [one.due for one in self._running]
        return max(0.0, min(waits) - self._monotonic()) if waits else None

    def _run(self) -> None:
        while not self._stopping:
            try:
                wait = self.look()
            except Exception:  # the outermost loop of this thread
                log.exception("deletions were not looked after")
                wait = LONGEST_PAUSE
            self._wake.wait(wait)
            self._wake.clear()

    def _add(self, running: _Running) -> None:
        if running.noted.state is DeletionState.WAITING:
            self._schedule(running)
        with self._lock:
            self._running.append(running)
        self._wake.set()

    def _schedule(self, running: _Running) -> None:
        position = running.deletion.position
        running.interlude = Interlude(position, lambda: self._begin(running))
        self._drain.schedule(running.interlude)

    def _begin(self, running: _Running) -> None:
        """Runs in the drain's thread, between two batches."""
        deletion = running.deletion
        try:
            begun = Progress(DeletionState.DELETING, self._erase(deletion))
            self._note_begun(running, begun)
        except HoofprintError as error:
            running.problem = str(error)
            raise
        self._wake.set()
        known = {"deletion": deletion.id, "domain": deletion.domain_id}
        log.info("deletion begun", steps=begun.steps, **known)

    def _erase(self, deletion: Deletion) -> int:
        """The steps that are left; a failure in the middle is told, too: some facts may be gone."""
        try:
            return self._eraser.begin(deletion)
        finally:
            if deletion.kind.takes_sessions:
                self._told.forget()
            self._told.rewritten(deletion.domain_id)

    def _note_begun(self, running: _Running, begun: Progress) -> None:
        """Before the drain goes on: a process that ends behind it must not begin once more.

        By then there may be facts that came later, and they must stay.
        """
        with running.lock:
            self._book.note(running.deletion.id, begun)
            running.noted = begun
            running.problem = ""
            running.steps = begun.steps
            running.due = 0.0

    def _advance(self, running: _Running) -> None:
        """Find out how far it is and write it down."""
        with running.lock:
            self._advance_locked(running)

    def _advance_locked(self, running: _Running) -> None:
        if running.interlude is not None and running.interlude.given_up:
            self._schedule(running)
        progress = self._progress(running)
        try:
            if progress != running.noted:
                self._book.note(running.deletion.id, progress)
                self._say(running, progress)
                running.noted = progress
        except HoofprintError as error:
            log.error("progress of a deletion not noted", error=str(error))  # noqa: TRY400 - expected
            running.wait(self._monotonic(), failed=True)
        else:
            running.finished = progress.state is DeletionState.DONE
            running.wait(self._monotonic(), failed=bool(progress.error))

    def _progress(self, running: _Running) -> Progress:
        steps = running.steps
        if steps is None:
            return replace(running.noted, error=running.problem)
        try:
            left = self._eraser.left(running.deletion)
        except StoreError as error:
            return Progress(DeletionState.DELETING, steps, running.noted.progress, str(error))
        if not left.steps:
            return Progress(DeletionState.DONE, steps, 1.0)
        done = 1.0 - min(left.steps, steps) / steps
        return Progress(DeletionState.DELETING, steps, done, left.problem)

    def _say(self, running: _Running, progress: Progress) -> None:
        known = {"deletion": running.deletion.id, "domain": running.deletion.domain_id}
        if progress.error:
            log.error("deletion failed; it is tried again", error=progress.error, **known)
        elif progress.state is DeletionState.DONE:
            log.info("deletion done", **known)


class _Running:
    """A deletion that is not done.

    The drain's thread sets `problem`, and with `lock` what is so once it has begun.
    """

    def __init__(self, deletion: Deletion, noted: Progress) -> None:
        self.deletion = deletion
        self.lock = threading.Lock()
        self.noted = noted
        self.steps = None if noted.state is DeletionState.WAITING else noted.steps
        self.problem = ""
        self.interlude: Interlude | None = None
        self.finished = False
        self.due = 0.0
        self._pause = FIRST_LOOK
        self._failing = False

    def wait(self, now: float, *, failed: bool) -> None:
        """Be due again after a pause, which grows as long as it fails, or as long as it doesn't."""
        first, longest = (FIRST_PAUSE, LONGEST_PAUSE) if failed else (FIRST_LOOK, LONGEST_LOOK)
        self._pause = min(self._pause * 2, longest) if failed == self._failing else first
        self._failing = failed
        self.due = now + self._pause
