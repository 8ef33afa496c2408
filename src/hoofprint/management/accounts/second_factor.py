"""The second factor of a login: codes of an app (TOTP, RFC 6238), and codes for when it is lost."""

from __future__ import annotations

import hmac
import secrets
from typing import Any

import pyotp
import segno
from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from hoofprint.errors import Invalid
from hoofprint.management.access import Action, permitted_user
from hoofprint.management.accounts.proof import Proof
from hoofprint.management.clients import hash_secret
from hoofprint.management.transactions import Transactions
from hoofprint.model.principal import Principal
from hoofprint.records.moments import moment
from hoofprint.records.tables import RecoveryCodeRecord, SecondFactorRecord, UserRecord

ISSUER = "Hoofprint"
STEP_SECONDS = 30
DRIFT = 1
"""So many steps a clock may be ahead or behind."""
RECOVERY_CODES = 10
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that look like others."""
WRONG = "is wrong or was used already"


class SecondFactor:
    """Turns the second factor of the caller's account on and off.

    Every method raises Forbidden for a program.
    """

    def __init__(self, transactions: Transactions, proof: Proof) -> None:
        self._transactions = transactions
        self._proof = proof

    async def begin(self, caller: Principal, password: str) -> dict[str, Any]:
        """A new secret, its address and that as a picture (SVG), for the app.

        Nothing is asked for at logins until `confirm`. Raises Invalid for a wrong password, or if
        it is on already.
        """
        await self._proof.of(caller, password)
        secret = pyotp.random_base32()

        def work(session: Session) -> str:
            user = permitted_user(session, Action.CHANGE_ACCOUNT, caller)
            known = factor_of(session, user.id)
            if known is not None and known.active:
                raise Invalid({}, "the second factor is on already")
            if known is not None:
                session.delete(known)
                session.flush()
            times = dict.fromkeys(("def_time", "mod_time"), moment(self._transactions.clock()))
            session.add(SecondFactorRecord(user_id=user.id, secret=secret, **times))
            return user.email

        email = await self._transactions.write(work)
        return shown(secret, email)

    async def pending(self, caller: Principal) -> dict[str, Any] | None:
        """What `begin` answered, as long as it is not confirmed."""

        def work(session: Session) -> dict[str, Any] | None:
            user = permitted_user(session, Action.CHANGE_ACCOUNT, caller)
            known = factor_of(session, user.id)
            return None if known is None or known.active else shown(known.secret, user.email)

        return await self._transactions.read(work)

    async def confirm(self, caller: Principal, code: str) -> list[str]:
        """Turn it on with a code of the app; the recovery codes, which are shown this once.

        Raises Invalid for a wrong code.
        """

        def work(session: Session) -> list[str]:
            user = permitted_user(session, Action.CHANGE_ACCOUNT, caller)
            known = session.scalar(_of(user.id).with_for_update())
            now = self._transactions.clock()
            if known is None or known.active or not _take(known, code, now):
                raise Invalid({"code": WRONG})
            known.active = True
            known.mod_time = moment(now)
            return _new_recovery_codes(session, user.id, now)

        return await self._transactions.write(work)

    async def end(self, caller: Principal, password: str) -> None:
        """Turn it off. Raises Invalid for a wrong password."""
        await self._proof.of(caller, password)

        def work(session: Session) -> None:
            user = permitted_user(session, Action.CHANGE_ACCOUNT, caller)
            turn_off(session, user.id)

        await self._transactions.write(work)


def shown(secret: str, email: str) -> dict[str, Any]:
    """A secret as apps take it: typed, as an address, or as a picture of that."""
    uri = pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)
    picture = segno.make(uri, error="m").svg_inline(scale=5, border=4, dark="#000", light="#fff")
    return {"secret": secret, "uri": uri, "qr": picture}


def is_asked_for(session: Session, user_id: str) -> bool:
    """Whether a login of this account has a second step."""
    known = factor_of(session, user_id)
    return known is not None and known.active


def take(session: Session, user: UserRecord, code: str, now: float) -> bool:
    """Whether a code of the app or a recovery code is right; it is not a second time."""
    known = session.scalar(_of(user.id).with_for_update())
    if known is None or not known.active:
        return False
    return _take(known, code, now) or _take_recovery(session, user.id, code)


def turn_off(session: Session, user_id: str) -> None:
    """Forget the secret and the recovery codes."""
    for table in (SecondFactorRecord, RecoveryCodeRecord):
        session.execute(delete(table).where(table.user_id == user_id))


def left(session: Session, user_id: str) -> int:
    """How many recovery codes there still are."""
    mine = select(func.count(RecoveryCodeRecord.id)).where(RecoveryCodeRecord.user_id == user_id)
    return session.scalars(mine).one()


def factor_of(session: Session, user_id: str) -> SecondFactorRecord | None:
    """An account's second factor, whether it is on yet or not."""
    return session.scalar(_of(user_id))


def _of(user_id: str) -> Select[SecondFactorRecord]:
    return select(SecondFactorRecord).where(SecondFactorRecord.user_id == user_id)


def _take(known: SecondFactorRecord, code: str, now: float) -> bool:
    """A code counts for its time step only, and for no step up to the last one that was taken."""
    typed = "".join(code.split()).encode("utf-8", "surrogatepass")
    totp = pyotp.TOTP(known.secret)
    current = int(now) // STEP_SECONDS
    right = 0
    for step in range(current - DRIFT, current + DRIFT + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), typed) and step > known.last_step:
            right = step
    if right:
        known.last_step = right
    return bool(right)


def _take_recovery(session: Session, user_id: str, code: str) -> bool:
    plain = "".join(code.lower().replace("-", " ").split())
    wanted = select(RecoveryCodeRecord).where(
        RecoveryCodeRecord.user_id == user_id,
        RecoveryCodeRecord.code_hash == _hash(user_id, plain),
    )
    found = session.scalar(wanted.with_for_update())
    if found is None:
        return False
    session.delete(found)
    return True


def _new_recovery_codes(session: Session, user_id: str, now: float) -> list[str]:
    session.execute(delete(RecoveryCodeRecord).where(RecoveryCodeRecord.user_id == user_id))
    codes = []
    for _ in range(RECOVERY_CODES):
        plain = "".join(secrets.choice(LETTERS) for _ in range(16))
        codes.append("-".join(plain[place : place + 4] for place in range(0, 16, 4)))
        session.add(
            RecoveryCodeRecord(
                def_time=moment(now),
                mod_time=moment(now),
                user_id=user_id,
                code_hash=_hash(user_id, plain),
            )
        )
    return codes


def _hash(user_id: str, plain: str) -> str:
    """16 of 31 signs are 79 bits: too many to guess, so a plain hash will do."""
    return hash_secret(f"{user_id} {plain}")
