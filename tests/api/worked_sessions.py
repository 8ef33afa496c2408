"""The stream's sessions one by one: the rows of the table in `worked_stream.py`."""

from __future__ import annotations

from typing import Any

from .worked_site import Asked
from .worked_sources import GOOGLE, NEWS, SEARCH, X
from .worked_totals import MONDAY


def visit(  # noqa: PLR0917 - a line of a table
    language: str,
    country: str,
    city: str,
    os: str,
    browser: str,
    platform: str,
    screen_class: str,
) -> dict[str, Any]:
    """What stands on each session, page view and event of a person without a referrer."""
    return {
        "language": language,
        "country_code": country,
        "city": city,
        "referrer": "",
        "referrer_name": "",
        "referrer_icon": "",
        "os": os.split("/", maxsplit=1)[0],
        "os_version": os.split("/")[1],
        "browser": browser.split("/", maxsplit=1)[0],
        "browser_version": browser.split("/")[1],
        "desktop": platform == "desktop",
        "mobile": platform == "mobile",
        "screen_class": screen_class,
        **dict.fromkeys(
            ("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term"), ""
        ),
    }


ANN = visit("de", "de", "Berlin", "Windows/10", "Chrome/140.0", "desktop", "Full HD")
BEN = visit("en", "us", "San Francisco (CA)", "iOS/18.5", "Safari/18.5", "mobile", "XS")
CEM = visit("", "", "", "Mac/10.15", "Firefox/142.0", "desktop", "HD")
DEE = visit("de", "de", "", "Android/10", "Chrome/140.0", "mobile", "S")
EVE = visit("fr", "fr", "Paris", "Linux/", "Firefox/142.0", "desktop", "WQHD")
FAY = visit("en", "us", "", "Chrome OS/14541.0", "Chrome/140.0", "", "")


def came(url: str, name: str) -> dict[str, str]:
    return {"referrer": url, "referrer_name": name}


CAMPAIGN = {
    "utm_source": "Newsletter",
    "utm_medium": "email",
    "utm_campaign": "Spring",
    "utm_content": "header",
    "utm_term": "shoes",
}


def session(  # noqa: PLR0917 - a line of a table
    visitor: int,
    number: int,
    span: str,
    duration: int,
    entry: str,
    leave: str,
    views: int,
    who: dict[str, Any],
    bounce: int = 0,
    extended: int = 0,
) -> dict[str, Any]:
    """A row; pages are written `/path Title`, the span `3T10:00:00 3T10:04:00` in May."""
    start, last = span.split()
    entry_path, _, entry_title = entry.partition(" ")
    exit_path, _, exit_title = leave.partition(" ")
    return {
        "visitor_id": str(visitor),
        "session_id": number,
        "time": f"2026-05-0{last}Z",
        "start": f"2026-05-0{start}Z",
        "duration_seconds": duration,
        "entry_path": entry_path,
        "exit_path": exit_path,
        "page_views": views,
        "is_bounce": bool(bounce),
        "entry_title": entry_title,
        "exit_title": exit_title,
        **who,
        "extended": extended,
    }


GOOGLED = ANN | came(GOOGLE, "Google")
HOME, BLOG, PRICING, SHOP = "/ Home", "/blog Blog", "/pricing Pricing", "/ Shop"
ANN1 = session(301, 3, "3T10:00:00 3T10:04:00", 240, HOME, PRICING, 3, GOOGLED)
BEN1 = session(
    *(302, 8, "3T11:00:00 3T11:00:40", 40, BLOG, BLOG, 2),
    BEN | came("", "Newsletter") | CAMPAIGN,
    bounce=1,
)
ANN2 = session(301, 7, "3T10:34:00 3T11:03:59", 1799, PRICING, "/ Start", 2, ANN)
ANN3 = session(301, 11, "3T11:05:00 3T11:06:00", 60, BLOG, "/blog/post Post", 2, ANN | came(X, "X"))
CEM1 = session(303, 13, "3T12:00:00 3T12:00:20", 20, SHOP, SHOP, 1, CEM, bounce=1)
DEE1 = session(
    304, 15, "3T21:50:00 3T22:30:00", 2400, PRICING, "/thanks Thanks", 2, DEE | came("", "Flyer")
)
EVE1 = session(
    *(305, 19, "3T23:50:00 4T00:20:00", 1800, HOME, BLOG, 2),
    EVE | came(NEWS, "news.example.net"),
    extended=1,
)
EVE2 = session(405, 22, "4T00:40:00 4T00:41:00", 60, PRICING, PRICING, 1, EVE)
ANN4 = session(
    401, 26, "4T09:30:00 4T09:32:00", 120, HOME, BLOG, 2, ANN | came(SEARCH, "Google"), extended=1
)
FAY1 = session(
    406, 24, "4T09:00:00 4T10:20:00", 4800, "/join Join", "/join/done", 2, FAY, extended=3
)
BEN2 = session(402, 32, "4T12:58:00 4T13:05:00", 420, BLOG, PRICING, 2, BEN | came(X, "X"))
CEM2 = session(403, 34, "4T13:06:00 4T13:06:00", 0, SHOP, SHOP, 1, CEM, bounce=1)
SUNDAYS = [ANN1, BEN1, ANN2, ANN3, CEM1]
MONDAYS = [DEE1, EVE1, EVE2, ANN4, FAY1, BEN2, CEM2]

LISTS = (
    Asked("the newest activity is last", "/session/list", "", [*SUNDAYS, *MONDAYS]),
    Asked("sessions are on the day of their last activity", "/session/list", MONDAY, MONDAYS),
    Asked("sessions of a country", "/session/list", "country=us", [BEN1, FAY1, BEN2]),
    Asked("sessions that saw a page", "/session/list", "path=/thanks&path=/join", [DEE1, FAY1]),
    Asked(
        "the longest two",
        "/session/list",
        "sort=duration_seconds&direction=desc&limit=2",
        [FAY1, DEE1],
    ),
    Asked("sessions with an event", "/session/list", "event=Read", [ANN1, EVE2]),
    Asked(
        "sessions without an event",
        "/session/list",
        "event=!Read&offset=1&limit=2",
        [ANN2, ANN3],
    ),
    Asked(
        # Scroll and Read have an r
        "sessions without events of a kind",
        "/session/list",
        "referrer_name=null&event=^R",
        [ANN2, FAY1, CEM2],
    ),
    Asked("one session", "/session/list", "visitor_id=305&session_id=19", [EVE1]),
    Asked(
        "sessions of an hour",
        "/session/list",
        MONDAY + "&from_time=15:00&to_time=15:59",
        [BEN2, CEM2],
    ),
)
IDS = {"visitor_id": 301, "session_id": 3}


def viewed(at: str, page: str, duration: int, tags: dict[str, str] | None = None) -> dict[str, Any]:
    """A page view of Ann1."""
    path, title = page.split()
    tags = tags or {}
    seen = IDS | {"time": f"2026-05-03T{at}Z", "duration_seconds": duration}
    seen |= {"path": path, "title": title, **GOOGLED}
    seen |= {"tag_keys": list(tags), "tag_values": list(tags.values())}
    return {"page_view": seen, "event": None}


READ = {
    "page_view": None,
    "event": IDS
    | {
        "time": "2026-05-03T10:01:30Z",
        "name": "Read",
        "meta_keys": ["words", "score", "author"],
        "meta_values": ["400", "4.5", "John"],
        "duration_seconds": 20,
        "path": "/blog",
        "title": "Blog",
        **GOOGLED,
    },
}
DETAILS = (
    Asked(
        "what happened, in its order; a page view lasts until the next one",
        "/session/details",
        "visitor_id=301&session_id=3",
        [
            viewed("10:00:00", HOME, 60),
            viewed("10:01:00", BLOG, 180, {"author": "John", "post": "first"}),
            READ,
            viewed("10:04:00", PRICING, 0),
        ],
    ),
    Asked("nobody's session", "/session/details", "visitor_id=301&session_id=19", []),
)
QUESTIONS = (*LISTS, *DETAILS)
