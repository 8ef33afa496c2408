"""Handing over a domain to another owner; the API has the field `new_owner` and no way to set it.

An owner offers a domain to an e-mail address; whoever has it accepts or refuses.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hoofprint.errors import Invalid, NotFound
from hoofprint.mail.invitations import offer, taken_over
from hoofprint.management.access import Action, permitted, permitted_user
from hoofprint.management.domains import wire
from hoofprint.management.leaving import forget_unreached
from hoofprint.management.mails import write_mail
from hoofprint.management.organizations import people_of
from hoofprint.management.reach import reached_by, reached_organization
from hoofprint.management.resource import Field
from hoofprint.management.transactions import Transactions
from hoofprint.model.principal import Principal
from hoofprint.model.role import Role
from hoofprint.records.ids import ID_LENGTH, is_text_of
from hoofprint.records.moments import moment
from hoofprint.records.tables import (
    DomainRecord,
    InvitationRecord,
    MemberRecord,
    OrganizationRecord,
    UserRecord,
)
from hoofprint.records.tables.users import EMAIL_LENGTH

EMAIL = Field("email", required=True, longest=EMAIL_LENGTH, about="Who shall own the domain.")


class Ownership:
    """Hands over domains for clients of users; `public_url` is where browsers find the instance.

    Every method raises Forbidden or NotFound as `management/access.py` has it.
    """

    def __init__(self, transactions: Transactions, public_url: str) -> None:
        self._transactions = transactions
        self._public_url = public_url

    async def offer(self, caller: Principal, domain_id: str, address: str) -> dict[str, Any]:
        """The fields of a domain that is offered to an address from `read_addresses` now.

        A second offer replaces the first one. Raises Invalid for the owner's own address.
        """

        def work(session: Session) -> dict[str, Any]:
            domain = permitted(session, Action.TRANSFER_DOMAIN, caller, domain_id)
            owner = session.get_one(UserRecord, domain.user_id)
            if owner.email == address:
                raise Invalid({"email": "is the owner's own"})
            now = self._transactions.clock()
            domain.new_owner = address
            domain.mod_time = moment(now)
            link = f"{self._public_url}/transfer?domain_id={domain.id}"
            write_mail(session, offer(address, _name(owner), domain.hostname, link), now)
            return wire(domain, Role.OWNER)

        return await self._transactions.write(work)

    async def accept(self, caller: Principal, domain_id: str) -> dict[str, Any]:
        """The fields of a domain that belongs to the caller's user now.

        The old owner stays as an admin; its organization stays if the new owner belongs to it.
        """

        def work(session: Session) -> dict[str, Any]:
            user = permitted_user(session, Action.ANSWER_TRANSFERS, caller)
            domain = _offered(session, user, domain_id)
            old = session.get_one(UserRecord, domain.user_id)
            now = self._transactions.clock()
            _change_owner(session, domain, user, now)
            _leave_strange_organization(session, caller, domain)
            write_mail(
                session, taken_over(old.email, _name(user), domain.hostname, self._public_url), now
            )
            return wire(domain, Role.OWNER)

        return await self._transactions.write(work)

    async def withdraw(self, caller: Principal, domain_id: str) -> None:
        """Take back an offer as the owner, or refuse it as the one whom it was made."""

        def work(session: Session) -> None:
            reached = reached_by(session, caller, domain_id)
            if reached is not None and reached.role is Role.OWNER:
                domain = permitted(session, Action.TRANSFER_DOMAIN, caller, domain_id)
                if domain.new_owner is None:
                    raise NotFound
            else:
                user = permitted_user(session, Action.ANSWER_TRANSFERS, caller)
                domain = _offered(session, user, domain_id)
            domain.new_owner = None
            domain.mod_time = moment(self._transactions.clock())

        await self._transactions.write(work)


def _offered(session: Session, user: UserRecord, domain_id: str) -> DomainRecord:
    """The domain if it is offered to the user; to others there is nothing to be found."""
    found = session.get(DomainRecord, domain_id) if is_text_of(domain_id, ID_LENGTH) else None
    if found is None or found.new_owner != user.email:
        raise NotFound
    return found


def _change_owner(session: Session, domain: DomainRecord, user: UserRecord, now: float) -> None:
    """Owners are no members, and nobody is invited to an own domain."""
    session.execute(delete(MemberRecord).filter_by(domain_id=domain.id, user_id=user.id))
    session.execute(delete(InvitationRecord).filter_by(domain_id=domain.id, email=user.email))
    times = {"def_time": moment(now), "mod_time": moment(now)}
    before = select(MemberRecord).filter_by(domain_id=domain.id, user_id=domain.user_id)
    admin = session.scalar(before) or MemberRecord(
        domain_id=domain.id, user_id=domain.user_id, **times
    )
    admin.role = Role.ADMIN.value
    session.add(admin)
    domain.user_id = user.id
    domain.new_owner = None
    domain.mod_time = moment(now)


def _leave_strange_organization(session: Session, caller: Principal, domain: DomainRecord) -> None:
    """A domain belongs to no organization that its owner doesn't belong to."""
    if domain.organization_id is None:
        return
    if reached_organization(session, caller, domain.organization_id) is not None:
        return
    organization = session.get_one(OrganizationRecord, domain.organization_id)
    domain.organization_id = None
    forget_unreached(session, people_of(session, organization))


def _name(user: UserRecord) -> str:
    return user.full_name or user.email
