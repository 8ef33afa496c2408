"""One's own account: what it is, and changing its name, its password and its e-mail address."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from hoofprint.errors import Invalid
from hoofprint.mail import accounts as mails
from hoofprint.management import passwords
from hoofprint.management.access import Action, permitted_user
from hoofprint.management.accounts import second_factor
from hoofprint.management.accounts.codes import give
from hoofprint.management.accounts.ports import AccountOptions
from hoofprint.management.accounts.proof import Proof
from hoofprint.management.accounts.reset import change_password
from hoofprint.management.mails import write_mail
from hoofprint.management.transactions import Transactions
from hoofprint.management.users import (
    NO_EMAIL,
    find_user,
    read_email,
    what_is_wrong_with_name,
    wire_user,
)
from hoofprint.model.principal import Principal
from hoofprint.records.moments import moment, wire_time
from hoofprint.records.tables import CodeKind


class Profile:
    """Shows and changes the caller's account. Every method raises Forbidden for a program."""

    def __init__(self, transactions: Transactions, options: AccountOptions, proof: Proof) -> None:
        self._transactions = transactions
        self._options = options
        self._proof = proof

    async def read(self, caller: Principal) -> dict[str, Any]:
        """The fields of the account."""

        def work(session: Session) -> dict[str, Any]:
            user = permitted_user(session, Action.READ_ACCOUNT, caller)
            return wire_user(user) | {
                "operator": user.operator,
                "second_factor": second_factor.is_asked_for(session, user.id),
                "recovery_codes": second_factor.left(session, user.id),
                "ends": None if user.ends is None else wire_time(user.ends),
            }

        return await self._transactions.read(work)

    async def rename(self, caller: Principal, full_name: str) -> dict[str, Any]:
        """The fields of the account with another name. Raises Invalid."""
        if problem := what_is_wrong_with_name(full_name):
            raise Invalid({"full_name": problem})

        def work(session: Session) -> None:
            user = permitted_user(session, Action.CHANGE_ACCOUNT, caller)
            user.full_name = full_name.strip()
            user.mod_time = moment(self._transactions.clock())

        await self._transactions.write(work)
        return await self.read(caller)

    async def change_password(self, caller: Principal, old: str, new: str) -> None:
        """Another password; all logins end but the one that asks. Raises Invalid."""
        email = (await self.read(caller))["email"]
        problem = passwords.what_is_wrong_with(new, email)
        wrong = {"password": problem} if problem else {}
        try:
            await self._proof.of(caller, old, "old_password")
        except Invalid as error:
            wrong |= error.fields
        if wrong:
            raise Invalid(wrong)
        hashed = await passwords.hashed(new)

        def work(session: Session) -> None:
            user = permitted_user(session, Action.CHANGE_ACCOUNT, caller)
            now = self._transactions.clock()
            change_password(session, user, hashed, now, but=caller.login_id)
            link = f"{self._options.url}/reset"
            write_mail(session, mails.password_changed(user.email, link), now)

        await self._transactions.write(work)

    async def change_email(self, caller: Principal, email: str, password: str) -> None:
        """Mail a link to another address; the account has it once the link was followed.

        If the address has an account already, it is mailed that; the caller can't tell. Raises
        Invalid.
        """
        address = read_email(email)
        wrong = {} if address else {"email": NO_EMAIL}
        try:
            await self._proof.of(caller, password)
        except Invalid as error:
            wrong |= error.fields
        if wrong or address is None:
            raise Invalid(wrong)

        def work(session: Session) -> None:
            user = permitted_user(session, Action.CHANGE_ACCOUNT, caller)
            now = self._transactions.clock()
            holder = find_user(session, address)
            if holder is not None and holder.confirmed is not None:
                link = f"{self._options.url}/login"
                write_mail(session, mails.account_exists(address, link), now)
                return
            code = give(session, CodeKind.EMAIL, user.id, now, address)
            link = self._options.link("/confirm", code)
            write_mail(session, mails.confirm_address(address, link), now)

        await self._transactions.write(work)
