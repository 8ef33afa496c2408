"""Asks people who are logged in for their password before something that a thief would do first."""

from __future__ import annotations

from sqlalchemy.orm import Session

from hoofprint.errors import Invalid
from hoofprint.management import passwords
from hoofprint.management.access import Action, permitted_user
from hoofprint.management.transactions import Transactions
from hoofprint.model.principal import Principal

WRONG = "is wrong"


class Proof:
    """Checks the password of whoever is logged in."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def of(self, caller: Principal, password: str, name: str = "password") -> None:
        """Return if it is the caller's password; `name` is the field that held it.

        Raises Forbidden for a program, Invalid for a wrong password.
        """

        def work(session: Session) -> str:
            return permitted_user(session, Action.CHANGE_ACCOUNT, caller).password_hash

        kept = await self._transactions.read(work)
        if not await passwords.matches(kept, password):
            raise Invalid({name: WRONG})
