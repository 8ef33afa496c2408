"""The table of accounts."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from hoofprint.records.tables.record import Record

EMAIL_LENGTH = 254
NAME_LENGTH = 200
PICTURE_LENGTH = 100


class UserRecord(Record):
    """A person with a login; `email` is lower case, so that it is unique whatever its case.

    `picture` is the path under which the person's picture is served; empty without one.
    """

    __tablename__ = "users"

    email: Mapped[str] = mapped_column(String(EMAIL_LENGTH), unique=True)
    password_hash: Mapped[str] = mapped_column(String(255))
    full_name: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    picture: Mapped[str] = mapped_column(String(PICTURE_LENGTH), default="")
