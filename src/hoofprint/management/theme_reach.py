"""Which themes a caller reaches, and which ones a domain may have."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import Session

from hoofprint.errors import NotFound
from hoofprint.management.access import Action, Asker, check
from hoofprint.management.reach import reached_by, reached_organization
from hoofprint.model.principal import Principal
from hoofprint.model.role import Role
from hoofprint.records.ids import ID_LENGTH, is_text_of
from hoofprint.records.tables import DomainRecord, OrganizationRecord, ThemeRecord


def permitted_theme(
    session: Session, action: Action, caller: Principal, theme_id: str
) -> ThemeRecord:
    """The theme with an id, if the caller may do it there. Raises Forbidden or NotFound."""
    found = session.get(ThemeRecord, theme_id) if is_text_of(theme_id, ID_LENGTH) else None
    role = None if found is None else _role(session, caller, found)
    check(action, Asker(caller, role), public=False)
    if found is None:
        raise NotFound
    return found


def belonging_to(user_id: str | None, organization_id: str | None) -> ColumnElement[bool]:
    """Whether a theme is of a person or of an organization."""
    of_user = ThemeRecord.user_id == user_id if user_id else false()
    of_organization = ThemeRecord.organization_id == organization_id if organization_id else false()
    return or_(of_user, of_organization)


def available(
    session: Session, theme_id: str, user_id: str, organization_id: str | None
) -> ThemeRecord | None:
    """The theme with an id, if a domain of that owner and organization may have it."""
    if not is_text_of(theme_id, ID_LENGTH):
        return None
    mine = belonging_to(user_id, organization_id)
    return session.scalar(select(ThemeRecord).where(ThemeRecord.id == theme_id, mine))


def default_theme_id(session: Session, organization_id: str | None) -> str | None:
    """The theme that an organization's new domains have, if it chose one that is still its own."""
    if not organization_id:
        return None
    return session.scalar(
        select(ThemeRecord.id)
        .join(OrganizationRecord, OrganizationRecord.id == ThemeRecord.organization_id)
        .where(
            OrganizationRecord.id == organization_id, OrganizationRecord.theme_id == ThemeRecord.id
        )
    )


def _role(session: Session, caller: Principal, theme: ThemeRecord) -> Role | None:
    """What the caller may be of a theme.

    Its own, or as in its organization, or as on the domain that it was made for; a domain's client
    reads whatever its domain may have.
    """
    if caller.user_id is not None and theme.user_id == caller.user_id:
        return Role.OWNER
    roles: list[Role] = []
    if theme.organization_id and (
        of := reached_organization(session, caller, theme.organization_id)
    ):
        roles.append(of.role)
    if theme.domain_id and (on := reached_by(session, caller, theme.domain_id)):
        roles += [on.role] if _may_have(on.record, theme) else []
    if caller.domain_id and (own := reached_by(session, caller, caller.domain_id)):
        roles += [Role.VIEWER] if _may_have(own.record, theme) else []
    return next((role for role in roles if role.reaches(Role.ADMIN)), next(iter(roles), None))


def _may_have(domain: DomainRecord, theme: ThemeRecord) -> bool:
    same = theme.organization_id is not None and theme.organization_id == domain.organization_id
    return same or (theme.user_id is not None and theme.user_id == domain.user_id)
