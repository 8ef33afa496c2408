"""Opens what an import reads: an archive in the data directory, or the reports of Google."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from hoofprint.errors import Invalid
from hoofprint.jobs.google import CONNECT_AGAIN
from hoofprint.jobs.importers.archive import Archive, Format
from hoofprint.jobs.importers.fathom import fathom
from hoofprint.jobs.importers.google import GoogleReports, Reports
from hoofprint.jobs.importers.plausible import plausible
from hoofprint.jobs.importers.reading import Item, Naming, Site
from hoofprint.management.import_book import TakenImport

FORMATS: dict[str, Callable[[Site], Format]] = {"plausible": plausible, "fathom": fathom}
"""The archives that can be read, by the type of their import."""


class Source(Protocol):
    """Rows to import; reading raises Invalid for good, Unavailable for now."""

    def count(self) -> int:
        """How many rows there are."""
        ...

    def rows(self) -> Iterator[Item]:
        """All of them, in the same order each time."""
        ...


class Sources:
    """Opens sources; `token_of` gives the token of the Google account of a domain."""

    def __init__(
        self,
        directory: Path,
        naming: Naming,
        google: Reports,
        token_of: Callable[[str], str | None],
    ) -> None:
        self.directory = directory
        self._naming = naming
        self._google = google
        self._token_of = token_of

    def check(self, file: str, kind: str) -> None:
        """Raise Invalid for an archive that can't be one of its kind."""
        with Archive(self.directory / file, FORMATS[kind](Site("", self._naming))):
            pass

    def is_here(self, file: str) -> bool:
        """Whether an archive is in this process's data directory."""
        return (self.directory / file).is_file()

    @contextmanager
    def open(self, taken: TakenImport) -> Iterator[Source]:
        """What an import reads. Raises Invalid when it can't be read."""
        site = Site(taken.hostname, self._naming)
        if taken.file:
            with Archive(self.directory / taken.file, FORMATS[taken.type](site)) as archive:
                yield archive
            return
        token = self._token_of(taken.domain_id)
        if token is None or taken.first is None or taken.last is None:
            raise Invalid({}, CONNECT_AGAIN)
        reports = GoogleReports(self._google, token, taken.property, site)
        yield reports.between(taken.first, taken.last)
