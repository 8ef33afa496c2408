"""Tags, platforms, events by metadata and pages of events, counted by hand from `worked_stream.py`.

The events are listed in `worked_events.py`; the page views with tags are

    3 May  12:01 Ann1 /blog       author=John post=first
           13:00 Ben1 /blog       author=Jane
           13:05 Ann3 /blog       author=John
    4 May  11:00 Fay1 /join       author=Jane
           11:31 Ann4 /blog       author=John
           12:20 Fay1 /join/done  author=Jane post=first
"""

from __future__ import annotations

from typing import Any

from .worked_pages import MAIN, SHOP, TIME, page
from .worked_site import Asked
from .worked_totals import MONDAY, SUNDAY


def tagged(visitors: int, views: int, of: tuple[int, int] = (10, 22), **names: str) -> Any:
    """A tag's counts; `of` are the visitors and views of all page views."""
    return {
        **names,
        "visitors": visitors,
        "views": views,
        "relative_visitors": visitors / of[0],
        "relative_views": views / of[1],
    }


def author(value: str, visitors: int, views: int) -> Any:
    return tagged(visitors, views, key="author", value=value)


AUTHOR, POST = tagged(4, 6, key="author"), tagged(2, 2, key="post")
JANE, JOHN = author("Jane", 2, 3), author("John", 2, 3)
TAGS = (
    Asked("keys of tags, of all page views", "/tags", "", [AUTHOR, POST]),
    Asked(
        "tags of a day",
        "/tags",
        SUNDAY,
        [tagged(2, 3, (4, 11), key="author"), tagged(1, 1, (4, 11), key="post")],
    ),
    Asked(
        "tags of a page",
        "/tags",
        "path=/blog",
        [tagged(3, 4, key="author"), tagged(1, 1, key="post")],
    ),
    Asked(
        "tags of the page views with a tag, that one too",
        "/tags",
        "tag_author=Jane",
        [tagged(2, 3, key="author"), tagged(1, 1, key="post")],
    ),
    Asked(
        "tags of sessions with an event",
        "/tags",
        "event=Read",
        [tagged(1, 1, key="author"), tagged(1, 1, key="post")],
    ),
    Asked("a search looks at the key", "/tags", "search=PO", [POST]),
    Asked("tags by key, downwards", "/tags", "sort=key&direction=desc", [POST, AUTHOR]),
    Asked(
        "tags beside another",
        "/tags",
        "tag_post=first&sort=key&direction=desc",
        [POST, tagged(2, 2, key="author")],
    ),
    Asked("the second tag", "/tags", "limit=1&offset=1", [POST]),
)
VALUES = (
    Asked("values of a tag; ties by value", "/tag/details", "tag=author", [JANE, JOHN]),
    Asked(
        "another tag",
        "/tag/details",
        "tag=post",
        [tagged(2, 2, key="post", value="first")],
    ),
    Asked("a tag that nothing has", "/tag/details", "tag=nothing", []),
    Asked("values on a page", "/tag/details", "tag=author&path=/join", [author("Jane", 1, 1)]),
    Asked(
        "values beside another tag's",
        "/tag/details",
        "tag=author&tag_post=first",
        [author("Jane", 1, 1), author("John", 1, 1)],
    ),
    Asked("a search looks at the value", "/tag/details", "tag=author&search=OHN", [JOHN]),
    Asked(
        "values, downwards",
        "/tag/details",
        "tag=author&sort=value&direction=desc",
        [JOHN, JANE],
    ),
)


def platforms(desktop: int, mobile: int, unknown: int, of: int) -> dict[str, float]:
    counts = {
        "platform_desktop": desktop,
        "platform_mobile": mobile,
        "platform_unknown": unknown,
    }
    return counts | {f"relative_{name}": count / of for name, count in counts.items()}


PLATFORMS = (
    # Ann, Cem and Eve twice; Ben twice and Dee; Fay, whose Chrome OS is neither
    Asked("visitors by kind of device", "/platform", "", platforms(6, 3, 1, of=10)),
    Asked("of the sessions of a day", "/platform", SUNDAY, platforms(2, 1, 0, of=3)),
    Asked("among all visitors", "/platform", "country=de", platforms(2, 1, 0, of=10)),
    Asked(
        "with a path: of those who saw it, among those who saw any page",
        "/platform",
        SUNDAY + "&path=/pricing",
        platforms(1, 1, 0, of=4),  # Ann, Dee
    ),
    Asked("nobody", "/platform", "path=/nowhere", platforms(0, 0, 0, of=10)),
)


def listed(name: str, **meta: str) -> dict[str, Any]:
    """An event of one visitor that happened once with such metadata."""
    return {"name": name, "meta": meta, "visitors": 1, "count": 1}


BUY_PRO = listed("Buy", amount="19.99", count="2", plan="pro")
BUY_FREE = listed("Buy", amount="n/a", count="3.5", plan="free")
READ_1 = listed("Read", words="400", score="4.5", author="John")
READ_2 = listed("Read", words="150")
SCROLL = listed("Scroll", depth="50")
SIGNUP = listed("Signup", plan="pro", author="Jane")
EVENT_LIST = (
    Asked(
        "ties by name, then metadata",
        "/event/list",
        "",
        [BUY_PRO, BUY_FREE, READ_1, READ_2, SCROLL, SIGNUP],
    ),
    Asked("all events on a page", "/event/list", "path=/pricing", [BUY_PRO, READ_2]),
    Asked("by name and metadata", "/event/list", "event=Buy&meta_plan=free", [BUY_FREE]),
    Asked("a tag is a key of its metadata", "/event/list", "tag=author", [READ_1, SIGNUP]),
    Asked("with a value", "/event/list", "tag_plan=pro", [BUY_PRO, SIGNUP]),
    Asked("a search looks at the name", "/event/list", "search=S", [SCROLL, SIGNUP]),
    Asked(
        "by name, downwards", "/event/list", "sort=name&direction=desc&limit=2", [SIGNUP, SCROLL]
    ),
)


def event_page(hostname: str, path: str, sessions: int = 1, bounces: int = 0, **more: Any) -> Any:
    """A page on which an event happened to visitors with one session and one view of it each."""
    return page(hostname, path, sessions, sessions, sessions, bounces, **more)


PRICING, THANKS = event_page(MAIN, "/pricing"), event_page(MAIN, "/thanks")
BLOG, FRONT = event_page(MAIN, "/blog"), event_page(SHOP, "/", bounces=1)
TIMED = [event_page(MAIN, "/pricing", 2) | {TIME: 1200}, BLOG | {TIME: 180}, THANKS]
EVENT_PAGES = (
    Asked("pages on which an event happened", "/event/page", "event=Buy", [PRICING, THANKS]),
    Asked(
        # Dee1 and Eve2 on /pricing
        "several events; the most visitors first",
        "/event/page",
        "event=Buy&event=Read",
        [event_page(MAIN, "/pricing", 2), BLOG, THANKS],
    ),
    Asked(
        # Dee1 left /pricing after 1200 seconds, Eve2 did not; Ann1 left /blog after 180
        "with the time on these page views, which is 0 for the last",
        "/event/page",
        "event=Buy&event=Read&include_avg_time_on_page=true",
        TIMED,
    ),
    Asked(
        "sorted by it",
        "/event/page",
        "event=Buy&event=Read&include_avg_time_on_page=1&sort=average_time_spent_seconds&direction=asc",
        TIMED[::-1],
    ),
    Asked(
        # Fay1 left /join after 4800 seconds; its page view has no tag `plan`
        "a tag is a key of the event's metadata, also for the time on page",
        "/event/page",
        "event=Signup&tag=plan&include_avg_time_on_page=true",
        [event_page(SHOP, "/join") | {TIME: 3600}],
    ),
    Asked("a path is the event's own page", "/event/page", "event=Read&path=/pricing", [PRICING]),
    Asked("an event may leave a bounce one", "/event/page", "event=Scroll", [FRONT]),
    Asked(
        "events of visits from somewhere", "/event/page", "event=~B&country=de", [PRICING, THANKS]
    ),
    Asked(
        # beside Dee's and Eve's Cem's and Fay's; an event that begins a session is a page view, too
        "!event: pages of the others",
        "/event/page",
        "event=!Read",
        [PRICING, THANKS, FRONT, event_page(SHOP, "/join")],
    ),
    Asked("a search looks at the path", "/event/page", "event=!Read&search=PRIC", [PRICING]),
    Asked(
        "include_title splits pages by title",
        "/event/page",
        "event=Buy&include_title=true",
        [PRICING | {"title": "Pricing"}, THANKS | {"title": "Thanks"}],
    ),
    Asked(
        "pages by path, downwards",
        "/event/page",
        "event=Buy&sort=path&direction=desc",
        [THANKS, PRICING],
    ),
    Asked("the second page", "/event/page", "event=Buy&limit=1&offset=1", [THANKS]),
    Asked(
        "events and page views of the day",
        "/event/page",
        MONDAY + "&event=Buy",
        [event_page(MAIN, "/thanks", of=(7, 11))],
    ),
    Asked(
        # Ann, Ben, Cem and Dee saw pages on that day; Dee's session ended on the next
        "among everybody who saw a page or caused an event",
        "/event/page",
        SUNDAY + "&event=Buy",
        [event_page(MAIN, "/pricing", of=(4, 11))],
    ),
    Asked("an event that never happened", "/event/page", "event=nothing", []),
)
NOTHING = (Asked("without a connection to a search console", "/keywords", "", []),)
QUESTIONS = (*TAGS, *VALUES, *PLATFORMS, *EVENT_LIST, *EVENT_PAGES, *NOTHING)
