"""Email reports: who gets a domain's statistics by mail, and when (`api.md`; `clients.md` 5)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hoofprint.errors import Invalid
from hoofprint.management.resource import Columns, Field, Kind, Resource, Sent
from hoofprint.management.users import read_email
from hoofprint.records.moments import moment
from hoofprint.records.tables import ReportRecord
from hoofprint.records.tables.users import EMAIL_LENGTH

DAILY, MONTHLY = 0, 4
HOUR = time(6)
"""When reports are sent, in the domain's time zone."""
MONDAY = 0
SECTIONS = ("visitor_graph", "summary", "top_pages", "top_referrer", "top_events")
"""What a report shows unless it is told not to."""
MOST_ADDRESSES = 100


def next_report(interval: int, now: float, timezone: str) -> datetime:
    """When a report is sent next: every day, on a Monday in so many weeks, or on the 1st."""
    zone = ZoneInfo(timezone)
    day = datetime.fromtimestamp(now, zone).date()
    while not (_is_day(interval, day) and datetime.combine(day, HOUR, zone).timestamp() > now):
        day += timedelta(days=1)
    if DAILY < interval < MONTHLY:
        day += timedelta(weeks=interval - 1)
    return moment(datetime.combine(day, HOUR, zone).timestamp())


def _is_day(interval: int, day: date) -> bool:
    if interval == DAILY:
        return True
    return day.day == 1 if interval == MONTHLY else day.weekday() == MONDAY


def _columns(sent: Sent) -> list[Columns]:
    values = dict(sent.values)
    emails: list[str] = list(values.pop("emails", None) or ())
    before = sent.before
    interval = values["interval"]
    if interval is None:
        interval = DAILY if before is None else before.interval
    common: Columns = {
        "interval": interval,
        "link_to": values["link_to"] or ("dashboard" if before is None else before.link_to),
        "options": {name: _option(name, values[name], before) for name in OPTIONS},
    }
    if before is None or before.interval != interval:
        common["next_report"] = next_report(interval, sent.now, sent.domain.timezone)
    if before is not None:
        return [common]
    addresses = [read_email(email) for email in dict.fromkeys(emails)]
    if not addresses:
        raise Invalid({"emails": "is required"})
    if None in addresses:
        raise Invalid({"emails": f"{emails[addresses.index(None)]} is not an e-mail address"})
    if len(addresses) > MOST_ADDRESSES:
        raise Invalid({"emails": f"must have at most {MOST_ADDRESSES} addresses"})
    return [{"email": address, **common} for address in dict.fromkeys(addresses)]


def _option(name: str, sent: Any, before: Any) -> Any:
    """What was sent, else what it was, else as usual."""
    if sent is not None:
        return sent
    if before is not None and name in before.options:
        return before.options[name]
    return name in SECTIONS if name not in TEXT_OPTIONS else ""


TEXT_OPTIONS = ("reply_to", "start_date")
FLAG_OPTIONS = (*SECTIONS, "hide_dashboard_button")
OPTIONS = (*TEXT_OPTIONS, *FLAG_OPTIONS)

REPORTS = Resource(
    name="email report",
    plural="email reports",
    path="/api/v1/report",
    record=ReportRecord,
    fields=(
        Field("emails", Kind.TEXTS, longest=EMAIL_LENGTH, required=True, only_new=True),
        Field(
            "interval",
            Kind.WHOLE,
            about="0 is every day, 1 to 3 so many weeks, 4 a month.",
            most=MONTHLY,
            null=True,
        ),
        Field("link_to", one_of=("dashboard", "public", "custom")),
        Field("reply_to", longest=EMAIL_LENGTH, null=True),
        Field("start_date", longest=30, null=True),
        *(Field(name, Kind.FLAG, null=True) for name in FLAG_OPTIONS),
    ),
    shown=("email", "interval", "link_to", "next_report", *OPTIONS),
    columns=_columns,
    listed_by="id",
    changed_by="PUT",
    several=True,
    inside="options",
    searched=("email",),
)
