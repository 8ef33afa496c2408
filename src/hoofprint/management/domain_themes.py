"""How a domain looks, and how an organization's new ones do (`api.md`, Set Base Theme)."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from hoofprint.errors import NotFound
from hoofprint.management.access import Action, permitted, permitted_organization
from hoofprint.management.domains import wire
from hoofprint.management.images import Owner
from hoofprint.management.reach import reached_by
from hoofprint.management.theme_reach import available
from hoofprint.management.themes import Look, Settings, dressed
from hoofprint.management.transactions import Transactions
from hoofprint.model.principal import Principal
from hoofprint.records.moments import moment
from hoofprint.records.tables import ThemeRecord


class DomainThemes:
    """Chooses themes for clients; what is changed counts at once.

    A domain may have the themes of its owner and of its organization. Every method raises Forbidden
    or NotFound as `management/access.py` has it.
    """

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def set_base(self, caller: Principal, domain_id: str, theme_id: str) -> Settings:
        """The settings of a domain's base theme from now on; an empty id takes it away."""

        def work(session: Session) -> Settings:
            domain = permitted(session, Action.CHANGE_SETTINGS, caller, domain_id)
            of = (domain.user_id, domain.organization_id)
            theme = _chosen(theme_id, available(session, theme_id, *of))
            domain.theme_id = None if theme is None else theme.id
            domain.mod_time = moment(self._transactions.clock())
            return {} if theme is None else theme.settings

        return await self._transactions.write(work)

    async def change(self, caller: Principal, domain_id: str, look: Look) -> dict[str, Any]:
        """The fields of a domain after its own settings were replaced and files were added."""

        def work(session: Session) -> dict[str, Any]:
            domain = permitted(session, Action.CHANGE_SETTINGS, caller, domain_id)
            now = self._transactions.clock()
            owner, before = Owner(domain_id=domain.id), domain.theme_settings
            domain.theme_settings = dressed(session, owner, before, look, now)
            domain.mod_time = moment(now)
            session.flush()
            reached = reached_by(session, caller, domain_id)
            if reached is None:
                raise NotFound
            return wire(domain, reached.role)

        return await self._transactions.write(work)

    async def set_default(self, caller: Principal, organization_id: str, theme_id: str) -> None:
        """Let an organization's new domains have one of its themes; an empty id: none."""

        def work(session: Session) -> None:
            action = Action.CHANGE_ORGANIZATION_THEME
            organization = permitted_organization(session, action, caller, organization_id)
            theme = _chosen(theme_id, available(session, theme_id, "", organization.id))
            organization.theme_id = None if theme is None else theme.id
            organization.mod_time = moment(self._transactions.clock())

        await self._transactions.write(work)


def _chosen(theme_id: str, found: ThemeRecord | None) -> ThemeRecord | None:
    """What an id means: nothing if it is empty. Raises NotFound."""
    if theme_id and found is None:
        raise NotFound
    return found
