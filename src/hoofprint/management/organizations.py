"""Organizations: domains with the same people (`api.md`, Managing Organizations)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from hoofprint.errors import Forbidden, Invalid
from hoofprint.management.access import (
    RIGHTS,
    Action,
    permitted_organization,
    permitted_user,
)
from hoofprint.management.deletions import Asked
from hoofprint.management.domain_life import end_domain
from hoofprint.management.leaving import forget_unreached
from hoofprint.management.reach import ReachedOrganization, organizations_of
from hoofprint.management.resource import MOST_OBJECTS, Field
from hoofprint.management.transactions import Transactions
from hoofprint.model.deletion import Deletion
from hoofprint.model.principal import Principal
from hoofprint.model.role import Role
from hoofprint.records.moments import moment, wire_time
from hoofprint.records.tables import (
    AutoJoinRecord,
    DomainRecord,
    MemberRecord,
    OrganizationRecord,
    ThemeRecord,
)
from hoofprint.records.tables.organizations import ORGANIZATION_NAME_LENGTH

NAME = Field("name", required=True, longest=ORGANIZATION_NAME_LENGTH)
COUNTED = ("domains", "themes")
"""What the list shows and the answers to changes don't."""
LISTED = ("theme_id", "auto_join")
"""Ours: there is no other way to read them."""


class Organizations:
    """Manages organizations for clients of users; what is changed counts at once.

    `position` gives the end of the spool; `begin` is called with the deletion of each ended
    domain's facts. Every method raises Forbidden or NotFound as `management/access.py` has it.
    """

    def __init__(
        self,
        transactions: Transactions,
        position: Callable[[], int],
        begin: Callable[[Deletion], None],
    ) -> None:
        self._transactions = transactions
        self._position = position
        self._begin = begin

    async def list(self, caller: Principal) -> list[dict[str, Any]]:
        """The organizations that the caller's user owns or belongs to, own ones first."""

        def work(session: Session) -> list[dict[str, Any]]:
            user = permitted_user(session, Action.READ_ORGANIZATIONS, caller)
            return shown(session, organizations_of(session, user.id))

        return await self._transactions.read(work)

    async def create(self, caller: Principal, name: str) -> dict[str, Any]:
        """The fields of a new organization of the caller's user. Raises Invalid."""

        def work(session: Session) -> dict[str, Any]:
            user = permitted_user(session, Action.CREATE_ORGANIZATIONS, caller)
            owned = select(func.count()).select_from(OrganizationRecord).filter_by(user_id=user.id)
            if session.scalars(owned).one() >= MOST_OBJECTS:
                raise Invalid({}, f"an account may have at most {MOST_OBJECTS} organizations")
            now = moment(self._transactions.clock())
            made = OrganizationRecord(user_id=user.id, name=name, def_time=now, mod_time=now)
            session.add(made)
            session.flush()
            return _changed(session, made)

        return await self._transactions.write(work)

    async def rename(self, caller: Principal, organization_id: str, name: str) -> dict[str, Any]:
        """The fields of an organization with another name."""

        def work(session: Session) -> dict[str, Any]:
            action = Action.CHANGE_ORGANIZATION
            organization = permitted_organization(session, action, caller, organization_id)
            organization.name = name
            organization.mod_time = moment(self._transactions.clock())
            return _changed(session, organization)

        return await self._transactions.write(work)

    async def delete(
        self, caller: Principal, organization_id: str, delete_domains: bool = False
    ) -> None:
        """End an organization; its domains belong to none then, or end with it.

        Ending them is Forbidden to a client that may not delete domains.
        """
        position = self._position()

        def work(session: Session) -> list[Deletion]:
            action = Action.CHANGE_ORGANIZATION
            organization = permitted_organization(session, action, caller, organization_id)
            people = people_of(session, organization)
            deletions = []
            if delete_domains:
                if not RIGHTS[Action.DELETE_DOMAIN].granted_to(caller):
                    raise Forbidden
                now = self._transactions.clock()
                mine = select(DomainRecord).filter_by(organization_id=organization.id)
                deletions = [
                    end_domain(session, domain, Asked(domain.id, caller.client_id, position, now))
                    for domain in session.scalars(mine).all()
                ]
            session.delete(organization)
            forget_unreached(session, people)
            return deletions

        for deletion in await self._transactions.write(work):
            self._begin(deletion)


def people_of(session: Session, organization: OrganizationRecord) -> Sequence[str]:
    """The ids of an organization's owner and members."""
    members = select(MemberRecord.user_id).filter_by(organization_id=organization.id)
    return [organization.user_id, *session.scalars(members)]


def shown(session: Session, reached: Sequence[ReachedOrganization]) -> list[dict[str, Any]]:
    """Organizations as they are listed, in the same number of queries however many they are."""
    ids = [organization.id for organization, _ in reached]
    members = _counts(session, MemberRecord.organization_id, ids)
    domains = _counts(session, DomainRecord.organization_id, ids)
    themes = _counts(session, ThemeRecord.organization_id, ids)
    hosts = _hosts(session, [one.id for one, role in reached if role.reaches(Role.ADMIN)])
    return [
        {
            "id": organization.id,
            "def_time": wire_time(organization.def_time),
            "mod_time": wire_time(organization.mod_time),
            "user_id": organization.user_id,
            "name": organization.name,
            "member": 1 + members.get(organization.id, 0),
            "domains": domains.get(organization.id, 0),
            "themes": themes.get(organization.id, 0),
            "role": role.value,
            "can_edit": role is Role.OWNER,
            "theme_id": organization.theme_id,
            "auto_join": hosts.get(organization.id, []),
        }
        for organization, role in reached
    ]


def _changed(session: Session, organization: OrganizationRecord) -> dict[str, Any]:
    """An organization as the answer to its owner's change has it."""
    [answer] = shown(session, [ReachedOrganization(organization, Role.OWNER)])
    return {name: value for name, value in answer.items() if name not in COUNTED + LISTED}


def _counts(
    session: Session, column: InstrumentedAttribute[str | None], ids: Sequence[str]
) -> dict[str, int]:
    """How often each of some ids stands in a column."""
    found = select(column, func.count()).where(column.in_(ids)).group_by(column)
    return {str(organization_id): count for organization_id, count in session.execute(found)}


def _hosts(session: Session, ids: Sequence[str]) -> dict[str, list[str]]:
    """The auto-join hostnames of organizations, in the order of the alphabet."""
    wanted = select(AutoJoinRecord).where(AutoJoinRecord.organization_id.in_(ids))
    found: dict[str, list[str]] = {}
    for one in session.scalars(wanted.order_by(AutoJoinRecord.hostname)):
        found.setdefault(one.organization_id, []).append(one.hostname)
    return found
