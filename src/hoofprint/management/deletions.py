"""Deletions of statistics: who asked for which, and how far they are (`api.md`, Deleting)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from hoofprint.management.access import Action, permitted
from hoofprint.management.domains import count_imported, imported_days
from hoofprint.model.deletion import Deletion, DeletionKind
from hoofprint.model.imported import without
from hoofprint.model.principal import Principal
from hoofprint.records.engine import Records
from hoofprint.records.moments import moment, wire_time
from hoofprint.records.tables import DeletionRecord, DeletionState

MOST_LISTED = 100
EPOCH, END = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
"""No fact lies outside (`query/plan.py`)."""


class WantedDeletion(Struct, frozen=True):
    """What somebody wants to have deleted: local days, and the same in seconds."""

    kind: DeletionKind
    first_day: date
    last_day: date
    start: int
    end: int


EVER = WantedDeletion(
    DeletionKind.EVERYTHING,
    EPOCH.date(),
    END.date(),
    int(EPOCH.timestamp()),
    int(END.timestamp()),
)
"""Everything there is of a domain."""


class Asked(Struct, frozen=True):
    """Who asked for a deletion of which domain, at which end of the spool, and when."""

    domain_id: str
    client_id: str
    position: int
    now: float


class Progress(Struct, frozen=True):
    """How far a deletion is: `progress` from 0 to 1, and what went wrong last, if anything did."""

    state: DeletionState = DeletionState.WAITING
    steps: int = 0
    progress: float = 0.0
    error: str = ""


class Deletions:
    """Takes deletions from clients and shows them.

    `position` gives the end of the spool; `begin` is called with every deletion that is written
    down. Every method raises Forbidden or NotFound as `management/access.py` has it.
    """

    def __init__(
        self,
        records: Records,
        clock: Callable[[], float],
        position: Callable[[], int],
        begin: Callable[[Deletion], None],
    ) -> None:
        self._records = records
        self._clock = clock
        self._position = position
        self._begin = begin

    async def request(self, caller: Principal, domain_id: str, wanted: WantedDeletion) -> None:
        """Return when it is written down that this is to be deleted."""
        position = self._position()

        def work(session: Session) -> Deletion:
            domain = permitted(session, Action.DELETE_STATISTICS, caller, domain_id)
            if wanted.kind.takes_imported:
                left = without(imported_days(domain), wanted.first_day, wanted.last_day)
                count_imported(domain, left)
            asked = Asked(domain_id, caller.client_id, position, self._clock())
            return write_down(session, asked, wanted)

        def begin() -> None:
            self._begin(self._records.write(work))

        await asyncio.to_thread(begin)

    async def list(self, caller: Principal, domain_id: str) -> list[dict[str, Any]]:
        """The fields of the last deletions of a domain, the newest first."""

        def work(session: Session) -> list[dict[str, Any]]:
            permitted(session, Action.READ_SETTINGS, caller, domain_id)
            newest = DeletionRecord.def_time.desc(), DeletionRecord.id
            mine = select(DeletionRecord).filter_by(domain_id=domain_id).order_by(*newest)
            return [_wire(record) for record in session.scalars(mine.limit(MOST_LISTED))]

        return await asyncio.to_thread(self._records.read, work)


class DeletionBook:
    """Where whoever carries deletions out looks up what is unfinished, and notes how far it is.

    Every method raises Unavailable when the records can't be used.
    """

    def __init__(self, records: Records, clock: Callable[[], float]) -> None:
        self._records = records
        self._clock = clock

    def unfinished(self) -> list[tuple[Deletion, Progress]]:
        """What is not done, the oldest first."""
        done = DeletionState.DONE.value
        wanted = select(DeletionRecord).where(DeletionRecord.state != done)
        oldest = wanted.order_by(DeletionRecord.def_time, DeletionRecord.id)
        return self._records.read(
            lambda s: [(_deletion(record), _progress(record)) for record in s.scalars(oldest)]
        )

    def note(self, deletion_id: str, progress: Progress) -> None:
        """Write down how far a deletion is."""

        def work(session: Session) -> None:
            record = session.get(DeletionRecord, deletion_id)
            if record is None:
                return
            now = moment(self._clock())
            record.mod_time = now
            record.state = progress.state.value
            record.steps = progress.steps
            record.progress = progress.progress
            record.error = progress.error
            record.finished = now if progress.state is DeletionState.DONE else None

        self._records.write(work)


def write_down(session: Session, asked: Asked, wanted: WantedDeletion) -> Deletion:
    """A deletion that is to be carried out; it goes on when its domain has gone."""
    now = moment(asked.now)
    record = DeletionRecord(
        def_time=now,
        mod_time=now,
        domain_id=asked.domain_id,
        requested_by=asked.client_id,
        kind=wanted.kind.value,
        first_day=wanted.first_day,
        last_day=wanted.last_day,
        start=wanted.start,
        end=wanted.end,
        position=asked.position,
    )
    session.add(record)
    session.flush()
    return _deletion(record)


def _deletion(record: DeletionRecord) -> Deletion:
    kind = DeletionKind(record.kind)
    return Deletion(record.id, record.domain_id, kind, record.start, record.end, record.position)


def _progress(record: DeletionRecord) -> Progress:
    return Progress(DeletionState(record.state), record.steps, record.progress, record.error)


def _wire(record: DeletionRecord) -> dict[str, Any]:
    """The fields of `GET /statistics/deletion`."""
    return {
        "id": record.id,
        "def_time": wire_time(record.def_time),
        "mod_time": wire_time(record.mod_time),
        "domain_id": record.domain_id,
        "requested_by": record.requested_by,
        "kind": record.kind,
        "from": record.first_day.isoformat(),
        "to": record.last_day.isoformat(),
        "state": record.state,
        "progress": record.progress,
        "error": record.error,
        "finished": None if record.finished is None else wire_time(record.finished),
    }
