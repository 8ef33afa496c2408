"""Custom domains: further hostnames of dashboards (`api.md`, Set a Custom Domain).

A TXT record shows that whoever wants one may use it.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Awaitable, Callable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from hoofprint.errors import Invalid
from hoofprint.management.access import Action, permitted
from hoofprint.management.domains import WRONG_HOSTNAME
from hoofprint.management.hostnames import read_hostname
from hoofprint.management.hosts import Hosts, is_address
from hoofprint.management.resource import Field
from hoofprint.management.transactions import Transactions
from hoofprint.model.principal import Principal
from hoofprint.records.moments import moment
from hoofprint.records.tables import DomainRecord
from hoofprint.records.tables.record import HOSTNAME_LENGTH

HOSTNAME = Field("hostname", about="Empty takes it away.", longest=HOSTNAME_LENGTH)
PREFIX = "_hoofprint"
VALUE = "hoofprint-domain="
TOKEN_LENGTH = 40
PURPOSE = b"hoofprint custom domain"
AN_ADDRESS = "must be a name, no address"
NO_DOT = "must be a name below a public one, like stats.example.com"
OWN = "is a host of this server itself"
TAKEN = "is the custom domain of another dashboard"

Look = Callable[[str], Awaitable[Sequence[str]]]
"""The TXT records of a name, empty if there are none. Raises DnsFailed."""


class Proof:
    """Makes the values of TXT records: always the same for a domain and a hostname, and secret.

    `secret` is known to this instance only.
    """

    def __init__(self, secret: bytes) -> None:
        self._key = hmac.digest(secret, PURPOSE, "sha256")

    def value(self, domain_id: str, hostname: str) -> str:
        """What the TXT record of a hostname has to be for a domain."""
        of = f"{domain_id}\n{hostname}".encode()
        return VALUE + hmac.new(self._key, of, hashlib.sha256).hexdigest()[:TOKEN_LENGTH]


class CustomDomains:
    """Changes custom domains for clients; what is changed counts at once."""

    def __init__(self, transactions: Transactions, look: Look, proof: Proof, hosts: Hosts) -> None:
        self._transactions = transactions
        self._look = look
        self._proof = proof
        self._hosts = hosts

    async def set(self, caller: Principal, domain_id: str, hostname: str) -> None:
        """Serve a dashboard under another hostname, too, or with an empty one no longer.

        Raises Forbidden, NotFound, DnsFailed, or Invalid, which says which TXT record is missing.
        """
        wanted = self._read(hostname) if hostname else None

        def known(session: Session) -> bool:
            domain = permitted(session, Action.CHANGE_SETTINGS, caller, domain_id)
            _check_free(session, domain, wanted)
            return domain.custom_domain == wanted

        def change(session: Session) -> None:
            domain = permitted(session, Action.CHANGE_SETTINGS, caller, domain_id)
            _check_free(session, domain, wanted)
            domain.custom_domain = wanted
            domain.mod_time = moment(self._transactions.clock())

        # Asking the DNS takes seconds: no transaction waits for it.
        if await self._transactions.read(known):
            return
        if wanted is not None:
            await self._check_proof(domain_id, wanted)
        await self._transactions.write(change)

    def _read(self, text: str) -> str:
        hostname = read_hostname(text)
        if hostname is None:
            raise Invalid({HOSTNAME.name: WRONG_HOSTNAME})
        if is_address(hostname):
            raise Invalid({HOSTNAME.name: AN_ADDRESS})
        if self._hosts.is_own(hostname) or self._hosts.is_below_base(hostname):
            raise Invalid({HOSTNAME.name: OWN})
        if "." not in hostname:
            raise Invalid({HOSTNAME.name: NO_DOT})
        return hostname

    async def _check_proof(self, domain_id: str, hostname: str) -> None:
        name, value = f"{PREFIX}.{hostname}", self._proof.value(domain_id, hostname)
        found = await self._look(name)
        if not any(hmac.compare_digest(one.strip().encode(), value.encode()) for one in found):
            raise Invalid(
                {HOSTNAME.name: f'needs a TXT record at {name} with the value "{value}" first'}
            )


def _check_free(session: Session, domain: DomainRecord, hostname: str | None) -> None:
    if hostname is None:
        return
    wanted = select(DomainRecord.id).where(DomainRecord.custom_domain == hostname)
    if session.scalar(wanted) not in {None, domain.id}:
        raise Invalid({HOSTNAME.name: TAKEN})
