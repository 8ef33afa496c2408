"""Events by name, and the values of their metadata."""

from __future__ import annotations

from .asked import Asked
from .counting import Facts, Row, divide, found_by_search, groups, in_order, keys, visitors


def event_row(asked: Asked, events: Facts) -> Row:
    everybody = {f.visitor for f in (*asked.all_views(), *asked.all_events())}
    return {
        "name": events[0].name,
        "count": len(events),
        "visitors": visitors(events),
        "views": sum(
            asked.world.sessions[key].page_views
            for key in keys(events)
            if key in asked.world.sessions
        ),
        "cr": divide(visitors(events), len(everybody)),
        "average_duration_seconds": sum(e.duration for e in events) // len(events),
    }


def events(asked: Asked) -> list[Row]:
    rows = [
        event_row(asked, some) | {"meta_keys": sorted({k for e in some for k in e.pairs})}
        for (name,), some in groups(asked.events(), lambda e: (e.name,)).items()
        if found_by_search(asked, name)
    ]
    return in_order(asked, rows, "count", ["name"])


def event_meta(asked: Asked) -> list[Row]:
    wanted = [k for k in asked.params["event_meta_key"] if k[0] not in "~!^"]
    key = wanted[0] if wanted else ""
    found = groups(asked.events(), lambda e: (e.name, e.pairs.get(key, "")))
    rows = [
        event_row(asked, some) | {"meta_value": value}
        for (_, value), some in found.items()
        if found_by_search(asked, value)
    ]
    return in_order(asked, rows, "count", ["name", "meta_value"])
