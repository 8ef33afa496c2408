"""The table of mails: those that wait to be sent, and what became of the others."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from hoofprint.records.moments import Moment
from hoofprint.records.tables.record import Record
from hoofprint.records.tables.users import EMAIL_LENGTH

STATE_LENGTH = 16
MAIL_KIND_LENGTH = 32


class MailRecord(Record):
    """A mail that was written at `def_time`. Once it is sent, what it said is forgotten.

    `next_try` is set as long as it waits. `error` is what went wrong last.
    """

    __tablename__ = "mails"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'sent', 'failed', 'unsent')", name="state"),
        Index("ix_mails_state_next_try", "state", "next_try"),
    )

    recipient: Mapped[str] = mapped_column(String(EMAIL_LENGTH))
    subject: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(MAIL_KIND_LENGTH))
    state: Mapped[str] = mapped_column(String(STATE_LENGTH))
    next_try: Mapped[datetime | None] = mapped_column(Moment)
    tries: Mapped[int] = mapped_column(default=0)
    sent: Mapped[datetime | None] = mapped_column(Moment)
    error: Mapped[str] = mapped_column(Text, default="")
