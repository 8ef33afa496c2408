"""Logins: the browsers in which somebody is logged in, until they are ended or end by themselves.

A login ends 30 days after it began, or when it was not used for a week (`clients.md` section 1).
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from hoofprint.errors import NotFound
from hoofprint.management.access import Action, permitted_user
from hoofprint.management.clients import hash_secret
from hoofprint.management.directory import IDLE_SECONDS, KnownLogin
from hoofprint.management.transactions import Transactions
from hoofprint.model.principal import Principal
from hoofprint.records.ids import new_secret
from hoofprint.records.moments import moment, wire_time
from hoofprint.records.tables import LoginRecord, UserRecord
from hoofprint.records.tables.logins import SOFTWARE_LENGTH

LIFETIME_SECONDS = 30 * 86_400.0
SEEN_SECONDS = 60.0
"""When a login was used last is written down at this grain."""


class Device(Struct, frozen=True):
    """Where somebody logs in: the names of browser and system, and what the cookie held before."""

    browser: str = ""
    system: str = ""
    before: str = ""


def open_login(session: Session, user: UserRecord, device: Device, now: float) -> str:
    """The token of a new login; the one that this browser had before ends.

    Whoever logs in keeps an account that was to end.
    """
    end_with(session, device.before)
    user.ends = None
    token = new_secret()
    time = moment(now)
    session.add(
        LoginRecord(
            def_time=time,
            mod_time=time,
            user_id=user.id,
            token_hash=hash_secret(token),
            browser=device.browser[:SOFTWARE_LENGTH],
            system=device.system[:SOFTWARE_LENGTH],
            seen=time,
            ends=moment(now + LIFETIME_SECONDS),
        )
    )
    return token


def end_with(session: Session, token: str) -> None:
    """End the login that a token belongs to, if there is one."""
    if token:
        session.execute(delete(LoginRecord).where(LoginRecord.token_hash == hash_secret(token)))


def end_all(session: Session, user_id: str, but: str | None = None) -> None:
    """End an account's logins, all or all but one."""
    for record in session.scalars(select(LoginRecord).where(LoginRecord.user_id == user_id)).all():
        if record.id != but:
            session.delete(record)  # one by one: the log of changes sees nothing else


class Logins:
    """Shows and ends the caller's logins. Every method raises Forbidden for a program."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def list(self, caller: Principal) -> list[dict[str, Any]]:
        """Those that have not ended, the last used first; `current` is the one that asks."""

        def work(session: Session) -> list[dict[str, Any]]:
            user = permitted_user(session, Action.READ_ACCOUNT, caller)
            now = self._transactions.clock()
            alive = (LoginRecord.ends > moment(now), LoginRecord.seen > moment(now - IDLE_SECONDS))
            mine = select(LoginRecord).where(LoginRecord.user_id == user.id, *alive)
            last = mine.order_by(LoginRecord.seen.desc(), LoginRecord.id)
            return [_wire(record, caller) for record in session.scalars(last)]

        return await self._transactions.read(work)

    async def end(self, caller: Principal, login_id: str) -> None:
        """End one. Raises NotFound for those of others, too."""

        def work(session: Session) -> None:
            user = permitted_user(session, Action.CHANGE_ACCOUNT, caller)
            record = session.get(LoginRecord, login_id)
            if record is None or record.user_id != user.id:
                raise NotFound
            session.delete(record)

        await self._transactions.write(work)

    async def end_others(self, caller: Principal) -> None:
        """End all but the one that asks."""

        def work(session: Session) -> None:
            user = permitted_user(session, Action.CHANGE_ACCOUNT, caller)
            end_all(session, user.id, but=caller.login_id)

        await self._transactions.write(work)

    async def log_out(self, token: str) -> None:
        """End the login with a token, whoever shows it; nothing happens if it has ended."""
        await self._transactions.write(lambda session: end_with(session, token))

    async def seen(self, login: KnownLogin) -> None:
        """Write down that a login is used, if that was not done within the last minute."""
        now = self._transactions.clock()
        if now - login.seen < SEEN_SECONDS:
            return
        mine = update(LoginRecord).where(LoginRecord.id == login.principal.login_id)
        await self._transactions.write(
            lambda session: session.execute(mine.values(seen=moment(now)))
        )


def _wire(record: LoginRecord, caller: Principal) -> dict[str, Any]:
    return {
        "id": record.id,
        "def_time": wire_time(record.def_time),
        "mod_time": wire_time(record.mod_time),
        "seen": wire_time(record.seen),
        "ends": wire_time(record.ends),
        "browser": record.browser,
        "os": record.system,
        "current": record.id == caller.login_id,
    }
