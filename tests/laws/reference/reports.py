"""Every report of the reference by its route; the functions are in the files beside it."""

from __future__ import annotations

from collections.abc import Callable

from .asked import Asked
from .counting import (
    HOSTS,
    SHARES,
    TIME,
    VISITS,
    Counts,
    Facts,
    Row,
    counted,
    custom_metrics,
    cut,
    divide,
    found_by_search,
    groups,
    in_order,
    keys,
    visitors,
)
from .events import event_meta, event_row, events
from .lists import event_list, tags
from .pages import average, edge, page, page_key, stays, time_on_page
from .series import change, growth, hours, total, visitor
from .sessions import active, session_details, session_list
from .visits import hostname, place, referrer, share

__all__ = [
    "HOSTS",
    "LISTS",
    "SHARES",
    "TIME",
    "VISITS",
    "Counts",
    "Facts",
    "Row",
    "active",
    "average",
    "change",
    "counted",
    "custom_metrics",
    "cut",
    "divide",
    "edge",
    "event_meta",
    "event_row",
    "events",
    "found_by_search",
    "groups",
    "growth",
    "hostname",
    "hours",
    "in_order",
    "keys",
    "page",
    "page_key",
    "place",
    "referrer",
    "session_details",
    "session_list",
    "share",
    "stays",
    "time_on_page",
    "total",
    "visitor",
    "visitors",
]

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
    "/event/list": event_list,
    "/tags": tags,
}
"""Reports that are lists of rows and need no filter."""
