"""Teams: the people of a domain or of an organization, and who may do what with them."""

from __future__ import annotations

from typing import NamedTuple

from msgspec import Struct
from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from hoofprint.errors import Forbidden, NotFound
from hoofprint.management.access import RIGHTS, Action, Asker, check
from hoofprint.management.reach import (
    Reached,
    ReachedOrganization,
    reached_by,
    reached_organization,
)
from hoofprint.model.principal import Principal
from hoofprint.model.role import Role
from hoofprint.records.tables import (
    DomainRecord,
    InvitationRecord,
    MemberRecord,
    OrganizationRecord,
)


class Deed(NamedTuple):
    """What somebody may want to do with a team: the action on a domain's, on an organization's."""

    of_domain: Action
    of_organization: Action


READ = Deed(Action.READ_MEMBERS, Action.READ_ORGANIZATION_MEMBERS)
CHANGE = Deed(Action.CHANGE_MEMBERS, Action.CHANGE_ORGANIZATION_MEMBERS)
LEAVE = Deed(Action.LEAVE_DOMAIN, Action.LEAVE_ORGANIZATION)
INVITE = Deed(Action.INVITE, Action.INVITE_TO_ORGANIZATION)
READ_INVITED = Deed(Action.READ_INVITATIONS, Action.READ_ORGANIZATION_INVITATIONS)


class Named(Struct, frozen=True):
    """The domain or the organization that a request names; the other id is empty."""

    domain_id: str = ""
    organization_id: str = ""

    @property
    def ids(self) -> dict[str, str]:
        """The one that is named, as the columns of members and invitations have it."""
        if self.organization_id:
            return {"organization_id": self.organization_id}
        return {"domain_id": self.domain_id}


class Team(Struct, frozen=True):
    """A domain or an organization, and what the caller may be there."""

    record: DomainRecord | OrganizationRecord
    role: Role

    @property
    def ids(self) -> dict[str, str]:
        """Which one, as the columns of members and invitations have it."""
        if isinstance(self.record, DomainRecord):
            return Named(domain_id=self.record.id).ids
        return Named(organization_id=self.record.id).ids

    def of(self, record: type[MemberRecord | InvitationRecord]) -> ColumnElement[bool]:
        """Which members or invitations are the team's."""
        if isinstance(self.record, DomainRecord):
            return record.domain_id == self.record.id
        return record.organization_id == self.record.id

    @property
    def name(self) -> str:
        """What people call it."""
        if isinstance(self.record, DomainRecord):
            return self.record.display_name or self.record.hostname
        return self.record.name


def permitted_team(session: Session, deed: Deed, caller: Principal, named: Named) -> Team:
    """The team of what is named, if the caller may do it there. Raises Forbidden or NotFound."""
    found: Reached | ReachedOrganization | None
    if named.organization_id:
        found = reached_organization(session, caller, named.organization_id)
        action = deed.of_organization
    else:
        found = reached_by(session, caller, named.domain_id)
        action = deed.of_domain
    if found is None:
        # Whatever it would be a team of, so that nobody can tell what there is.
        raise NotFound if any(RIGHTS[one].granted_to(caller) for one in deed) else Forbidden
    check(action, Asker(caller, found.role), public=False)
    return Team(found.record, found.role)
