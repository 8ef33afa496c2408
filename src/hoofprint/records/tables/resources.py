"""The tables of what a domain has besides hostnames, members, links, goals and funnels."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hoofprint.records.ids import SECRET_LENGTH, new_secret
from hoofprint.records.moments import Moment
from hoofprint.records.tables.record import Id, Record
from hoofprint.records.tables.users import EMAIL_LENGTH

NAME_LENGTH = 200
URL_LENGTH = 2000
KIND_LENGTH = 16


class WebhookRecord(Record):
    """An address that is told of a domain's events.

    `secret` signs what is sent, so it is kept as it is. `failures` counts deliveries that failed in
    a row.
    """

    __tablename__ = "webhooks"

    domain_id: Mapped[str] = mapped_column(ForeignKey("domains.id", ondelete="CASCADE"), index=True)
    description: Mapped[str] = mapped_column(Text, default="")
    event: Mapped[str] = mapped_column(String(NAME_LENGTH))
    endpoint: Mapped[str] = mapped_column(String(URL_LENGTH))
    active: Mapped[bool] = mapped_column(default=True)
    secret: Mapped[str] = mapped_column(String(SECRET_LENGTH), default=new_secret)
    failures: Mapped[int] = mapped_column(default=0)


class FilterType(StrEnum):
    """What a traffic filter looks at; of `hostname` only those that are listed may send."""

    IP = "ip"
    COUNTRY = "country"
    PAGE = "page"
    HOSTNAME = "hostname"


class TrafficFilterRecord(Record):
    """Traffic that a domain does not count."""

    __tablename__ = "traffic_filters"
    __table_args__ = (
        CheckConstraint("type IN ('ip', 'country', 'page', 'hostname')", name="type"),
    )

    domain_id: Mapped[str] = mapped_column(ForeignKey("domains.id", ondelete="CASCADE"), index=True)
    type: Mapped[str] = mapped_column(String(KIND_LENGTH))
    description: Mapped[str] = mapped_column(Text, default="")
    filter: Mapped[str] = mapped_column(String(URL_LENGTH))


class ReportRecord(Record):
    """A mail with a domain's statistics, sent again and again to one address.

    `interval` is 0 for every day, 1 to 3 for so many weeks, 4 for a month. `options` says what is
    in it.
    """

    __tablename__ = "reports"
    __table_args__ = (CheckConstraint('"interval" BETWEEN 0 AND 4', name="interval"),)

    domain_id: Mapped[str] = mapped_column(ForeignKey("domains.id", ondelete="CASCADE"), index=True)
    email: Mapped[str] = mapped_column(String(EMAIL_LENGTH))
    interval: Mapped[int]
    link_to: Mapped[str] = mapped_column(String(KIND_LENGTH))
    next_report: Mapped[datetime] = mapped_column(Moment, index=True)
    options: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class ViewRecord(Record):
    """A period and filters that a person has saved under a name."""

    __tablename__ = "views"

    domain_id: Mapped[str] = mapped_column(ForeignKey("domains.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    definition: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class SnippetRecord(Record):
    """How a domain's script is set up for one kind of request."""

    __tablename__ = "snippets"
    __table_args__ = (
        UniqueConstraint("domain_id", "type"),
        CheckConstraint("type IN ('page view', 'event', 'session')", name="type"),
    )

    domain_id: Mapped[str] = mapped_column(ForeignKey("domains.id", ondelete="CASCADE"))
    type: Mapped[str] = mapped_column(String(KIND_LENGTH))
    dev: Mapped[bool] = mapped_column(default=False)
    include: Mapped[str] = mapped_column(Text, default="")
    exclude: Mapped[str] = mapped_column(Text, default="")
    domains: Mapped[str] = mapped_column(Text, default="")
    endpoint: Mapped[str] = mapped_column(Text, default="")
    sample: Mapped[str] = mapped_column(Text, default="")


class AlertRecord(Record):
    """A mail for when too many visitors are active (`spike`) or nobody comes (`warning`).

    `threshold` is active visitors, or days.
    """

    __tablename__ = "alerts"
    __table_args__ = (
        UniqueConstraint("domain_id", "kind"),
        CheckConstraint("kind IN ('spike', 'warning')", name="kind"),
    )

    domain_id: Mapped[str] = mapped_column(ForeignKey("domains.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(KIND_LENGTH))
    enabled: Mapped[bool] = mapped_column(default=False)
    threshold: Mapped[int] = mapped_column(default=0)
    last_sent: Mapped[datetime | None] = mapped_column(Moment)


class PreferenceRecord(Record):
    """How a person's dashboards look: the favorite, the pinned ones, two switches."""

    __tablename__ = "preferences"

    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), unique=True)
    favorite_id: Mapped[str | None] = mapped_column(
        Id, ForeignKey("domains.id", ondelete="SET NULL"), index=True
    )
    pinned: Mapped[list[str]] = mapped_column(JSON, default=list)
    show_active: Mapped[bool] = mapped_column(default=False)
    full_width: Mapped[bool] = mapped_column(default=False)
