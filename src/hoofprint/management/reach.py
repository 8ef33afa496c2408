"""Which domains and organizations a caller reaches, and as what: the one place that knows.

Roles come in this order: the domain's owner, the owner of its organization (as an admin), a member
of the domain, a member of its organization. So a membership of a domain overrides the
organization's.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    case,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased
from sqlalchemy.orm.interfaces import ORMOption

from hoofprint.management.clients import hash_secret
from hoofprint.model.principal import Principal
from hoofprint.model.role import Role
from hoofprint.records.ids import ID_LENGTH, is_text_of
from hoofprint.records.moments import moment
from hoofprint.records.tables import (
    AccessLinkRecord,
    DomainRecord,
    MemberRecord,
    OrganizationRecord,
)

DOMAIN_CLIENT = Role.ADMIN
"""What a domain's own client may be on it at most; its scopes narrow that."""
Column = ColumnElement[str] | InstrumentedAttribute[str]


class Reached(NamedTuple):
    """A domain and what the caller may be on it."""

    record: DomainRecord
    role: Role


class ReachedOrganization(NamedTuple):
    """An organization and what the caller may be in it."""

    record: OrganizationRecord
    role: Role


def domains_of(
    session: Session, caller: Principal, *only: ColumnElement[bool], load: Sequence[ORMOption] = ()
) -> list[Reached]:
    """The domains a caller reaches, in one query: own ones first, then the oldest first."""
    if caller.domain_id is not None:
        mine = select(DomainRecord).where(DomainRecord.id == caller.domain_id, *only)
        return [Reached(r, DOMAIN_CLIENT) for r in session.scalars(mine.options(*load))]
    found = session.execute(_of_user(caller.user_id or "").where(*only).options(*load))
    reached = [Reached(record, Role(role)) for record, role in found]
    return sorted(reached, key=lambda r: r.role is not Role.OWNER)


def reached_by(session: Session, caller: Principal, domain_id: str) -> Reached | None:
    """The domain with an id, if the caller reaches it."""
    if not is_text_of(domain_id, ID_LENGTH):
        return None
    return next(iter(domains_of(session, caller, DomainRecord.id == domain_id)), None)


def organizations_of(
    session: Session, user_id: str, *only: ColumnElement[bool]
) -> list[ReachedOrganization]:
    """The organizations a user owns or belongs to, in one query: own ones first, then by age."""
    owned = OrganizationRecord.user_id == user_id
    role = case((owned, Role.OWNER.value), else_=MemberRecord.role)
    membership = and_(
        MemberRecord.organization_id == OrganizationRecord.id, MemberRecord.user_id == user_id
    )
    wanted = (
        select(OrganizationRecord, role)
        .outerjoin(MemberRecord, membership)
        .where(or_(owned, MemberRecord.id.is_not(None)), *only)
        .order_by(OrganizationRecord.def_time, OrganizationRecord.id)
    )
    reached = [ReachedOrganization(record, Role(role)) for record, role in session.execute(wanted)]
    return sorted(reached, key=lambda r: r.role is not Role.OWNER)


def reached_organization(
    session: Session, caller: Principal, organization_id: str
) -> ReachedOrganization | None:
    """The organization with an id, if the caller stands for somebody who belongs to it."""
    if caller.user_id is None or not is_text_of(organization_id, ID_LENGTH):
        return None
    wanted = OrganizationRecord.id == organization_id
    return next(iter(organizations_of(session, caller.user_id, wanted)), None)


def reaches(user_id: Column, domain_id: Column) -> ColumnElement[bool]:
    """Whether a user reaches a domain, in a query that has both as columns."""
    domain, organization = aliased(DomainRecord), aliased(OrganizationRecord)
    member = aliased(MemberRecord)
    belongs = (
        select(member.id)
        .where(
            member.user_id == user_id,
            or_(
                member.domain_id == domain.id,
                member.organization_id == domain.organization_id,
            ),
        )
        .correlate_except(member)  # the user's column may be two levels up
    )
    return (
        select(domain.id)
        .outerjoin(organization, organization.id == domain.organization_id)
        .where(
            domain.id == domain_id,
            or_(domain.user_id == user_id, organization.user_id == user_id, belongs.exists()),
        )
        .correlate_except(domain, organization)
        .exists()
    )


def link_with(session: Session, code: str) -> AccessLinkRecord | None:
    """The access link with a code, whether it has ended or not."""
    hashed = hash_secret(code)
    return session.scalar(select(AccessLinkRecord).filter_by(code_hash=hashed))


def has_ended(valid_until: datetime | None, now: float) -> bool:
    """Whether something that is valid until then no longer is."""
    return valid_until is not None and valid_until <= moment(now)


def members_of(session: Session, domain_id: str) -> int:
    """How many people a domain has: its owner and its further members.

    Those who reach it only through its organization are the organization's.
    """
    others = and_(
        MemberRecord.domain_id == DomainRecord.id, MemberRecord.user_id != DomainRecord.user_id
    )
    found = (
        select(func.count(MemberRecord.id))
        .select_from(DomainRecord)
        .outerjoin(MemberRecord, others)
        .where(DomainRecord.id == domain_id)
        .group_by(DomainRecord.id)
    )
    further = session.scalar(found)
    return 0 if further is None else 1 + further


def all_domains(session: Session) -> list[Reached]:
    """Every domain of the instance as its owner sees it, the oldest first."""
    oldest = select(DomainRecord).order_by(DomainRecord.def_time, DomainRecord.id)
    return [Reached(record, Role.OWNER) for record in session.scalars(oldest)]


def _of_user(user_id: str) -> Select[DomainRecord, str]:
    """Rows of a domain and what the user is on it.

    Which domains these are is found by index first: every other condition only narrows that.
    """
    here, there = aliased(MemberRecord), aliased(MemberRecord)
    role = case(
        (DomainRecord.user_id == user_id, Role.OWNER.value),
        (OrganizationRecord.user_id == user_id, Role.ADMIN.value),
        else_=func.coalesce(here.role, there.role),
    )
    organizations: CompoundSelect[str | None] = union_all(
        select(OrganizationRecord.id).where(OrganizationRecord.user_id == user_id),
        _memberships(MemberRecord.organization_id, user_id),
    )
    reached: CompoundSelect[str | None] = union_all(
        select(DomainRecord.id).where(DomainRecord.user_id == user_id),
        _memberships(MemberRecord.domain_id, user_id),
        select(DomainRecord.id).where(DomainRecord.organization_id.in_(organizations)),
    )
    return (
        select(DomainRecord, role)
        .outerjoin(OrganizationRecord, OrganizationRecord.id == DomainRecord.organization_id)
        .outerjoin(here, and_(here.domain_id == DomainRecord.id, here.user_id == user_id))
        .outerjoin(
            there,
            and_(there.organization_id == DomainRecord.organization_id, there.user_id == user_id),
        )
        .where(DomainRecord.id.in_(reached))
        .order_by(DomainRecord.def_time, DomainRecord.id)
    )


def _memberships(column: InstrumentedAttribute[str | None], user_id: str) -> Select[str | None]:
    """The ids in one of the two columns of a user's memberships."""
    return select(column).where(MemberRecord.user_id == user_id, column.is_not(None))
