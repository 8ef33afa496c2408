"""Every report, answered by looping over the facts."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from .asked import Asked
from .facts import Fact, Key

Row = dict[str, Any]
Facts = Sequence[Fact]
TIME = "average_time_spent_seconds"


def divide(above: float, below: float) -> float:
    return above / below if below else 0.0


def visitors(facts: Iterable[Fact]) -> int:
    return len({fact.visitor for fact in facts})


def keys(facts: Iterable[Fact]) -> set[Key]:
    return {fact.key for fact in facts}


class Counts:
    """The metrics of some sessions or page views, beside all of the period without filters."""

    def __init__(self, asked: Asked, facts: Facts, everything: Facts, *, by_page: bool) -> None:
        sessions = asked.world.sessions
        self.visitors = visitors(facts)
        self.sessions = len(keys(facts))
        self.views = len(facts) if by_page else sum(sessions[f.key].page_views for f in facts)
        self.bounces = sum(sessions[key].is_bounce for key in keys(facts))
        self.bounce_rate = divide(self.bounces, self.sessions)
        all_views = (
            len(everything) if by_page else sum(sessions[f.key].page_views for f in everything)
        )
        self.cr = self.relative_visitors = divide(self.visitors, visitors(everything))
        self.relative_views = divide(self.views, all_views)

    def row(self, *names: str) -> Row:
        return {name: getattr(self, name) for name in names}


VISITS = ("visitors", "views", "sessions", "bounces", "bounce_rate", "cr")
SHARES = ("visitors", "relative_visitors")
HOSTS = (
    *("visitors", "views", "sessions", "bounces"),
    *("relative_visitors", "relative_views", "bounce_rate"),
)


def counted(asked: Asked, *, by_page: bool = False) -> tuple[Facts, Facts, bool]:
    """What a report counts, the same without filters, and whether it is page views."""
    if by_page or asked.by_page:
        return asked.views(), asked.all_views(), True
    return asked.sessions(), asked.all_sessions(), False


def custom_metrics(asked: Asked, events: Facts) -> Row:
    kind, key = asked.one("custom_metric_type"), asked.one("custom_metric_key")
    total: float = 0
    average: float = 0
    if kind and key and asked.params.get("event"):
        total = sum(_number(event.pairs.get(key, ""), kind) for event in events)
        average = divide(total, len(events))
    return {"custom_metric_avg": average, "custom_metric_total": total}


def _number(text: str, kind: str) -> float:
    if kind == "integer":
        return int(text) if re.fullmatch(r"[+-]?\d{1,15}", text) else 0
    try:
        number = float(text)
    except ValueError:
        return 0
    return number if math.isfinite(number) else 0


def total(asked: Asked) -> Row:
    facts, everything, by_page = counted(asked)
    row = Counts(asked, facts, everything, by_page=by_page).row(*VISITS)
    return row | custom_metrics(asked, asked.events())


def _slice(
    asked: Asked, bucket: Callable[[int], Any], wanted: Any, *, by_page: bool = False
) -> Row:
    """The metrics of the facts in one bucket of time."""

    def some(facts: Facts) -> Facts:
        return [fact for fact in facts if bucket(fact.time) == wanted]

    facts, everything, by_page = counted(asked, by_page=by_page)
    row = Counts(asked, some(facts), some(everything), by_page=by_page).row(*VISITS)
    return row | custom_metrics(asked, some(asked.events()))


def visitor(asked: Asked) -> list[Row]:
    scale = asked.one("scale")
    scale = scale if scale in {"week", "month", "year"} else "day"

    def bucket(day: date) -> date:
        match scale:
            case "week":
                return day - timedelta(days=day.weekday())
            case "month":
                return day.replace(day=1)
            case "year":
                return day.replace(month=1, day=1)
            case _:
                return day

    first, last = asked.first, asked.last
    if asked.seconds:
        first = asked.local(asked.now + 1 - asked.seconds).date()
        last = asked.local(asked.now).date()
    days = [first + timedelta(days=i) for i in range((last - first).days + 1)]
    labels = dict.fromkeys(("day", "week", "month", "year"))
    return [
        {**labels, scale: f"{begin}T00:00:00Z"}
        | _slice(asked, lambda t: bucket(asked.local(t).date()), begin)
        for begin in dict.fromkeys(map(bucket, days))
    ]


def hours(asked: Asked) -> list[Row]:
    return [
        {"hour": hour} | _slice(asked, lambda t: asked.local(t).hour, hour, by_page=True)
        for hour in range(24)
    ]


def in_order(
    asked: Asked, rows: list[Row], main: str, by: Sequence[str], *, ascending: bool = False
) -> list[Row]:
    """Sorted by the main number, then the keys, or by what was asked for, and cut."""
    direction = asked.one("direction")
    if direction and not asked.one("sort"):
        ascending = direction == "asc"
    rows = sorted(rows, key=lambda row: [row[key] for key in by])
    rows.sort(key=lambda row: row[main], reverse=not ascending)
    if asked.one("sort"):
        rows.sort(key=lambda row: row[asked.one("sort")], reverse=direction != "asc")
    return cut(asked, rows)


def cut(asked: Asked, rows: list[Row]) -> list[Row]:
    """The rows from the offset up to the limit."""
    offset, limit = int(asked.one("offset") or 0), int(asked.one("limit") or 0) or 100
    return rows[offset : offset + limit]


def groups(
    facts: Facts, key: Callable[[Fact], tuple[str, ...]]
) -> dict[tuple[str, ...], list[Fact]]:
    found: dict[tuple[str, ...], list[Fact]] = defaultdict(list)
    for fact in facts:
        found[key(fact)].append(fact)
    return found


def found_by_search(asked: Asked, text: str, *, exact: bool = False) -> bool:
    search = asked.one("search").strip().lower()
    return not search or (search == text if exact else search in text.lower())


def share(*names: str, fields: Sequence[str] = (), exact: bool = False) -> Callable[..., list[Row]]:
    """A report by attributes of the visit; a search looks at the first."""

    def report(asked: Asked) -> list[Row]:
        facts, everything, by_page = counted(asked)
        rows = [
            Counts(asked, some, everything, by_page=by_page).row(*SHARES)
            | dict(zip(fields or names, key, strict=True))
            for key, some in groups(facts, lambda f: tuple(f.text[n] for n in names)).items()
            if found_by_search(asked, key[0], exact=exact)
        ]
        return in_order(asked, rows, "visitors", fields or names)

    return report


def hostname(asked: Asked) -> list[Row]:
    facts, everything, by_page = counted(asked)
    rows = [
        {"hostname": name} | Counts(asked, some, everything, by_page=by_page).row(*HOSTS)
        for (name,), some in groups(facts, lambda f: (f.text["hostname"],)).items()
        if found_by_search(asked, name)
    ]
    return in_order(asked, rows, "visitors", ["hostname"])


def place(*names: str) -> Callable[..., list[Row]]:
    def report(asked: Asked) -> list[Row]:
        def key(fact: Fact) -> tuple[str, ...]:
            return tuple(fact.text[n] if fact.text["city"] else "" for n in names)

        fields = ("country_code", *names[1:])
        facts, everything, by_page = counted(asked)
        rows = [
            Counts(asked, some, everything, by_page=by_page).row(*SHARES)
            | dict(zip(fields, place, strict=True))
            for place, some in groups(facts, key).items()
            if found_by_search(asked, place[-1])
        ]
        return in_order(asked, rows, "visitors", fields)

    return report


def referrer(asked: Asked) -> list[Row]:
    narrow = bool({"referrer", "referrer_name"} & set(asked.params))
    facts, everything, by_page = counted(asked)

    def key(fact: Fact) -> tuple[str, ...]:
        name = fact.text["referrer_name"]
        return (name, fact.text["referrer"]) if narrow else (name,)

    metrics = ("visitors", "sessions", "relative_visitors", "bounces", "bounce_rate")
    rows = [
        {
            "referrer": max(f.text["referrer"] for f in some),
            "referrer_name": some[0].text["referrer_name"],
            "referrer_icon": "",
        }
        | Counts(asked, some, everything, by_page=by_page).row(*metrics)
        for some in groups(facts, key).values()
        if found_by_search(asked, some[0].text["referrer_name"])
    ]
    return in_order(asked, rows, "visitors", ["referrer_name", "referrer"])


def stays(asked: Asked, views: Facts) -> list[int]:
    """The seconds until the session's next page view, where there is one."""
    found: list[int] = []
    for view in views:
        later = [
            other
            for other in asked.world.views
            if other.key == view.key and (other.time, other.n) > (view.time, view.n)
        ]
        if later:
            following = min(later, key=lambda other: (other.time, other.n))
            found.append(min(following.time - view.time, 3600))
    return [seconds for seconds in found if seconds > 0]


def average(seconds: Sequence[int]) -> int:
    return round(Fraction(sum(seconds), len(seconds))) if seconds else 0


def page(asked: Asked) -> list[Row]:
    titled = asked.one("include_title") == "true"
    views = asked.views()
    rows = [
        {"hostname": host, "path": path, "title": title}
        | Counts(asked, some, asked.all_views(), by_page=True).row(*HOSTS)
        | {TIME: _time_on_page(asked, some)}
        for (host, path, title), some in groups(views, _page_key(titled=titled)).items()
        if found_by_search(asked, path)
    ]
    return in_order(asked, rows, "visitors", ["hostname", "path", "title"])


def _page_key(*, titled: bool) -> Callable[[Fact], tuple[str, ...]]:
    return lambda view: (view.text["hostname"], view.path, view.title if titled else "")


def _time_on_page(asked: Asked, views: Facts) -> int:
    return average(stays(asked, views)) if asked.one("include_avg_time_on_page") else 0


def edge(prefix: str, count: str, rate: str) -> Callable[..., list[Row]]:
    """Entry or exit pages: sessions by their first or last page."""

    def report(asked: Asked) -> list[Row]:
        titled = asked.one("include_title") == "true"

        def key(visit: Fact) -> tuple[str, ...]:
            session = asked.world.sessions[visit.key]
            names = ("hostname", "path", "title")
            at = [getattr(session, f"{prefix}_{name}") for name in names]
            return (*at[:2], at[2] if titled else "")

        seen = groups(asked.views(of_whole_sessions=True), _page_key(titled=titled))
        rows: list[Row] = []
        for at, some in groups(asked.sessions(), key).items():
            if not found_by_search(asked, at[1]):
                continue
            views = seen.get(at, [])
            row: Row = dict(zip(("hostname", "path", "title"), at, strict=True))
            row |= {"visitors": visitors(views), "sessions": len(keys(views))}
            row |= {count: len(some), rate: divide(len(some), len(asked.all_sessions()))}
            if prefix == "entry":
                row[TIME] = _time_on_page(asked, views)
            rows.append(row)
        return in_order(asked, rows, count, ["hostname", "path", "title"])

    return report


def _event_row(asked: Asked, events: Facts) -> Row:
    everybody = {f.visitor for f in (*asked.all_views(), *asked.all_events())}
    return {
        "name": events[0].name,
        "count": len(events),
        "visitors": visitors(events),
        "views": sum(asked.world.sessions[key].page_views for key in keys(events)),
        "cr": divide(visitors(events), len(everybody)),
        "average_duration_seconds": sum(e.duration for e in events) // len(events),
    }


def events(asked: Asked) -> list[Row]:
    rows = [
        _event_row(asked, some) | {"meta_keys": sorted({k for e in some for k in e.pairs})}
        for (name,), some in groups(asked.events(), lambda e: (e.name,)).items()
        if found_by_search(asked, name)
    ]
    return in_order(asked, rows, "count", ["name"])


def event_meta(asked: Asked) -> list[Row]:
    wanted = [k for k in asked.params["event_meta_key"] if k[0] not in "~!^"]
    key = wanted[0] if wanted else ""
    found = groups(asked.events(), lambda e: (e.name, e.pairs.get(key, "")))
    rows = [
        _event_row(asked, some) | {"meta_value": value}
        for (_, value), some in found.items()
        if found_by_search(asked, value)
    ]
    return in_order(asked, rows, "count", ["name", "meta_value"])


def session_list(asked: Asked) -> list[Row]:
    rows: list[Row] = []
    for visit in asked.sessions():
        session = asked.world.sessions[visit.key]
        rows.append(
            {
                "visitor_id": str(session.visitor_id),
                "session_id": session.session_id,
                "time": session.time,
                "start": session.start,
                "duration_seconds": session.duration,
                "page_views": session.page_views,
                "is_bounce": session.is_bounce,
                "extended": session.extended,
                "entry_path": session.entry_path,
                "exit_path": session.exit_path,
                "desktop": session.visit.platform == "desktop",
                "country_code": session.visit.country,
            }
        )
    ties = ("start", "visitor_id", "session_id")
    return in_order(asked, rows, "time", ties, ascending=True)


def session_details(asked: Asked) -> list[tuple[str, int, str, int]]:
    """Of each page view and event, in order: what it is, when, where, and how long."""
    found = [
        (view.time, view.n, 0, "page_view", view.path, sum(stays(asked, [view])))
        for view in asked.views()
    ]
    found += [
        (event.time, event.n, 1, "event", event.path, event.duration) for event in asked.events()
    ]
    return [(kind, time, path, seconds) for time, _, _, kind, path, seconds in sorted(found)]


def active(asked: Asked) -> Row:
    def listed(facts: Facts, *names: str) -> list[Row]:
        rows: list[Row] = [
            {**dict(zip(names, key, strict=True)), "visitors": visitors(some)}
            for key, some in groups(facts, lambda f: tuple(f.text[n] for n in names)).items()
        ]
        rows.sort(key=lambda row: (-row["visitors"], [row[n] for n in names]))
        return cut(asked, rows)

    there = visitors(asked.sessions())
    countries = [
        {
            "visitors": row["visitors"],
            "relative_visitors": divide(row["visitors"], there),
            "country_code": row["country"],
        }
        for row in listed(asked.sessions(), "country")
    ]
    stats = listed(asked.views(), "hostname", "path")
    return {"stats": stats, "countries": countries, "visitors": there}


def growth(asked: Asked) -> Row:
    now, before = _numbers(asked), _numbers(asked.before())
    return {f"{name}_growth": _change(now[name], before[name]) for name in now}


def _change(now: float, before: float) -> float:
    if before:
        return (now - before) / before
    return 1 if now else 0


def _numbers(asked: Asked) -> dict[str, float]:
    facts, everything, by_page = counted(asked)
    counts = Counts(asked, facts, everything, by_page=by_page)
    spent = stays(asked, facts) if by_page else [fact.duration for fact in facts]
    return {
        **counts.row("visitors", "views", "sessions"),
        "bounces": counts.bounce_rate,
        "time_spent": sum(spent),
        "cr": counts.cr,
        **custom_metrics(asked, asked.events()),
    }


LISTS: dict[str, Callable[[Asked], list[Row]]] = {
    "/hostname": hostname,
    "/page": page,
    "/page/entry": edge("entry", "entries", "entry_rate"),
    "/page/exit": edge("exit", "exits", "exit_rate"),
    "/referrer": referrer,
    "/country": share("country", fields=["country_code"], exact=True),
    "/region": place("country", "region"),
    "/city": place("country", "region", "city"),
    "/language": share("language", exact=True),
    "/browser": share("browser"),
    "/browser/version": share("browser", "browser_version"),
    "/os": share("os"),
    "/os/version": share("os", "os_version"),
    "/screen": share("screen_class"),
    "/channel": share("channel"),
    **{f"/utm/{name}": share(f"utm_{name}") for name in ("source", "medium", "campaign")},
    **{f"/utm/{name}": share(f"utm_{name}") for name in ("content", "term")},
    "/events": events,
}
"""Reports that are lists of rows and need no filter."""
