"""Tags, platforms, events and the values of filters of the stream, counted by hand."""

from __future__ import annotations

from typing import Any

from .worked_pages import MAIN
from .worked_site import Asked
from .worked_sources import GOOGLE, NEWS, SEARCH, X
from .worked_totals import MONDAY, SUNDAY


def tagged(visitors: int, views: int, **keys: str) -> dict[str, Any]:
    """Page views with a tag, of all 10 visitors and 22 page views."""
    return {
        **keys,
        "visitors": visitors,
        "views": views,
        "relative_visitors": visitors / 10,
        "relative_views": views / 22,
    }


TAGS = (
    Asked(
        "tags; a page view with two of them is in both rows",
        "/tags",
        "",
        # Ann1, Ann3, Ann4; Ben1, Fay1 twice; Ann1, Fay1
        [tagged(4, 6, key="author"), tagged(2, 2, key="post")],
    ),
    Asked("a search looks at the key", "/tags", "search=OST", [tagged(2, 2, key="post")]),
    Asked(
        "tags of the page views that a filter on tags keeps",
        "/tags",
        "tag_post=first&sort=key&direction=desc",
        [tagged(2, 2, key="post"), tagged(2, 2, key="author")],
    ),
    Asked(
        "the values of a tag; ties by value",
        "/tag/details",
        "tag=author",
        [
            tagged(2, 3, key="author", value="Jane"),
            tagged(2, 3, key="author", value="John"),
        ],
    ),
)
PLATFORMS = (
    Asked(
        "platforms",
        "/platform",
        "",
        {
            "platform_desktop": 6,  # Ann, Cem and Eve twice
            "platform_mobile": 3,  # Ben twice, Dee
            "platform_unknown": 1,  # Fay
            "relative_platform_desktop": 0.6,
            "relative_platform_mobile": 0.3,
            "relative_platform_unknown": 0.1,
        },
    ),
    Asked(
        "shares of platforms are of the visitors without filters",
        "/platform",
        "browser=Safari",
        {
            "platform_desktop": 0,
            "platform_mobile": 2,
            "platform_unknown": 0,
            "relative_platform_desktop": 0,
            "relative_platform_mobile": 0.2,
            "relative_platform_unknown": 0,
        },
    ),
)


def listed(name: str, **meta: str) -> dict[str, Any]:
    return {"name": name, "meta": meta, "visitors": 1, "count": 1}


def on_page(path: str, bounces: int = 0) -> dict[str, Any]:
    """A page with an event of one session that viewed it once."""
    return {
        "hostname": MAIN,
        "path": path,
        "title": "",
        "visitors": 1,
        "views": 1,
        "sessions": 1,
        "bounces": bounces,
        "relative_visitors": 1 / 10,
        "relative_views": 1 / 22,
        "bounce_rate": bounces,
        "average_time_spent_seconds": 0,
    }


EVENTS = (
    Asked(
        "events by all of their metadata; ties by name, then metadata",
        "/event/list",
        "",
        [
            listed("Buy", amount="19.99", count="2", plan="pro"),
            listed("Buy", amount="n/a", count="3.5", plan="free"),
            listed("Read", author="John", score="4.5", words="400"),
            listed("Read", words="150"),
            listed("Scroll", depth="50"),
            listed("Signup", author="Jane", plan="pro"),
        ],
    ),
    Asked(
        "filters on tags look at the metadata",
        "/event/list",
        "tag_plan=pro&sort=name&direction=desc",
        [
            listed("Signup", author="Jane", plan="pro"),
            listed("Buy", amount="19.99", count="2", plan="pro"),
        ],
    ),
    Asked(
        "the pages on which an event happened, not the others of its sessions",
        "/event/page",
        "event=Buy",
        [on_page("/pricing"), on_page("/thanks")],
    ),
    Asked(
        "with a path only the events on it",
        "/event/page",
        "event=Read&path=/blog",
        [on_page("/blog")],
    ),
)
NOTHING = (
    Asked("there is no connection to a search console", "/keywords", "", []),
    Asked("a domain without goals", "/goals", "", []),
)


def values(name: str, *found: str, query: str = "") -> Asked:
    return Asked(f"values of {name} {query}", f"/options/{name}", query, [*found])


OPTIONS = (
    values("hostname", MAIN, "shop.example.org"),
    values("page", "/", "/blog", "/blog/post", "/join", "/join/done", "/pricing", "/thanks"),
    values("page", "/blog", "/blog/post", query="search=LOG"),
    values("page", "/", "/blog", "/blog/post", "/pricing", query=SUNDAY),
    values("referrer", NEWS, GOOGLE, SEARCH, X),
    values("referrer/name", "Flyer", "Google", "Newsletter", "X", "news.example.net"),
    values("event", "Buy", "Read", "Scroll", "Signup"),
    values("event", "Buy", "Read", "Signup", query=MONDAY),
    values("country", "de", "fr", "us"),
    values("country", "fr", query="search=FR"),
    values("country", query="search=f"),
    values("region", "Bavaria", "Berlin", "California", "New York", "Île-de-France"),
    values("city", "Berlin", "Paris", "San Francisco (CA)"),
    values("language", "de", "en", "fr"),
    values("browser", "Chrome", "Firefox", "Safari"),
    values("channel", "Direct", "Email", "Organic Search", "Organic Social", "Referral"),
    values("os", "Android", "Chrome OS", "Linux", "Mac", "Windows", "iOS"),
    values("utm/source", "Newsletter"),
    values("utm/medium", "email"),
    values("utm/campaign", "Spring"),
    values("utm/content", "header"),
    values("utm/term", "shoes"),
    values("tag", "author", "post"),
    values("tag/value", "Jane", "John", query="tag=author"),
    values("metadata/keys", "amount", "author", "count", "depth", "plan", "score", "words"),
    values("metadata/keys", "amount", "count", "plan", query="event=Buy"),
    values("metadata", "free", "pro", query="event_meta_key=plan"),
    values("metadata", "author", "plan", query="event=Signup"),
)
QUESTIONS = (*TAGS, *PLATFORMS, *EVENTS, *NOTHING, *OPTIONS)
