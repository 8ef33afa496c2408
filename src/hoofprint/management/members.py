"""Members of domains and organizations (`api.md`, Managing Members and Permissions)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hoofprint.errors import Invalid
from hoofprint.management.leaving import forget_unreached
from hoofprint.management.reach import reached_organization
from hoofprint.management.resource import Field
from hoofprint.management.teams import CHANGE, LEAVE, READ, Named, Team, permitted_team
from hoofprint.management.transactions import Transactions
from hoofprint.model.principal import Principal
from hoofprint.model.role import Role
from hoofprint.records.ids import ID_LENGTH, is_text_of
from hoofprint.records.moments import moment, wire_time
from hoofprint.records.tables import (
    DomainRecord,
    MemberRecord,
    OrganizationRecord,
    UserRecord,
)

ROLE = Field("role", required=True, about="`Viewer` or `Admin`, in any case.")
GIVEN = {role.lower(): role for role in (Role.ADMIN, Role.VIEWER)}
"""The roles that a member may be given."""
OWNERS_ROLE = "is given by handing over the domain only"
OWNERS_PLACE = "is the owner's, which is no membership"


class Members:
    """Manages members for clients; what is changed counts at once.

    The owner is listed, too, under the id of the domain or organization. Every method raises
    Forbidden or NotFound as `management/access.py` has it.
    """

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def list(self, caller: Principal, named: Named) -> list[dict[str, Any]]:
        """The owner and the members, the oldest first; a viewer sees only what it is itself."""

        def work(session: Session) -> list[dict[str, Any]]:
            team = permitted_team(session, READ, caller, named)
            listed = [_wire_owner(session, team), *_wire_members(session, team)]
            if team.role.reaches(Role.ADMIN):
                return listed
            return [one for one in listed if one["user_id"] == caller.user_id]

        return await self._transactions.read(work)

    async def change_role(self, caller: Principal, member_id: str, role: str) -> None:
        """Give a member another role. Raises Invalid."""

        def work(session: Session) -> None:
            member = _member(session, caller, member_id)
            permitted_team(session, CHANGE, caller, _named(member))
            member.role = read_role(role)
            member.mod_time = moment(self._transactions.clock())

        await self._transactions.write(work)

    async def remove(self, caller: Principal, member_id: str) -> None:
        """End a membership, which its member may do, too; raises Invalid for the owner's."""

        def work(session: Session) -> None:
            member = _member(session, caller, member_id)
            own = caller.user_id is not None and member.user_id == caller.user_id
            permitted_team(session, LEAVE if own else CHANGE, caller, _named(member))
            session.delete(member)
            forget_unreached(session, [member.user_id])

        await self._transactions.write(work)


def wrong_role(text: str) -> str:
    """What is wrong with a role that a member shall have; empty if nothing is."""
    if text.lower() == Role.OWNER.lower():
        return OWNERS_ROLE
    return "" if text.lower() in GIVEN else f"must be {' or '.join(GIVEN.values())}"


def read_role(text: str) -> Role:
    """The role that a member shall have. Raises Invalid."""
    if wrong := wrong_role(text):
        raise Invalid({"role": wrong})
    return GIVEN[text.lower()]


def _wire_owner(session: Session, team: Team) -> dict[str, Any]:
    user = session.get_one(UserRecord, team.record.user_id)
    return _wire(team.record, team, Role.OWNER, user)


def _wire_members(session: Session, team: Team) -> list[dict[str, Any]]:
    found = (
        select(MemberRecord, UserRecord)
        .join(UserRecord, UserRecord.id == MemberRecord.user_id)
        .where(team.of(MemberRecord), MemberRecord.user_id != team.record.user_id)
        .order_by(MemberRecord.def_time, MemberRecord.id)
    )
    return [_wire(member, team, Role(member.role), user) for member, user in session.execute(found)]


def _wire(
    record: MemberRecord | DomainRecord | OrganizationRecord,
    team: Team,
    role: Role,
    user: UserRecord,
) -> dict[str, Any]:
    return {
        "id": record.id,
        "def_time": wire_time(record.def_time),
        "mod_time": wire_time(record.mod_time),
        "user_id": user.id,
        "domain_id": None,
        "organization_id": None,
        **team.ids,
        "role": role.value,
        "user": {
            "id": user.id,
            "email": user.email,
            "full_name": user.full_name,
            "picture": user.picture,
        },
    }


def _named(member: MemberRecord) -> Named:
    return Named(member.domain_id or "", member.organization_id or "")


def _member(session: Session, caller: Principal, member_id: str) -> MemberRecord:
    """The membership with an id, whoever may know of it.

    Raises Invalid for the owner's place in what the caller may change, Forbidden or NotFound.
    """
    found = session.get(MemberRecord, member_id) if is_text_of(member_id, ID_LENGTH) else None
    if found is not None:
        return found
    organization = reached_organization(session, caller, member_id)
    named = Named(organization_id=member_id) if organization else Named(domain_id=member_id)
    permitted_team(session, CHANGE, caller, named)
    raise Invalid({"id": OWNERS_PLACE})
