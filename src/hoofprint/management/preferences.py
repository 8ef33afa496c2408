"""How a person's dashboards look (`api.md`, Setting a Domain as Favorite and after)."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from hoofprint.errors import NotFound
from hoofprint.management.access import Action, permitted_user
from hoofprint.management.reach import reached_by
from hoofprint.management.transactions import Transactions
from hoofprint.model.principal import Principal
from hoofprint.records.moments import moment
from hoofprint.records.tables import PreferenceRecord

MOST_PINNED = 100
Change = Callable[[Session, PreferenceRecord], None]


class Preferences:
    """Changes preferences for clients of users.

    Every method raises Forbidden for other clients. What is there already is taken back: there is
    no other way to do so.
    """

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def favorite(self, caller: Principal, domain_id: str) -> None:
        """Make a domain the favorite, or no longer. Raises NotFound."""

        def change(session: Session, mine: PreferenceRecord) -> None:
            _known(session, caller, domain_id)
            mine.favorite_id = None if mine.favorite_id == domain_id else domain_id

        await self._change(caller, change)

    async def pin(self, caller: Principal, domain_id: str) -> None:
        """Pin a domain, or no longer; the oldest of too many goes. Raises NotFound."""

        def change(session: Session, mine: PreferenceRecord) -> None:
            _known(session, caller, domain_id)
            others = [one for one in mine.pinned if one != domain_id]
            added = [] if domain_id in mine.pinned else [domain_id]
            mine.pinned = [*others, *added][-MOST_PINNED:]

        await self._change(caller, change)

    async def toggle_active(self, caller: Principal) -> None:
        """Show the active visitors in the page's title, or no longer."""

        def change(_: Session, mine: PreferenceRecord) -> None:
            mine.show_active = not mine.show_active

        await self._change(caller, change)

    async def toggle_full_width(self, caller: Principal) -> None:
        """Show the dashboard at full width, or no longer."""

        def change(_: Session, mine: PreferenceRecord) -> None:
            mine.full_width = not mine.full_width

        await self._change(caller, change)

    async def _change(self, caller: Principal, change: Change) -> None:
        def work(session: Session) -> None:
            user = permitted_user(session, Action.CHANGE_PREFERENCES, caller)
            now = moment(self._transactions.clock())
            mine = preferences_of(session, user.id)
            if mine is None:
                mine = PreferenceRecord(user_id=user.id, def_time=now, mod_time=now)
                session.add(mine)
                session.flush()
            change(session, mine)
            mine.mod_time = now

        await self._transactions.write(work)


def preferences_of(session: Session, user_id: str) -> PreferenceRecord | None:
    """A person's preferences, None if nothing was ever chosen."""
    return session.scalar(select(PreferenceRecord).filter_by(user_id=user_id))


def _known(session: Session, caller: Principal, domain_id: str) -> None:
    """Raise NotFound unless the caller reaches the domain."""
    if reached_by(session, caller, domain_id) is None:
        raise NotFound
