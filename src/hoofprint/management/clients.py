"""Clients: creating and finding the credentials of programs (`clients.md` section 1)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from hoofprint.errors import Invalid
from hoofprint.management.scopes import COLLECTING, POSSIBLE, READ, USUAL, WRITE, read_scopes
from hoofprint.management.users import find_user
from hoofprint.model.principal import Principal, Scope
from hoofprint.records.ids import new_access_key, new_code, new_secret
from hoofprint.records.moments import moment, wire_time
from hoofprint.records.tables import ClientRecord, ClientType, DomainRecord, LoginRecord


class NewClient(Struct, frozen=True):
    """What a client is made of: it belongs to a domain or to a user.

    `scopes` maps names to `r`, `w` or `rw`; without any it gets the usual ones.
    """

    type: ClientType
    domain_id: str | None = None
    user_id: str | None = None
    scopes: Mapping[str, str] = {}
    description: str = ""


class IssuedClient(Struct, frozen=True):
    """A new client with its secret, which is shown this once."""

    record: ClientRecord
    secret: str


def create_client(session: Session, new: NewClient, now: float) -> IssuedClient:
    """A client whose owner exists. Raises Invalid naming every failing field."""
    if (new.domain_id is None) == (new.user_id is None):
        raise Invalid({}, "a client belongs to a domain or to a user")
    key = new.type is ClientType.TOKEN
    usual, possible = (COLLECTING, COLLECTING) if key else (USUAL, POSSIBLE)
    secret = new_access_key() if key else new_secret()
    record = ClientRecord(
        def_time=moment(now),
        mod_time=moment(now),
        domain_id=new.domain_id,
        user_id=new.user_id,
        type=new.type.value,
        client_id=new_code(),
        secret_hash=hash_secret(secret),
        description=new.description.strip(),
        scopes=read_scopes(new.scopes or usual, possible),
    )
    session.add(record)
    session.flush()
    return IssuedClient(record, secret)


def owner_ids(
    session: Session, domain_id: str | None, email: str | None
) -> tuple[str | None, str | None]:
    """The ids of the domain and of the user that were named. Raises Invalid for unknown ones."""
    wrong: dict[str, str] = {}
    if domain_id is not None and session.get(DomainRecord, domain_id) is None:
        wrong["domain"] = "is unknown"
    user = None if email is None else find_user(session, email)
    if email is not None and user is None:
        wrong["user"] = "has no account"
    if wrong:
        raise Invalid(wrong)
    return domain_id, None if user is None else user.id


def hash_secret(secret: str) -> str:
    """How a secret is kept: it is too random to be guessed, so a plain hash will do."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def principal_of(record: ClientRecord) -> Principal:
    """The caller that a client is."""
    return Principal(
        client_id=record.client_id,
        scopes=dict(record.scopes),
        domain_id=record.domain_id,
        user_id=record.user_id,
        write_only=record.type == ClientType.TOKEN,
    )


def login_principal(record: LoginRecord) -> Principal:
    """The caller that a person is who has logged in: a client of the user, with every scope."""
    return Principal(
        client_id=f"login:{record.id}",
        scopes={scope: WRITE if WRITE in modes else READ for scope, modes in POSSIBLE.items()},
        user_id=record.user_id,
        login_id=record.id,
    )


def list_clients(
    session: Session, domain_id: str | None = None, user_id: str | None = None
) -> Sequence[ClientRecord]:
    """Clients, the oldest first: all, or those of a domain or of a user."""
    wanted = select(ClientRecord).order_by(ClientRecord.def_time, ClientRecord.id)
    if domain_id is not None:
        wanted = wanted.where(ClientRecord.domain_id == domain_id)
    if user_id is not None:
        wanted = wanted.where(ClientRecord.user_id == user_id)
    return session.scalars(wanted).all()


def wire_client(record: ClientRecord) -> dict[str, Any]:
    """The fields of `GET /client`, and the type and the user that the client belongs to."""
    return {
        "id": record.id,
        "def_time": wire_time(record.def_time),
        "mod_time": wire_time(record.mod_time),
        "domain_id": record.domain_id,
        "user_id": record.user_id,
        "type": record.type,
        "client_id": record.client_id,
        "description": record.description,
        **{f"scope_{scope}": record.scopes.get(scope, "") for scope in Scope},
    }
