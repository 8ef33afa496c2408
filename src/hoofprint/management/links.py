"""Access links: a code lets whoever has it read one domain (`api.md`, Managing Access Links)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from hoofprint.errors import Invalid, NotFound
from hoofprint.management.access import Action, permitted
from hoofprint.management.clients import hash_secret
from hoofprint.model.principal import Principal
from hoofprint.records.engine import Records
from hoofprint.records.ids import ID_LENGTH, is_text_of, new_code
from hoofprint.records.moments import moment, wire_time
from hoofprint.records.tables import AccessLinkRecord
from hoofprint.records.texts import NUL

T = TypeVar("T")
LONGEST_DESCRIPTION = 1000


class Link(Struct, frozen=True):
    """What somebody decides about an access link; without `valid_until` it never ends."""

    description: str = ""
    valid_until: datetime | None = None


class Links:
    """Manages the access links of domains for clients; what is changed counts at once.

    Every method raises Forbidden or NotFound as `management/access.py` has it.
    """

    def __init__(
        self, records: Records, clock: Callable[[], float], changed: Callable[[], None]
    ) -> None:
        self._records = records
        self._clock = clock
        self._changed = changed

    async def list(self, caller: Principal, domain_id: str) -> list[dict[str, Any]]:
        """The fields of each link of a domain, the oldest first."""

        def work(session: Session) -> list[dict[str, Any]]:
            permitted(session, Action.READ_SETTINGS, caller, domain_id)
            return [wire_link(record) for record in links_of(session, domain_id)]

        return await asyncio.to_thread(self._records.read, work)

    async def create(self, caller: Principal, domain_id: str, link: Link) -> dict[str, Any]:
        """The fields of a new link; its end is not among them. Raises Invalid."""

        def work(session: Session) -> AccessLinkRecord:
            permitted(session, Action.CHANGE_SETTINGS, caller, domain_id)
            return create_link(session, domain_id, link, self._clock())

        made = wire_link(await self._write(work))
        del made["valid_until"]
        return made

    async def update(self, caller: Principal, link_id: str, link: Link) -> None:
        """Decide anew about a link; its code stays. Raises Invalid."""

        def work(session: Session) -> None:
            record = _permitted_link(session, caller, link_id)
            _check(link)
            record.description = link.description
            record.valid_until = link.valid_until
            record.mod_time = moment(self._clock())

        await self._write(work)

    async def delete(self, caller: Principal, link_id: str) -> None:
        """End a link for good."""
        await self._write(lambda s: s.delete(_permitted_link(s, caller, link_id)))

    async def _write(self, work: Callable[[Session], T]) -> T:
        result = await asyncio.to_thread(self._records.write, work)
        self._changed()
        return result


def create_link(session: Session, domain_id: str, link: Link, now: float) -> AccessLinkRecord:
    """The record of a new link of a domain that exists. Raises Invalid."""
    _check(link)
    code = new_code()
    record = AccessLinkRecord(
        def_time=moment(now),
        mod_time=moment(now),
        domain_id=domain_id,
        code=code,
        code_hash=hash_secret(code),
        description=link.description,
        valid_until=link.valid_until,
    )
    session.add(record)
    session.flush()
    return record


def links_of(session: Session, domain_id: str) -> list[AccessLinkRecord]:
    """The links of a domain, the oldest first."""
    wanted = select(AccessLinkRecord).where(AccessLinkRecord.domain_id == domain_id)
    in_order = wanted.order_by(AccessLinkRecord.def_time, AccessLinkRecord.id)
    return list(session.scalars(in_order))


def wire_link(record: AccessLinkRecord) -> dict[str, Any]:
    """The fields of `GET /domain/link`."""
    until = record.valid_until
    return {
        "id": record.id,
        "def_time": wire_time(record.def_time),
        "mod_time": wire_time(record.mod_time),
        "domain_id": record.domain_id,
        "code": record.code,
        "description": record.description,
        "valid_until": None if until is None else wire_time(until),
    }


def _permitted_link(session: Session, caller: Principal, link_id: str) -> AccessLinkRecord:
    """A link that the caller may change; to anybody else it does not exist."""
    record = session.get(AccessLinkRecord, link_id) if is_text_of(link_id, ID_LENGTH) else None
    permitted(session, Action.CHANGE_SETTINGS, caller, "" if record is None else record.domain_id)
    if record is None:
        raise NotFound
    return record


def _check(link: Link) -> None:
    if len(link.description) > LONGEST_DESCRIPTION or NUL in link.description:
        most = f"must have at most {LONGEST_DESCRIPTION} characters, none NUL"
        raise Invalid({"description": most})
