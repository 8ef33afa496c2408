"""The domains a client may see, as `GET /domain` shows them (`api.md`, Getting the Domain ID)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Struct, structs
from sqlalchemy import ColumnElement, case, or_, select
from sqlalchemy.orm import Session, joinedload

from hoofprint.errors import NotFound, Unauthenticated
from hoofprint.management.access import Action, Asker, check, first_value
from hoofprint.management.domains import PRIVATE, wire
from hoofprint.management.hostnames import WWW, bare
from hoofprint.management.reach import domains_of, has_ended, link_with, members_of
from hoofprint.model.principal import Principal
from hoofprint.records.engine import Records
from hoofprint.records.tables import DomainRecord
from hoofprint.records.texts import NUL

THEMES = (joinedload(DomainRecord.base_theme),)
"""What is loaded with many domains at once that are to be shown."""


class Wanted(Struct, frozen=True):
    """Which one domain is asked for; `domain` is a custom domain or a hostname, `access` a code."""

    id: str = ""
    subdomain: str = ""
    domain: str = ""
    access: str = ""


class Domains:
    """Reads domains for clients, straight from the records."""

    def __init__(self, records: Records, clock: Callable[[], float]) -> None:
        self._records = records
        self._clock = clock

    async def answer(
        self, principal: Principal | None, pairs: Sequence[tuple[str, str]]
    ) -> list[dict[str, Any]] | dict[str, Any]:
        """What `GET /domain` answers to a caller with these query parameters."""
        wanted = Wanted(**{name: first_value(pairs, name) for name in Wanted.__struct_fields__})
        if wanted == Wanted():
            return await self.list_domains(principal)
        return await self.get_domain(principal, wanted)

    async def list_domains(self, principal: Principal | None) -> list[dict[str, Any]]:
        """A domain client's one domain, all of a user client's. Raises Unauthenticated."""
        if principal is None:
            raise Unauthenticated
        return await asyncio.to_thread(
            self._records.read,
            lambda s: [wire(r.record, r.role) for r in domains_of(s, principal, load=THEMES)],
        )

    async def get_domain(self, principal: Principal | None, wanted: Wanted) -> dict[str, Any]:
        """The one domain asked for. Raises NotFound, or Unauthenticated for strangers."""
        if any(NUL in value for value in structs.astuple(wanted)):
            raise NotFound
        now = self._clock()
        return await asyncio.to_thread(
            self._records.read, lambda s: _get_domain(s, principal, wanted, now)
        )

    async def members(self, domain_id: str) -> int:
        """How many people a domain has, its owner among them."""
        return await asyncio.to_thread(self._records.read, lambda s: members_of(s, domain_id))


def _get_domain(
    session: Session, principal: Principal | None, wanted: Wanted, now: float
) -> dict[str, Any]:
    """The domain that the caller reaches, else one that a link opens, else a public one."""
    opened = _opened_by(session, wanted.access, now)
    condition = _condition(wanted, opened)
    reached = [] if principal is None else domains_of(session, principal, condition)
    reached.sort(key=lambda r: r.record.custom_domain != wanted.domain.lower())
    record, known_as = reached[0] if reached else (None, None)
    if record is None:
        open_to_all = or_(DomainRecord.public, DomainRecord.id == (opened or ""))
        found = select(DomainRecord).where(condition, open_to_all)
        custom_first = case((DomainRecord.custom_domain == wanted.domain.lower(), 0), else_=1)
        first = found.order_by(custom_first, DomainRecord.def_time, DomainRecord.id).limit(1)
        record = session.scalar(first)
    linked = None if opened is None else record is not None and record.id == opened
    public = record is not None and record.public
    role = check(Action.READ_DOMAIN, Asker(principal, known_as, linked), public)
    if record is None:
        raise NotFound
    return wire(record, role) | ({} if known_as else PRIVATE)


def _opened_by(session: Session, code: str, now: float) -> str | None:
    """The id of the domain that an access link opens now."""
    link = link_with(session, code) if code else None
    return None if link is None or has_ended(link.valid_until, now) else link.domain_id


def _condition(wanted: Wanted, opened: str | None) -> ColumnElement[bool]:
    if wanted.id:
        return DomainRecord.id == wanted.id
    if wanted.subdomain:
        return DomainRecord.subdomain == wanted.subdomain.lower()
    if wanted.domain:
        name = bare(wanted.domain)
        typed = wanted.domain.lower()
        return or_(
            DomainRecord.custom_domain == typed, DomainRecord.hostname.in_([name, WWW + name])
        )
    return DomainRecord.id == (opened or "")
