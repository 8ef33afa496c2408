"""What goes by itself: logins and codes that have ended, old mails, old changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, Delete, delete, or_
from sqlalchemy.orm import Session

from hoofprint.mail.mail import MailState
from hoofprint.management.directory import IDLE_SECONDS
from hoofprint.records.engine import Records
from hoofprint.records.moments import moment
from hoofprint.records.tables import (
    AuditRecord,
    CodeRecord,
    LoginRecord,
    MailRecord,
    Record,
    UserRecord,
)

DAY = 86_400.0
MAIL_DAYS = 30
UNCONFIRMED_DAYS = 7
"""A new account that nobody confirms goes: somebody else may own its address."""


class Sweeping:
    """Removes from the records what is too old; `audit_days` is how long changes are kept."""

    def __init__(self, records: Records, audit_days: int) -> None:
        self._records = records
        self._audit_days = audit_days

    def sweep(self, now: float) -> Mapping[str, int]:
        """Remove it; how many rows of each table. Raises Unavailable."""
        old: tuple[tuple[type[Record], ColumnElement[bool]], ...] = (
            (
                LoginRecord,
                or_(
                    LoginRecord.ends <= moment(now),
                    LoginRecord.seen <= moment(now - IDLE_SECONDS),
                ),
            ),
            (CodeRecord, CodeRecord.ends <= moment(now)),
            (
                MailRecord,
                (MailRecord.state != MailState.WAITING.value)
                & (MailRecord.mod_time <= moment(now - MAIL_DAYS * DAY)),
            ),
            (AuditRecord, AuditRecord.def_time <= moment(now - self._audit_days * DAY)),
            (
                UserRecord,
                UserRecord.confirmed.is_(None)
                & (UserRecord.mod_time <= moment(now - UNCONFIRMED_DAYS * DAY)),
            ),
        )

        def work(session: Session) -> dict[str, int]:
            return {
                table.__tablename__: _removed(session, delete(table).where(too_old))
                for table, too_old in old
            }

        return self._records.write(work)


def _removed(session: Session, statement: Delete) -> int:
    done: CursorResult[Any] = session.connection().execute(statement)
    return done.rowcount
