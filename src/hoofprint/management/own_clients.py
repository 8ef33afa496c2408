"""Clients managed by clients: of a domain, or of one's own account (`api.md`, Managing Clients)."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from hoofprint.errors import Invalid, NotFound
from hoofprint.management.access import Action, permitted, permitted_user
from hoofprint.management.clients import NewClient, create_client, list_clients, wire_client
from hoofprint.management.resource import Field, Values, holds
from hoofprint.management.scopes import COLLECTING
from hoofprint.management.transactions import Transactions
from hoofprint.model.principal import Principal, Scope
from hoofprint.records.ids import ID_LENGTH, is_text_of
from hoofprint.records.moments import moment
from hoofprint.records.tables import ClientRecord, ClientType

FIELDS = (
    Field("type", required=True, one_of=tuple(ClientType)),
    Field("description"),
    *(Field(f"scope_{scope}", about="Empty, r or w.", longest=2) for scope in Scope),
)
BEYOND = "is more than your own client may do"


class OwnClients:
    """Manages clients for clients; what is changed counts at once.

    Every method raises Forbidden or NotFound as `management/access.py` has it.
    """

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def create(self, caller: Principal, domain_id: str, values: Values) -> dict[str, Any]:
        """The fields of a new client with its secret, which is shown this once.

        Raises Invalid. What an access key can't be given is left out, and nobody gives an account's
        client more than the own one may do.
        """

        def work(session: Session) -> dict[str, Any]:
            kind = ClientType(values["type"])
            scopes = {scope.value: values[f"scope_{scope}"] for scope in Scope}
            if kind is ClientType.TOKEN:
                scopes = {name: mode for name, mode in scopes.items() if name in COLLECTING}
            user_id = None
            if domain_id:
                permitted(session, Action.CHANGE_CLIENTS, caller, domain_id)
            else:
                user_id = permitted_user(session, Action.CHANGE_OWN_CLIENTS, caller).id
            new = NewClient(
                kind,
                domain_id or None,
                user_id,
                {name: mode for name, mode in scopes.items() if mode},
                values["description"],
            )
            made = create_client(session, new, self._transactions.clock())
            if user_id is not None:
                _check_not_beyond(caller, made.record)
            return wire_client(made.record) | {"client_secret": made.secret}

        return await self._transactions.write(work)

    async def describe(self, caller: Principal, client_id: str, description: str) -> dict[str, Any]:
        """The fields of a client with another description."""

        def work(session: Session) -> dict[str, Any]:
            record = _permitted_client(session, caller, client_id)
            record.description = description
            record.mod_time = moment(self._transactions.clock())
            return wire_client(record)

        return await self._transactions.write(work)

    async def delete(self, caller: Principal, client_id: str) -> None:
        """End a client for good; its tokens end with it."""
        await self._transactions.write(
            lambda session: session.delete(_permitted_client(session, caller, client_id))
        )

    async def list(
        self, caller: Principal, domain_id: str, search: str = ""
    ) -> list[dict[str, Any]]:
        """The fields of a domain's clients, or of the caller's own account's, the oldest first."""

        def work(session: Session) -> list[dict[str, Any]]:
            if domain_id:
                permitted(session, Action.READ_SETTINGS, caller, domain_id)
                found = list_clients(session, domain_id=domain_id)
            else:
                user = permitted_user(session, Action.READ_OWN_CLIENTS, caller)
                found = list_clients(session, user_id=user.id)
            return [wire_client(one) for one in found if holds([one.description], search)]

        return await self._transactions.read(work)


def _check_not_beyond(caller: Principal, record: ClientRecord) -> None:
    beyond = {
        f"scope_{name}": BEYOND
        for name, mode in record.scopes.items()
        if not caller.may(Scope(name), mode)
    }
    if beyond:
        raise Invalid(beyond)


def _permitted_client(session: Session, caller: Principal, client_id: str) -> ClientRecord:
    """A client that the caller may change; to anybody else it does not exist."""
    record = session.get(ClientRecord, client_id) if is_text_of(client_id, ID_LENGTH) else None
    if record is not None and record.user_id is not None:
        user = permitted_user(session, Action.CHANGE_OWN_CLIENTS, caller)
        if record.user_id != user.id:
            raise NotFound
        return record
    domain_id = "" if record is None else record.domain_id or ""
    permitted(session, Action.CHANGE_CLIENTS, caller, domain_id)
    if record is None:
        raise NotFound
    return record
