"""Imports of statistics: begun, looked at and cancelled by clients (`api.md`, Importing Data)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from hoofprint.errors import Forbidden, Invalid, NotFound
from hoofprint.management.access import RIGHTS, Action, permitted
from hoofprint.management.transactions import Transactions
from hoofprint.model.principal import Principal
from hoofprint.records.moments import moment, wire_time
from hoofprint.records.tables import DomainRecord, ImportRecord, ImportState, UserRecord
from hoofprint.records.tables.imports import UNFINISHED

GOOGLE = "ga"
BUSY = "has an import that is not finished yet"
NOT_CONNECTED = "is not connected to a Google account"


class WantedImport(Struct, frozen=True):
    """What is to be imported: an archive in the data directory, or days of a Google property."""

    type: str
    file: str = ""
    property: str | None = None
    first: date | None = None
    last: date | None = None


class Imports:
    """Begins imports for clients, shows and cancels them; `wake` is called when there is one to do.

    Every method raises Forbidden or NotFound as `management/access.py` has it.
    """

    def __init__(self, transactions: Transactions, wake: Callable[[], None]) -> None:
        self._transactions = transactions
        self._wake = wake

    def check(self, caller: Principal) -> None:
        """Raise Forbidden for who may import nothing anywhere: before an archive is received."""
        if not RIGHTS[Action.CHANGE_IMPORTS].granted_to(caller):
            raise Forbidden

    async def check_domain(self, caller: Principal, domain_id: str) -> None:
        """Raise what `begin` would raise for a domain."""

        def work(session: Session) -> None:
            domain = permitted(session, Action.CHANGE_IMPORTS, caller, domain_id)
            _check_free(session, domain, "domain")

        await self._transactions.read(work)

    async def begin(
        self, caller: Principal, domain_id: str, wanted: WantedImport, named: str = "domain"
    ) -> dict[str, Any]:
        """The import that will be carried out in the background, instead of the one before.

        Raises Invalid, with the field `named`, if there is one that is not finished or the domain
        is not connected.
        """

        def work(session: Session) -> dict[str, Any]:
            domain = permitted(session, Action.CHANGE_IMPORTS, caller, domain_id)
            _check_free(session, domain, named)
            if wanted.type == GOOGLE and domain.google_user_id is None:
                raise Invalid({named: NOT_CONNECTED})
            person = session.get_one(UserRecord, caller.user_id or domain.user_id)
            now = self._transactions.clock()
            return wire_import(begin_import(session, domain, wanted, person, now), nothing="")

        begun = await self._transactions.write(work)
        self._wake()
        return begun

    async def get(self, caller: Principal, domain_id: str) -> dict[str, Any]:
        """The import of a domain that was begun last. Raises NotFound if there is none."""

        def work(session: Session) -> dict[str, Any]:
            domain = permitted(session, Action.READ_IMPORTS, caller, domain_id)
            return wire_import(_there(session, domain))

        return await self._transactions.read(work)

    async def cancel(self, caller: Principal, domain_id: str) -> None:
        """End an import: nothing of it will count. One that has ended is only forgotten.

        Raises NotFound if there is none.
        """

        def work(session: Session) -> None:
            domain = permitted(session, Action.CHANGE_IMPORTS, caller, domain_id)
            session.delete(_there(session, domain))

        await self._transactions.write(work)
        self._wake()


def begin_import(
    session: Session, domain: DomainRecord, wanted: WantedImport, person: UserRecord, now: float
) -> ImportRecord:
    """An import that whoever carries them out will find; `person` is told how it has ended.

    Raises Invalid if there is one that is not finished.
    """
    _check_free(session, domain, "domain")
    if (before := _import_of(session, domain)) is not None:
        session.delete(before)
        session.flush()
    is_google = wanted.type == GOOGLE
    record = ImportRecord(
        def_time=moment(now),
        mod_time=moment(now),
        domain_id=domain.id,
        type=wanted.type,
        recipient=person.email,
        file=wanted.file,
        google_user_id=domain.google_user_id if is_google else None,
        google_user_email=domain.google_user_email if is_google else None,
        property=wanted.property,
        first_day=wanted.first,
        last_day=wanted.last,
    )
    session.add(record)
    session.flush()
    return record


def _check_free(session: Session, domain: DomainRecord, named: str) -> None:
    found = _import_of(session, domain)
    if found is not None and found.state in UNFINISHED:
        raise Invalid({named: BUSY})


def _import_of(session: Session, domain: DomainRecord) -> ImportRecord | None:
    return session.scalar(select(ImportRecord).filter_by(domain_id=domain.id))


def _there(session: Session, domain: DomainRecord) -> ImportRecord:
    found = _import_of(session, domain)
    if found is None:
        raise NotFound
    return found


def wire_import(record: ImportRecord, nothing: str | None = None) -> dict[str, Any]:
    """An import as it is answered: the documented fields, then how far it is.

    `nothing` stands for a property and days that an archive has not.
    """
    state = ImportState(record.state)
    days = [record.first_day, record.last_day]
    first, last = (nothing if day is None else day.isoformat() for day in days)
    progress = min(record.rows_done / record.rows_all, 1.0) if record.rows_all else 0.0
    return {
        "id": record.id,
        "def_time": wire_time(record.def_time),
        "mod_time": wire_time(record.mod_time),
        "domain_id": record.domain_id,
        "type": record.type,
        "google_user_id": record.google_user_id or "",
        "google_user_email": record.google_user_email or "",
        "domain": nothing if record.property is None else record.property,
        "from": first,
        "to": last,
        "state": state.value,
        "progress": 1.0 if state is ImportState.DONE else progress,
        "rows_done": record.rows_done,
        "rows_all": record.rows_all,
        "rows_skipped": record.skipped,
        "rows_broken": record.broken,
        "problems": record.problems,
        "error": record.error,
        "finished": None if record.finished is None else wire_time(record.finished),
    }
