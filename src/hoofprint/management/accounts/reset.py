"""Setting a password without the old one, by a link that is mailed to the account's address."""

from __future__ import annotations

from sqlalchemy.orm import Session

from hoofprint.errors import Invalid
from hoofprint.mail import accounts as mails
from hoofprint.management import passwords
from hoofprint.management.accounts.codes import find, forget, give
from hoofprint.management.accounts.logins import end_all
from hoofprint.management.accounts.ports import AccountOptions, Joining
from hoofprint.management.mails import write_mail
from hoofprint.management.transactions import Transactions
from hoofprint.management.users import find_user
from hoofprint.records.moments import moment
from hoofprint.records.tables import CodeKind, UserRecord


class Reset:
    """Mails links, and sets the passwords of those who follow them."""

    def __init__(
        self, transactions: Transactions, options: AccountOptions, joining: Joining
    ) -> None:
        self._transactions = transactions
        self._options = options
        self._joining = joining

    async def ask(self, email: str) -> None:
        """Mail a link, if the address has an account.

        Whoever asked must have been answered before: how long this takes tells which it was.
        """

        def work(session: Session) -> None:
            user = find_user(session, email)
            if user is None:
                return
            now = self._transactions.clock()
            code = give(session, CodeKind.RESET, user.id, now)
            link = self._options.link("/reset", code)
            write_mail(session, mails.reset_password(user.email, link), now)

        await self._transactions.write(work)

    async def works(self, code: str) -> bool:
        """Whether a code sets a password."""
        try:
            await self._email(code)
        except Invalid:
            return False
        return True

    async def set(self, code: str, password: str) -> None:
        """Set the password of the code's account, and end all of its logins.

        Who has the code reads the address's mails: it is confirmed with that. The second factor
        stays. Raises Invalid naming every failing field.
        """
        email = await self._email(code)
        if problem := passwords.what_is_wrong_with(password, email):
            raise Invalid({"password": problem})
        hashed = await passwords.hashed(password)

        def work(session: Session) -> None:
            now = self._transactions.clock()
            found = find(session, code, now, CodeKind.RESET)
            user = session.get_one(UserRecord, found.user_id)
            change_password(session, user, hashed, now)
            if user.confirmed is None:
                user.confirmed = moment(now)
                self._joining.join(session, user, now)
            link = f"{self._options.url}/reset"
            write_mail(session, mails.password_changed(user.email, link), now)

        await self._transactions.write(work)

    async def _email(self, code: str) -> str:
        def work(session: Session) -> str:
            found = find(session, code, self._transactions.clock(), CodeKind.RESET)
            return session.get_one(UserRecord, found.user_id).email

        return await self._transactions.read(work)


def change_password(
    session: Session, user: UserRecord, hashed: str, now: float, but: str | None = None
) -> None:
    """Another password ends every login but one, and every code that was given before."""
    user.password_hash = hashed
    user.mod_time = moment(now)
    end_all(session, user.id, but)
    forget(session, user.id)
