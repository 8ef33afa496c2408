"""Archives as other products export them, with made-up traffic: for tests and trials of imports."""

from __future__ import annotations

import csv
import io
import random
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

Table = list[dict[str, object]]

PAGES = ("/", "/pricing", "/blog/hello-world", "/docs/start")
SOURCES = (
    ("Google", "google.com", "", "", ""),
    ("", "", "", "", ""),
    ("Hacker News", "news.ycombinator.com/item", "", "", ""),
    ("newsletter", "", "newsletter", "email", "spring"),
)
PLACES = (("DE", "DE-BY", 2867714), ("US", "US-CA", 5391959), ("", "", 0))
DEVICES = ("Desktop", "Laptop", "Mobile", "Tablet")
BROWSERS = (("Chrome", "140.0"), ("Safari", "18.1"), ("Microsoft Edge", "140.0"))
SYSTEMS = (("Mac", "15.0"), ("Windows", "11"), ("GNU/Linux", ""), ("iOS", "18.1"))
REFERRERS = ("https://www.google.com", "", "https://news.ycombinator.com")


class Day(NamedTuple):
    """What a whole site had on one day."""

    visitors: int
    visits: int
    views: int
    bounces: int
    seconds: int


class Exported(NamedTuple):
    """An archive, and what it says of each day."""

    data: bytes
    days: Mapping[date, Day]


def zipped(files: Mapping[str, Table | str]) -> bytes:
    """A zip of tables as CSV files, or of texts as they are."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content if isinstance(content, str) else as_csv(content))
    return data.getvalue()


def as_csv(rows: Table) -> str:
    """Rows below a header; all of them have the same columns."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]) if rows else [])
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def plausible_tables(first: date, days: int, seed: int = 0) -> tuple[dict[str, Table], Exported]:
    """The tables of an archive of Plausible, and the archive itself."""
    draw = random.Random(seed)
    last = first + timedelta(days=days - 1)
    totals = {first + timedelta(days=n): _day(draw) for n in range(days)}
    files: dict[str, Table] = {
        f"{name}_{first:%Y%m%d}_{last:%Y%m%d}.csv": [] for name in _PLAUSIBLE
    }
    tables = dict(zip(_PLAUSIBLE, files.values(), strict=True))
    for day, total in totals.items():
        own: dict[str, object] = {"date": day.isoformat()}
        tables["imported_visitors"].append(own | _plausible(total))
        for page, part in zip(PAGES, _parts(total, len(PAGES), draw), strict=True):
            counts = _plausible(part)
            ends = {"visit_duration": counts["visit_duration"], "bounces": counts["bounces"]}
            seen = {"visitors": part.visitors, "pageviews": part.views}
            tables["imported_pages"].append(
                own
                | {"hostname": "example.com", "page": page, "visits": part.visits}
                | seen
                | {"total_time_on_page": 60 * part.views, "total_time_on_page_visits": part.views}
            )
            tables["imported_entry_pages"].append(
                own | {"entry_page": page, "entrances": part.visits} | ends | seen
            )
            tables["imported_exit_pages"].append(
                own | {"exit_page": page, "exits": part.visits} | ends | seen
            )
        names = ("source", "referrer", "utm_source", "utm_medium", "utm_campaign")
        for values, part in zip(SOURCES, _parts(total, len(SOURCES), draw), strict=True):
            named: dict[str, object] = dict(zip(names, values, strict=True))
            named |= {"utm_content": "", "utm_term": ""}
            tables["imported_sources"].append(own | named | _plausible(part))
        for name, columns, some in _PLAUSIBLE_KINDS:
            for one, part in zip(some, _parts(total, len(some), draw), strict=True):
                named = dict(zip(columns, one, strict=True))
                tables[name].append(own | named | _plausible(part))
    return files, Exported(zipped(files), totals)


def plausible_archive(first: date, days: int, seed: int = 0) -> Exported:
    """An archive of Plausible."""
    return plausible_tables(first, days, seed)[1]


def fathom_archive(first: date, days: int, seed: int = 0) -> Exported:
    """An archive of Fathom, with several hours of each day."""
    draw = random.Random(seed)
    totals: dict[date, Day] = {}
    files: dict[str, Table] = {
        name: []
        for name in (
            *("Site.csv", "Pages.csv", "Referrers.csv"),
            *("Browsers.csv", "Countries.csv", "DeviceTypes.csv"),
        )
    }
    for n in range(days):
        day = first + timedelta(days=n)
        hours = [_day(draw) for _ in range(3)]
        totals[day] = Day(*(sum(part) for part in zip(*hours, strict=True)))
        for hour, total in zip((0, 9, 23), hours, strict=True):
            at = datetime(day.year, day.month, day.day, hour)  # noqa: DTZ001 - as it is written there
            own: dict[str, object] = {"Timestamp": f"{at:%Y-%m-%d %H:%M:%S}"}
            files["Site.csv"].append(own | _fathom(total))
            for name, columns, values in _FATHOM_KINDS:
                for one, part in zip(values, _parts(total, len(values), draw), strict=True):
                    named = dict(zip(columns, one, strict=True))
                    files[name].append(own | named | _fathom(part))
    return Exported(zipped(files), totals)


def _day(draw: random.Random) -> Day:
    visitors = draw.randint(8, 200)
    visits = visitors + draw.randint(0, 40)
    views = visits + draw.randint(0, 300)
    return Day(visitors, visits, views, draw.randint(0, visits), visits * draw.randint(5, 200))


def _parts(total: Day, parts: int, draw: random.Random) -> list[Day]:
    """A day in parts that add up to it."""
    shares = [draw.random() + 0.1 for _ in range(parts)]
    columns = [_split(number, shares) for number in total]
    return [Day(*part) for part in zip(*columns, strict=True)]


def _split(number: int, shares: Sequence[float]) -> list[int]:
    whole = sum(shares)
    found = [int(number * share / whole) for share in shares[1:]]
    return [number - sum(found), *found]


def _plausible(day: Day) -> dict[str, object]:
    return {
        "visitors": day.visitors,
        "visits": day.visits,
        "visit_duration": day.seconds,
        "bounces": min(day.bounces, day.visits),
        "pageviews": day.views,
    }


def _fathom(day: Day) -> dict[str, object]:
    return {
        "Pageviews": day.views,
        "Visits": day.visits,
        "Uniques": day.visitors,
        "Bounce Rate": min(day.bounces / day.visits, 1.0) if day.visits else 0,
        "Avg Duration": day.seconds / day.visits if day.visits else 0,
    }


_PLAUSIBLE = (
    *("imported_visitors", "imported_sources", "imported_pages", "imported_entry_pages"),
    *("imported_exit_pages", "imported_locations", "imported_devices", "imported_browsers"),
    "imported_operating_systems",
)
Kinds = tuple[tuple[str, tuple[str, ...], Sequence[tuple[object, ...]]], ...]


def _alone(values: Iterable[object]) -> list[tuple[object, ...]]:
    return [(value,) for value in values]


_PLAUSIBLE_KINDS: Kinds = (
    ("imported_locations", ("country", "region", "city"), PLACES),
    ("imported_devices", ("device",), _alone(DEVICES)),
    ("imported_browsers", ("browser", "browser_version"), BROWSERS),
    (
        "imported_operating_systems",
        ("operating_system", "operating_system_version"),
        SYSTEMS,
    ),
)
_FATHOM_KINDS: Kinds = (
    ("Pages.csv", ("Hostname", "Pathname"), [("https://example.com", page) for page in PAGES]),
    ("Referrers.csv", ("Referrer Hostname", "Referrer Pathname"), [(r, "/") for r in REFERRERS]),
    ("Browsers.csv", ("Browser",), _alone(name for name, _ in BROWSERS)),
    ("Countries.csv", ("Country Code",), _alone(("DE", "US", ""))),
    ("DeviceTypes.csv", ("Device Type",), _alone(("Desktop", "Phone", "Tablet"))),
)
