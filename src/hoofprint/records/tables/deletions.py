"""The table of deletions of statistics: what was asked for, and how far it is."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Double, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from hoofprint.records.ids import CODE_LENGTH
from hoofprint.records.moments import Moment
from hoofprint.records.tables.record import Id, Record


class DeletionState(StrEnum):
    """How far a deletion is."""

    WAITING = "waiting"
    """What was accepted before it is not counted yet, or the store refuses."""
    DELETING = "deleting"
    """No answer has the facts any more; the store is removing them from its disk."""
    DONE = "done"


class DeletionRecord(Record):
    """A deletion of `first_day` to `last_day`, which are the seconds from `start` up to `end`.

    It outlives its domain. `position` is the end of the spool at the request, `steps` how many
    pieces of work the store has with it, `requested_by` the id of the client that asked. `error` is
    what went wrong last, empty when nothing did since.
    """

    __tablename__ = "deletions"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'deleting', 'done')", name="state"),
        CheckConstraint("kind IN ('', 'all', 'events', 'imported')", name="kind"),
    )

    domain_id: Mapped[str] = mapped_column(Id, index=True)
    requested_by: Mapped[str] = mapped_column(String(CODE_LENGTH))
    kind: Mapped[str] = mapped_column(String(16))
    first_day: Mapped[date]
    last_day: Mapped[date]
    start: Mapped[int] = mapped_column(BigInteger)
    end: Mapped[int] = mapped_column(BigInteger)
    position: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(16), default=DeletionState.WAITING.value, index=True)
    steps: Mapped[int] = mapped_column(default=0)
    progress: Mapped[float] = mapped_column(Double, default=0.0)
    error: Mapped[str] = mapped_column(Text, default="")
    finished: Mapped[datetime | None] = mapped_column(Moment)
