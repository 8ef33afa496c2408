"""Reports of a Google Analytics 4 property: one for each kind, by day, in pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, Protocol

from msgspec import Struct

from hoofprint.errors import Unavailable
from hoofprint.jobs.importers.reading import (
    BROWSERS,
    SYSTEMS,
    Broken,
    Columns,
    Item,
    Site,
    Unreadable,
    count,
    country,
    day_of,
    number,
    path,
    platform,
    source,
    value,
)
from hoofprint.model.imported import ImportedKind, ImportedRow

PAGE_ROWS = 10_000
_METRICS = (
    *("totalUsers", "sessions", "screenPageViews"),
    *("engagedSessions", "averageSessionDuration"),
)
_OF_PAGES = ("totalUsers", "sessions", "screenPageViews")
_DAY_LENGTH = 8
"""A day is written as `20240131`."""


class Reports(Protocol):
    """What is needed of `jobs/google.py`."""

    def report(self, token: str, property_id: str, wanted: Mapping[str, Any]) -> Mapping[str, Any]:
        """A page of a report. Raises Invalid or Unavailable."""
        ...


class _Report(Struct, frozen=True):
    kind: ImportedKind
    dimensions: tuple[str, ...]
    values: Callable[[Columns, Site], tuple[str, ...]]
    metrics: tuple[str, ...] = _METRICS


REPORTS = (
    _Report(ImportedKind.TOTAL, (), lambda _, __: ()),
    _Report(
        ImportedKind.PAGES,
        ("hostName", "pagePath"),
        lambda row, site: (_hostname(row, site), path(row, "pagePath"), ""),
        _OF_PAGES,
    ),
    _Report(
        ImportedKind.ENTRIES,
        ("hostName", "landingPage"),
        lambda row, site: (_hostname(row, site), path(row, "landingPage"), ""),
    ),
    _Report(
        ImportedKind.SOURCES,
        (
            *("sessionSource", "sessionMedium", "sessionCampaignName"),
            *("sessionManualAdContent", "sessionManualTerm"),
        ),
        lambda row, site: _source(row, site),  # noqa: PLW0108 - below
    ),
    _Report(
        ImportedKind.PLACES,
        ("countryId", "region", "city"),
        lambda row, _: (country(row, "countryId"), value(row, "region"), value(row, "city")),
    ),
    _Report(
        ImportedKind.PLATFORMS,
        ("deviceCategory",),
        lambda row, _: (platform(row, "deviceCategory"),),
    ),
    _Report(
        ImportedKind.BROWSERS, ("browser",), lambda row, _: (value(row, "browser", BROWSERS), "")
    ),
    _Report(
        ImportedKind.SYSTEMS,
        ("operatingSystem", "operatingSystemVersion"),
        lambda row, _: (
            value(row, "operatingSystem", SYSTEMS),
            value(row, "operatingSystemVersion"),
        ),
    ),
)
"""What is asked for. Google has no report of exit pages."""
_NO_SOURCES = frozenset({"(direct)", "(organic)", "(referral)", "organic", "referral"})


class GoogleReports:
    """The rows of a property from one day to another; raises Invalid or Unavailable while read."""

    def __init__(self, google: Reports, token: str, property_id: str, site: Site) -> None:
        self._google = google
        self._token = token
        self._property = property_id
        self._site = site

    def between(self, first: date, last: date) -> GoogleRows:
        """The same for some days."""
        return GoogleRows(self._ask, self._site, first, last)

    def _ask(self, wanted: Mapping[str, Any]) -> Mapping[str, Any]:
        return self._google.report(self._token, self._property, wanted)


class GoogleRows:
    """Every row of the reports about some days."""

    def __init__(
        self,
        ask: Callable[[Mapping[str, Any]], Mapping[str, Any]],
        site: Site,
        first: date,
        last: date,
    ) -> None:
        self._ask = ask
        self._site = site
        self._dates = [{"startDate": f"{first}", "endDate": f"{last}"}]

    def count(self) -> int:
        """How many rows all reports have."""
        return sum(_row_count(self._page(report, 0, 1)) for report in REPORTS)

    def rows(self) -> Iterator[Item]:
        """The rows of one report after the other."""
        for report in REPORTS:
            offset = 0
            while True:
                page = self._page(report, offset, PAGE_ROWS)
                rows = page.get("rows", [])
                if not isinstance(rows, list):
                    raise Unavailable("a report of Google can't be read")
                for place, row in enumerate(rows):
                    yield self._item(report, row, offset + place + 1)
                offset += len(rows)
                if not rows or offset >= _row_count(page):
                    break

    def _page(self, report: _Report, offset: int, limit: int) -> Mapping[str, Any]:
        """In the order of days and values: else pages could overlap."""
        names = ("date", *report.dimensions)
        return self._ask(
            {
                "dateRanges": self._dates,
                "dimensions": [{"name": name} for name in names],
                "metrics": [{"name": name} for name in report.metrics],
                "orderBys": [{"dimension": {"dimensionName": name}} for name in names],
                "offset": str(offset),
                "limit": str(limit),
            }
        )

    def _item(self, report: _Report, row: object, line: int) -> Item:
        names = ("date", *report.dimensions, *report.metrics)
        try:
            cells = _cells(row, "dimensionValues") + _cells(row, "metricValues")
            if len(cells) != len(names):
                return Broken(f"report by {report.kind}", line, "has other columns than asked for")
            return self._row(report, dict(zip(names, cells, strict=True)))
        except Unreadable as error:
            return Broken(f"report by {report.kind}", line, str(error))

    def _row(self, report: _Report, row: Columns) -> ImportedRow:
        text = row["date"]
        if len(text) != _DAY_LENGTH or not text.isdigit():
            raise Unreadable(f"{text[:40]!r} is not a date")
        sessions = count(row, "sessions")
        bounces = 0
        if "engagedSessions" in row:
            bounces = max(sessions - count(row, "engagedSessions"), 0)
        return ImportedRow(
            day=day_of(f"{text[:4]}-{text[4:6]}-{text[6:]}"),
            kind=report.kind,
            values=report.values(row, self._site),
            visitors=count(row, "totalUsers"),
            sessions=sessions,
            views=count(row, "screenPageViews"),
            bounces=bounces,
            seconds=round(number(row, "averageSessionDuration") * sessions),
        )


def _hostname(row: Columns, site: Site) -> str:
    return value(row, "hostName").lower() or site.hostname


def _source(row: Columns, site: Site) -> tuple[str, ...]:
    """A medium of Google's own (`organic`, `referral`) was in no link, so it is no UTM value."""
    medium = value(row, "sessionMedium").lower()
    is_tagged = medium not in _NO_SOURCES
    campaign = value(row, "sessionCampaignName")
    texts = {
        "name": value(row, "sessionSource"),
        "utm_source": value(row, "sessionSource") if is_tagged and medium else "",
        "utm_medium": value(row, "sessionMedium") if is_tagged else "",
        "utm_campaign": "" if campaign.lower() in _NO_SOURCES else campaign,
        "utm_content": value(row, "sessionManualAdContent"),
        "utm_term": value(row, "sessionManualTerm"),
    }
    return source(texts, site.naming, "address", "name")


def _row_count(page: Mapping[str, Any]) -> int:
    found = page.get("rowCount", 0)
    return found if isinstance(found, int) else 0


def _cells(row: object, name: str) -> list[str]:
    listed = row.get(name) if isinstance(row, dict) else None
    if not isinstance(listed, list):
        raise Unreadable(f"{name} are missing")
    return [str(one.get("value", "")) if isinstance(one, dict) else "" for one in listed]
