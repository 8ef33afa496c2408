"""How a domain's scripts are set up (`api.md`, Managing Snippets)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hoofprint.management.access import Action, permitted
from hoofprint.management.resource import Field, Kind, Values
from hoofprint.management.transactions import Transactions
from hoofprint.model.principal import Principal
from hoofprint.records.moments import moment, wire_time
from hoofprint.records.tables import DomainRecord, SnippetRecord

TYPES = ("page view", "event", "session")
_LONGEST = 5000
DECIDED = (
    Field("dev", Kind.FLAG, "Count localhost, too."),
    Field("include", about="Regular expressions of paths, by comma.", longest=_LONGEST),
    Field("exclude", about="Regular expressions of paths, by comma.", longest=_LONGEST),
    Field("domains", about="Further domains that get what is sent.", longest=_LONGEST),
    Field("endpoint", about="Where to send to, if not here.", longest=_LONGEST),
    Field("sample", about="Paths of which a part is counted.", longest=_LONGEST),
)
FIELDS = (Field("type", required=True, one_of=TYPES), *DECIDED)


class Snippets:
    """Reads and saves the set-up of scripts for clients.

    Every method raises Forbidden or NotFound as `management/access.py` has it.
    """

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def get(self, caller: Principal, domain_id: str, kind: str) -> dict[str, Any]:
        """The set-up for one of `TYPES`; the usual one, without an id, if none was saved."""

        def work(session: Session) -> dict[str, Any]:
            domain = permitted(session, Action.READ_SETTINGS, caller, domain_id)
            return _wire(domain, kind, _saved(session, domain.id, kind))

        return await self._transactions.read(work)

    async def save(self, caller: Principal, domain_id: str, values: Values) -> None:
        """Decide anew about one of `TYPES`."""

        def work(session: Session) -> None:
            domain = permitted(session, Action.CHANGE_SETTINGS, caller, domain_id)
            now = moment(self._transactions.clock())
            record = _saved(session, domain.id, values["type"])
            if record is None:
                record = SnippetRecord(domain_id=domain.id, def_time=now)
                session.add(record)
            record.mod_time = now
            for name, value in values.items():
                setattr(record, name, value)

        await self._transactions.write(work)


def _saved(session: Session, domain_id: str, kind: str) -> SnippetRecord | None:
    return session.scalar(select(SnippetRecord).filter_by(domain_id=domain_id, type=kind))


def _wire(domain: DomainRecord, kind: str, record: SnippetRecord | None) -> dict[str, Any]:
    times = record or domain
    usual = {field.name: field.kind is not Kind.FLAG and "" for field in DECIDED}
    return {
        "id": "" if record is None else record.id,
        "def_time": wire_time(times.def_time),
        "mod_time": wire_time(times.mod_time),
        "domain_id": domain.id,
        "type": kind,
        **(usual if record is None else {name: getattr(record, name) for name in usual}),
    }
