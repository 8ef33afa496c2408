"""The table of accounts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from hoofprint.records.moments import Moment
from hoofprint.records.tables.record import Record

EMAIL_LENGTH = 254
NAME_LENGTH = 200
PICTURE_LENGTH = 100


class UserRecord(Record):
    """A person with a login; `email` is lower case, so that it is unique whatever its case.

    `picture` is the path under which the person's picture is served; empty without one. `confirmed`
    is when it was shown that the address is the person's own. An `operator` may do what concerns
    the whole instance. The account goes when `ends` has come, unless it is taken back.
    """

    __tablename__ = "users"

    email: Mapped[str] = mapped_column(String(EMAIL_LENGTH), unique=True)
    password_hash: Mapped[str] = mapped_column(String(255))
    full_name: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    picture: Mapped[str] = mapped_column(String(PICTURE_LENGTH), default="")
    operator: Mapped[bool] = mapped_column(default=False)
    confirmed: Mapped[datetime | None] = mapped_column(Moment)
    ends: Mapped[datetime | None] = mapped_column(Moment)
