"""Usage of domains, of deleted ones too (`api.md`, Billing; `clients.md` section 5)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hoofprint.errors import Forbidden
from hoofprint.management.access import RIGHTS, Action
from hoofprint.management.domains import wire
from hoofprint.management.reach import domains_of
from hoofprint.management.transactions import Transactions
from hoofprint.model.principal import Principal
from hoofprint.model.role import Role
from hoofprint.records.moments import wire_time
from hoofprint.records.tables import EndedDomainRecord

MOST_ROWS = 50
"""More domains than these are one row."""
ALL = {"id": "", "hostname": "All", "display_name": "All"}

Usage = Callable[[Sequence[str], date, date], Mapping[str, int]]
"""What is billed of domains (ids) for UTC days, both included, by domain."""


class Billing:
    """Tells clients what is billed; `usage` may block."""

    def __init__(self, transactions: Transactions, usage: Usage) -> None:
        self._transactions = transactions
        self._usage = usage

    async def usage(self, caller: Principal, first: date, last: date) -> list[dict[str, Any]]:
        """The usage of the domains that are billed to the caller, the largest first.

        A domain's client sees its own domain, a user's the ones the user owns and has deleted.
        Raises Forbidden or StoreError.
        """
        if not RIGHTS[Action.READ_BILLING].granted_to(caller):
            raise Forbidden
        domains = await self._transactions.read(lambda session: _billed(session, caller))
        used = await asyncio.to_thread(self._usage, list(domains), first, last)
        if len(domains) > MOST_ROWS:
            return [{"domain": ALL, "page_views": sum(used.values())}]
        rows = [
            {"domain": shown, "page_views": used.get(domain_id, 0)}
            for domain_id, shown in domains.items()
        ]
        return sorted(rows, key=lambda row: -row["page_views"])


def _billed(session: Session, caller: Principal) -> dict[str, dict[str, Any]]:
    """The domains that are billed to the caller as they are shown, by id."""
    whole = caller.user_id is None
    found = {
        reached.record.id: wire(reached.record, reached.role)
        for reached in domains_of(session, caller)
        if whole or reached.role is Role.OWNER
    }
    if whole:
        return found
    ended = select(EndedDomainRecord).filter_by(user_id=caller.user_id)
    oldest = ended.order_by(EndedDomainRecord.def_time, EndedDomainRecord.id)
    return found | {
        record.id: {
            "id": record.id,
            "def_time": wire_time(record.def_time),
            "mod_time": wire_time(record.mod_time),
            "user_id": record.user_id,
            "hostname": record.hostname,
        }
        for record in session.scalars(oldest)
    }
