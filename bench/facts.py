"""Made-up facts by the million, written by the store itself: every value is a hash of its number.

Paths, referrers and the rest follow Zipf's law; visits follow the hours of the day; a third of the
visits of a day are of somebody who was there that day already.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from hoofprint.store.columns import COLUMNS, VISIT
from hoofprint.store.port import Store, Table

PATHS = 40_000
VIEWS_PER_SESSION = 2.5
DAY = 86_400

COUNTRIES = ("us", "de", "gb", "fr", "in", "ca", "nl", "jp", "br", "au", "es", "it", "se", "")
LANGUAGES = ("en", "de", "fr", "es", "ja", "pt", "nl", "it", "")
SYSTEMS = ("Windows", "iOS", "Android", "Mac", "Linux", "Chrome OS", "")
BROWSERS = ("Chrome", "Safari", "Firefox", "Edge", "Samsung Internet", "Opera", "")
SCREENS = ("Full HD", "HD", "XS", "S", "WQHD", "XL", "UHD 4K", "")
EVENTS = ("Click", "Read article", "Sign up", "Add to cart", "Purchase")


class Size(Struct, frozen=True):
    """`views` page views of a domain over the `days` days before `end` (a UTC day)."""

    domain_id: str
    views: int
    days: int
    end: datetime
    salt: int = 0

    @property
    def sessions(self) -> int:
        """About how many sessions that makes."""
        return int(self.views / VIEWS_PER_SESSION)

    @property
    def first(self) -> datetime:
        """The first day."""
        return self.end - timedelta(days=self.days)


def _share(name: str) -> str:
    """An even number from 0 up to 1, different for every session."""
    return f"(bitAnd(cityHash64(s, '{name}'), 4294967295) / 4294967296)"


def _one_of(name: str, values: tuple[str, ...]) -> str:
    """One of the values, the first ones more often."""
    return _picked(values, _share(name))


def _by_city(name: str, values: tuple[str, ...]) -> str:
    """One of the values, the first ones for more cities."""
    return _picked(values, f"(bitAnd(cityHash64(city, '{name}'), 4294967295) / 4294967296)")


def _picked(values: tuple[str, ...], share: str) -> str:
    quoted = ", ".join(f"'{value}'" for value in values)
    rank = f"toUInt32(floor(exp({share} * log({len(values)} + 1))))"
    return f"[{quoted}][least({rank}, {len(values)})]"


def _many(name: str, prefix: str, count: int, key: str = "s") -> str:
    """A name with a number, by Zipf's law."""
    share = f"(bitAnd(cityHash64({key}, '{name}'), 4294967295) / 4294967296)"
    return f"concat('{prefix}', toString(toUInt32(floor(exp({share} * log({count}))))))"


def _sometimes(name: str, chance: float, value: str) -> str:
    return f"if({_share(name + ' at all')} < {chance}, {value}, '')"


VALUES = {
    "language": _one_of("language", LANGUAGES),
    "city": _sometimes("city", 0.92, _many("city", "City ", 3000)),
    "region": "if(city = '', '', concat('Region ', toString(cityHash64(city) % 400)))",
    "country": f"if(city = '', {_one_of('country', COUNTRIES)}, {_by_city('country', COUNTRIES)})",
    "referrer": "if(referrer_name = '', '', concat('https://', referrer_name, '/'))",
    "referrer_name": _sometimes("referrer", 0.55, _many("referrer", "site", 2000)),
    "os": _one_of("os", SYSTEMS),
    "os_version": _many("os version", "1", 12),
    "browser": _one_of("browser", BROWSERS),
    "browser_version": _many("browser version", "14", 40),
    "platform": "multiIf(os IN ('Windows', 'Mac', 'Linux'), 'desktop', os = '', '', 'mobile')",
    "screen_class": _one_of("screen", SCREENS),
    "utm_source": _sometimes("utm", 0.12, _many("utm source", "source", 30)),
    "utm_medium": _sometimes("utm", 0.12, _many("utm medium", "medium", 6)),
    "utm_campaign": _sometimes("utm", 0.12, _many("utm campaign", "campaign", 200)),
    "utm_content": _sometimes("utm", 0.05, _many("utm content", "content", 50)),
    "utm_term": _sometimes("utm", 0.03, _many("utm term", "term", 300)),
    "channel": "multiIf(utm_source != '', 'Email', referrer_name != '', 'Referral', 'Direct')",
}


def _sessions(size: Size, begin: int, end: int, day: datetime, days: int) -> str:
    """Sessions number `begin` up to `end`, on the days from `day` on."""
    visit = ",\n    ".join(f"{VALUES[name]} AS {name}" for name in VISIT)
    people = max(1, int(size.sessions / size.days * 0.7))
    second = f"({_share('second')} + {_share('another second')}) / 2 * 86399"
    path = _many("path", "/page/", PATHS, "(s, i)")
    return f"""
SELECT
    number + {size.salt} AS s,
    toUInt32({int(day.timestamp())} + intDiv(number - {begin}, {max(1, (end - begin) // days)})
        % {days} * 86400) AS today,
    toDate(toDateTime(today, 'UTC')) AS day,
    toDateTime(today + toUInt32({second}), 'UTC') AS start,
    bitAnd(cityHash64('{size.domain_id}', today, toUInt32({_share("who")} * {people})),
        9007199254740991) AS visitor_id,
    toUInt32(bitAnd(cityHash64(s, 'session'), 4294967295)) AS session_id,
    toUInt16(if({_share("bounce")} < 0.45, 1, 1 + least(40,
        toUInt32(-log(1 - {_share("length")}) * 2.2 + 0.9)))) AS page_views,
    page_views = 2 AND {_share("reload")} < 0.1 AS reload,
    arrayMap(i -> {path}, if(reload, [0, 0], range(page_views))) AS paths,
    arrayCumSum(arrayMap(i -> if(i = 0, 0, 1 + toUInt32(-log(1 - bitAnd(cityHash64(s, i),
        4294967295) / 4294967296.) * 60)), range(page_views))) AS gaps,
    '{size.domain_id}' AS domain_id,
    'example.com' AS hostname,
    toUInt32(arrayElement(gaps, -1)) AS duration,
    start + duration AS time,
    {visit}
FROM numbers({begin}, {end - begin})
"""


def _rows(table: Table, source: str) -> str:
    """The rows that sessions give a table."""
    columns = COLUMNS[table]
    own: dict[str, str] = {}
    join = ""
    match table:
        case Table.SESSIONS:
            own = {
                "version": "s + 1",
                "is_bounce": "page_views = 1 OR reload",
                "extended": "0",
                "entry_hostname": "hostname",
                "entry_path": "paths[1]",
                "entry_title": "''",
                "exit_hostname": "hostname",
                "exit_path": "paths[-1]",
                "exit_title": "''",
            }
        case Table.PAGE_VIEWS:
            own = {
                "time": "start + gap",
                "path": "page",
                "reload": "reload AND n = 2",
                "title": "concat('Title of ', page)",
                "tag_keys": "if(s % 3 = 0, ['author'], [])",
                "tag_values": f"if(s % 3 = 0, [{_many('author', 'Author ', 40)}], [])",
            }
            join = "ARRAY JOIN gaps AS gap, paths AS page, arrayEnumerate(paths) AS n"
        case _:
            own = {
                "time": "start + gap",
                "path": "page",
                "title": "''",
                "name": _one_of("event", EVENTS),
                "duration": "s % 90",
                "meta_keys": "['amount', 'plan']",
                "meta_values": "[toString(s % 100), ['free', 'team', 'firm'][1 + s % 3]]",
            }
            join = "ARRAY JOIN gaps AS gap, paths AS page, arrayEnumerate(paths) AS n"
    selected = ", ".join(f"{own[c]} AS f_{c}" if c in own else f"{c} AS f_{c}" for c in columns)
    where = "WHERE cityHash64(s, n, 'event') % 10 = 0" if table is Table.EVENTS else ""
    sql = f"SELECT {selected} FROM ({source}) {join} {where}"
    return f"INSERT INTO {table} ({', '.join(columns)}) {sql}"


def fill(store: Store, size: Size) -> None:
    """Write the facts of a domain, ten days at a time."""
    began = time.perf_counter()
    step = 10
    per_day = size.sessions / size.days
    for start in range(0, size.days, step):
        days = min(step, size.days - start)
        begin, end = int(per_day * start), int(per_day * (start + days))
        source = _sessions(size, begin, end, size.first + timedelta(days=start), days)
        for table in (Table.SESSIONS, Table.PAGE_VIEWS, Table.EVENTS):
            store.execute(_rows(table, source))
    seconds = time.perf_counter() - began
    print(f"{size.views:,} page views of {size.domain_id} written in {seconds:.0f} s", flush=True)


def settle(store: Store) -> None:
    """Bring the parts into the state in which a night leaves them, and let merges come to rest.

    Past months are one part (docs/adr/0018); the newest is as its inserts and merges left it.
    """
    parts = store.select(
        "SELECT table, partition, count() FROM system.parts WHERE active AND table IN"
        " ('page_views', 'events', 'sessions') GROUP BY table, partition"
    )
    newest = max((partition for _, partition, _ in parts), default="")
    for table, partition, count in parts:
        if partition != newest and count > 1:
            store.execute(f"OPTIMIZE TABLE {table} PARTITION {partition} FINAL")
    for _ in range(600):
        [[running]] = store.select("SELECT count() FROM system.merges")
        if not running:
            return
        time.sleep(1)


TODAY = datetime(2026, 6, 1, tzinfo=UTC)
"""The day after the last one that has facts."""
