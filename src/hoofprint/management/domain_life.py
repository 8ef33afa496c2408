"""The beginning and the end of domains (`api.md`, Creating a Domain and Deleting a Domain)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from hoofprint.errors import Invalid
from hoofprint.management.access import RIGHTS, Action, permitted, permitted_user
from hoofprint.management.deletions import EVER, Asked, write_down
from hoofprint.management.domain_settings import (
    DAY_SECONDS,
    MOST_DAYS,
    MOST_VISITORS,
    active_seconds,
    alert_of,
)
from hoofprint.management.domains import NewDomain, create_domain, wire
from hoofprint.management.reach import reached_organization
from hoofprint.management.resource import Field, Kind, Values
from hoofprint.management.theme_reach import available, default_theme_id
from hoofprint.management.transactions import Transactions
from hoofprint.model.deletion import Deletion
from hoofprint.model.principal import Principal
from hoofprint.model.role import Role
from hoofprint.records.ids import ID_LENGTH
from hoofprint.records.moments import moment
from hoofprint.records.tables import DomainRecord, EndedDomainRecord
from hoofprint.records.tables.domains import DISPLAY_NAME_LENGTH
from hoofprint.records.tables.record import HOSTNAME_LENGTH

UNKNOWN = "is unknown"
ALERTS = {"spike": "traffic_spike_threshold", "warning": "traffic_warning_threshold_days"}
FIELDS = (
    Field("hostname", required=True, longest=HOSTNAME_LENGTH),
    Field("subdomain", about="One is made from the hostname if it is empty."),
    Field("timezone", required=True),
    Field("organization_id", longest=ID_LENGTH, null=True),
    Field("theme_id", longest=ID_LENGTH, null=True),
    Field("public", Kind.FLAG),
    Field("group_by_title", Kind.FLAG),
    Field("active_visitors_seconds", Kind.WHOLE, "0 is the usual time.", most=DAY_SECONDS),
    Field("disable_scripts", Kind.FLAG),
    Field("display_name", longest=DISPLAY_NAME_LENGTH),
    Field("traffic_spike_threshold", Kind.WHOLE, "0 is none.", most=MOST_VISITORS),
    Field("traffic_warning_threshold_days", Kind.WHOLE, "0 is none.", most=MOST_DAYS),
)


class DomainLife:
    """Begins and ends domains for clients of users.

    `position` gives the end of the spool; `begin` is called with the deletion of an ended domain's
    facts, which goes on in the background.
    """

    def __init__(
        self,
        transactions: Transactions,
        position: Callable[[], int],
        begin: Callable[[Deletion], None],
    ) -> None:
        self._transactions = transactions
        self._position = position
        self._begin = begin

    async def create(self, caller: Principal, values: Values) -> dict[str, Any]:
        """The fields of a new domain, of the caller's user. Raises Forbidden or Invalid."""

        def work(session: Session) -> dict[str, Any]:
            user = permitted_user(session, Action.CREATE_DOMAINS, caller)
            wrong: dict[str, str] = {}
            organization_id, theme_id = values["organization_id"], values["theme_id"]
            if organization_id and not _may_add_to(session, caller, organization_id):
                wrong["organization_id"] = UNKNOWN
            if theme_id and available(session, theme_id, user.id, organization_id) is None:
                wrong["theme_id"] = UNKNOWN
            if wrong:
                raise Invalid(wrong)
            now = self._transactions.clock()
            new = NewDomain(
                values["hostname"],
                values["timezone"],
                subdomain=values["subdomain"],
                display_name=values["display_name"],
                public=values["public"],
                group_by_title=values["group_by_title"],
                active_visitors_seconds=active_seconds(values["active_visitors_seconds"]),
                disable_scripts=values["disable_scripts"],
            )
            record = create_domain(session, new, user.id, now)
            record.organization_id = organization_id
            record.theme_id = theme_id or default_theme_id(session, organization_id)
            for kind, name in ALERTS.items():
                if values[name]:
                    alert = alert_of(session, record.id, kind, now)
                    alert.enabled, alert.threshold = True, values[name]
            return wire(record, Role.OWNER)

        return await self._transactions.write(work)

    async def delete(self, caller: Principal, domain_id: str) -> None:
        """End a domain with all that belongs to it. Raises Forbidden or NotFound."""
        position = self._position()

        def work(session: Session) -> Deletion:
            domain = permitted(session, Action.DELETE_DOMAIN, caller, domain_id)
            now = self._transactions.clock()
            return end_domain(session, domain, Asked(domain.id, caller.client_id, position, now))

        self._begin(await self._transactions.write(work))


def end_domain(session: Session, domain: DomainRecord, asked: Asked) -> Deletion:
    """End a domain for good; the deletion of its facts, which is to be begun once that is kept."""
    deletion = write_down(session, asked, EVER)
    ended = EndedDomainRecord(
        id=domain.id,
        def_time=domain.def_time,
        mod_time=moment(asked.now),
        user_id=domain.user_id,
        hostname=domain.hostname,
    )
    session.add(ended)
    session.delete(domain)
    return deletion


def _may_add_to(session: Session, caller: Principal, organization_id: str) -> bool:
    """Whether the caller knows an organization and may add domains to it."""
    found = reached_organization(session, caller, organization_id)
    right = RIGHTS[Action.CHANGE_ORGANIZATION_DOMAINS]
    return found is not None and right.granted_to(caller) and found.role.reaches(right.role)
