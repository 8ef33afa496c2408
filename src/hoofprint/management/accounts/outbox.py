"""The mails that nobody was sent, for who operates an instance without a mail server."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hoofprint.mail.mail import MailState
from hoofprint.management.access import Action, permitted_user
from hoofprint.management.transactions import Transactions
from hoofprint.model.principal import Principal
from hoofprint.records.moments import wire_time
from hoofprint.records.tables import MailRecord

MOST_LISTED = 100


class UnsentMails:
    """Shows mails to the operator. They hold links that let whoever follows them in."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def list(self, caller: Principal) -> list[dict[str, Any]]:
        """What was not sent as no mail server is configured, the newest first.

        Raises Forbidden for everybody but an operator who is logged in.
        """

        def work(session: Session) -> list[dict[str, Any]]:
            permitted_user(session, Action.READ_OUTBOX, caller)
            unsent = select(MailRecord).where(MailRecord.state == MailState.UNSENT.value)
            newest = unsent.order_by(MailRecord.def_time.desc(), MailRecord.id)
            return [_wire(record) for record in session.scalars(newest.limit(MOST_LISTED))]

        return await self._transactions.read(work)


def _wire(record: MailRecord) -> dict[str, Any]:
    return {
        "id": record.id,
        "def_time": wire_time(record.def_time),
        "mod_time": wire_time(record.mod_time),
        "recipient": record.recipient,
        "subject": record.subject,
        "text": record.text,
        "kind": record.kind,
    }
