"""Imported statistics: daily sums that another product made, and the days on which they count."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

DAY = timedelta(days=1)


class ImportedKind(StrEnum):
    """What the rows of a day are sums by."""

    TOTAL = "total"
    PAGES = "pages"
    ENTRIES = "entries"
    EXITS = "exits"
    SOURCES = "sources"
    PLACES = "places"
    PLATFORMS = "platforms"
    BROWSERS = "browsers"
    SYSTEMS = "systems"


VALUES: dict[ImportedKind, tuple[str, ...]] = {
    ImportedKind.TOTAL: (),
    ImportedKind.PAGES: ("hostname", "path", "title"),
    ImportedKind.ENTRIES: ("entry_hostname", "entry_path", "entry_title"),
    ImportedKind.EXITS: ("exit_hostname", "exit_path", "exit_title"),
    ImportedKind.SOURCES: (
        *("referrer", "referrer_name", "channel"),
        *("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term"),
    ),
    ImportedKind.PLACES: ("country", "region", "city"),
    ImportedKind.PLATFORMS: ("platform",),
    ImportedKind.BROWSERS: ("browser", "browser_version"),
    ImportedKind.SYSTEMS: ("os", "os_version"),
}
"""The values that the rows of a kind have, by the names that facts have for them."""


class ImportedRow(Struct, frozen=True, gc=False):
    """The sums of one local day for one combination of a kind's values.

    `values` are in the order of `VALUES`. `seconds` is the time that all sessions took together. Of
    entry pages `sessions` are those that began there, of exit pages those that ended there.
    """

    day: date
    kind: ImportedKind
    values: tuple[str, ...] = ()
    visitors: int = 0
    sessions: int = 0
    views: int = 0
    bounces: int = 0
    seconds: int = 0


class ImportedDays(Struct, frozen=True):
    """The days from `first` to `last`, on which the rows with `rows_id` count for their domain."""

    rows_id: str
    first: date
    last: date


def without(counted: tuple[ImportedDays, ...], first: date, last: date) -> tuple[ImportedDays, ...]:
    """What still counts when nothing does any more from one day to another."""
    left: list[ImportedDays] = []
    for one in counted:
        if one.first < first:
            left.append(replace(one, last=min(one.last, first - DAY)))
        if one.last > last:
            left.append(replace(one, first=max(one.first, last + DAY)))
    return tuple(left)
