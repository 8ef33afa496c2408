"""Which domains belong to an organization (`api.md`, Managing Organizations, Listing Domains)."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from hoofprint.errors import Invalid, NotFound
from hoofprint.management.access import Action, Asker, check, permitted, permitted_organization
from hoofprint.management.domains import wire
from hoofprint.management.leaving import forget_unreached
from hoofprint.management.listing import THEMES
from hoofprint.management.organizations import people_of
from hoofprint.management.reach import domains_of, reached_by
from hoofprint.management.transactions import Transactions
from hoofprint.model.principal import Principal
from hoofprint.model.role import Role
from hoofprint.records.ids import ID_LENGTH, is_text_of
from hoofprint.records.moments import moment
from hoofprint.records.tables import DomainRecord, OrganizationRecord

ELSEWHERE = "belongs to another organization"
CHANGE = Action.CHANGE_ORGANIZATION_DOMAINS


class OrganizationDomains:
    """Manages the domains of organizations for clients of users; changes count at once.

    Every method raises Forbidden or NotFound as `management/access.py` has it.
    """

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def list(self, caller: Principal, organization_id: str) -> list[dict[str, Any]]:
        """The fields of an organization's domains, all of which its members reach."""

        def work(session: Session) -> list[dict[str, Any]]:
            action = Action.READ_ORGANIZATIONS
            organization = permitted_organization(session, action, caller, organization_id)
            mine = DomainRecord.organization_id == organization.id
            found = domains_of(session, caller, mine, load=THEMES)
            return [wire(one.record, one.role) for one in found]

        return await self._transactions.read(work)

    async def add(self, caller: Principal, organization_id: str, domain_id: str) -> dict[str, Any]:
        """The fields of a domain that belongs to the organization from now on.

        It takes an admin of both. Raises Invalid if the domain belongs to another one.
        """

        def work(session: Session) -> dict[str, Any]:
            organization = permitted_organization(session, CHANGE, caller, organization_id)
            domain = permitted(session, CHANGE, caller, domain_id)
            if domain.organization_id not in {None, organization.id}:
                raise Invalid({"domain_id": ELSEWHERE})
            domain.organization_id = organization.id
            domain.mod_time = moment(self._transactions.clock())
            session.flush()
            reached = reached_by(session, caller, domain_id)
            if reached is None:
                raise NotFound
            return wire(reached.record, reached.role)

        return await self._transactions.write(work)

    async def remove(self, caller: Principal, organization_id: str, domain_id: str) -> None:
        """Let a domain belong to no organization; it takes an admin of that, or its own owner."""

        def work(session: Session) -> None:
            owned = reached_by(session, caller, domain_id)
            if owned is not None and owned.role is Role.OWNER:
                check(CHANGE, Asker(caller, Role.OWNER), public=False)
            else:
                permitted_organization(session, CHANGE, caller, organization_id)
            domain = (
                session.get(DomainRecord, domain_id) if is_text_of(domain_id, ID_LENGTH) else None
            )
            if domain is None or domain.organization_id != organization_id:
                raise NotFound
            organization = session.get_one(OrganizationRecord, organization_id)
            domain.organization_id = None
            domain.mod_time = moment(self._transactions.clock())
            forget_unreached(session, people_of(session, organization))

        await self._transactions.write(work)
