"""Pages, entry and exit pages of the stream, counted by hand from `worked_stream.py`."""

from __future__ import annotations

from typing import Any

from .worked_site import Asked
from .worked_totals import MONDAY, SUNDAY

MAIN, SHOP = "example.com", "shop.example.org"
TIME = "average_time_spent_seconds"


def page(  # noqa: PLR0917 - a line of a table
    hostname: str,
    path: str,
    visitors: int,
    views: int,
    sessions: int,
    bounces: int,
    time: int = 0,
    title: str = "",
    of: tuple[int, int] = (10, 22),
) -> dict[str, Any]:
    """Of a page its counts and average stay; `of` are visitors and views without filters."""
    return {
        "hostname": hostname,
        "path": path,
        "title": title,
        "visitors": visitors,
        "views": views,
        "sessions": sessions,
        "bounces": bounces,
        "relative_visitors": visitors / of[0],
        "relative_views": views / of[1],
        "bounce_rate": bounces / sessions,
        TIME: time,
    }


HOME = page(MAIN, "/", 3, 4, 4, 0)
BLOG = page(MAIN, "/blog", 5, 7, 6, 1)
POST = page(MAIN, "/blog/post", 1, 1, 1, 0)
PRICING = page(MAIN, "/pricing", 4, 5, 5, 0)
THANKS = page(MAIN, "/thanks", 1, 1, 1, 0)
FRONT = page(SHOP, "/", 2, 2, 2, 2)
JOIN = page(SHOP, "/join", 1, 1, 1, 0)
DONE = page(SHOP, "/join/done", 1, 1, 1, 0)

PAGES = (
    Asked(
        "pages by visitors, then hostname and path",
        "/page",
        "",
        [BLOG, PRICING, HOME, FRONT, POST, THANKS, JOIN, DONE],
    ),
    Asked(
        # / (60 + 1500 + 60) / 3, /blog (180 + 40 + 60 + 420) / 4, /pricing (1799 + 1200) / 2
        "the last page of a session has no time, a single one is at most an hour",
        "/page",
        "include_avg_time_on_page=true",
        [
            BLOG | {TIME: 175},
            PRICING | {TIME: 1500},
            HOME | {TIME: 540},
            *(FRONT, POST, THANKS),
            JOIN | {TIME: 3600},
            DONE,
        ],
    ),
    Asked(
        # Ann1 and Ann4 stayed 60 seconds each, Ann2 ended there
        "the time on page is of the matching page views",
        "/page",
        "include_avg_time_on_page=true&path=/&os=Windows",
        [page(MAIN, "/", 2, 3, 3, 0, time=60)],
    ),
    Asked(
        "include_title splits pages by title",
        "/page",
        "include_title=true",
        [
            BLOG | {"title": "Blog"},
            PRICING | {"title": "Pricing"},
            page(MAIN, "/", 3, 3, 3, 0, title="Home"),
            FRONT | {"title": "Shop"},
            page(MAIN, "/", 1, 1, 1, 0, title="Start"),
            POST | {"title": "Post"},
            THANKS | {"title": "Thanks"},
            JOIN | {"title": "Join"},
            DONE,
        ],
    ),
    Asked(
        "ties stay in the default order; the limit comes after sorting",
        "/page",
        "sort=views&direction=asc&offset=1&limit=4",
        [THANKS, JOIN, DONE, FRONT],
    ),
    Asked(
        "pages sorted by path, downwards",
        "/page",
        "sort=path&direction=desc",
        [THANKS, PRICING, DONE, JOIN, POST, BLOG, HOME, FRONT],
    ),
    Asked("a search looks at the path", "/page", "search= JOIN ", [JOIN, DONE]),
    Asked("nothing found is an empty list", "/page", "search=nowhere", []),
    Asked(
        "relative values are of the day's page views",
        "/page",
        SUNDAY + "&hostname=" + SHOP,
        [page(SHOP, "/", 1, 1, 1, 1, of=(4, 11))],
    ),
    Asked(
        # Ben1 and Ben2
        "a page's bounces are its sessions that bounced",
        "/page",
        "platform=mobile&path=~BLOG",
        [page(MAIN, "/blog", 2, 3, 2, 1)],
    ),
    Asked(
        # Ann1, Ann3, Ann4 of John
        "the page itself must have the tag",
        "/page",
        "tag_author=John",
        [page(MAIN, "/blog", 2, 3, 3, 0)],
    ),
)


def entry(  # noqa: PLR0917 - a line of a table
    hostname: str,
    path: str,
    entries: int,
    visitors: int,
    sessions: int,
    time: int = 0,
    of: int = 12,
) -> dict[str, Any]:
    """Sessions that began at a page, the page's visitors and sessions; of so many sessions."""
    return {
        "hostname": hostname,
        "path": path,
        "title": "",
        "visitors": visitors,
        "sessions": sessions,
        "entries": entries,
        "entry_rate": entries / of,
        TIME: time,
    }


def leaving(  # noqa: PLR0917 - a line of a table
    hostname: str, path: str, exits: int, visitors: int, sessions: int, of: int = 12
) -> dict[str, Any]:
    """The same for sessions that ended at a page."""
    return {
        "hostname": hostname,
        "path": path,
        "title": "",
        "visitors": visitors,
        "sessions": sessions,
        "exits": exits,
        "exit_rate": exits / of,
    }


ENTRIES = (
    Asked(
        "where sessions began, beside the page's visitors and sessions",
        "/page/entry",
        "",
        [
            entry(MAIN, "/", 3, 3, 4),  # Ann1, Eve1, Ann4
            entry(MAIN, "/blog", 3, 5, 6),  # Ben1, Ann3, Ben2
            entry(MAIN, "/pricing", 3, 4, 5),  # Ann2, Dee1, Eve2
            entry(SHOP, "/", 2, 2, 2),
            entry(SHOP, "/join", 1, 1, 1),
        ],
    ),
    Asked(
        "entry pages with the time spent on them",
        "/page/entry",
        "include_avg_time_on_page=true&limit=3&sort=entry_rate&direction=desc",
        [
            entry(MAIN, "/", 3, 3, 4, time=540),
            entry(MAIN, "/blog", 3, 5, 6, time=175),
            entry(MAIN, "/pricing", 3, 4, 5, time=1500),
        ],
    ),
    Asked(
        # Ann1, Ann2, Dee1, Eve2 and Ben2 saw it
        "with a path: where the sessions that saw it entered",
        "/page/entry",
        "path=/pricing",
        [
            entry(MAIN, "/pricing", 3, 4, 5),
            entry(MAIN, "/", 1, 1, 2),
            entry(MAIN, "/blog", 1, 2, 2),
        ],
    ),
    Asked(
        "an entry page on the day of the session's last activity",
        "/page/entry",
        MONDAY + "&search=PRIC",
        # Dee1 and Eve2; on that day only Eve2 and Ben2 saw it
        [entry(MAIN, "/pricing", 2, 2, 2, of=7)],
    ),
    Asked(
        "entry pages sorted upwards by entries",
        "/page/entry",
        "sort=entries&direction=asc&limit=2",
        [entry(SHOP, "/join", 1, 1, 1), entry(SHOP, "/", 2, 2, 2)],
    ),
)
EXITS = (
    Asked(
        "where sessions ended",
        "/page/exit",
        "",
        [
            leaving(MAIN, "/blog", 3, 5, 6),  # Ben1, Eve1, Ann4
            leaving(MAIN, "/pricing", 3, 4, 5),  # Ann1, Eve2, Ben2
            leaving(SHOP, "/", 2, 2, 2),
            leaving(MAIN, "/", 1, 3, 4),
            leaving(MAIN, "/blog/post", 1, 1, 1),
            leaving(MAIN, "/thanks", 1, 1, 1),
            leaving(SHOP, "/join/done", 1, 1, 1),
        ],
    ),
    Asked(
        # Ann1, Ben1, Ann3, Eve1, Ann4, Ben2 saw it; their views of /pricing are Ann1's and Ben2's
        "with a path: where the sessions that saw it left",
        "/page/exit",
        "path=/blog",
        [
            leaving(MAIN, "/blog", 3, 5, 6),
            leaving(MAIN, "/pricing", 2, 2, 2),
            leaving(MAIN, "/blog/post", 1, 1, 1),
        ],
    ),
    Asked(
        "exit pages of sessions that began somewhere",
        "/page/exit",
        "entry_path=/pricing",
        # Ann2, Dee1, Eve2
        [
            leaving(MAIN, "/", 1, 1, 1),
            leaving(MAIN, "/pricing", 1, 3, 3),
            leaving(MAIN, "/thanks", 1, 1, 1),
        ],
    ),
    Asked(
        "exit pages of sessions with an event",
        "/page/exit",
        "event=Read&sort=path&direction=desc",
        # Ann1, Eve2
        [leaving(MAIN, "/pricing", 2, 2, 2)],
    ),
)
QUESTIONS = (*PAGES, *ENTRIES, *EXITS)
