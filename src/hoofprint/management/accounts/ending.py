"""The end of accounts: asked for with the password, taken back by a login within a week."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hoofprint.errors import Invalid
from hoofprint.mail import accounts as mails
from hoofprint.management.access import Action, permitted_user
from hoofprint.management.accounts.codes import forget
from hoofprint.management.accounts.logins import end_all
from hoofprint.management.accounts.ports import AccountOptions, Joining
from hoofprint.management.accounts.proof import Proof
from hoofprint.management.deletions import Asked
from hoofprint.management.domain_life import end_domain
from hoofprint.management.mails import write_mail
from hoofprint.management.transactions import Transactions
from hoofprint.model.deletion import Deletion
from hoofprint.model.principal import Principal
from hoofprint.records.engine import Records
from hoofprint.records.moments import moment, wire_time
from hoofprint.records.tables import DomainRecord, UserRecord

GRACE_SECONDS = 7 * 86_400.0
ENDED_BY = "account"
"""Who asked for the deletion of an ended account's facts: no client."""


class Ending:
    """Takes the wish to end an account."""

    def __init__(
        self,
        transactions: Transactions,
        options: AccountOptions,
        joining: Joining,
        proof: Proof,
    ) -> None:
        self._transactions = transactions
        self._options = options
        self._joining = joining
        self._proof = proof

    async def ask(self, caller: Principal, password: str) -> dict[str, Any]:
        """When the account ends, a week from now; it is logged out everywhere at once.

        Raises Forbidden for a program, Invalid for a wrong password, or naming what the account
        owns and others use.
        """
        await self._proof.of(caller, password)

        def work(session: Session) -> dict[str, Any]:
            user = permitted_user(session, Action.CHANGE_ACCOUNT, caller)
            if held := self._joining.holding(session, user):
                names = ", ".join(held)
                raise Invalid({}, f"others use what this account owns: {names}")
            now = self._transactions.clock()
            user.ends = moment(now + GRACE_SECONDS)
            user.mod_time = moment(now)
            end_all(session, user.id)
            forget(session, user.id)
            day, link = user.ends.date().isoformat(), f"{self._options.url}/login"
            write_mail(session, mails.account_ends(user.email, day, link), now)
            return {"ends": wire_time(user.ends)}

        return await self._transactions.write(work)


class EndingBook:
    """Where whoever ends accounts finds those whose week is over.

    `position` gives the end of the spool. Every method raises Unavailable when the records can't be
    used.
    """

    def __init__(self, records: Records, joining: Joining, position: Callable[[], int]) -> None:
        self._records = records
        self._joining = joining
        self._position = position

    def end_due(self, now: float) -> list[Deletion]:
        """End the accounts that are due, with their domains; the deletions of these domains' facts.

        An account that others have come to depend on meanwhile stays, and ends once they don't.
        """
        due = select(UserRecord.id).where(UserRecord.ends <= moment(now)).order_by(UserRecord.id)
        ids = self._records.read(lambda session: session.scalars(due).all())
        return [each for user_id in ids for each in self._end(user_id, now)]

    def _end(self, user_id: str, now: float) -> list[Deletion]:
        position = self._position()

        def work(session: Session) -> list[Deletion]:
            mine = select(UserRecord).where(UserRecord.id == user_id).with_for_update()
            user = session.scalar(mine)
            # The owner may have logged in since it was looked for.
            if user is None or user.ends is None or user.ends > moment(now):
                return []
            if self._joining.holding(session, user):
                return []
            owned = select(DomainRecord).where(DomainRecord.user_id == user.id)
            found = [
                end_domain(session, domain, Asked(domain.id, ENDED_BY, position, now))
                for domain in session.scalars(owned).all()
            ]
            session.flush()
            session.delete(user)
            return found

        return self._records.write(work)
