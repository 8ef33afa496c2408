"""The exchange of a client's id and secret for a token (`api.md`, Getting an Access Token)."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Callable

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from hoofprint.errors import Unauthenticated
from hoofprint.management.clients import hash_secret
from hoofprint.management.tokens import Tokens
from hoofprint.management.windows import MINUTE, SlidingWindow
from hoofprint.records.engine import Records
from hoofprint.records.ids import CODE_LENGTH, is_text_of
from hoofprint.records.moments import moment, wire_time
from hoofprint.records.tables import ClientRecord, ClientType

WRONG_SECRETS = 10
NOBODY = "0" * 64
"""Compared for an unknown client, so that it takes as long as a known one."""


class Token(Struct, frozen=True):
    """The answer of `POST /token`."""

    access_token: str
    expires_at: str


class Exchange:
    """Gives tokens to clients that know their secret; so many wrong secrets a minute are fine."""

    def __init__(
        self,
        records: Records,
        tokens: Tokens,
        clock: Callable[[], float],
        wrong_secrets: int = WRONG_SECRETS,
    ) -> None:
        self._records = records
        self._tokens = tokens
        self._clock = clock
        self._of_clients = SlidingWindow(wrong_secrets, MINUTE, clock)
        self._from_addresses = SlidingWindow(wrong_secrets, MINUTE, clock)

    async def exchange(self, client_id: str, client_secret: str, network: str = "") -> Token:
        """A token for 60 minutes; `network` is where the request comes from, if that is known.

        Raises Unauthenticated for wrong credentials, TooManyRequests after too many of them for a
        client or from a network. The right secret always works: nobody can lock a client out.
        """
        if not is_text_of(client_id, CODE_LENGTH):
            self._note("", network)
            raise Unauthenticated
        kept = await asyncio.to_thread(self._records.read, lambda s: _secret_hash(s, client_id))
        if not hmac.compare_digest(hash_secret(client_secret), kept or NOBODY) or kept is None:
            self._note(client_id, network)
            raise Unauthenticated
        token, expires = self._tokens.issue(client_id, self._clock())
        return Token(token, wire_time(moment(expires)))

    def _note(self, client_id: str, network: str) -> None:
        """Count wrong credentials. Raises TooManyRequests."""
        if network:
            self._from_addresses.note(network)
        if client_id:
            self._of_clients.note(client_id)


def _secret_hash(session: Session, client_id: str) -> str | None:
    """Access keys are sent as they are: they can't be exchanged."""
    return session.scalar(
        select(ClientRecord.secret_hash).where(
            ClientRecord.client_id == client_id, ClientRecord.type == ClientType.OAUTH.value
        )
    )
