"""The job that imports: all of it counts or nothing does, through restarts and failures."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hoofprint.errors import Invalid, StoreError, Unavailable
from hoofprint.importing import naming
from hoofprint.jobs import imports
from hoofprint.jobs.importers.reading import Item
from hoofprint.jobs.importers.sources import Source, Sources
from hoofprint.jobs.imports import Importing
from hoofprint.management.domains import NewDomain, create_domain, imported_days
from hoofprint.management.import_book import (
    LEASE_SECONDS,
    LOST_SECONDS,
    MOST_TRIES,
    ImportBook,
    Progress,
    TakenImport,
)
from hoofprint.management.users import NewUser, create_user
from hoofprint.model.imported import ImportedDays, ImportedKind, ImportedRow
from hoofprint.records.engine import Records, open_records
from hoofprint.records.moments import moment
from hoofprint.records.tables import DomainRecord, ImportRecord, MailRecord
from hoofprint.store.embedded import EmbeddedStore
from hoofprint.store.imports import ImportedStore
from hoofprint.testing.archives import fathom_archive, plausible_archive, zipped

NOW = 1_777_900_000.0
JUNE = date(2023, 6, 1)
DAYS = 10


class NoGoogle:
    def report(self, *_: object) -> dict[str, Any]:
        raise AssertionError


def _two_domains(session: Session) -> list[str]:
    user = create_user(session, NewUser("a@example.com", "x"), NOW)
    session.flush()
    new = (NewDomain(name, "UTC") for name in ("example.com", "other.example"))
    return [create_domain(session, one, user.id, NOW).id for one in new]


class Shop:
    """Records with two domains, a store, and processes that import; all by a clock that obeys."""

    def __init__(self, records: Records, store: EmbeddedStore, directory: Path) -> None:
        self.records = records
        self.store = store
        self.now = NOW
        self.changes = 0
        self.book = ImportBook(records, lambda: self.now, self.change)
        self.rows = ImportedStore(store)
        self.sources = Sources(directory, naming(), NoGoogle(), lambda _: None)
        self.stopping = threading.Event()
        self.job = self.process()
        self.domain_id, self.other_id = records.write(_two_domains)

    def change(self) -> None:
        self.changes += 1

    def process(self, rows: Any = None, sources: Any = None) -> Importing:
        return Importing(
            self.book,
            rows or self.rows,
            sources or self.sources,
            lambda: self.now,
            lambda: self.now,
            self.stopping,
        )

    def begin(self, data: bytes, kind: str = "plausible", domain_id: str = "", **more: Any) -> str:
        name = f"archive{self.now:.0f}{domain_id}"
        self.sources.directory.mkdir(exist_ok=True)
        (self.sources.directory / name).write_bytes(data)
        times = {"def_time": moment(self.now), "mod_time": moment(self.now)}
        more = {"file": name, "recipient": "a@example.com"} | more
        of = domain_id or self.domain_id

        def work(session: Any) -> str:
            before = session.scalar(select(ImportRecord).filter_by(domain_id=of))
            if before is not None:
                session.delete(before)
                session.flush()
            record = ImportRecord(domain_id=of, type=kind, **times, **more)
            session.add(record)
            session.flush()
            return str(record.id)

        return self.records.write(work)

    def cancel(self) -> None:
        self.records.write(lambda s: s.delete(self.found(s)))

    def found(self, session: Any, domain_id: str = "") -> ImportRecord:
        wanted = select(ImportRecord).filter_by(domain_id=domain_id or self.domain_id)
        record: ImportRecord = session.scalars(wanted).one()
        return record

    @property
    def record(self) -> ImportRecord:
        return self.records.read(self.found)

    def counted(self, domain_id: str = "") -> tuple[ImportedDays, ...]:
        """What counts for a domain."""
        of = domain_id or self.domain_id
        return self.records.read(lambda s: imported_days(s.get_one(DomainRecord, of)))

    def visitors(self, *, everything: bool = False) -> dict[date, int]:
        """Visitors of each day that count, or all that are in the store."""
        found: dict[date, int] = {}
        rows = self.store.select(
            "SELECT rows_id, day, sum(visitors) FROM imported"
            " WHERE kind = 'total' GROUP BY rows_id, day ORDER BY day"
        )
        for rows_id, text, number in rows:
            day = date.fromisoformat(text)
            counts = any(
                one.rows_id == rows_id and one.first <= day <= one.last for one in self.counted()
            )
            if everything or counts:
                found[day] = found.get(day, 0) + int(number)
        return found

    def mails(self) -> list[str]:
        return self.records.read(lambda s: list(s.scalars(select(MailRecord.text))))


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database to copy: migrating takes a while."""
    path = tmp_path_factory.mktemp("records") / "records.sqlite3"
    records = open_records(f"sqlite:///{path}")
    records.upgrade()
    records.close()
    return path


@pytest.fixture
def shop(tmp_path: Path, migrated: Path, store: EmbeddedStore) -> Iterator[Shop]:
    shutil.copy(migrated, tmp_path / "records.sqlite3")
    records = open_records(f"sqlite:///{tmp_path}/records.sqlite3")
    yield Shop(records, store, tmp_path / "uploads")
    records.close()


def until(days: int, skip: int = 0) -> tuple[date, date]:
    return JUNE + timedelta(days=skip), JUNE + timedelta(days=days - 1)


def seen(exported: Any) -> dict[date, int]:
    return {day: total.visitors for day, total in exported.days.items()}


@pytest.mark.parametrize(
    ("kind", "make"), [("plausible", plausible_archive), ("fathom", fathom_archive)]
)
def test_after_an_import_every_day_has_the_archives_visitors(
    shop: Shop, kind: str, make: Any
) -> None:
    exported = make(JUNE, DAYS)
    shop.begin(exported.data, kind)
    shop.job.look()
    assert shop.visitors() == seen(exported)
    record = shop.record
    assert (record.state, record.error, record.skipped, record.broken) == ("done", "", 0, 0)
    assert record.rows_done == record.rows_all > DAYS
    assert shop.counted() == (ImportedDays(record.rows_id, *until(DAYS)),)
    assert shop.records.read(lambda s: s.get_one(DomainRecord, shop.domain_id)).imported_statistics
    assert shop.changes == 1
    assert list(shop.sources.directory.iterdir()) == []
    [mail] = shop.mails()
    assert "is done" in mail
    assert f"{record.rows_done} rows were imported" in mail


def test_nobody_sees_an_import_before_its_end(shop: Shop) -> None:
    """Half of it is in the store, and none of it counts."""
    exported = plausible_archive(JUNE, DAYS)
    seen_between: list[dict[date, int]] = []

    class Slow(ImportedStore):
        def add(
            self, domain_id: str, rows_id: str, rows: Sequence[ImportedRow], token: str
        ) -> None:
            super().add(domain_id, rows_id, rows, token)
            seen_between.append(shop.visitors())

    shop.begin(exported.data)
    with mock.patch.object(imports, "BATCH_ROWS", 30):
        shop.process(rows=Slow(shop.store)).look()
    assert len(seen_between) > 3
    assert not any(seen_between)
    assert shop.visitors() == seen(exported)


def test_days_with_own_facts_and_after_them_are_skipped(shop: Shop) -> None:
    exported = plausible_archive(JUNE, DAYS)
    start = JUNE + timedelta(days=4)

    def begin_there(session: Any) -> None:
        session.get_one(DomainRecord, shop.domain_id).statistics_start = start

    shop.records.write(begin_there)
    shop.begin(exported.data)
    shop.job.look()
    assert shop.visitors() == {day: n for day, n in seen(exported).items() if day < start}
    record = shop.record
    assert record.skipped == record.rows_done * 6 / 10
    assert "days that were counted here" in shop.mails()[0]


def test_an_import_takes_the_place_of_what_was_imported_for_its_days(shop: Shop) -> None:
    """The same archive twice doubles nothing; other days stay."""
    first = plausible_archive(JUNE, DAYS)
    second = fathom_archive(JUNE + timedelta(days=5), DAYS)
    for data, kind in (
        (first.data, "plausible"),
        (first.data, "plausible"),
        (second.data, "fathom"),
    ):
        shop.now += 60
        shop.begin(data, kind)
        shop.job.look()
    assert shop.visitors() == seen(first) | seen(second)
    assert len(shop.counted()) == 2
    shop.job.sweep()
    assert shop.visitors(everything=True) == seen(first) | seen(second)


def test_what_cannot_be_read_fails_and_leaves_nothing(shop: Shop) -> None:
    shop.begin(zipped({"imported_visitors.csv": "date,visitors\nx,1\ny,2\n"}))
    shop.job.look()
    record = shop.record
    assert (record.state, record.broken) == ("failed", 2)
    assert record.error == ("no row can be read: imported_visitors.csv, line 2: 'x' is not a date")
    assert shop.counted() == ()
    assert shop.visitors(everything=True) == {}
    assert record.error in shop.mails()[0]


def test_broken_rows_are_named_and_the_others_count(shop: Shop) -> None:
    lines = ["date,visitors", "2023-06-01,7", *(f"no day {n},1" for n in range(150))]
    shop.begin(zipped({"imported_visitors.csv": "\n".join(lines)}))
    shop.job.look()
    record = shop.record
    assert (record.state, record.rows_done, record.broken) == ("done", 151, 150)
    assert len(record.problems) == 100
    assert record.problems[0] == "imported_visitors.csv, line 3: 'no day 0' is not a date"
    assert shop.visitors() == {JUNE: 7}
    assert "150 rows could not be read" in shop.mails()[0]


class Failing:
    """A source that gives some rows and then has a problem."""

    def __init__(self, shop: Shop, problem: Exception | None = None, rows: int = 5) -> None:
        self.directory = shop.sources.directory
        self.is_here = shop.sources.is_here
        self.problem = problem
        self.many = rows
        self.between: Any = lambda _: None

    @contextmanager
    def open(self, _: TakenImport) -> Iterator[Source]:
        yield self

    def count(self) -> int:
        return self.many

    def rows(self) -> Iterator[Item]:
        for n in range(self.many):
            self.between(n)
            yield ImportedRow(JUNE + timedelta(days=n), ImportedKind.TOTAL, (), 1)
        if self.problem is not None:
            raise self.problem


@pytest.mark.parametrize(
    "problem", [Invalid({}, "is damaged"), Unavailable("Google is away"), StoreError("no space")]
)
def test_a_failure_in_the_middle_leaves_nothing_and_says_why(
    shop: Shop, problem: Exception
) -> None:
    shop.begin(b"")
    with mock.patch.object(imports, "BATCH_ROWS", 1):
        shop.process(sources=Failing(shop, problem)).look()
    record = shop.record
    assert (record.state, record.error, record.rows_done) == ("failed", str(problem), 5)
    assert shop.counted() == ()
    assert shop.visitors(everything=True) == {}
    assert str(problem) in shop.mails()[0]


def test_what_was_imported_before_outlives_a_failure(shop: Shop) -> None:
    exported = plausible_archive(JUNE, DAYS)
    shop.begin(exported.data)
    shop.job.look()
    shop.now += 60
    shop.begin(b"")
    shop.process(sources=Failing(shop, Invalid({}, "is damaged"))).look()
    assert shop.record.state == "failed"
    assert shop.visitors() == seen(exported)


def test_cancelling_in_the_middle_leaves_nothing(shop: Shop) -> None:
    shop.begin(b"")
    source = Failing(shop, rows=50)

    def between(n: int) -> None:
        shop.now += 10
        if n == 20:
            shop.cancel()

    source.between = between
    with mock.patch.object(imports, "BATCH_ROWS", 1):
        shop.process(sources=source).look()
    assert shop.records.read(lambda s: s.scalars(select(ImportRecord)).all()) == []
    assert shop.counted() == ()
    assert shop.visitors(everything=True) == {}
    assert shop.mails() == []


def test_a_process_that_died_is_followed_by_one_that_begins_anew(shop: Shop) -> None:
    """What it had written counts for nobody, and goes."""
    exported = plausible_archive(JUNE, DAYS)
    shop.begin(exported.data)
    dead = shop.book.take(shop.sources.is_here)
    assert dead is not None
    shop.rows.add(
        shop.domain_id, dead.rows_id, [ImportedRow(JUNE, ImportedKind.TOTAL, (), 999)], "x"
    )
    shop.job.look()
    assert shop.visitors() == {}
    assert shop.visitors(everything=True) == {JUNE: 999}
    shop.now += LEASE_SECONDS
    shop.job.look()
    assert shop.visitors() == shop.visitors(everything=True) == seen(exported)


def test_who_comes_back_after_another_has_begun_changes_nothing(shop: Shop) -> None:
    exported = plausible_archive(JUNE, DAYS)
    shop.begin(exported.data)
    late = shop.book.take(shop.sources.is_here)
    assert late is not None
    shop.now += LEASE_SECONDS
    shop.job.look()
    days = ImportedDays(late.rows_id, JUNE, JUNE)
    progress = Progress()
    assert not shop.book.note(late, progress)
    assert not shop.book.finish(late, progress, days)
    shop.book.fail(late, progress, "late")
    assert shop.record.state == "done"
    assert shop.visitors() == seen(exported)


def test_the_end_of_the_process_lets_the_next_begin_at_once(shop: Shop) -> None:
    shop.begin(b"")
    source = Failing(shop)
    source.between = lambda n: shop.stopping.set() if n == 3 else None
    shop.process(sources=source).look()
    record = shop.record
    assert (record.state, record.tries) == ("waiting", 0)
    assert shop.sources.is_here(record.file)
    shop.stopping.clear()
    shop.process(sources=Failing(shop)).look()
    assert shop.visitors() == {JUNE + timedelta(days=n): 1 for n in range(5)}


def test_what_ends_every_process_is_given_up(shop: Shop) -> None:
    shop.begin(b"")
    for _ in range(MOST_TRIES):
        assert shop.book.take(shop.sources.is_here) is not None
        assert shop.book.take(shop.sources.is_here) is None
        shop.now += LEASE_SECONDS
    shop.job.look()
    assert (shop.record.state, "begun five times" in shop.record.error) == ("failed", True)


def test_an_archive_that_nobody_has_fails_after_a_day(shop: Shop) -> None:
    """Another process may have it in its data directory."""
    shop.begin(b"")
    (shop.sources.directory / shop.record.file).unlink()
    shop.job.look()
    assert shop.record.state == "waiting"
    shop.now += LOST_SECONDS + 1
    shop.job.look()
    assert (shop.record.state, shop.record.error) == ("failed", "its archive is gone")


def test_each_domain_has_its_own(shop: Shop) -> None:
    one, other = plausible_archive(JUNE, 3, 1), plausible_archive(JUNE, 3, 2)
    shop.begin(one.data)
    shop.begin(other.data, domain_id=shop.other_id)
    shop.job.look()
    assert shop.visitors() == seen(one)
    [mine], [theirs] = shop.counted(), shop.counted(shop.other_id)
    rows = shop.store.select("SELECT DISTINCT domain_id, rows_id FROM imported")
    expected = [(shop.domain_id, mine.rows_id), (shop.other_id, theirs.rows_id)]
    assert {tuple(row) for row in rows} == set(expected)


def test_archives_that_no_import_needs_are_removed_after_a_day(shop: Shop) -> None:
    shop.begin(b"")
    left = shop.sources.directory / "left"
    left.write_bytes(b"")
    needed = shop.sources.directory / shop.record.file
    for file, age in ((left, 2), (needed, 2)):
        at = shop.now - age * 86_400
        os.utime(file, (at, at))
    young = shop.sources.directory / "young"
    young.write_bytes(b"")
    os.utime(young, (shop.now, shop.now))
    shop.job.sweep()
    assert not left.exists()
    assert needed.exists()
    assert young.exists()


def test_rows_of_a_domain_that_has_ended_are_removed(shop: Shop) -> None:
    shop.begin(plausible_archive(JUNE, 3).data)
    shop.job.look()
    shop.records.write(lambda s: s.delete(s.get_one(DomainRecord, shop.domain_id)))
    shop.job.wake()
    shop.job.look()
    assert shop.store.select("SELECT count() FROM imported") == [[0]]


def test_the_thread_imports_what_it_is_woken_for(shop: Shop) -> None:
    exported = plausible_archive(JUNE, 3)
    shop.job.start()
    try:
        shop.begin(exported.data)
        shop.job.wake()
        deadline = datetime.now(UTC) + timedelta(seconds=20)
        while shop.record.state != "done":
            assert datetime.now(UTC) < deadline
    finally:
        shop.job.stop()
    assert shop.visitors() == seen(exported)
