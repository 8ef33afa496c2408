"""The tables of how people get in: logins, codes that work once, second factors."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from hoofprint.records.moments import Moment
from hoofprint.records.tables.record import Record
from hoofprint.records.tables.users import EMAIL_LENGTH

HASH_LENGTH = 64
SOFTWARE_LENGTH = 64
SECRET_LENGTH = 64


class CodeKind(StrEnum):
    """What a code is for."""

    SETUP = "setup"
    """Making the first account."""
    CONFIRM = "confirm"
    """Showing that the address of a new account is one's own."""
    EMAIL = "email"
    """The same with an address that an account shall have."""
    RESET = "reset"
    """Setting a password without the old one."""
    SECOND = "second"
    """The second step of a login whose password was right."""


class LoginRecord(Record):
    """A browser in which somebody is logged in, until `ends` or until it is not `seen` for long.

    `token_hash` is the SHA-256 of what its cookie holds. Of the browser only the names are known.
    """

    __tablename__ = "logins"

    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(HASH_LENGTH), unique=True)
    browser: Mapped[str] = mapped_column(String(SOFTWARE_LENGTH), default="")
    system: Mapped[str] = mapped_column(String(SOFTWARE_LENGTH), default="")
    seen: Mapped[datetime] = mapped_column(Moment)
    ends: Mapped[datetime] = mapped_column(Moment)


class CodeRecord(Record):
    """A code that works once, until `ends`; it is found by its SHA-256.

    `email` is the address that following its link confirms.
    """

    __tablename__ = "codes"
    __table_args__ = (
        CheckConstraint("kind IN ('setup', 'confirm', 'email', 'reset', 'second')", name="kind"),
    )

    user_id: Mapped[str | None] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(String(16))
    code_hash: Mapped[str] = mapped_column(String(HASH_LENGTH), unique=True)
    email: Mapped[str] = mapped_column(String(EMAIL_LENGTH), default="")
    ends: Mapped[datetime] = mapped_column(Moment)


class SecondFactorRecord(Record):
    """The secret of an app that shows codes (RFC 6238); asked for once it is `active`.

    The server has to compute the same codes, so the secret is kept as it is. `last_step` is the
    time step of the last code that was taken: no code works twice.
    """

    __tablename__ = "second_factors"

    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), unique=True)
    secret: Mapped[str] = mapped_column(String(SECRET_LENGTH))
    active: Mapped[bool] = mapped_column(default=False)
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)


class RecoveryCodeRecord(Record):
    """A code that replaces one of the app, once; it goes when it is used."""

    __tablename__ = "recovery_codes"

    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(String(HASH_LENGTH), unique=True)
