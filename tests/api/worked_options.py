"""The values that filters can be given, read by hand from `worked_stream.py`."""

from __future__ import annotations

from .worked_site import Asked
from .worked_totals import SUNDAY

PATHS = ["/", "/blog", "/blog/post", "/join", "/join/done", "/pricing", "/thanks"]
META_KEYS = ["amount", "author", "count", "depth", "plan", "score", "words"]
APRIL = "from=2026-04-27&to=2026-04-27"


def options(name: str, *values: str, query: str = "", rule: str = "all of the period") -> Asked:
    return Asked(rule, f"/options/{name}", query, list(values))


ALL = (
    options("hostname", "example.com", "shop.example.org"),
    options("page", *PATHS),
    options(
        "referrer",
        "https://news.example.net/story/",
        "https://www.google.com",
        "https://www.google.de/search",
        "https://x.com/some/post",
    ),
    options("referrer/name", "Flyer", "Google", "Newsletter", "X", "news.example.net"),
    options("event", "Buy", "Read", "Scroll", "Signup"),
    options("country", "de", "fr", "us"),
    # Also those of an unknown city, which have no row of their own.
    options("region", "Bavaria", "Berlin", "California", "New York", "Île-de-France"),
    options("city", "Berlin", "Paris", "San Francisco (CA)"),
    options("language", "de", "en", "fr"),
    options("browser", "Chrome", "Firefox", "Safari"),
    options("os", "Android", "Chrome OS", "Linux", "Mac", "Windows", "iOS"),
    options("channel", "Direct", "Email", "Organic Search", "Organic Social", "Referral"),
    options("utm/source", "Newsletter"),
    options("utm/medium", "email"),
    options("utm/campaign", "Spring"),
    options("utm/content", "header"),
    options("utm/term", "shoes"),
    options("tag", "author", "post"),
    options("tag/value", "Jane", "John", query="tag=author"),
    options("metadata/keys", *META_KEYS),
    options("metadata", "free", "pro", query="event_meta_key=plan"),
)
PERIODS = (
    options("page", "/", "/blog", query=APRIL, rule="pages that were viewed"),
    options("event", "Buy", "Read", "Scroll", query=SUNDAY, rule="events that happened"),
    options("event", query=APRIL, rule="no event, no option"),
    options("tag", query=APRIL, rule="no tag, no option"),
    options(
        *("referrer/name", "Google", "Newsletter", "X"),
        query=SUNDAY,
        rule="those of the sessions that ended in it",
    ),
    # Cem2's page view 40 seconds ago, and Ben2's two minutes ago
    options("page", "/", "/pricing", query="start=120", rule="the last seconds"),
)
SEARCHES = (
    options("page", "/blog", "/blog/post", query="search= BLOG ", rule="a search ignores case"),
    options("page", query="search=%", rule="a percent sign is itself"),
    options("os", "Android", "Mac", query="search=A", rule="a search looks anywhere in it"),
    options("region", "Île-de-France", query="search=îLE", rule="a search ignores case everywhere"),
    options("country", query="search=f", rule="a country is searched as a whole"),
    options("country", "fr", query="search=FR", rule="and without case"),
    options("language", "en", query="search=EN", rule="so is a language"),
    options("event", "Scroll", "Signup", query="search=s", rule="a search looks at the name"),
    options("tag", "post", query="search=PO", rule="a search looks at the key"),
    options(
        *("tag/value", "John"), query="tag=author&search=OH", rule="a search looks at the value"
    ),
    options("metadata/keys", "amount", "count", query="search=OU", rule="a search looks at them"),
    options(
        *("metadata", "free"),
        query="event_meta_key=plan&search=EE",
        rule="a search looks at the values",
    ),
)
OTHERS = (
    options(
        *("page", *PATHS),
        query="path=/blog&country=us&event=Buy&tag=author&limit=1&offset=2&sort=x&direction=desc",
        rule="filters, limit and order leave options alone",
    ),
    options("tag/value", "first", query="tag=post", rule="each tag has its own"),
    options("tag/value", query="tag=nothing", rule="an unknown tag has none"),
    options("metadata/keys", "amount", "count", "plan", query="event=Buy", rule="of one event"),
    options("metadata", *META_KEYS, rule="without a key, the keys"),
    options("metadata", "author", "plan", query="event=Signup", rule="the keys of one event"),
    options(
        *("metadata", "pro"),
        query="event=Signup&event_meta_key=plan",
        rule="the values of one event",
    ),
    options("metadata", query="event_meta_key=nothing", rule="an unknown key has none"),
)
QUESTIONS = (*ALL, *PERIODS, *SEARCHES, *OTHERS)
