"""What people leave behind: nothing of their own, and nothing that others still use."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import delete, literal, or_, select
from sqlalchemy.orm import Session

from hoofprint.management.reach import reaches
from hoofprint.records.tables import (
    DomainRecord,
    MemberRecord,
    OrganizationRecord,
    PreferenceRecord,
    UserRecord,
    ViewRecord,
)


def used_by_others(session: Session, user: UserRecord) -> Sequence[str]:
    """What a user owns and others use: hostnames of domains, then names of organizations.

    An account can't end as long as there is any.
    """
    others = select(UserRecord.id).where(
        UserRecord.id != user.id, reaches(UserRecord.id, DomainRecord.id)
    )
    domains = (
        select(DomainRecord.hostname)
        .where(DomainRecord.user_id == user.id, others.correlate(DomainRecord).exists())
        .order_by(DomainRecord.hostname)
    )
    members = select(MemberRecord.id).where(
        MemberRecord.organization_id == OrganizationRecord.id, MemberRecord.user_id != user.id
    )
    strange = select(DomainRecord.id).where(
        DomainRecord.organization_id == OrganizationRecord.id, DomainRecord.user_id != user.id
    )
    organizations = (
        select(OrganizationRecord.name)
        .where(OrganizationRecord.user_id == user.id, or_(members.exists(), strange.exists()))
        .order_by(OrganizationRecord.name)
    )
    return [*session.scalars(domains), *session.scalars(organizations)]


def forget_unreached(session: Session, user_ids: Collection[str]) -> None:
    """Remove people's views, pins and favorites of domains that they reach no longer.

    To be called when their memberships are as they shall be (`clients.md` section 2).
    """
    session.flush()
    gone = ~reaches(ViewRecord.user_id, ViewRecord.domain_id)
    session.execute(
        delete(ViewRecord)
        .where(ViewRecord.user_id.in_(user_ids), gone)
        .execution_options(synchronize_session=False)
    )
    theirs = select(PreferenceRecord).where(PreferenceRecord.user_id.in_(user_ids))
    for mine in session.scalars(theirs):
        chosen = [*mine.pinned, *filter(None, [mine.favorite_id])]
        if not chosen:
            continue
        still = select(DomainRecord.id).where(
            DomainRecord.id.in_(chosen), reaches(literal(mine.user_id), DomainRecord.id)
        )
        kept = set(session.scalars(still))
        if mine.favorite_id not in kept:
            mine.favorite_id = None
        if not kept.issuperset(mine.pinned):
            mine.pinned = [one for one in mine.pinned if one in kept]
