"""Joining: how people become members, by an invitation or by the host of their e-mail address."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from hoofprint.errors import NotFound
from hoofprint.management.clients import hash_secret
from hoofprint.model.role import Role
from hoofprint.records.ids import CODE_LENGTH, is_text_of
from hoofprint.records.moments import moment
from hoofprint.records.tables import (
    AutoJoinRecord,
    DomainRecord,
    InvitationRecord,
    MemberRecord,
    OrganizationRecord,
    UserRecord,
)


def join(session: Session, user: UserRecord, now: float) -> None:
    """Make a new user a viewer of every organization that waits for such e-mail addresses.

    To be called once the user has shown that the address is the user's own (`api.md`, Adding
    Auto-Join Hostnames).
    """
    host = user.email.rpartition("@")[2]
    waiting = (
        select(OrganizationRecord)
        .join(AutoJoinRecord, AutoJoinRecord.organization_id == OrganizationRecord.id)
        .where(AutoJoinRecord.hostname == host)
        .order_by(OrganizationRecord.def_time, OrganizationRecord.id)
    )
    for organization in session.scalars(waiting):
        _become_viewer(session, user, organization, now)


def accept(session: Session, user: UserRecord, invitation: InvitationRecord, now: float) -> None:
    """Make the user a viewer of what the invitation is to, which ends with that.

    Raises NotFound if it is for somebody else's address (`api.md`, Accepting an Invitation).
    """
    if invitation.email != user.email:
        raise NotFound
    _become_viewer(session, user, _place_of(session, invitation), now)
    session.delete(invitation)


def invitation_with(session: Session, code: str) -> InvitationRecord | None:
    """The invitation with the code of a mail.

    Who knows the code reads the mails of its address: no other proof of that is needed.
    """
    if not is_text_of(code, CODE_LENGTH):
        return None
    return session.scalar(select(InvitationRecord).filter_by(code_hash=hash_secret(code)))


def accept_with(session: Session, user: UserRecord, code: str, now: float) -> None:
    """`accept` the invitation with the code of a mail. Raises NotFound if there is none, too."""
    found = invitation_with(session, code)
    if found is None:
        raise NotFound
    accept(session, user, found, now)


def invited(session: Session, code: str) -> str | None:
    """The address that the code of an invitation was sent to; None if it is none."""
    found = invitation_with(session, code)
    return None if found is None else found.email


def _place_of(session: Session, invitation: InvitationRecord) -> DomainRecord | OrganizationRecord:
    if invitation.domain_id is not None:
        return session.get_one(DomainRecord, invitation.domain_id)
    return session.get_one(OrganizationRecord, invitation.organization_id)


def _become_viewer(
    session: Session, user: UserRecord, place: DomainRecord | OrganizationRecord, now: float
) -> None:
    """Nothing happens to the owner and to whoever is a member already."""
    of_domain = isinstance(place, DomainRecord)
    ids = {"domain_id" if of_domain else "organization_id": place.id}
    known = session.scalar(select(MemberRecord).filter_by(user_id=user.id, **ids))
    if known is None and place.user_id != user.id:
        times = {"def_time": moment(now), "mod_time": moment(now)}
        session.add(MemberRecord(user_id=user.id, role=Role.VIEWER.value, **ids, **times))
