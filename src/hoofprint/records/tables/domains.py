"""The tables of domains and of what belongs to one: hostnames and access links."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hoofprint.records.ids import CODE_LENGTH, new_code
from hoofprint.records.moments import Moment
from hoofprint.records.tables.record import HOSTNAME_LENGTH, Id, Record

if TYPE_CHECKING:
    from hoofprint.records.tables.themes import ThemeRecord

SUBDOMAIN_LENGTH = 63
DISPLAY_NAME_LENGTH = 200
ACTIVE_SECONDS = 600
HASH_LENGTH = 64


class DomainRecord(Record):
    """One measured site with its dashboard.

    A hostname may be measured by several domains (a roll-up, a trial beside the real one, two
    agencies on one instance): the subdomain and the identification code tell them apart.
    """

    __tablename__ = "domains"

    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    organization_id: Mapped[str | None] = mapped_column(
        Id, ForeignKey("organizations.id", ondelete="SET NULL"), index=True
    )
    hostname: Mapped[str] = mapped_column(String(HOSTNAME_LENGTH), index=True)
    subdomain: Mapped[str] = mapped_column(String(SUBDOMAIN_LENGTH), unique=True)
    identification_code: Mapped[str] = mapped_column(
        String(CODE_LENGTH), unique=True, default=new_code
    )
    public: Mapped[bool] = mapped_column(default=False)
    google_user_id: Mapped[str | None] = mapped_column(String(255))
    google_user_email: Mapped[str | None] = mapped_column(String(254))
    gsc_domain: Mapped[str | None] = mapped_column(String(255))
    new_owner: Mapped[str | None] = mapped_column(String(254))
    timezone: Mapped[str] = mapped_column(String(64))
    group_by_title: Mapped[bool] = mapped_column(default=False)
    active_visitors_seconds: Mapped[int] = mapped_column(default=ACTIVE_SECONDS)
    disable_scripts: Mapped[bool] = mapped_column(default=False)
    statistics_start: Mapped[date | None]
    imported_statistics: Mapped[bool] = mapped_column(default=False)
    # Lists of a `rows_id` and two days: which imported rows count from when to when.
    imported: Mapped[list[list[str]]] = mapped_column(JSON, default=list)
    # `metadata` is SQLAlchemy's own word on a mapped class.
    notes: Mapped[dict[str, Any]] = mapped_column("metadata", JSON, default=dict)
    theme_id: Mapped[str | None] = mapped_column(Id, index=True)
    custom_domain: Mapped[str | None] = mapped_column(String(HOSTNAME_LENGTH), unique=True)
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    theme_settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    display_name: Mapped[str | None] = mapped_column(String(DISPLAY_NAME_LENGTH))

    hostnames: Mapped[list[HostnameRecord]] = relationship(
        lazy="raise", passive_deletes=True, order_by="HostnameRecord.hostname"
    )
    # No foreign key: the domain may come to somebody whom the theme does not belong to. It counts
    # only as long as both have the same owner or organization.
    base_theme: Mapped[ThemeRecord | None] = relationship(
        viewonly=True,
        primaryjoin="and_(foreign(DomainRecord.theme_id) == ThemeRecord.id, or_("
        "ThemeRecord.user_id == DomainRecord.user_id, "
        "ThemeRecord.organization_id == DomainRecord.organization_id))",
    )


class EndedDomainRecord(Record):
    """A domain that was deleted, with its id: its usage is still billed to whom it belonged."""

    __tablename__ = "ended_domains"

    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    hostname: Mapped[str] = mapped_column(String(HOSTNAME_LENGTH))


class HostnameRecord(Record):
    """An alternative hostname of a domain; `*` stands for any characters."""

    __tablename__ = "hostnames"
    __table_args__ = (UniqueConstraint("domain_id", "hostname"),)

    domain_id: Mapped[str] = mapped_column(ForeignKey("domains.id", ondelete="CASCADE"))
    hostname: Mapped[str] = mapped_column(String(HOSTNAME_LENGTH))


class AccessLinkRecord(Record):
    """A code that lets whoever has it read one domain, for ever without `valid_until`.

    The code is shown again, so it is kept as it is. It is found by `code_hash`, its SHA-256: the
    time that a look-up takes says nothing about the codes there are.
    """

    __tablename__ = "access_links"

    domain_id: Mapped[str] = mapped_column(ForeignKey("domains.id", ondelete="CASCADE"), index=True)
    code: Mapped[str] = mapped_column(String(CODE_LENGTH))
    code_hash: Mapped[str] = mapped_column(String(HASH_LENGTH), unique=True)
    description: Mapped[str] = mapped_column(Text, default="")
    valid_until: Mapped[datetime | None] = mapped_column(Moment)
