"""Carries imports out in the background: one at a time, through restarts, failures, cancelling.

A try reads everything from the beginning and writes rows under an id of its own, which count for
nobody until its end says so in one transaction with the job's state. So whatever ends a try leaves
nothing that is seen; a sweep removes from the store what no import needs any more.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import Protocol

import structlog

from hoofprint.errors import HoofprintError, Invalid, StoreError, Unavailable
from hoofprint.jobs.importers.reading import Broken
from hoofprint.jobs.importers.sources import Source
from hoofprint.jobs.importers.summing import Sums
from hoofprint.management.import_book import MOST_PROBLEMS, Needed, Progress, TakenImport
from hoofprint.model.imported import ImportedDays, ImportedRow

LOOK_SECONDS = 10.0
SWEEP_SECONDS = 3600.0
NOTE_SECONDS = 1.0
"""Seconds between two notes of how far an import is."""
BATCH_ROWS = 20_000
YOUNG_SECONDS = 86_400.0
"""An archive that no import names is being received for no longer than this."""

log = structlog.get_logger("hoofprint.imports")


class Book(Protocol):
    """What the job needs of `management/import_book.py`; every method raises Unavailable."""

    def take(self, is_here: Callable[[str], bool]) -> TakenImport | None:
        """The import that is due."""
        ...

    def note(self, taken: TakenImport, progress: Progress) -> bool:
        """Write down how far it is; False if it is no longer to be carried out."""
        ...

    def finish(self, taken: TakenImport, progress: Progress, days: ImportedDays | None) -> bool:
        """Let it count; False if it is no longer to be carried out."""
        ...

    def fail(self, taken: TakenImport, progress: Progress, why: str) -> None:
        """Write down why it failed."""
        ...

    def release(self, taken: TakenImport) -> None:
        """Let it be begun anew."""
        ...

    def needed(self) -> Needed:
        """What must not be removed."""
        ...


class Rows(Protocol):
    """What the job needs of `store/imports.py`; every method raises StoreError."""

    def add(self, domain_id: str, rows_id: str, rows: Sequence[ImportedRow], token: str) -> None:
        """Store rows, once for each token."""
        ...

    def written(self) -> list[str]:
        """The ids of all rows there are."""
        ...

    def keep(self, rows_id: str, days: Sequence[ImportedDays]) -> bool:
        """Remove rows but those of some days; whether there were any."""
        ...


class Opener(Protocol):
    """What the job needs of `jobs/importers/sources.py`."""

    @property
    def directory(self) -> Path:
        """Where archives are."""
        ...

    def is_here(self, file: str) -> bool:
        """Whether an archive is in this process's data directory."""
        ...

    def open(self, taken: TakenImport) -> AbstractContextManager[Source]:
        """What an import reads. Raises Invalid or Unavailable, as reading it does."""
        ...


class Importing:
    """A thread that carries out what is due, and removes what is no longer needed.

    `clock` tells Unix seconds, `monotonic` any. `stopping` is set when it ends.
    """

    def __init__(  # noqa: PLR0917 - the parts it connects
        self,
        book: Book,
        rows: Rows,
        sources: Opener,
        clock: Callable[[], float],
        monotonic: Callable[[], float],
        stopping: threading.Event,
    ) -> None:
        self._book = book
        self._rows = rows
        self._sources = sources
        self._clock = clock
        self._monotonic = monotonic
        self._swept: float | None = None
        self._wake = threading.Event()
        self._stopping = stopping
        self._thread = threading.Thread(target=self._run, name="imports")

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """End; an import that runs is begun anew after the next start, or by another process."""
        self._stopping.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()

    def wake(self) -> None:
        """There is something to do, or to remove; from any thread."""
        self._swept = None
        self._wake.set()

    def look(self) -> None:
        """Carry out what is due, then remove what is not needed. Raises HoofprintError."""
        while not self._stopping.is_set():
            taken = self._book.take(self._sources.is_here)
            if taken is None:
                break
            self._swept = None
            self._carry_out(taken)
        since = self._swept
        if since is None or self._monotonic() - since >= SWEEP_SECONDS:
            self._swept = self._monotonic()
            self.sweep()

    def sweep(self) -> None:
        """Remove rows that count for nobody and archives that nobody needs."""
        # First what is there, then what is needed: what is begun in between is not there yet.
        written, files = self._rows.written(), self._files()
        needed = self._book.needed()
        for rows_id in written:
            if rows_id not in needed.running and self._rows.keep(
                rows_id, needed.counted.get(rows_id, ())
            ):
                log.info("imported rows removed", rows=rows_id)
        for file in files:
            if file.name not in needed.files:
                file.unlink(missing_ok=True)

    def _files(self) -> list[Path]:
        """Archives that have been there for a while."""
        old = self._clock() - YOUNG_SECONDS
        return [
            file
            for file in self._sources.directory.glob("*")
            if file.is_file() and file.stat().st_mtime < old
        ]

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.look()
            except (HoofprintError, OSError) as error:
                log.error("imports were not looked after", error=str(error))  # noqa: TRY400 - expected
            except Exception:  # the outermost loop of this thread
                log.exception("imports were not looked after")
            self._wake.wait(LOOK_SECONDS)
            self._wake.clear()

    def _carry_out(self, taken: TakenImport) -> None:
        run = _Run(self._book, self._rows, taken, self._monotonic, self._stopping)
        known = {"import": taken.id, "domain": taken.domain_id, "type": taken.type}
        log.info("import begun", **known)
        try:
            with self._sources.open(taken) as source:
                counts = run.read(source)
        except (Invalid, Unavailable, StoreError, OSError) as error:
            if self._stopping.is_set():
                self._book.release(taken)
                return
            log.error("import failed", error=str(error), **known)  # noqa: TRY400 - expected
            self._book.fail(taken, run.progress, str(error) or type(error).__name__)
        else:
            if not counts and self._stopping.is_set():
                self._book.release(taken)
                return
            ended = "import done" if counts else "import cancelled"
            log.info(ended, rows=run.progress.done, **known)
        if taken.file:
            (self._sources.directory / taken.file).unlink(missing_ok=True)


class _Run:
    """One try of one import."""

    def __init__(
        self,
        book: Book,
        rows: Rows,
        taken: TakenImport,
        monotonic: Callable[[], float],
        stopping: threading.Event,
    ) -> None:
        self._book = book
        self._rows = rows
        self._taken = taken
        self._monotonic = monotonic
        self._stopping = stopping
        self._noted = monotonic()
        self._batches = 0
        self._done = self._all = self._skipped = self._broken = 0
        self._problems: list[str] = []
        self._first, self._last = date.max, date.min

    @property
    def progress(self) -> Progress:
        """How far it is."""
        return Progress(
            done=self._done,
            all=max(self._all, self._done),
            skipped=self._skipped,
            broken=self._broken,
            problems=tuple(self._problems),
        )

    def read(self, source: Source) -> bool:
        """Write all rows, then let them count; False if they are not to count any more.

        Raises what the source raises, StoreError or Unavailable.
        """
        self._all = source.count()
        sums = Sums()
        if not self._goes_on():
            return False
        for item in source.rows():
            self._done += 1
            if isinstance(item, Broken):
                self._complain(item)
            elif self._taken.start is not None and item.day >= self._taken.start:
                self._skipped += 1
            else:
                sums.add(item)
                if len(sums) >= BATCH_ROWS:
                    self._write(sums.take())
            due = self._stopping.is_set() or self._monotonic() - self._noted >= NOTE_SECONDS
            if due and not self._goes_on():
                return False
        self._write(sums.take())
        self._write(sums.totals())
        self._check()
        found = self._first <= self._last
        days = ImportedDays(self._taken.rows_id, self._first, self._last) if found else None
        return self._book.finish(self._taken, self.progress, days)

    def _check(self) -> None:
        """An archive of which nothing can be read is none."""
        if self._broken and self._broken == self._done:
            raise Invalid({}, f"no row can be read: {self._problems[0]}")

    def _complain(self, broken: Broken) -> None:
        self._broken += 1
        if len(self._problems) < MOST_PROBLEMS:
            self._problems.append(str(broken))

    def _write(self, rows: Sequence[ImportedRow]) -> None:
        if not rows:
            return
        self._batches += 1
        token = f"{self._taken.rows_id}:{self._batches}"
        self._rows.add(self._taken.domain_id, self._taken.rows_id, rows, token)
        self._first = min(self._first, *(row.day for row in rows))
        self._last = max(self._last, *(row.day for row in rows))

    def _goes_on(self) -> bool:
        """Write down how far it is; False if the process ends or the import is not its own."""
        self._noted = self._monotonic()
        return not self._stopping.is_set() and self._book.note(self._taken, self.progress)
