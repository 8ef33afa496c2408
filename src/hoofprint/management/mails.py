"""Mails in the records: written with what they are about, taken out by whoever sends them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from msgspec import Struct
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hoofprint.mail.mail import Mail, MailState, address_of
from hoofprint.records.engine import Records
from hoofprint.records.moments import moment
from hoofprint.records.tables import MailRecord

LEASE_SECONDS = 900.0
"""So long a mail belongs to who took it: longer than a mail server can keep anybody waiting."""


class Taken(Struct, frozen=True):
    """A mail that is to be sent now: its id, when it was written, which try this is."""

    id: str
    mail: Mail
    written: datetime
    tries: int


class Outcome(Struct, frozen=True):
    """What became of a try; `next_try` in Unix seconds for a mail that still waits."""

    state: MailState
    error: str = ""
    next_try: float | None = None


def write_mail(session: Session, mail: Mail, now: float) -> None:
    """Have a mail sent if, and only if, the transaction succeeds.

    Raises Invalid for a recipient that is no address.
    """
    address_of(mail.recipient)
    time = moment(now)
    session.add(
        MailRecord(
            def_time=time,
            mod_time=time,
            recipient=mail.recipient.strip(),
            subject=mail.subject,
            text=mail.text,
            html=mail.html,
            kind=mail.kind,
            state=MailState.WAITING.value,
            next_try=time,
        )
    )


class MailBook:
    """Where whoever sends mails takes those that are due, and notes what became of them.

    Every method raises Unavailable when the records can't be used.
    """

    def __init__(self, records: Records, clock: Callable[[], float]) -> None:
        self._records = records
        self._clock = clock

    def take(self) -> Taken | None:
        """The mail that is due for longest; nobody else gets it meanwhile.

        It is due again after `LEASE_SECONDS`, unless it is noted what became of it: a process that
        ends in between may have sent it or not, and a mail twice is better than none.
        """
        due = (
            select(MailRecord)
            .where(
                MailRecord.state == MailState.WAITING.value,
                MailRecord.next_try <= moment(self._clock()),
            )
            .order_by(MailRecord.next_try, MailRecord.id)
            .limit(1)
        )

        def work(session: Session) -> Taken | None:
            record = session.scalar(due.with_for_update(skip_locked=True))
            if record is None:
                return None
            record.next_try = moment(self._clock() + LEASE_SECONDS)
            record.tries += 1
            return _taken(record)

        # Most often nothing is due: nobody should wait for a writer's lock because of that.
        if self._records.read(lambda session: session.scalar(due)) is None:
            return None
        return self._records.write(work)

    def note(self, mail_id: str, outcome: Outcome) -> None:
        """Write down what became of a try; what was sent is not kept."""

        def work(session: Session) -> None:
            record = session.get(MailRecord, mail_id)
            if record is None:
                return
            now = moment(self._clock())
            record.mod_time = now
            record.state = outcome.state.value
            record.error = outcome.error
            record.next_try = None if outcome.next_try is None else moment(outcome.next_try)
            if outcome.state is MailState.SENT:
                record.sent = now
                record.text = record.html = ""

        self._records.write(work)

    def counts(self) -> Mapping[MailState, int]:
        """How many mails wait, and how many have failed."""
        wanted = (MailState.WAITING, MailState.FAILED)
        query = (
            select(MailRecord.state, func.count())
            .where(MailRecord.state.in_([state.value for state in wanted]))
            .group_by(MailRecord.state)
        )
        found = self._records.read(lambda session: session.execute(query).all())
        return dict.fromkeys(wanted, 0) | {MailState(state): count for state, count in found}


def _taken(record: MailRecord) -> Taken:
    mail = Mail(record.recipient, record.subject, record.text, record.html, record.kind)
    return Taken(record.id, mail, record.def_time, record.tries)
