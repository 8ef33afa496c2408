"""Users: creating and finding accounts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from hoofprint.errors import Invalid
from hoofprint.management.hostnames import read_hostname
from hoofprint.management.passwords import hash_password, what_is_wrong_with
from hoofprint.records.moments import moment, wire_time
from hoofprint.records.tables import UserRecord
from hoofprint.records.tables.users import EMAIL_LENGTH, NAME_LENGTH

NO_EMAIL = "is not an e-mail address"
LOCAL_PART = re.compile(r"[^\s@\"(),:;<>\[\\\]\x00-\x1f\x7f]{1,64}")


class NewUser(Struct, frozen=True):
    """What an account is made of; `password_hash` comes from `prepare`.

    `confirmed`: it is known that the address is the person's own.
    """

    email: str
    password_hash: str
    full_name: str = ""
    confirmed: bool = True


def prepare(email: str, password: str, full_name: str = "") -> NewUser:
    """A checked account with its password hashed, before any transaction begins.

    Raises Invalid naming every failing field.
    """
    address = check_new(email, password, full_name)
    return NewUser(address, hash_password(password), full_name.strip())


def check_new(email: str, password: str, full_name: str = "") -> str:
    """The address of an account that may be made. Raises Invalid naming every failing field."""
    address = read_email(email)
    wrong: dict[str, str] = {}
    if address is None:
        wrong["email"] = NO_EMAIL
    if problem := what_is_wrong_with(password, email):
        wrong["password"] = problem
    if problem := what_is_wrong_with_name(full_name):
        wrong["full_name"] = problem
    if wrong or address is None:
        raise Invalid(wrong)
    return address


def what_is_wrong_with_name(full_name: str) -> str | None:
    """Why this can't be a person's name; None when it can."""
    if len(full_name) > NAME_LENGTH or "\0" in full_name:
        return f"must have at most {NAME_LENGTH} characters"
    return None


def create_user(session: Session, new: NewUser, now: float) -> UserRecord:
    """The account's record; who is first operates the instance.

    Raises Invalid when the e-mail address is taken.
    """
    if find_user(session, new.email) is not None:
        raise Invalid({"email": "is taken"})
    user = UserRecord(
        def_time=moment(now),
        mod_time=moment(now),
        email=new.email,
        password_hash=new.password_hash,
        full_name=new.full_name,
        operator=not has_users(session),
        confirmed=moment(now) if new.confirmed else None,
    )
    session.add(user)
    return user


def has_users(session: Session) -> bool:
    """Whether there is any account."""
    return session.scalar(select(UserRecord.id).limit(1)) is not None


def find_user(session: Session, email: str) -> UserRecord | None:
    """The account with an e-mail address, whatever its case."""
    return session.scalar(select(UserRecord).where(UserRecord.email == email.strip().lower()))


def list_users(session: Session) -> Sequence[UserRecord]:
    """Every account, the oldest first."""
    return session.scalars(select(UserRecord).order_by(UserRecord.def_time, UserRecord.id)).all()


def owner_named(session: Session, email: str | None) -> UserRecord:
    """The user an e-mail address names; without one, the only user there is. Raises Invalid."""
    if email is not None:
        found = find_user(session, email)
        if found is None:
            raise Invalid({"owner": "has no account"})
        return found
    users = list_users(session)
    if not users:
        raise Invalid({"owner": "there is no account yet: create a user first"})
    if len(users) > 1:
        raise Invalid({"owner": "is required, because there are several accounts"})
    return users[0]


def wire_user(user: UserRecord) -> dict[str, Any]:
    """What may be shown of an account."""
    return {
        "id": user.id,
        "def_time": wire_time(user.def_time),
        "mod_time": wire_time(user.mod_time),
        "email": user.email,
        "full_name": user.full_name,
    }


def read_email(text: str) -> str | None:
    """What somebody typed as an e-mail address, in lower case; None if it isn't one."""
    local, at, host = text.strip().lower().rpartition("@")
    name = read_hostname(host)
    if not at or name is None or not LOCAL_PART.fullmatch(local):
        return None
    address = f"{local}@{name}"
    return address if len(address) <= EMAIL_LENGTH else None
