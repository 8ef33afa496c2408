"""Domains: creating them and showing them to clients (`api.md`, Managing Domains)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from zoneinfo import available_timezones

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from hoofprint.errors import Invalid
from hoofprint.management.hostnames import read_hostname
from hoofprint.management.subdomains import (
    WRONG_SUBDOMAIN,
    free_subdomain,
    is_taken,
    read_subdomain,
)
from hoofprint.model.domain import Domain
from hoofprint.model.imported import ImportedDays
from hoofprint.model.role import Role
from hoofprint.records.moments import moment, wire_time
from hoofprint.records.tables import DomainRecord
from hoofprint.records.tables.domains import ACTIVE_SECONDS, DISPLAY_NAME_LENGTH

NO_PLACE = frozenset({"localtime", "posixrules", "Factory"})
"""Names that mean something else on every machine."""
WRONG_HOSTNAME = "is not a hostname like example.com (no scheme, port or path)"
WRONG_TIMEZONE = "is not a time zone like Europe/Berlin"


PRIVATE: dict[str, Any] = {
    "google_user_id": None,
    "google_user_email": None,
    "gsc_domain": None,
    "new_owner": None,
    "metadata": {},
}
"""What whoever has a link, or sees a public domain, is told of the people behind it: nothing."""


class NewDomain(Struct, frozen=True):
    """What a domain is made of; without a subdomain one is made from the hostname."""

    hostname: str
    timezone: str
    subdomain: str = ""
    display_name: str = ""
    public: bool = False
    group_by_title: bool = False
    active_visitors_seconds: int = ACTIVE_SECONDS
    disable_scripts: bool = False


def create_domain(session: Session, new: NewDomain, user_id: str, now: float) -> DomainRecord:
    """The record of a new domain of a user. Raises Invalid naming every failing field."""
    wrong: dict[str, str] = {}
    hostname = read_hostname(new.hostname)
    if hostname is None:
        wrong["hostname"] = WRONG_HOSTNAME
    if not known_timezone(new.timezone):
        wrong["timezone"] = WRONG_TIMEZONE
    subdomain = read_subdomain(new.subdomain) if new.subdomain else ""
    if subdomain is None:
        wrong["subdomain"] = WRONG_SUBDOMAIN
    elif subdomain and is_taken(session, subdomain):
        wrong["subdomain"] = "is taken"
    if len(new.display_name) > DISPLAY_NAME_LENGTH:
        wrong["display_name"] = f"must have at most {DISPLAY_NAME_LENGTH} characters"
    if wrong or hostname is None:
        raise Invalid(wrong)
    domain = DomainRecord(
        def_time=moment(now),
        mod_time=moment(now),
        user_id=user_id,
        hostname=hostname,
        subdomain=subdomain or free_subdomain(session, hostname),
        timezone=new.timezone,
        public=new.public,
        group_by_title=new.group_by_title,
        active_visitors_seconds=new.active_visitors_seconds,
        disable_scripts=new.disable_scripts,
        display_name=new.display_name.strip() or None,
    )
    session.add(domain)
    session.flush()
    return domain


def known_timezone(name: str) -> bool:
    """Whether a name is one of a time zone that is the same on every machine."""
    return name in available_timezones() - NO_PLACE


def domain_named(session: Session, domain_id: str | None) -> DomainRecord:
    """The domain with an id; without one, the only domain there is. Raises Invalid.

    Its hostnames are loaded.
    """
    wanted = select(DomainRecord).options(selectinload(DomainRecord.hostnames))
    if domain_id is not None:
        found = session.scalar(wanted.where(DomainRecord.id == domain_id))
        if found is None:
            raise Invalid({"domain": "is unknown"})
        return found
    domains = session.scalars(wanted.limit(2)).all()
    if not domains:
        raise Invalid({"domain": "there is no domain yet: create one first"})
    if len(domains) > 1:
        raise Invalid({"domain": "is required, because there are several domains"})
    return domains[0]


def measured(record: DomainRecord) -> Domain:
    """The domain as collection and statistics see it; `hostnames` must be loaded."""
    return Domain(
        id=record.id,
        hostname=record.hostname,
        timezone=record.timezone,
        identification_code=record.identification_code,
        hostnames=tuple(h.hostname for h in record.hostnames),
        public=record.public,
        group_by_title=record.group_by_title,
        active_visitors_seconds=record.active_visitors_seconds,
        disable_scripts=record.disable_scripts,
        statistics_start=record.statistics_start,
        imported=imported_days(record),
    )


def imported_days(record: DomainRecord) -> tuple[ImportedDays, ...]:
    """Which imported statistics count for a domain, and when."""
    return tuple(
        ImportedDays(rows_id, date.fromisoformat(first), date.fromisoformat(last))
        for rows_id, first, last in record.imported
    )


def count_imported(record: DomainRecord, days: Sequence[ImportedDays]) -> None:
    """Have these count for a domain, and no others."""
    record.imported = [[one.rows_id, f"{one.first}", f"{one.last}"] for one in days]
    record.imported_statistics = bool(days)


def wire(record: DomainRecord, role: Role) -> dict[str, Any]:
    """The fields of `GET /domain`; `role` is what the one who asks may be on it."""
    start = record.statistics_start
    return {
        "id": record.id,
        "def_time": wire_time(record.def_time),
        "mod_time": wire_time(record.mod_time),
        "user_id": record.user_id,
        "organization_id": record.organization_id,
        "hostname": record.hostname,
        "subdomain": record.subdomain,
        "identification_code": record.identification_code,
        "public": record.public,
        "google_user_id": record.google_user_id,
        "google_user_email": record.google_user_email,
        "gsc_domain": record.gsc_domain,
        "new_owner": record.new_owner,
        "timezone": record.timezone,
        "group_by_title": record.group_by_title,
        "active_visitors_seconds": record.active_visitors_seconds,
        "disable_scripts": record.disable_scripts,
        "statistics_start": None if start is None else f"{start.isoformat()}T00:00:00Z",
        "imported_statistics": record.imported_statistics,
        "metadata": record.notes,
        "theme_id": None if record.base_theme is None else record.base_theme.id,
        "theme": {} if record.base_theme is None else record.base_theme.settings,
        "custom_domain": record.custom_domain,
        "user_role": role.value,
        "settings": record.settings,
        "theme_settings": record.theme_settings,
        "display_name": record.display_name,
        "subscription_active": True,
    }
