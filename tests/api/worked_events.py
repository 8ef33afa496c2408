"""Events of the stream, counted by hand from `worked_stream.py`.

3 May 12:01 Ann1 Read   /blog     20 s  words=400 score=4.5 author=John
      14:00 Cem1 Scroll shop /          depth=50 (not interactive)
      23:58 Dee1 Buy    /pricing  10 s  amount=19.99 count=2 plan=pro
4 May 00:30 Dee1 Buy    /thanks    5 s  amount=n/a count=3.5 plan=free
      02:41 Eve2 Read   /pricing  31 s  words=150
      11:00 Fay1 Signup shop /join      plan=pro author=Jane
"""

from __future__ import annotations

from typing import Any

from .worked_site import Asked
from .worked_totals import MONDAY


def event(  # noqa: PLR0917 - a line of a table
    name: str,
    count: int,
    visitors: int,
    views: int,
    seconds: int,
    of: int = 10,
    **more: Any,
) -> dict[str, Any]:
    """Events by name; `views` are the page views of their sessions, `more` is their metadata."""
    return {
        "name": name,
        "count": count,
        "visitors": visitors,
        "views": views,
        "cr": visitors / of,
        "average_duration_seconds": seconds,
        **more,
    }


PURCHASE = ["amount", "count", "plan"]
# (10 + 5) / 2 and (20 + 31) / 2, cut to whole seconds
BUY = event("Buy", 2, 1, 2, 7, meta_keys=PURCHASE)
READ = event("Read", 2, 2, 4, 25, meta_keys=["author", "score", "words"])
SCROLL = event("Scroll", 1, 1, 1, 0, meta_keys=["depth"])
SIGNUP = event("Signup", 1, 1, 2, 0, meta_keys=["author", "plan"])
BUY_1 = event("Buy", 1, 1, 2, 10, meta_keys=PURCHASE)
BUY_2 = event("Buy", 1, 1, 2, 5, meta_keys=PURCHASE)
READ_1 = event("Read", 1, 1, 3, 20, meta_keys=["author", "score", "words"])
READ_2 = event("Read", 1, 1, 1, 31, meta_keys=["words"])

EVENTS = (
    Asked("events by count, then name", "/events", "", [BUY, READ, SCROLL, SIGNUP]),
    Asked("a path is the event's own page", "/events", "path=/pricing", [BUY_1, READ_2]),
    Asked("a pattern, too", "/events", "pattern=^/(thanks|join)$", [BUY_2, SIGNUP]),
    Asked("a tag is a key of its metadata", "/events", "tag=author", [READ_1, SIGNUP]),
    Asked("a tag's value is one of its metadata", "/events", "tag_author=Jane", [SIGNUP]),
    Asked("events of visits from somewhere", "/events", "country=de", [BUY, READ_1]),
    # Ann1 and Cem1
    Asked("events of sessions by entry page", "/events", "entry_path=/", [READ_1, SCROLL]),
    Asked(
        "all metadata on the same event",
        "/events",
        "event=Buy&event=Signup&meta_plan=pro&meta_count=2",
        [BUY_1],
    ),
    Asked(
        "without an event, metadata is ignored",
        "/events",
        "meta_plan=pro&event_meta_key=plan",
        [BUY, READ, SCROLL, SIGNUP],
    ),
    Asked("!event leaves out such events", "/events", "event=!Read", [BUY, SCROLL, SIGNUP]),
    Asked("a search looks at the name", "/events", "search=S", [SCROLL, SIGNUP]),
    Asked(
        "events by duration; ties by count and name",
        "/events",
        "sort=average_duration_seconds&direction=desc",
        [READ, BUY, SCROLL, SIGNUP],
    ),
    Asked(
        "events by name, downwards, the second and third",
        "/events",
        "sort=name&direction=desc&offset=1&limit=2",
        [SCROLL, READ],
    ),
    Asked("events of one session", "/events", "visitor_id=301&session_id=3", [READ_1]),
    Asked("events on one hostname", "/events", "hostname=shop.example.org", [SCROLL, SIGNUP]),
    Asked(
        # on that day seven visitors saw pages: 304, 305, 405, 406, 401, 402, 403
        "an event is on the day of its own time",
        "/events",
        MONDAY,
        [
            event("Buy", 1, 1, 2, 5, of=7, meta_keys=PURCHASE),
            event("Read", 1, 1, 1, 31, of=7, meta_keys=["words"]),
            event("Signup", 1, 1, 2, 0, of=7, meta_keys=["author", "plan"]),
        ],
    ),
)
VALUES = (
    Asked(
        "one event by the values of a key",
        "/event/meta",
        "event=Buy&event_meta_key=plan",
        [event("Buy", 1, 1, 2, 5, meta_value="free"), event("Buy", 1, 1, 2, 10, meta_value="pro")],
    ),
    Asked(
        "numbers are texts",
        "/event/meta",
        "event=Read&event_meta_key=words&sort=views&direction=desc",
        [
            event("Read", 1, 1, 3, 20, meta_value="400"),
            event("Read", 1, 1, 1, 31, meta_value="150"),
        ],
    ),
    Asked(
        "events without the key are left out",
        "/event/meta",
        "event=Read&event_meta_key=score",
        [event("Read", 1, 1, 3, 20, meta_value="4.5")],
    ),
    Asked(
        "several events by name and value; a search looks at the value",
        "/event/meta",
        "event=Buy&event=Signup&event_meta_key=plan&search=PRO",
        [
            event("Buy", 1, 1, 2, 10, meta_value="pro"),
            event("Signup", 1, 1, 2, 0, meta_value="pro"),
        ],
    ),
)
QUESTIONS = (*EVENTS, *VALUES)
