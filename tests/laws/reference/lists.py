"""Tags, platforms, event lists, pages of events, and the values that filters can be given."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from .asked import Asked
from .counting import (
    TIME,
    Counts,
    Row,
    counted,
    divide,
    found_by_search,
    groups,
    in_order,
    keys,
    visitors,
)
from .facts import Fact
from .pages import page_key, time_on_page

TAGGED = ("visitors", "views", "relative_visitors", "relative_views")
MOST_OPTIONS = 200


def tags(asked: Asked) -> list[Row]:
    views = asked.views()
    rows = [
        {"key": key}
        | Counts(asked, [v for v in views if key in v.pairs], asked.all_views(), by_page=True).row(
            *TAGGED
        )
        for key in {key for view in views for key in view.pairs}
        if found_by_search(asked, key)
    ]
    return in_order(asked, rows, "visitors", ["key"])


def tag_details(asked: Asked) -> list[Row]:
    tag = asked.one("tag")
    rows = [
        {"key": tag, "value": value}
        | Counts(asked, some, asked.all_views(), by_page=True).row(*TAGGED)
        for (value,), some in groups(asked.views(), lambda v: (v.pairs.get(tag, ""),)).items()
        if found_by_search(asked, value)
    ]
    return in_order(asked, rows, "visitors", ["value"])


def platform(asked: Asked) -> Row:
    facts, everything, _ = counted(asked, "platform")
    names = {"desktop": "desktop", "mobile": "mobile", "": "unknown"}
    found = {
        f"platform_{name}": visitors(f for f in facts if f.text["platform"] == value)
        for value, name in names.items()
    }
    return found | {f"relative_{n}": divide(v, visitors(everything)) for n, v in found.items()}


def event_list(asked: Asked) -> list[Row]:
    found = groups(asked.events(), lambda e: (e.name, *map(str, sorted(e.pairs.items()))))
    rows = [
        {
            "name": some[0].name,
            "meta": sorted(some[0].pairs.items()),
            "visitors": visitors(some),
            "count": len(some),
        }
        for some in found.values()
        if found_by_search(asked, some[0].name)
    ]
    ordered = in_order(asked, rows, "count", ["name", "meta"])
    return [row | {"meta": dict(row["meta"])} for row in ordered]


def event_page(asked: Asked) -> list[Row]:
    """Visitors and sessions with the event on a page, and their page views of that page."""
    page_of = page_key(titled=asked.one("include_title") == "true")
    everybody = visitors([*asked.all_views(), *asked.all_events()])
    rows: list[Row] = []
    for page, some in groups(asked.events(), page_of).items():
        sessions = keys(some)
        bounces = asked.world.bounced(sessions)
        seen = [v for v in asked.all_views() if v.key in sessions and page_of(v) == page]
        row: Row = dict(zip(("hostname", "path", "title"), page, strict=True))
        row |= {"visitors": visitors(some), "views": len(seen), "sessions": len(sessions)}
        row |= {"bounces": bounces, "bounce_rate": divide(bounces, len(sessions))}
        row["relative_visitors"] = divide(visitors(some), everybody)
        row["relative_views"] = divide(len(seen), len(asked.all_views()))
        row[TIME] = time_on_page(asked, seen)
        if found_by_search(asked, page[1]):
            rows.append(row)
    return in_order(asked, rows, "visitors", ["hostname", "path", "title"])


def options(facts: Callable[[Asked], Iterable[Fact]], name: str) -> Callable[[Asked], list[str]]:
    """The values of an attribute."""
    exact = name in {"country", "language"}

    def report(asked: Asked) -> list[str]:
        values = {fact.text[name] for fact in facts(asked)} - {""}
        return sorted(v for v in values if found_by_search(asked, v, exact=exact))[:MOST_OPTIONS]

    return report


def key_options(facts: Callable[[Asked], Iterable[Fact]]) -> Callable[[Asked], list[str]]:
    """The keys of tags or metadata."""

    def report(asked: Asked) -> list[str]:
        found = {key for fact in facts(asked) for key in fact.pairs} - {""}
        return sorted(key for key in found if found_by_search(asked, key))[:MOST_OPTIONS]

    return report


def tag_value_options(asked: Asked) -> list[str]:
    found = {view.pairs.get(asked.one("tag"), "") for view in asked.all_views()} - {""}
    return sorted(value for value in found if found_by_search(asked, value))[:MOST_OPTIONS]


OPTIONS: dict[str, Callable[[Asked], list[str]]] = {
    "hostname": options(Asked.all_views, "hostname"),
    "page": options(Asked.all_views, "path"),
    "event": lambda asked: sorted(
        {e.name for e in asked.all_events() if found_by_search(asked, e.name)}
    ),
    "referrer": options(Asked.all_sessions, "referrer"),
    "referrer/name": options(Asked.all_sessions, "referrer_name"),
    **{n: options(Asked.all_sessions, n) for n in ("country", "region", "city", "language")},
    **{n: options(Asked.all_sessions, n) for n in ("browser", "os", "channel")},
    **{
        f"utm/{n}": options(Asked.all_sessions, f"utm_{n}")
        for n in ("source", "medium", "campaign", "content", "term")
    },
    "tag": key_options(Asked.all_views),
}
"""Options by their route; those of metadata depend on the event."""
