"""Which domains a caller reaches, and as what: the one place that knows owners, members, links."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, func, select, union_all
from sqlalchemy.orm import Session
from sqlalchemy.orm.interfaces import ORMOption

from hoofprint.management.clients import hash_secret
from hoofprint.model.principal import Principal
from hoofprint.model.role import Role
from hoofprint.records.ids import ID_LENGTH, is_text_of
from hoofprint.records.moments import moment
from hoofprint.records.tables import AccessLinkRecord, DomainRecord, MemberRecord

DOMAIN_CLIENT = Role.ADMIN
"""What a domain's own client may be on it at most; its scopes narrow that."""


class Reached(NamedTuple):
    """A domain and what the caller may be on it."""

    record: DomainRecord
    role: Role


def domains_of(
    session: Session, caller: Principal, *only: ColumnElement[bool], load: Sequence[ORMOption] = ()
) -> list[Reached]:
    """The domains a caller reaches, in one query: own ones first, then the oldest first."""
    if caller.domain_id is not None:
        mine = select(DomainRecord).where(DomainRecord.id == caller.domain_id, *only)
        return [Reached(r, DOMAIN_CLIENT) for r in session.scalars(mine.options(*load))]
    user_id = caller.user_id or ""
    found = session.execute(_of_user(user_id).where(*only).options(*load))
    reached = [
        Reached(record, Role.OWNER if role is None else Role(role)) for record, role in found
    ]
    return sorted(reached, key=lambda r: r.role is not Role.OWNER)


def reached_by(session: Session, caller: Principal, domain_id: str) -> Reached | None:
    """The domain with an id, if the caller reaches it."""
    if not is_text_of(domain_id, ID_LENGTH):
        return None
    return next(iter(domains_of(session, caller, DomainRecord.id == domain_id)), None)


def link_with(session: Session, code: str) -> AccessLinkRecord | None:
    """The access link with a code, whether it has ended or not."""
    hashed = hash_secret(code)
    return session.scalar(select(AccessLinkRecord).filter_by(code_hash=hashed))


def has_ended(valid_until: datetime | None, now: float) -> bool:
    """Whether something that is valid until then no longer is."""
    return valid_until is not None and valid_until <= moment(now)


def members_of(session: Session, domain_id: str) -> int:
    """How many people a domain has: its owner and its further members."""
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


def _of_user(user_id: str) -> Select[DomainRecord, str | None]:
    """Rows of a domain and the user's role as a member; None means that the user owns it."""
    reached: CompoundSelect[str | None] = union_all(
        select(DomainRecord.id).where(DomainRecord.user_id == user_id),
        select(MemberRecord.domain_id).where(MemberRecord.user_id == user_id),
    )
    membership = and_(
        MemberRecord.domain_id == DomainRecord.id,
        MemberRecord.user_id == user_id,
        DomainRecord.user_id != user_id,
    )
    return (
        select(DomainRecord, MemberRecord.role)
        .outerjoin(MemberRecord, membership)
        .where(DomainRecord.id.in_(reached))
        .order_by(DomainRecord.def_time, DomainRecord.id)
    )
