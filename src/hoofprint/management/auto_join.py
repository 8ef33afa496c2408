"""Hosts of e-mail addresses that join an organization (`api.md`, Adding Auto-Join Hostnames)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files

from sqlalchemy import select
from sqlalchemy.orm import Session

from hoofprint.errors import Invalid, NotFound
from hoofprint.management import lists
from hoofprint.management.access import Action, permitted_organization
from hoofprint.management.hostnames import read_hostname
from hoofprint.management.resource import Field, Kind, some_of
from hoofprint.management.transactions import Transactions
from hoofprint.model.principal import Principal
from hoofprint.records.moments import moment
from hoofprint.records.tables import AutoJoinRecord
from hoofprint.records.tables.record import HOSTNAME_LENGTH

HOSTS = Field("auto_join", Kind.TEXTS, required=True, longest=HOSTNAME_LENGTH)
FREE_MAIL = ("free_mail.txt", "free_mail_overlay.txt")
MOST_HOSTS = 100
"""So many an organization may have."""


class AutoJoin:
    """Manages auto-join hostnames for clients of users.

    Every method raises Forbidden or NotFound as `management/access.py` has it.
    """

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def add(self, caller: Principal, organization_id: str, hosts: Sequence[str]) -> None:
        """Add hosts from `read_hosts`; those that are there stay. Raises Invalid."""

        def work(session: Session) -> None:
            action = Action.CHANGE_AUTO_JOIN
            organization = permitted_organization(session, action, caller, organization_id)
            mine = select(AutoJoinRecord.hostname).filter_by(organization_id=organization.id)
            there = set(session.scalars(mine))
            if len(there.union(hosts)) > MOST_HOSTS:
                raise Invalid({HOSTS.name: f"there may be at most {MOST_HOSTS}"})
            now = moment(self._transactions.clock())
            session.add_all(
                AutoJoinRecord(
                    organization_id=organization.id, hostname=host, def_time=now, mod_time=now
                )
                for host in hosts
                if host not in there
            )

        await self._transactions.write(work)

    async def remove(self, caller: Principal, organization_id: str, host: str) -> None:
        """Remove a host; whoever joined because of it stays."""

        def work(session: Session) -> None:
            action = Action.CHANGE_AUTO_JOIN
            organization = permitted_organization(session, action, caller, organization_id)
            name = read_hostname(host)
            mine = select(AutoJoinRecord).filter_by(
                organization_id=organization.id, hostname=name or ""
            )
            found = session.scalar(mine)
            if found is None:
                raise NotFound
            session.delete(found)

        await self._transactions.write(work)


def read_hosts(texts: Sequence[str]) -> tuple[list[str], str]:
    """The hosts that are meant, each once, and what is wrong with them, empty if nothing is."""
    read = {text.strip(): read_hostname(text) for text in texts}
    if strange := [text for text, host in read.items() if host is None or "." not in host]:
        return [], f"no hostname like example.com: {some_of(strange)}"
    hosts = [host for host in dict.fromkeys(read.values()) if host is not None]
    if free := [host for host in hosts if host in free_mail_hosts()]:
        return [], f"anybody can have such an address: {some_of(free)}"
    return hosts, "" if hosts else "is required"


@lru_cache(maxsize=1)
def free_mail_hosts() -> frozenset[str]:
    """The hosts whose e-mail addresses anybody can get (`management/lists/README.md`)."""
    texts = [files(lists).joinpath(name).read_text("ascii") for name in FREE_MAIL]
    return frozenset("\n".join(texts).split())
