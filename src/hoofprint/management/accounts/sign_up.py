"""New accounts: the first by a link in the log, others by signing up and confirming an address."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy.orm import Session

from hoofprint.errors import Forbidden, Invalid
from hoofprint.mail import accounts as mails
from hoofprint.management import passwords
from hoofprint.management.access import Action, permitted_user
from hoofprint.management.accounts.codes import USELESS, find, forget, give
from hoofprint.management.accounts.entering import Entered
from hoofprint.management.accounts.logins import Device, open_login
from hoofprint.management.accounts.ports import AccountOptions, Joining
from hoofprint.management.mails import write_mail
from hoofprint.management.transactions import Transactions
from hoofprint.management.users import NewUser, check_new, create_user, find_user, has_users
from hoofprint.model.principal import Principal
from hoofprint.records.moments import moment
from hoofprint.records.tables import CodeKind, UserRecord


class Wish(Struct, frozen=True):
    """What somebody who wants an account sends."""

    email: str
    password: str
    full_name: str = ""


def setup_code(session: Session, now: float) -> str | None:
    """A new code for making the first account, the only one that works; None if there is one."""
    if has_users(session):
        forget(session, None, CodeKind.SETUP)
        return None
    return give(session, CodeKind.SETUP, None, now)


class SignUp:
    """Makes accounts for those who may have one."""

    def __init__(
        self, transactions: Transactions, options: AccountOptions, joining: Joining
    ) -> None:
        self._transactions = transactions
        self._options = options
        self._joining = joining

    async def can_set_up(self, code: str) -> bool:
        """Whether a code makes the first account."""

        def work(session: Session) -> bool:
            _check_setup(session, code, self._transactions.clock())
            return True

        try:
            return await self._transactions.read(work)
        except Invalid:
            return False

    async def set_up(self, code: str, wish: Wish, device: Device) -> Entered:
        """The first account, and its login; it operates the instance.

        Raises Invalid naming every failing field, or `code` if it is wrong or there is an account.
        """
        await self._transactions.read(
            lambda session: _check_setup(session, code, self._transactions.clock())
        )
        new = await _new_user(wish, confirmed=True)

        def work(session: Session) -> Entered:
            now = self._transactions.clock()
            _check_setup(session, code, now)
            forget(session, None, CodeKind.SETUP)
            user = create_user(session, new, now)
            session.flush()
            return Entered(open_login(session, user, device, now))

        return await self._transactions.write(work)

    async def invited(self, code: str) -> str | None:
        """The e-mail address that an invitation is for; None if its code is none."""
        if not code:
            return None
        return await self._transactions.read(lambda session: self._joining.invited(session, code))

    async def accept(self, caller: Principal, code: str) -> None:
        """Make the caller a member of what an invitation is for.

        Raises Forbidden for a program, NotFound if it is for somebody else or there is none.
        """

        def work(session: Session) -> None:
            user = permitted_user(session, Action.CHANGE_ACCOUNT, caller)
            self._joining.accept(session, user, code, self._transactions.clock())

        await self._transactions.write(work)

    def is_open(self, invited: str | None) -> bool:
        """Whether somebody may sign up, who was invited or not."""
        return invited is not None or self._options.sign_up == "open"

    async def sign_up(self, wish: Wish, invitation: str, device: Device) -> Entered:
        """A new account. Its address is mailed a link, and nobody is logged in before it was used.

        With an invitation to the same address there is a login at once: who has its code reads the
        address's mails. If the address has an account already, it is mailed that; the caller can't
        tell. Raises Forbidden while sign-up is closed, Invalid naming every failing field.
        """
        invited = await self.invited(invitation)
        if not self.is_open(invited):
            raise Forbidden
        proven = invited is not None and wish.email.strip().lower() == invited
        if invited is not None and not proven and self._options.sign_up != "open":
            raise Invalid({"email": "must be the address that was invited"})
        new = await _new_user(wish, confirmed=proven)

        def work(session: Session) -> Entered:
            now = self._transactions.clock()
            if not has_users(session):
                raise Forbidden  # the first account operates the instance: only by the setup link
            known = find_user(session, new.email)
            if known is not None and known.confirmed is not None:
                link = f"{self._options.url}/login"
                write_mail(session, mails.account_exists(new.email, link), now)
                return Entered()
            user = _renewed(known, new, now) if known else create_user(session, new, now)
            session.flush()
            if not proven:
                self._mail_confirmation(session, user, now)
                return Entered()
            self._joining.join(session, user, now)
            return Entered(open_login(session, user, device, now))

        return await self._transactions.write(work)

    async def resend(self, email: str) -> None:
        """Mail a new link to an address that is not confirmed; nothing is told about others."""

        def work(session: Session) -> None:
            user = find_user(session, email)
            if user is not None and user.confirmed is None:
                self._mail_confirmation(session, user, self._transactions.clock())

        await self._transactions.write(work)

    async def confirm(self, code: str, password: str, device: Device) -> Entered:
        """Confirm the address of a new account, which opens a login, or another one of an account.

        The password shows that who reads the address's mails is who wants it confirmed. Raises
        Invalid for a wrong code or password, or if the address was taken meanwhile.
        """

        def look(session: Session) -> tuple[str, str]:
            now = self._transactions.clock()
            found = find(session, code, now, CodeKind.CONFIRM, CodeKind.EMAIL)
            user = session.get_one(UserRecord, found.user_id)
            return user.id, user.password_hash

        user_id, kept = await self._transactions.read(look)
        if not await passwords.matches(kept, password):
            raise Invalid({"password": "is wrong"})

        def work(session: Session) -> Entered:
            now = self._transactions.clock()
            found = find(session, code, now, CodeKind.CONFIRM, CodeKind.EMAIL)
            user = session.get_one(UserRecord, user_id)
            if user.password_hash != kept:
                raise Invalid({"code": USELESS})
            session.delete(found)
            if found.kind == CodeKind.EMAIL:
                self._change_address(session, user, found.email, now)
                return Entered()
            user.confirmed = user.mod_time = moment(now)
            self._joining.join(session, user, now)
            return Entered(open_login(session, user, device, now))

        return await self._transactions.write(work)

    async def whose(self, code: str) -> str:
        """The id of the account whose address a code confirms. Raises Invalid."""

        def work(session: Session) -> str:
            now = self._transactions.clock()
            return find(session, code, now, CodeKind.CONFIRM, CodeKind.EMAIL).user_id or ""

        return await self._transactions.read(work)

    def _mail_confirmation(self, session: Session, user: UserRecord, now: float) -> None:
        code = give(session, CodeKind.CONFIRM, user.id, now, user.email)
        link = self._options.link("/confirm", code)
        write_mail(session, mails.confirm_account(user.email, link), now)

    def _change_address(self, session: Session, user: UserRecord, email: str, now: float) -> None:
        holder = find_user(session, email)
        if holder is not None and holder.confirmed is not None:
            raise Invalid({"email": "is taken"})
        if holder is not None:  # somebody else's claim, which nobody has confirmed
            session.delete(holder)
            session.flush()
        link = f"{self._options.url}/account"
        write_mail(session, mails.address_changed(user.email, link), now)
        user.email = email
        user.confirmed = user.mod_time = moment(now)
        forget(session, user.id)


async def _new_user(wish: Wish, *, confirmed: bool) -> NewUser:
    email = check_new(wish.email, wish.password, wish.full_name)
    hashed = await passwords.hashed(wish.password)
    return NewUser(email, hashed, wish.full_name.strip(), confirmed)


def _renewed(known: UserRecord, new: NewUser, now: float) -> UserRecord:
    """An account that nobody has confirmed is whose who asked for it last."""
    known.password_hash, known.full_name = new.password_hash, new.full_name
    known.confirmed = moment(now) if new.confirmed else None
    known.mod_time = moment(now)
    return known


def _check_setup(session: Session, code: str, now: float) -> None:
    """Raises Invalid for a code that makes no first account."""
    if has_users(session):
        raise Invalid({"code": USELESS})
    find(session, code, now, CodeKind.SETUP)
