"""Archives of Plausible: a CSV file for each kind, a row for each day and combination of values.

Columns go by their names; those that are not known are ignored, and files may be missing.
"""

from __future__ import annotations

from hoofprint.jobs.importers.archive import Format
from hoofprint.jobs.importers.reading import (
    BROWSERS,
    SYSTEMS,
    Columns,
    Site,
    count,
    country,
    day_of,
    path,
    platform,
    source,
    value,
)
from hoofprint.model.imported import ImportedKind, ImportedRow

STATE_OF_US = "US-"


def plausible(site: Site) -> Format:
    """How archives of Plausible are read for a site."""
    return Format(
        {
            "imported_visitors*.csv": lambda row: _row(row, ImportedKind.TOTAL),
            "imported_pages*.csv": lambda row: _row(
                row, ImportedKind.PAGES, (_hostname(row, site), path(row, "page"), "")
            ),
            "imported_entry_pages*.csv": lambda row: _row(
                row, ImportedKind.ENTRIES, (_hostname(row, site), path(row, "entry_page"), "")
            ),
            "imported_exit_pages*.csv": lambda row: _row(
                row, ImportedKind.EXITS, (_hostname(row, site), path(row, "exit_page"), "")
            ),
            "imported_sources*.csv": lambda row: _row(
                row, ImportedKind.SOURCES, source(row, site.naming, "referrer", "source")
            ),
            "imported_locations*.csv": lambda row: _row(
                row, ImportedKind.PLACES, _place(row, site)
            ),
            "imported_devices*.csv": lambda row: _row(
                row, ImportedKind.PLATFORMS, (platform(row, "device"),)
            ),
            "imported_browsers*.csv": lambda row: _row(
                row,
                ImportedKind.BROWSERS,
                (value(row, "browser", BROWSERS), value(row, "browser_version")),
            ),
            "imported_operating_systems*.csv": lambda row: _row(
                row,
                ImportedKind.SYSTEMS,
                (value(row, "operating_system", SYSTEMS), value(row, "operating_system_version")),
            ),
        },
        needs=(("date",), ("visitors",)),
    )


def _row(row: Columns, kind: ImportedKind, values: tuple[str, ...] = ()) -> ImportedRow:
    ends = {ImportedKind.ENTRIES: "entrances", ImportedKind.EXITS: "exits"}
    sessions = count(row, ends.get(kind, "visits"))
    return ImportedRow(
        day=day_of(row["date"]),
        kind=kind,
        values=values,
        visitors=count(row, "visitors"),
        sessions=sessions,
        views=count(row, "pageviews"),
        bounces=min(count(row, "bounces"), sessions),
        seconds=count(row, "visit_duration"),
    )


def _hostname(row: Columns, site: Site) -> str:
    return value(row, "hostname").lower() or site.hostname


def _place(row: Columns, site: Site) -> tuple[str, str, str]:
    """A city is a number of GeoNames there, whose names nobody has here: it is called by it.

    So it can be told apart, and its region is known. A region is its ISO code, which only the
    states of the US have names for.
    """
    region, city = value(row, "region"), value(row, "city")
    if region.startswith(STATE_OF_US):
        region = site.naming.state(region.removeprefix(STATE_OF_US)) or region
    if city.isdecimal():
        city = f"GeoNames {city}" if int(city) else ""
    return country(row, "country"), region, city
