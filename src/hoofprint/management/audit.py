"""The log of changes: who changed what, written in the transaction of the change itself."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from msgspec import Struct
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from hoofprint.management.access import Action, permitted
from hoofprint.management.resource import Field, Kind, Values
from hoofprint.management.transactions import Transactions
from hoofprint.model.principal import Principal
from hoofprint.records.engine import Records
from hoofprint.records.moments import moment, wire_time
from hoofprint.records.tables import AuditRecord, DomainRecord, UserRecord

USUAL, MOST = 100, 1000
"""So many changes are listed if nothing is said, and at most."""
FIELDS = (
    Field("limit", Kind.WHOLE, f"0 is {USUAL}.", most=MOST),
    Field("offset", Kind.WHOLE, "So many are left out first."),
    Field("search", about="A text in the operation, or an id.", longest=100),
)
TOUCHED = "touched"


class Doing(Struct, frozen=True):
    """A change that a request is about to make: an operation, and whose."""

    operation: str
    caller: Principal


doing: ContextVar[Doing | None] = ContextVar("doing", default=None)
"""What the current request does; its transactions run in threads that see the same."""


def keep_audit(records: Records, clock: Callable[[], float]) -> None:
    """Write down every change of a request from now on; to be called once."""

    def committing(session: Session) -> None:
        change = doing.get()
        touched = session.info.pop(TOUCHED, [])
        if change is not None and touched:
            session.add(_noted(change, touched, clock()))

    records.watch_writes(_remember, committing)


class Audit:
    """Shows the changes of a domain to those who may change it."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def list(self, caller: Principal, domain_id: str, wanted: Values) -> list[dict[str, Any]]:
        """The changes of a domain, the newest first. Raises Forbidden or NotFound."""

        def work(session: Session) -> list[dict[str, Any]]:
            domain = permitted(session, Action.READ_AUDIT, caller, domain_id)
            query = select(AuditRecord).where(AuditRecord.domain_id == domain.id)
            if search := wanted["search"]:
                ids = (AuditRecord.object_id, AuditRecord.client_id, AuditRecord.user_id)
                named = AuditRecord.operation.icontains(search, autoescape=True)
                query = query.where(or_(named, *(column == search for column in ids)))
            newest = query.order_by(AuditRecord.def_time.desc(), AuditRecord.id)
            page = newest.offset(wanted["offset"]).limit(wanted["limit"] or USUAL)
            return [_wire(record) for record in session.scalars(page)]

        return await self._transactions.read(work)


def _remember(session: Session) -> None:
    """What was written by a flush."""
    if doing.get() is None:
        return
    touched = session.info.setdefault(TOUCHED, [])
    touched.extend([*session.new, *session.dirty, *session.deleted])


def _noted(change: Doing, touched: list[Any], now: float) -> AuditRecord:
    """A change is about its domain, else what belongs to one, else an account: not its parts."""
    domains = [one for one in touched if isinstance(one, DomainRecord)]
    owned = [one for one in touched if getattr(one, "domain_id", None)]
    people = [one for one in touched if isinstance(one, UserRecord)]
    first = next(iter([*domains, *owned, *people, *touched]))
    ids = [*(one.id for one in domains), *(one.domain_id for one in owned)]
    return AuditRecord(
        def_time=moment(now),
        mod_time=moment(now),
        operation=change.operation,
        client_id=change.caller.client_id,
        user_id=change.caller.user_id,
        domain_id=next(iter(ids), None),
        object_id=first.id,
    )


def _wire(record: AuditRecord) -> dict[str, Any]:
    return {
        "id": record.id,
        "def_time": wire_time(record.def_time),
        "mod_time": wire_time(record.mod_time),
        "domain_id": record.domain_id,
        "user_id": record.user_id,
        "client_id": record.client_id,
        "operation": record.operation,
        "object_id": record.object_id,
    }
