"""Logging in: a password, then the second factor where there is one (`clients.md` section 1)."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy.orm import Session

from hoofprint.errors import Invalid, Unauthenticated
from hoofprint.management import passwords
from hoofprint.management.accounts import second_factor
from hoofprint.management.accounts.codes import find, give
from hoofprint.management.accounts.logins import Device, open_login
from hoofprint.management.transactions import Transactions
from hoofprint.management.users import find_user
from hoofprint.records.tables import CodeKind, UserRecord

UNCONFIRMED = "is not confirmed yet: follow the link in the mail"


class Entered(Struct, frozen=True):
    """The token of a login, or the challenge of its second step.

    `kept`: the account was to end, and no longer is.
    """

    token: str = ""
    challenge: str = ""
    kept: bool = False


class _Known(Struct, frozen=True):
    user_id: str
    password_hash: str
    confirmed: bool


class Entering:
    """Lets people in who know their password, and have what their second factor asks for."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def log_in(self, email: str, password: str, device: Device) -> Entered:
        """A login, or what its second step needs.

        Raises Unauthenticated for an unknown address as for a wrong password, and after as long.
        Raises Invalid, only for the right password, if the address is not confirmed.
        """
        known = await self._transactions.read(lambda session: _known(session, email))
        kept = None if known is None else known.password_hash
        if not await passwords.matches(kept, password) or known is None:
            raise Unauthenticated
        if not known.confirmed:
            raise Invalid({"email": UNCONFIRMED})
        fresh = ""
        if passwords.is_outdated(known.password_hash):
            fresh = await passwords.hashed(password)

        def work(session: Session) -> Entered:
            user = session.get(UserRecord, known.user_id)
            if user is None or user.password_hash != known.password_hash:
                raise Unauthenticated  # changed while it was compared
            if fresh:
                user.password_hash = fresh
            now = self._transactions.clock()
            if second_factor.is_asked_for(session, user.id):
                return Entered(challenge=give(session, CodeKind.SECOND, user.id, now))
            return _opened(session, user, device, now)

        return await self._transactions.write(work)

    async def whose(self, challenge: str) -> str:
        """The id of the account that the second step of a login is for. Raises Unauthenticated."""
        return await self._transactions.read(
            lambda session: _challenged(session, challenge, self._transactions.clock()).id
        )

    async def second_step(self, challenge: str, code: str, device: Device) -> Entered:
        """A login, for a code of the app or a recovery code.

        Raises Unauthenticated if the first step was too long ago, Invalid for a wrong code, after
        which another one may be tried.
        """

        def work(session: Session) -> Entered:
            now = self._transactions.clock()
            user = _challenged(session, challenge, now)
            if not second_factor.take(session, user, code, now):
                raise Invalid({"code": second_factor.WRONG})
            session.delete(find(session, challenge, now, CodeKind.SECOND))
            return _opened(session, user, device, now)

        return await self._transactions.write(work)


def _opened(session: Session, user: UserRecord, device: Device, now: float) -> Entered:
    kept = user.ends is not None
    return Entered(open_login(session, user, device, now), kept=kept)


def _known(session: Session, email: str) -> _Known | None:
    user = find_user(session, email)
    if user is None:
        return None
    return _Known(user.id, user.password_hash, user.confirmed is not None)


def _challenged(session: Session, challenge: str, now: float) -> UserRecord:
    try:
        step = find(session, challenge, now, CodeKind.SECOND)
    except Invalid:
        raise Unauthenticated from None
    return session.get_one(UserRecord, step.user_id)
