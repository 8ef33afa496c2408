"""Keeps each domain's first day with facts of its own: until then imported statistics count."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from typing import Protocol

import structlog

from hoofprint.errors import HoofprintError

PAUSE_SECONDS = 10.0
"""Seconds until what failed is tried again."""
DAY_SECONDS = 86_400

log = structlog.get_logger("hoofprint.beginnings")


class Book(Protocol):
    """What the job needs of `management/beginnings.py`; every method raises Unavailable."""

    def without(self) -> list[str]:
        """The domains that have no first day."""
        ...

    def note(self, domain_id: str, second: int) -> None:
        """Write down when a domain's facts begin; 0 if it has none."""
        ...


class Beginnings:
    """A thread that looks up when a domain's facts begin, when that may have changed.

    `oldest` gives the second of the first fact of a domain, 0 without any; it raises StoreError.
    """

    def __init__(self, book: Book, oldest: Callable[[str], int]) -> None:
        self._book = book
        self._oldest = oldest
        self._lock = threading.Lock()
        self._known: dict[str, int] = {}
        self._due: set[str] = set()
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="beginnings")

    def start(self) -> None:
        """Look up what is not known yet, then what may change. Raises Unavailable."""
        self._add(self._book.without())
        self._thread.start()

    def stop(self) -> None:
        """End."""
        self._stopping.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()

    def added(self, days: Collection[tuple[str, int]]) -> None:
        """Facts were added to these days (since 1970-01-01, UTC) of these domains."""
        known = self._known
        found = {d for d, day in days if (first := known.get(d)) is None or day < first}
        if found:
            self._add(found)

    def rewritten(self, domain_id: str | None) -> None:
        """Facts of a domain, or of all that are known, may have gone."""
        with self._lock:
            domains = list(self._known) if domain_id is None else [domain_id]
        self._add(domains)

    def look(self) -> None:
        """Look up whatever is due. Raises StoreError or Unavailable, and it stays due."""
        while not self._stopping.is_set():
            with self._lock:
                domain_id = next(iter(self._due), None)
                self._due.discard(domain_id or "")
            if domain_id is None:
                return
            try:
                second = self._oldest(domain_id)
                self._book.note(domain_id, second)
            except HoofprintError:
                self._add([domain_id])
                raise
            with self._lock:
                self._known.pop(domain_id, None)
                if second:
                    self._known[domain_id] = second // DAY_SECONDS

    def _add(self, domains: Collection[str]) -> None:
        with self._lock:
            self._due.update(domains)
        self._wake.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            try:
                self.look()
            except HoofprintError as error:
                log.error("first day not looked up", error=str(error))  # noqa: TRY400 - expected
                self._stopping.wait(PAUSE_SECONDS)
            except Exception:  # the outermost loop of this thread
                log.exception("first day not looked up")
                self._stopping.wait(PAUSE_SECONDS)
            self._wake.wait()
