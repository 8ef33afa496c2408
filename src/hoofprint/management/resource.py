"""Regular resources of a domain: what they are made of is declared, how they are managed is here.

All are listed, created, changed and deleted in the same way (`api.md`, Managing Domains and after).
Who may, is said by `management/access.py`; what belongs to others does not exist for the caller.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hoofprint.errors import Invalid, NotFound
from hoofprint.management.access import Action, permitted
from hoofprint.management.transactions import Transactions
from hoofprint.model.principal import Principal
from hoofprint.records.ids import ID_LENGTH, is_text_of
from hoofprint.records.moments import moment, wire_time
from hoofprint.records.tables import DomainRecord
from hoofprint.records.texts import NUL

Values = Mapping[str, Any]
"""What was sent, by the names of fields; a field that was not sent has its default."""

LONGEST = 1000
MOST_TEXTS = 1000
MOST_OBJECTS = 1000
"""So many objects of one kind a domain may have."""
MOST_NAMED, MOST_SHOWN = 10, 100
"""So many wrong texts are named, with so many characters of each."""


class Kind(StrEnum):
    """What a field holds."""

    TEXT = "text"
    WHOLE = "whole number"
    FLAG = "flag"
    TEXTS = "texts"
    OBJECT = "object"


class Field(Struct, frozen=True):
    """A field that is sent.

    `longest` is in characters of each text, or in bytes of an object as JSON. `only_new` is not
    looked at when something is changed. `null`: nothing is kept as null.
    """

    name: str
    kind: Kind = Kind.TEXT
    about: str = ""
    required: bool = False
    longest: int = LONGEST
    one_of: tuple[str, ...] = ()
    least: int = 0
    most: int = 2**31 - 1
    only_new: bool = False
    null: bool = False


class Sent(Struct, frozen=True):
    """What a resource makes its columns of: the domain, what was sent, the object that changes."""

    session: Session
    domain: DomainRecord
    values: Values
    now: float
    before: Any = None


Columns = dict[str, Any]


class Resource(Struct, frozen=True):
    """A kind of object that domains have.

    `columns` gives the columns of the objects that are made of what was sent, usually one; it
    raises Invalid. `shown` are the names of the further fields of an answer, each a column or a key
    of the column `inside`. A `personal` object belongs to one of the domain's people. Objects are
    changed by `changed_by`: POST with an id, or PUT, which answers with the object unless `silent`.
    """

    name: str
    plural: str
    path: str
    record: type[Any]
    fields: tuple[Field, ...]
    shown: tuple[str, ...]
    columns: Callable[[Sent], list[Columns]]
    listed_by: str = "domain_id"
    changed_by: str = "POST"
    silent: bool = False
    several: bool = False
    inside: str = ""
    personal: bool = False
    searched: tuple[str, ...] = ()
    read: Action = Action.READ_SETTINGS
    change: Action = Action.CHANGE_SETTINGS

    def show(self, record: Any) -> dict[str, Any]:
        """An object as it is answered."""
        common = {
            "id": record.id,
            "def_time": wire_time(record.def_time),
            "mod_time": wire_time(record.mod_time),
            "domain_id": record.domain_id,
        }
        return common | {name: self._shown(record, name) for name in self.shown}

    def _shown(self, record: Any, name: str) -> Any:
        inside = getattr(record, self.inside) if self.inside else {}
        value = inside[name] if name in inside else getattr(record, name, None)
        return wire_time(value) if isinstance(value, datetime) else value


class Managing:
    """Manages the objects of every resource for clients; what is changed counts at once.

    Every method raises Forbidden or NotFound as `management/access.py` has it.
    """

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def create(
        self, resource: Resource, caller: Principal, domain_id: str, values: Values
    ) -> list[dict[str, Any]]:
        """The new objects. Raises Invalid naming every failing field."""

        def work(session: Session) -> list[dict[str, Any]]:
            domain = permitted(session, resource.change, caller, domain_id)
            now = self._transactions.clock()
            columns = resource.columns(Sent(session, domain, values, now))
            if _count(session, resource, domain) + len(columns) > MOST_OBJECTS:
                most = f"a domain may have at most {MOST_OBJECTS} {resource.plural}"
                raise Invalid({}, most)
            mine = {"user_id": person(caller, domain)} if resource.personal else {}
            times = {"def_time": moment(now), "mod_time": moment(now)}
            made = [
                resource.record(domain_id=domain.id, **times, **mine, **each) for each in columns
            ]
            session.add_all(made)
            session.flush()
            return [resource.show(record) for record in made]

        return await self._transactions.write(work)

    async def update(
        self,
        resource: Resource,
        caller: Principal,
        object_id: str,
        values: Values,
        domain_id: str = "",
    ) -> dict[str, Any]:
        """The object, of this domain if one is named, after it was decided anew. Raises Invalid."""

        def work(session: Session) -> dict[str, Any]:
            record, domain = _permitted(session, resource, caller, object_id)
            if domain_id and domain.id != domain_id:
                raise NotFound
            now = self._transactions.clock()
            [columns] = resource.columns(Sent(session, domain, values, now, record))
            for name, value in columns.items():
                setattr(record, name, value)
            record.mod_time = moment(now)
            session.flush()
            return resource.show(record)

        return await self._transactions.write(work)

    async def delete(self, resource: Resource, caller: Principal, object_id: str) -> None:
        """End an object for good."""

        def work(session: Session) -> None:
            session.delete(_permitted(session, resource, caller, object_id)[0])

        await self._transactions.write(work)

    async def list(
        self, resource: Resource, caller: Principal, domain_id: str, search: str = ""
    ) -> list[dict[str, Any]]:
        """The objects of a domain that hold a text in one of their names, the oldest first."""

        def work(session: Session) -> list[dict[str, Any]]:
            domain = permitted(session, resource.read, caller, domain_id)
            found = objects_of(session, resource, caller, domain)
            return [
                resource.show(record)
                for record in found
                if holds([getattr(record, name) for name in resource.searched], search)
            ]

        return await self._transactions.read(work)


def objects_of(
    session: Session, resource: Resource, caller: Principal, domain: DomainRecord
) -> Sequence[Any]:
    """A domain's objects, the oldest first; of what is personal those of the caller."""
    record = resource.record
    wanted = select(record).where(record.domain_id == domain.id)
    if resource.personal:
        wanted = wanted.where(record.user_id == person(caller, domain))
    return session.scalars(wanted.order_by(record.def_time, record.id)).all()


def _count(session: Session, resource: Resource, domain: DomainRecord) -> int:
    """How many objects a domain has, whoever's they are."""
    record = resource.record
    return session.scalars(select(func.count(record.id)).where(record.domain_id == domain.id)).one()


def person(caller: Principal, domain: DomainRecord) -> str:
    """Whom a client stands for: its user, or the owner of its domain."""
    return caller.user_id or domain.user_id


def holds(texts: Sequence[str], search: str) -> bool:
    """Whether one of some texts holds another, ignoring case; without a search they do."""
    wanted = search.strip().casefold()
    return not wanted or any(wanted in text.casefold() for text in texts)


def some_of(texts: Sequence[str]) -> str:
    """What is wrong, for whoever sent it: not all of it again if it is much."""
    shown = ", ".join(text[:MOST_SHOWN] for text in texts[:MOST_NAMED])
    return f"{shown}, ..." if len(texts) > MOST_NAMED else shown


def mistakes(fields: Sequence[Field], values: Values) -> dict[str, str]:
    """What is wrong with the values of fields, whatever else is there."""
    wrong: dict[str, str] = {}
    for field in fields:
        value = values.get(field.name)
        if value is not None and (found := _mistake(field, value)):
            wrong[field.name] = found
    return wrong


def _mistake(field: Field, value: Any) -> str:
    match field.kind:
        case Kind.WHOLE:
            fits = field.least <= value <= field.most
            return "" if fits else f"must be a whole number from {field.least} to {field.most}"
        case Kind.OBJECT:
            fits = len(msgspec.json.encode(value)) <= field.longest
            return "" if fits else f"must have at most {field.longest} bytes as JSON"
        case Kind.TEXT:
            return _mistake_in_texts(field, [value])
        case Kind.TEXTS:
            return _mistake_in_texts(field, value)
        case Kind.FLAG:
            return ""


def _mistake_in_texts(field: Field, texts: Sequence[str]) -> str:
    if any(len(text) > field.longest or NUL in text for text in texts):
        return f"must have at most {field.longest} characters, none NUL"
    if len(texts) > MOST_TEXTS:
        return f"must have at most {MOST_TEXTS} values"
    if field.one_of and any(text not in field.one_of for text in texts if text):
        return f"must be one of {', '.join(field.one_of)}"
    return ""


def _permitted(
    session: Session, resource: Resource, caller: Principal, object_id: str
) -> tuple[Any, DomainRecord]:
    """An object that the caller may change, and its domain; to others it does not exist."""
    known = is_text_of(object_id, ID_LENGTH)
    record = session.get(resource.record, object_id) if known else None
    domain_id = "" if record is None else record.domain_id
    domain = permitted(session, resource.change, caller, domain_id)
    if record is None or (resource.personal and record.user_id != person(caller, domain)):
        raise NotFound
    return record, domain
