"""Random traffic and random questions about it; few values, so that they meet often."""

from __future__ import annotations

import random
from collections.abc import Sequence

from hypothesis import strategies as st
from msgspec.structs import replace

from hoofprint.model.arrival import Arrival, Kind, Visit
from hoofprint.model.session import IDLE_SECONDS

DOMAIN = "domain0001"
TIMEZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "UTC")
NOW = 1_774_958_400
"""2026-03-31 12:00 UTC; clocks went forward in Berlin two days ago."""
FIRST = NOW - 9 * 86_400
PAGE_VIEW_LIMIT = 200

PATHS = ("/", "/a", "/b/É", "/b_%/x")
NAMES = ("Buy", "Sign up")
KEYS = ("k", "price")
VALUES = ("", "1", "9.5", "x", "-3", "1e2")
HOSTNAMES = ("example.com", "shop.example.com")
VISIT = {
    "language": ("", "de", "en"),
    "country": ("", "de", "us"),
    "region": ("", "Bavaria"),
    "city": ("", "Munich"),
    "referrer": ("", "https://a.example/x", "https://b.example"),
    "referrer_name": ("", "A", "b"),
    "os": ("", "Windows", "Mac"),
    "os_version": ("", "10"),
    "browser": ("", "Chrome", "Firefox"),
    "browser_version": ("", "140.0"),
    "platform": ("", "desktop", "mobile"),
    "screen_class": ("", "XL"),
    "utm_source": ("", "", "news"),
    "utm_medium": ("", "cpc"),
    "utm_campaign": ("", "x"),
    "utm_content": ("", "y"),
    "utm_term": ("", "z"),
    "channel": ("Direct", "Email"),
}


def _pairs() -> st.SearchStrategy[dict[str, str]]:
    return st.dictionaries(st.sampled_from(KEYS), st.sampled_from(VALUES), max_size=2)


def _visit() -> st.SearchStrategy[Visit]:
    return st.builds(Visit, **{name: st.sampled_from(some) for name, some in VISIT.items()})


def _time() -> st.SearchStrategy[int]:
    """Days before and around a change of the clocks; often close together, often now."""
    return st.one_of(
        st.integers(FIRST, NOW),
        st.integers(NOW - 3 * 3600, NOW),
        st.builds(
            lambda day, second: FIRST + day * 86_400 + 43_200 + second,
            st.integers(5, 8),
            st.integers(0, 3600),
        ),
    )


def traffic(
    most: int, times: st.SearchStrategy[int] | None = None, least: int = 0
) -> st.SearchStrategy[list[Arrival]]:
    """Hits, events and keep-alives of a few visitors, each with a session id of its own."""
    arrival = st.builds(
        lambda pairs, meta, **rest: Arrival(
            **rest,
            tag_keys=list(pairs),
            tag_values=list(pairs.values()),
            meta_keys=list(meta),
            meta_values=list(meta.values()),
        ),
        _pairs(),
        _pairs(),
        kind=st.sampled_from((Kind.HIT, Kind.HIT, Kind.EVENT, Kind.KEEP_ALIVE)),
        domain_id=st.just(DOMAIN),
        time=_time() if times is None else times,
        visitor_id=st.integers(1, 4),
        previous_visitor_id=st.just(0),
        session_id=st.just(0),
        hostname=st.sampled_from(HOSTNAMES),
        path=st.sampled_from(PATHS),
        title=st.sampled_from(("", "A title")),
        visit=_visit(),
        event_name=st.sampled_from(NAMES),
        event_duration=st.integers(0, 50),
        non_interactive=st.booleans(),
    )
    return st.lists(arrival, min_size=least, max_size=most).map(_numbered)


def long_visits(least: int, most: int) -> st.SearchStrategy[list[Arrival]]:
    """Traffic around a midnight by people who come from nowhere else in the middle of a visit."""
    midnight = st.sampled_from([NOW - 43_200, NOW - 43_200 - 7200, NOW - 43_200 + 14_400])
    return midnight.flatmap(
        lambda second: traffic(most, st.integers(second - 2700, second + 2700), least)
    ).map(_steady)


def _steady(arrivals: Sequence[Arrival]) -> list[Arrival]:
    first = {arrival.visitor_id % 10: arrival.visit for arrival in reversed(arrivals)}
    steady = [replace(arrival, visit=first[arrival.visitor_id % 10]) for arrival in arrivals]
    return sorted(steady, key=lambda arrival: arrival.time)


def _numbered(arrivals: Sequence[Arrival]) -> list[Arrival]:
    """Session ids, and visitor ids that belong to one UTC day each, as `rules.md` 1.1 has them."""
    return [
        replace(
            arrival,
            session_id=i + 1,
            visitor_id=_id_of(arrival, arrival.time),
            previous_visitor_id=_id_of(arrival, arrival.time - IDLE_SECONDS),
        )
        for i, arrival in enumerate(arrivals)
    ]


def _id_of(arrival: Arrival, time: int) -> int:
    return time // 86_400 * 10 + arrival.visitor_id


def lively() -> list[Arrival]:
    """Traffic of four days with most values; no report has more rows than fit into one answer."""
    draw = random.Random(7)  # noqa: S311 - a test is no secret
    arrivals: list[Arrival] = []
    for n in range(99):
        pairs = {key: draw.choice(VALUES) for key in KEYS}
        visit = {name: draw.choice(some) for name, some in VISIT.items()}
        source = VISIT["referrer_name"].index(visit["referrer_name"])
        visit["referrer"] = VISIT["referrer"][source]
        arrival = Arrival(
            kind=draw.choice((Kind.HIT, Kind.HIT, Kind.EVENT, Kind.KEEP_ALIVE)),
            domain_id=DOMAIN,
            time=NOW - (n % 4) * 86_400 - draw.randrange(2 * 3600),
            visitor_id=draw.randrange(1, 9),
            previous_visitor_id=0,
            session_id=0,
            hostname=draw.choice((*HOSTNAMES, HOSTNAMES[0])),
            path=draw.choice((*PATHS, PATHS[0])),
            title=draw.choice(("", "A title")),
            visit=Visit(**visit),
            tag_keys=list(pairs),
            tag_values=list(pairs.values()),
            event_name=draw.choice((*NAMES, NAMES[0])),
            event_duration=draw.randrange(50),
            meta_keys=list(pairs),
            meta_values=list(pairs.values()),
            non_interactive=draw.random() < 0.5,
        )
        arrivals.append(arrival)
    return _numbered(arrivals)


Params = list[tuple[str, str]]


def _condition(values: Sequence[str]) -> st.SearchStrategy[str]:
    """A value with an operator in front; a part of it for those that look inside."""
    value = st.sampled_from([value for value in values if value] + ["null", "other"])
    part = st.sampled_from([value[:2].upper() for value in values if value] + ["_", "%", "zz"])
    return st.one_of(
        value,
        value.map("!{}".format),
        part.map("~{}".format),
        part.map("^{}".format),
    )


def _several(name: str, values: Sequence[str]) -> st.SearchStrategy[Params]:
    return st.lists(_condition(values), min_size=1, max_size=3).map(
        lambda conditions: [(name, condition) for condition in conditions]
    )


def _one(name: str, *values: str) -> st.SearchStrategy[Params]:
    return st.sampled_from(values).map(lambda value: [(name, value)])


def _filters() -> st.SearchStrategy[Params]:
    patterns = ("^/b", "(?i)^/A$", "!^/a", "x|É", "!_")
    return st.one_of(
        *(_several(name, values) for name, values in VISIT.items()),
        _several("hostname", HOSTNAMES),
        *(_several(name, PATHS) for name in ("path", "path", "entry_path", "exit_path")),
        *(_several("event", NAMES) for _ in range(3)),
        *(_several("tag", KEYS) for _ in range(2)),
        *(_several(f"tag_{key}", VALUES) for key in KEYS),
        *(_several(f"meta_{key}", VALUES) for key in KEYS),
        _several("event_meta_key", KEYS),
        st.lists(st.sampled_from(patterns), min_size=1, max_size=2).map(
            lambda some: [("pattern", pattern) for pattern in some]
        ),
    )


def filters(most: int) -> st.SearchStrategy[Params]:
    """Up to so many filters, none of them twice."""
    return st.lists(_filters(), max_size=most).map(_without_repeats)


def _period() -> st.SearchStrategy[Params]:
    day = st.sampled_from([f"2026-03-{day}" for day in range(22, 32)])
    days = st.tuples(day, day).map(lambda two: [("from", two[0]), ("to", two[1])])
    # Not a day on which the clocks change: its minutes may come twice.
    minute = st.sampled_from(["00:00", "08:30", "11:59", "16:00", "23:59"])
    window = st.tuples(st.sampled_from(["2026-03-27", "2026-03-31"]), minute, minute).map(
        lambda three: [
            *(("from", three[0]), ("to", three[0])),
            *(("from_time", three[1]), ("to_time", three[2])),
        ]
    )
    recent = _one("start", "60", "600", "3600")
    return st.one_of(days, days, window, recent)


def questions() -> st.SearchStrategy[Params]:
    """Query parameters: a period, a time zone, up to three filters, and how to cut."""
    return st.builds(
        lambda period, kept, others: [*period, *kept, *others],
        _period(),
        filters(3),
        st.lists(
            st.one_of(
                _one("tz", *TIMEZONES),
                _one("scale", "week", "month", "year", "nonsense"),
                st.just([("custom_metric_type", "float"), ("custom_metric_key", "price")]),
                st.just([("custom_metric_type", "integer"), ("custom_metric_key", "k")]),
                _one("limit", "0", "1", "2"),
                _one("offset", "0", "1"),
                _one("direction", "asc", "desc"),
                _one("search", "a", "D", "example"),
                _one("include_title", "true"),
                _one("include_avg_time_on_page", "true"),
            ),
            max_size=5,
        ).map(_without_repeats),
    )


def _without_repeats(groups: Sequence[Params]) -> Params:
    """The first group of each parameter: an operator's list is drawn as a whole."""
    kept: dict[str, Params] = {}
    for group in groups:
        kept.setdefault(group[0][0], group)
    return [pair for group in kept.values() for pair in group]
