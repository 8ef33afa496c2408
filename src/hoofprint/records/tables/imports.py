"""The tables of imports: the job of a domain, and the Google account it is connected to."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from hoofprint.records.moments import Moment
from hoofprint.records.tables.record import Id, Record

PROPERTY_LENGTH = 64
FILE_LENGTH = 64
DOMAIN = "domains.id"


class ImportState(StrEnum):
    """How far an import is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


UNFINISHED = (ImportState.WAITING.value, ImportState.RUNNING.value)


class ImportRecord(Record):
    """The import of a domain that was begun last: there is one at most.

    `file` is the archive in the data directory, empty for Google; `property` is what is imported of
    Google, from `first_day` to `last_day`. While it runs it belongs to whoever has taken it, until
    `taken_until`; `tries` is how often that was. What a try writes has the `rows_id` of that try.
    Of `rows_all` rows `rows_done` were read; `skipped` of them are of days with own facts, `broken`
    could not be read, the first of which `problems` name. `recipient` gets the mail about the end.
    """

    __tablename__ = "imports"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name="state"),
        CheckConstraint("type IN ('ga', 'plausible', 'fathom')", name="type"),
    )

    domain_id: Mapped[str] = mapped_column(ForeignKey(DOMAIN, ondelete="CASCADE"), unique=True)
    type: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16), default=ImportState.WAITING.value, index=True)
    recipient: Mapped[str] = mapped_column(Text, default="")
    file: Mapped[str] = mapped_column(String(FILE_LENGTH), default="")
    google_user_id: Mapped[str | None] = mapped_column(String(255))
    google_user_email: Mapped[str | None] = mapped_column(String(254))
    property: Mapped[str | None] = mapped_column(String(PROPERTY_LENGTH))
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    rows_id: Mapped[str] = mapped_column(Id, default="")
    taken_until: Mapped[datetime | None] = mapped_column(Moment)
    tries: Mapped[int] = mapped_column(default=0)
    rows_done: Mapped[int] = mapped_column(BigInteger, default=0)
    rows_all: Mapped[int] = mapped_column(BigInteger, default=0)
    skipped: Mapped[int] = mapped_column(BigInteger, default=0)
    broken: Mapped[int] = mapped_column(BigInteger, default=0)
    problems: Mapped[list[str]] = mapped_column(JSON, default=list)
    error: Mapped[str] = mapped_column(Text, default="")
    finished: Mapped[datetime | None] = mapped_column(Moment)


class GoogleRecord(Record):
    """The Google account that a domain is connected to; `token` is sealed and never shown."""

    __tablename__ = "google_accounts"

    domain_id: Mapped[str] = mapped_column(ForeignKey(DOMAIN, ondelete="CASCADE"), unique=True)
    user_id: Mapped[str | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    token: Mapped[bytes] = mapped_column(LargeBinary)
