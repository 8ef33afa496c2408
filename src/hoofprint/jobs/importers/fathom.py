"""Archives of Fathom: CSV files with a row for each hour, which are summed to days.

An hour is on the day that its time is written with. Columns go by their names; those that are not
known are ignored, and files may be missing.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from hoofprint.jobs.importers.archive import Format
from hoofprint.jobs.importers.reading import (
    BROWSERS,
    Columns,
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


def fathom(site: Site) -> Format:
    """How archives of Fathom are read for a site."""
    return Format(
        {
            "site.csv": lambda row: _row(row, ImportedKind.TOTAL),
            "pages.csv": lambda row: _row(
                row, ImportedKind.PAGES, (_hostname(row, site), path(row, _path_column(row)), "")
            ),
            "referrers.csv": lambda row: _row(row, ImportedKind.SOURCES, _source(row, site)),
            "browsers.csv": lambda row: _row(
                row, ImportedKind.BROWSERS, (value(row, "browser", BROWSERS), "")
            ),
            "countries.csv": lambda row: _row(
                row, ImportedKind.PLACES, (country(row, _country_column(row)), "", "")
            ),
            "devicetypes.csv": lambda row: _row(
                row, ImportedKind.PLATFORMS, (platform(row, _device_column(row)),)
            ),
        },
        needs=(("timestamp",), ("pageviews", "visits", "uniques", "visitors")),
    )


def _row(row: Columns, kind: ImportedKind, values: tuple[str, ...] = ()) -> ImportedRow:
    sessions = count(row, "visits", "sessions", "visitors", "uniques")
    bounced = number(row, "bounce rate", "bounce_rate")
    if bounced > 1:
        raise Unreadable(f"bounce rate is {bounced:g}, not a fraction")
    return ImportedRow(
        day=day_of(row["timestamp"]),
        kind=kind,
        values=values,
        visitors=count(row, "visitors", "uniques", "visits"),
        sessions=sessions,
        views=count(row, "pageviews", "views"),
        bounces=round(bounced * sessions),
        seconds=round(number(row, "avg duration", "avg_duration") * sessions),
    )


def _first(row: Columns, *names: str) -> str:
    return next((name for name in names if name in row), names[0])


def _path_column(row: Columns) -> str:
    return _first(row, "pathname", "path", "page")


def _country_column(row: Columns) -> str:
    return _first(row, "country code", "country_code", "country")


def _device_column(row: Columns) -> str:
    return _first(row, "device type", "device_type", "device")


def _hostname(row: Columns, site: Site) -> str:
    """Hostnames are written with `https://` there."""
    text = value(row, _first(row, "hostname", "host")).lower()
    host = (urlsplit(text).hostname or "") if "://" in text else text.partition("/")[0]
    return host or site.hostname


def _source(row: Columns, site: Site) -> tuple[str, ...]:
    """The referrer's host and path in columns of their own, or an address in one."""
    host = row.get(_first(row, "referrer hostname", "referrer_hostname", "referrer"), "").strip()
    there = row.get(_first(row, "referrer pathname", "referrer_pathname"), "").strip()
    address = host + (there if there != "/" else "")
    return source({**row, "address": address}, site.naming, "address", "source")
