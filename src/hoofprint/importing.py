"""The wiring of imports, a part of the bootstrap: sources, threads, what the API needs."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hoofprint.ingest.geo import state_names
from hoofprint.ingest.referrers import known_name
from hoofprint.ingest.steps.channel import channel_of
from hoofprint.ingest.steps.referrer import parse_referrer
from hoofprint.jobs.beginnings import Beginnings
from hoofprint.jobs.google import Google, GoogleApp, places_at
from hoofprint.jobs.importers.archive import Archive
from hoofprint.jobs.importers.reading import Naming, Referrer, Site
from hoofprint.jobs.importers.sources import FORMATS, Sources
from hoofprint.jobs.imports import Importing
from hoofprint.management.beginnings import BeginningBook
from hoofprint.management.google import GoogleAccounts, GoogleTokens
from hoofprint.management.import_book import ImportBook
from hoofprint.management.imports import Imports
from hoofprint.management.sealing import Seal
from hoofprint.management.transactions import Transactions
from hoofprint.records.engine import Records
from hoofprint.records.ids import new_code
from hoofprint.settings import Settings
from hoofprint.store.imports import ImportedStore
from hoofprint.store.port import Store
from hoofprint.store.recall import oldest_activity

UPLOADS = "uploads"
CALLBACK = "/api/v1/google/callback"


@dataclass(frozen=True)
class ImportParts:
    """Everything about imports: what the API uses, and the threads."""

    imports: Imports
    google: GoogleAccounts
    uploads: Sources
    job: Importing
    beginnings: Beginnings
    asked: tuple[Google, ...]

    def start(self) -> None:
        """Begin to import, and to look for first days. Raises Unavailable."""
        self.beginnings.start()
        self.job.start()

    def close(self) -> None:
        """End both; what is not done goes on after the next start."""
        self.job.stop()
        self.beginnings.stop()
        for google in self.asked:
            google.close()


def open_imports(
    settings: Settings,
    records: Records,
    store: Store,
    clock: Callable[[], float],
    changed: Callable[[], None],
) -> ImportParts:
    """The parts over these records and this store; `changed` is called when domains change."""
    seal = Seal(settings.data_path)
    tokens = GoogleTokens(records, seal)
    app = GoogleApp(
        settings.google_client_id,
        settings.google_client_secret,
        settings.public_url + CALLBACK,
    )
    places = places_at(settings.google_base_url)
    stopping = threading.Event()
    patient = Google(app, places, stopping.wait)
    impatient = Google(app, places, lambda seconds: stopping.wait(min(seconds, 1.0)))
    sources = Sources(settings.data_path / UPLOADS, naming(), patient, tokens.of_domain)
    job = Importing(
        ImportBook(records, clock, changed),
        ImportedStore(store),
        sources,
        clock,
        time.monotonic,
        stopping,
    )
    transactions = Transactions(records, clock, changed)
    return ImportParts(
        imports=Imports(transactions, job.wake),
        google=GoogleAccounts(transactions, impatient, seal, tokens),
        uploads=sources,
        job=job,
        beginnings=Beginnings(
            BeginningBook(records, changed), lambda domain_id: oldest_activity(store, domain_id)
        ),
        asked=(patient, impatient),
    )


def keep_archive(settings: Settings, file: Path, kind: str) -> str:
    """Copy an archive to where imports find it; its name there. Raises Invalid if it can't be one.

    That is all that another process needs: a running server carries the import out.
    """
    directory = settings.data_path / UPLOADS
    with Archive(file, FORMATS[kind](Site("", naming()))):
        pass
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = new_code()
    descriptor = os.open(directory / name, os.O_WRONLY | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "wb") as kept, file.open("rb") as given:
        shutil.copyfileobj(given, kept)
    return name


def naming() -> Naming:
    """Imported rows are named as hits are."""
    names = state_names()

    def referrer(text: str) -> Referrer:
        found = parse_referrer(text)
        return Referrer(found.url, found.name if found.url else known_name(found.name))

    return Naming(referrer, channel_of, lambda code: names.get(code, ""))
