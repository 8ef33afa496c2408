"""Where whoever carries imports out takes the next one and notes what becomes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from msgspec import Struct
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from hoofprint.management.domains import count_imported, imported_days
from hoofprint.management.import_mail import result_mail
from hoofprint.management.mails import write_mail
from hoofprint.model.imported import ImportedDays, without
from hoofprint.records.engine import Records
from hoofprint.records.ids import new_id
from hoofprint.records.moments import moment
from hoofprint.records.tables import DomainRecord, ImportRecord, ImportState
from hoofprint.records.tables.imports import UNFINISHED

LEASE_SECONDS = 120.0
"""So long an import belongs to who took it or noted its progress."""
MOST_TRIES = 5
MOST_PROBLEMS = 100
"""So many broken rows are named."""
LOST_SECONDS = 86_400.0
"""So long an archive may be in the data directory of another process."""
TRIED = "it was begun five times and never came to its end"
LOST = "its archive is gone"


class Progress(Struct, frozen=True):
    """How many of all rows were read, and how many of them were left out, and why."""

    done: int = 0
    all: int = 0
    skipped: int = 0
    broken: int = 0
    problems: tuple[str, ...] = ()


class TakenImport(Struct, frozen=True):
    """An import that is to be carried out now, and the id for all rows that this try writes.

    `start` is the domain's first day with own facts.
    """

    id: str
    rows_id: str
    domain_id: str
    hostname: str
    type: str
    file: str
    property: str
    first: date | None
    last: date | None
    start: date | None


class Needed(Struct, frozen=True):
    """What must not be removed: rows by the days that count, those being written, archives."""

    counted: Mapping[str, Sequence[ImportedDays]]
    running: frozenset[str]
    files: frozenset[str]


class ImportBook:
    """Imports in the records, for the job; every method raises Unavailable without them.

    `changed` is called when what a domain answers has changed.
    """

    def __init__(
        self, records: Records, clock: Callable[[], float], changed: Callable[[], None]
    ) -> None:
        self._records = records
        self._clock = clock
        self._changed = changed

    def take(self, is_here: Callable[[str], bool]) -> TakenImport | None:
        """The import that waits for longest; nobody else gets it as long as its progress is noted.

        `is_here` says whether an archive is in this process's data directory. One that was begun
        too often, or whose archive nobody has, fails.
        """
        now = moment(self._clock())
        free = or_(ImportRecord.taken_until.is_(None), ImportRecord.taken_until <= now)
        due = (
            select(ImportRecord)
            .where(ImportRecord.state.in_(UNFINISHED), free)
            .order_by(ImportRecord.def_time, ImportRecord.id)
        )

        def work(session: Session) -> TakenImport | None:
            for record in session.scalars(due.with_for_update(skip_locked=True)):
                here = not record.file or is_here(record.file)
                age = self._clock() - record.def_time.timestamp()
                if record.tries >= MOST_TRIES or (not here and age > LOST_SECONDS):
                    self._end(session, record, TRIED if here else LOST)
                elif here:
                    return self._taken(session, record)
            return None

        # Most often nothing is due: nobody should wait for a writer's lock because of that.
        if self._records.read(lambda session: session.scalar(due.limit(1))) is None:
            return None
        return self._records.write(work)

    def note(self, taken: TakenImport, progress: Progress) -> bool:
        """Write down how far it is; False if it was cancelled or belongs to another."""

        def work(session: Session) -> bool:
            record = _mine(session, taken)
            if record is None:
                return False
            _fill(record, progress)
            record.taken_until = moment(self._clock() + LEASE_SECONDS)
            return True

        return self._records.write(work)

    def finish(self, taken: TakenImport, progress: Progress, days: ImportedDays | None) -> bool:
        """Let what was written count, instead of what was imported for these days before.

        False, and nothing counts, if it was cancelled or belongs to another.
        """

        def work(session: Session) -> bool:
            record = _mine(session, taken)
            if record is None:
                return False
            if days is not None:
                domain = session.get_one(DomainRecord, record.domain_id)
                before = without(imported_days(domain), days.first, days.last)
                count_imported(domain, (*before, days))
            _fill(record, progress)
            self._end(session, record)
            return True

        found = self._records.write(work)
        self._changed()
        return found

    def fail(self, taken: TakenImport, progress: Progress, why: str) -> None:
        """Nothing of it will ever count; the job and a mail say why."""

        def work(session: Session) -> None:
            record = _mine(session, taken)
            if record is not None:
                _fill(record, progress)
                self._end(session, record, why)

        self._records.write(work)

    def release(self, taken: TakenImport) -> None:
        """Let somebody else begin it anew: this process ends."""

        def work(session: Session) -> None:
            record = _mine(session, taken)
            if record is not None:
                record.state = ImportState.WAITING.value
                record.taken_until = None
                record.tries -= 1

        self._records.write(work)

    def needed(self) -> Needed:
        """What is still needed of all that imports have left behind, at one moment."""

        def work(session: Session) -> Needed:
            counted: dict[str, list[ImportedDays]] = {}
            wanted = select(DomainRecord).where(DomainRecord.imported_statistics)
            for domain in session.scalars(wanted):
                for days in imported_days(domain):
                    counted.setdefault(days.rows_id, []).append(days)
            unfinished = select(ImportRecord).where(ImportRecord.state.in_(UNFINISHED))
            jobs = session.scalars(unfinished).all()
            running = frozenset(job.rows_id for job in jobs)
            return Needed(counted, running, frozenset(job.file for job in jobs))

        return self._records.read(work)

    def _taken(self, session: Session, record: ImportRecord) -> TakenImport:
        domain = session.get_one(DomainRecord, record.domain_id)
        now = self._clock()
        record.state = ImportState.RUNNING.value
        record.rows_id = new_id()
        record.tries += 1
        record.mod_time = moment(now)
        record.taken_until = moment(now + LEASE_SECONDS)
        _fill(record, Progress())
        return TakenImport(
            id=record.id,
            rows_id=record.rows_id,
            domain_id=record.domain_id,
            hostname=domain.hostname,
            type=record.type,
            file=record.file,
            property=record.property or "",
            first=record.first_day,
            last=record.last_day,
            start=domain.statistics_start,
        )

    def _end(self, session: Session, record: ImportRecord, why: str = "") -> None:
        now = self._clock()
        record.state = (ImportState.FAILED if why else ImportState.DONE).value
        record.error = why
        record.finished = record.mod_time = moment(now)
        record.taken_until = None
        if record.recipient:
            domain = session.get_one(DomainRecord, record.domain_id)
            write_mail(session, result_mail(record, domain), now)


def _mine(session: Session, taken: TakenImport) -> ImportRecord | None:
    """The import, if nobody has cancelled it or begun it anew."""
    mine = select(ImportRecord).filter_by(id=taken.id, rows_id=taken.rows_id)
    return session.scalar(mine.where(ImportRecord.state == ImportState.RUNNING.value))


def _fill(record: ImportRecord, progress: Progress) -> None:
    record.rows_done = progress.done
    record.rows_all = progress.all
    record.skipped = progress.skipped
    record.broken = progress.broken
    record.problems = list(progress.problems)
