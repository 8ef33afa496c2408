"""Invitations to domains and organizations (`api.md`, Inviting Members and after)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hoofprint.errors import Invalid, NotFound
from hoofprint.mail.invitations import invitation as invitation_mail
from hoofprint.mail.mail import address_of
from hoofprint.management.access import Action, permitted_user
from hoofprint.management.clients import hash_secret
from hoofprint.management.domains import PRIVATE, wire
from hoofprint.management.joining import accept
from hoofprint.management.mails import write_mail
from hoofprint.management.organizations import shown
from hoofprint.management.reach import ReachedOrganization
from hoofprint.management.resource import MOST_OBJECTS, Field, Kind, some_of
from hoofprint.management.teams import INVITE, READ_INVITED, Named, Team, permitted_team
from hoofprint.management.transactions import Transactions
from hoofprint.management.users import read_email
from hoofprint.model.principal import Principal
from hoofprint.model.role import Role
from hoofprint.records.ids import ID_LENGTH, is_text_of, new_code
from hoofprint.records.moments import moment, wire_time
from hoofprint.records.tables import (
    DomainRecord,
    InvitationRecord,
    MemberRecord,
    OrganizationRecord,
    UserRecord,
)
from hoofprint.records.tables.users import EMAIL_LENGTH

EMAILS = Field("emails", Kind.TEXTS, "At most 100.", required=True, longest=EMAIL_LENGTH)
MOST_ADDRESSES = 100
MOST_PEOPLE = MOST_OBJECTS
"""So many people may belong to something or be invited to it."""
INVITED = PRIVATE | {"identification_code": ""}
"""What of a domain those don't see who are only invited to it."""


class Invitations:
    """Manages invitations for clients of users; `public_url` is where browsers find the instance.

    Every method raises Forbidden or NotFound as `management/access.py` has it.
    """

    def __init__(self, transactions: Transactions, public_url: str) -> None:
        self._transactions = transactions
        self._public_url = public_url

    async def invite(self, caller: Principal, named: Named, addresses: Sequence[str]) -> None:
        """Invite addresses from `read_addresses`; whoever was invited before gets a new mail.

        Raises Invalid naming those who are members already.
        """

        def work(session: Session) -> None:
            team = permitted_team(session, INVITE, caller, named)
            inviter = session.get_one(UserRecord, caller.user_id)
            waiting = {one.email: one for one in session.scalars(_of(team))}
            _check_new(session, team, addresses, waiting)
            now = self._transactions.clock()
            for address in addresses:
                made = waiting.get(address) or InvitationRecord(
                    **team.ids, email=address, def_time=moment(now)
                )
                code = new_code()
                made.code_hash = hash_secret(code)
                made.mod_time = moment(now)
                session.add(made)
                session.flush()
                link = f"{self._public_url}/invitation?code={code}"
                name = inviter.full_name or inviter.email
                write_mail(session, invitation_mail(address, name, team.name, link), now)

        await self._transactions.write(work)

    async def list(self, caller: Principal, named: Named | None) -> list[dict[str, Any]]:
        """The invitations to what is named, else those for the caller; the oldest first."""

        def work(session: Session) -> list[dict[str, Any]]:
            if named is None:
                user = permitted_user(session, Action.READ_OWN_INVITATIONS, caller)
                found = session.scalars(_oldest().where(InvitationRecord.email == user.email))
                return _wire(session, found.all(), None)
            team = permitted_team(session, READ_INVITED, caller, named)
            return _wire(session, session.scalars(_of(team)).all(), team)

        return await self._transactions.read(work)

    async def accept(self, caller: Principal, invitation_id: str) -> None:
        """Let the caller join what the caller is invited to."""

        def work(session: Session) -> None:
            user = permitted_user(session, Action.ANSWER_INVITATIONS, caller)
            invitation = _found(session, invitation_id)
            accept(session, user, invitation, self._transactions.clock())

        await self._transactions.write(work)

    async def delete(self, caller: Principal, invitation_id: str, named: Named | None) -> None:
        """Take back an invitation to what is named, or refuse one of the caller's own."""

        def work(session: Session) -> None:
            if named is None:
                user = permitted_user(session, Action.ANSWER_INVITATIONS, caller)
                invitation = _found(session, invitation_id)
                mine = invitation.email == user.email
            else:
                team = permitted_team(session, INVITE, caller, named)
                invitation = _found(session, invitation_id)
                ids = (invitation.domain_id, invitation.organization_id)
                mine = team.record.id in ids
            if not mine:
                raise NotFound
            session.delete(invitation)

        await self._transactions.write(work)


def read_addresses(texts: Sequence[str]) -> tuple[list[str], str]:
    """The addresses that are meant, each once, and what is wrong with them, empty if nothing is."""
    read = {text.strip(): _address(text) for text in texts}
    if strange := [text for text, address in read.items() if address is None]:
        return [], f"no e-mail address: {some_of(strange)}"
    addresses = [address for address in dict.fromkeys(read.values()) if address is not None]
    if len(addresses) > MOST_ADDRESSES:
        return [], f"must have at most {MOST_ADDRESSES} addresses"
    return addresses, "" if addresses else "is required"


def _address(text: str) -> str | None:
    """An address in lower case that a mail can be sent to."""
    address = read_email(text)
    try:
        address_of(address or "")
    except Invalid:
        return None
    return address


def _check_new(
    session: Session,
    team: Team,
    addresses: Sequence[str],
    waiting: dict[str, InvitationRecord],
) -> None:
    """Raises Invalid if some belong to the team already, or it would become too large."""
    people = select(MemberRecord.user_id).where(team.of(MemberRecord))
    owners = [team.record.user_id]
    if isinstance(team.record, DomainRecord) and team.record.organization_id is not None:
        owning = session.get_one(OrganizationRecord, team.record.organization_id)
        owners.append(owning.user_id)
    known = select(UserRecord.email).where(
        UserRecord.email.in_(addresses), UserRecord.id.in_(people) | UserRecord.id.in_(owners)
    )
    if here := set(session.scalars(known)):
        names = some_of([address for address in addresses if address in here])
        raise Invalid({EMAILS.name: f"already there: {names}"})
    count = select(func.count()).select_from(people.subquery())
    if session.scalars(count).one() + len({*waiting, *addresses}) > MOST_PEOPLE:
        raise Invalid({EMAILS.name: f"there may be at most {MOST_PEOPLE} people"})


def _oldest() -> Any:
    return select(InvitationRecord).order_by(InvitationRecord.def_time, InvitationRecord.id)


def _of(team: Team) -> Any:
    return _oldest().where(team.of(InvitationRecord))


def _found(session: Session, invitation_id: str) -> InvitationRecord:
    known = is_text_of(invitation_id, ID_LENGTH)
    found = session.get(InvitationRecord, invitation_id) if known else None
    if found is None:
        raise NotFound
    return found


def _wire(
    session: Session, found: Sequence[InvitationRecord], team: Team | None
) -> list[dict[str, Any]]:
    """Invitations with what they are to, as the caller's team sees it, else as the invited do."""
    domains = _domains(session, {one.domain_id for one in found}, team)
    organizations = _organizations(session, {one.organization_id for one in found}, team)
    return [
        {
            "id": one.id,
            "def_time": wire_time(one.def_time),
            "mod_time": wire_time(one.mod_time),
            "domain_id": one.domain_id,
            "organization_id": one.organization_id,
            "email": one.email,
            "domain": domains.get(one.domain_id),
            "organization": organizations.get(one.organization_id),
        }
        for one in found
    ]


def _domains(
    session: Session, ids: set[str | None], team: Team | None
) -> dict[str | None, dict[str, Any]]:
    found = session.scalars(select(DomainRecord).where(DomainRecord.id.in_(ids - {None})))
    if team is None:
        return {one.id: wire(one, Role.VIEWER) | INVITED for one in found}
    return {one.id: wire(one, team.role) for one in found}


def _organizations(
    session: Session, ids: set[str | None], team: Team | None
) -> dict[str | None, dict[str, Any]]:
    wanted = select(OrganizationRecord).where(OrganizationRecord.id.in_(ids - {None}))
    role = Role.VIEWER if team is None else team.role
    found = [ReachedOrganization(one, role) for one in session.scalars(wanted)]
    return {one["id"]: one for one in shown(session, found)}
