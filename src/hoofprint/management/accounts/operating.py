"""What operators do on the command line for people who are locked out."""

from __future__ import annotations

from sqlalchemy.orm import Session

from hoofprint.errors import Invalid
from hoofprint.management.accounts.reset import change_password
from hoofprint.management.accounts.second_factor import turn_off
from hoofprint.management.passwords import hash_password, what_is_wrong_with
from hoofprint.management.users import find_user
from hoofprint.records.engine import Records
from hoofprint.records.moments import moment
from hoofprint.records.tables import UserRecord


def set_password(records: Records, email: str, password: str, now: float) -> UserRecord:
    """Set an account's password and end its logins. Raises Invalid."""
    wrong = what_is_wrong_with(password, email)
    if wrong:
        raise Invalid({"password": wrong})
    hashed = hash_password(password)

    def work(session: Session) -> UserRecord:
        user = _user(session, email)
        change_password(session, user, hashed, now)
        if user.confirmed is None:
            user.confirmed = moment(now)
        return user

    return records.write(work)


def forget_second_factor(records: Records, email: str) -> UserRecord:
    """Turn an account's second factor off. Raises Invalid."""

    def work(session: Session) -> UserRecord:
        user = _user(session, email)
        turn_off(session, user.id)
        return user

    return records.write(work)


def _user(session: Session, email: str) -> UserRecord:
    user = find_user(session, email)
    if user is None:
        raise Invalid({"email": "has no account"})
    return user
