"""What accounts need of other parts, and what the settings say about them; wired at the start."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from hoofprint.errors import NotFound
from hoofprint.records.tables import DomainRecord, MemberRecord, UserRecord

SignUp = Literal["closed", "open"]


class AccountOptions(Struct, frozen=True):
    """What the operator decides: the address of the instance, and who may make an account.

    `tries` is how often a minute a password or a code may be tried; 0 is no limit.
    """

    url: str
    sign_up: SignUp = "closed"
    tries: int = 10

    def link(self, path: str, code: str) -> str:
        """A link for a mail. Never made of what a request says about the host it was sent to."""
        return f"{self.url.rstrip('/')}{path}?code={code}"


def invited_nobody(session: Session, code: str) -> str | None:
    """Without organizations there are no invitations."""
    del session, code
    return None


def joins_nothing(session: Session, user: UserRecord, now: float) -> None:
    """Without organizations there is nothing to join."""
    del session, user, now


def accepts_nothing(session: Session, user: UserRecord, code: str, now: float) -> None:
    """Without organizations there are no invitations. Raises NotFound."""
    del session, user, code, now
    raise NotFound


def used_by_others(session: Session, user: UserRecord) -> Sequence[str]:
    """The hostnames of a user's domains that have other people, too."""
    shared = (
        select(DomainRecord.hostname)
        .join(MemberRecord, MemberRecord.domain_id == DomainRecord.id)
        .where(DomainRecord.user_id == user.id, MemberRecord.user_id != user.id)
        .distinct()
        .order_by(DomainRecord.hostname)
    )
    return session.scalars(shared).all()


class Joining(NamedTuple):
    """What organizations have to do with accounts.

    `invited` tells the e-mail address that an invitation's code was mailed to, None for a code that
    is none; `accept` makes a user a member of what it is for, and raises NotFound if it is for
    somebody else. `join` is called once it is shown that a user's address is the user's own.
    `holding` names what an account owns and others use: it can't end as long as there is any.
    """

    invited: Callable[[Session, str], str | None] = invited_nobody
    join: Callable[[Session, UserRecord, float], None] = joins_nothing
    accept: Callable[[Session, UserRecord, str, float], None] = accepts_nothing
    holding: Callable[[Session, UserRecord], Sequence[str]] = used_by_others
