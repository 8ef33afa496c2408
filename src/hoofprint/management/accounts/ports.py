"""What accounts need of other parts, and what the settings say about them; wired at the start."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

from msgspec import Struct
from sqlalchemy.orm import Session

from hoofprint.management.joining import accept_with, invited, join
from hoofprint.management.leaving import used_by_others
from hoofprint.records.tables import UserRecord

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


class Joining(NamedTuple):
    """What organizations have to do with accounts.

    `invited` tells the e-mail address that an invitation's code was mailed to, None for a code that
    is none; `accept` makes a user a member of what it is for, and raises NotFound if it is for
    somebody else. `join` is called once it is shown that a user's address is the user's own.
    `holding` names what an account owns and others use: it can't end as long as there is any.
    """

    invited: Callable[[Session, str], str | None] = invited
    join: Callable[[Session, UserRecord, float], None] = join
    accept: Callable[[Session, UserRecord, str, float], None] = accept_with
    holding: Callable[[Session, UserRecord], Sequence[str]] = used_by_others
