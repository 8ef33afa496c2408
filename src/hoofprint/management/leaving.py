"""What people leave behind where they no longer reach a domain: nothing of their own."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, literal, select
from sqlalchemy.orm import Session

from hoofprint.management.reach import reaches
from hoofprint.records.tables import DomainRecord, PreferenceRecord, ViewRecord


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
