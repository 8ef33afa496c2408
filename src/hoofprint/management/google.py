"""The Google accounts that domains are connected to: consent, properties, and their end.

A state that Google sends back is sealed: it says who has asked to connect which domain, and that
the browser has the cookie that was given to it then, so nobody can be made to connect the account
of theirs to the domain of another. Tokens are kept sealed; they are in no answer and in no log.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from hoofprint.errors import Invalid, Unauthenticated
from hoofprint.management.access import Action, permitted
from hoofprint.management.audit import Doing, doing
from hoofprint.management.sealing import Seal
from hoofprint.management.transactions import Transactions
from hoofprint.model.principal import Principal
from hoofprint.records.engine import Records
from hoofprint.records.moments import moment
from hoofprint.records.tables import DomainRecord, GoogleRecord

STATE_SECONDS = 900
"""So long somebody may take to consent."""
NOT_CONNECTED = "is not connected to a Google account"


class GoogleUser(Protocol):
    """Who has consented (`jobs/google.py`)."""

    @property
    def token(self) -> str:
        """What stands for the consent."""
        ...

    @property
    def user_id(self) -> str:
        """Google's id of the account."""
        ...

    @property
    def email(self) -> str:
        """The account's address."""
        ...


class Google(Protocol):
    """What is needed of `jobs/google.py`; every method raises Invalid or Unavailable."""

    def consent_url(self, state: str) -> str:
        """Where somebody consents."""
        ...

    def exchange(self, code: str) -> GoogleUser:
        """Who has consented."""
        ...

    def properties(self, token: str) -> Sequence[tuple[str, str]]:
        """Names and ids of what the account may read."""
        ...

    def revoke(self, token: str) -> None:
        """Let Google forget a token."""
        ...


class Consent(NamedTuple):
    """Where somebody consents, and the secret that their browser keeps meanwhile."""

    url: str
    cookie: str


class GoogleTokens:
    """The token of the account that a domain is connected to."""

    def __init__(self, records: Records, seal: Seal) -> None:
        self._records = records
        self._seal = seal

    def of_domain(self, domain_id: str) -> str | None:
        """None without one. Raises Unavailable."""
        record = self._records.read(lambda session: _account_of(session, domain_id))
        return None if record is None else self._seal.open(record.token).decode()


class GoogleAccounts:
    """Connects domains for clients.

    Every method raises Forbidden or NotFound as `management/access.py` has it.
    """

    def __init__(
        self, transactions: Transactions, google: Google, seal: Seal, tokens: GoogleTokens
    ) -> None:
        self._transactions = transactions
        self._google = google
        self._seal = seal
        self._tokens = tokens

    async def connect(self, caller: Principal, domain_id: str) -> Consent:
        """Where the caller consents. Raises Invalid where Google is not set up."""
        await self._transactions.read(
            lambda session: permitted(session, Action.CONNECT_GOOGLE, caller, domain_id)
        )
        cookie = secrets.token_urlsafe(32)
        claims = {
            "domain": domain_id,
            "client": caller.client_id,
            "user": caller.user_id,
            "of_domain": caller.domain_id,
            "scopes": caller.scopes,
            "browser": _hash(cookie),
        }
        state = self._seal.seal_claims(claims, self._transactions.clock())
        return Consent(self._google.consent_url(state), cookie)

    async def callback(self, state: str, code: str, cookie: str) -> str:
        """Connect the domain that the state is about; its hostname.

        Raises Unauthenticated for a state that is old, forged, or of another browser.
        """
        now = self._transactions.clock()
        claims = self._seal.open_claims(state, STATE_SECONDS, now)
        if claims is None or not secrets.compare_digest(claims["browser"], _hash(cookie)):
            raise Unauthenticated
        caller = Principal(claims["client"], claims["scopes"], claims["of_domain"], claims["user"])
        domain_id = claims["domain"]
        doing.set(Doing("google_callback", caller))

        def check(session: Session) -> DomainRecord:
            return permitted(session, Action.CONNECT_GOOGLE, caller, domain_id)

        await self._transactions.read(check)
        user = await asyncio.to_thread(self._google.exchange, code)

        def work(session: Session) -> str:
            domain = check(session)
            account = _account_of(session, domain.id)
            if account is None:
                account = GoogleRecord(domain_id=domain.id, def_time=moment(now))
                session.add(account)
            account.mod_time = moment(now)
            account.user_id = caller.user_id
            account.token = self._seal.seal(user.token.encode(), now)
            domain.google_user_id = user.user_id
            domain.google_user_email = user.email
            return domain.hostname

        return await self._transactions.write(work)

    async def disconnect(self, caller: Principal, domain_id: str) -> None:
        """Forget the account, here and as far as possible at Google."""

        def work(session: Session) -> str | None:
            domain = permitted(session, Action.CONNECT_GOOGLE, caller, domain_id)
            account = _account_of(session, domain.id)
            domain.google_user_id = domain.google_user_email = domain.gsc_domain = None
            if account is None:
                return None
            session.delete(account)
            return self._seal.open(account.token).decode()

        token = await self._transactions.write(work)
        if token is not None:
            await asyncio.to_thread(self._google.revoke, token)

    async def properties(self, caller: Principal, domain_id: str) -> list[dict[str, Any]]:
        """What can be imported of the account. Raises Invalid or Unavailable where Google does."""
        await self._transactions.read(
            lambda session: permitted(session, Action.READ_IMPORTS, caller, domain_id)
        )
        token = await asyncio.to_thread(self._tokens.of_domain, domain_id)
        if token is None:
            raise Invalid({"domain_id": NOT_CONNECTED})
        found = await asyncio.to_thread(self._google.properties, token)
        return [{"name": name, "id": number} for name, number in found]


def _account_of(session: Session, domain_id: str) -> GoogleRecord | None:
    return session.scalar(select(GoogleRecord).filter_by(domain_id=domain_id))


def _hash(cookie: str) -> str:
    return hashlib.sha256(cookie.encode()).hexdigest()
