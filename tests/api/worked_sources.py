"""Where the stream's visitors came from and with what, counted by hand from `worked_stream.py`.

Of the ten visitors Ann is two (301, 401), Ben two (302, 402), Cem two (303, 403), Dee one (304),
Eve two (305, 405), Fay one (406): each day has its own.
"""

from __future__ import annotations

from typing import Any

from .worked_pages import MAIN, SHOP
from .worked_site import Asked
from .worked_totals import MONDAY, SUNDAY


def share(visitors: int, of: int = 10, **keys: str) -> dict[str, Any]:
    """Visitors with an attribute, of all."""
    return {"visitors": visitors, "relative_visitors": visitors / of, **keys}


def referrer(  # noqa: PLR0917 - a line of a table
    name: str, url: str, visitors: int, sessions: int, bounces: int, of: int
) -> dict[str, Any]:
    return {
        "referrer": url,
        "referrer_name": name,
        "referrer_icon": "",
        "visitors": visitors,
        "sessions": sessions,
        "relative_visitors": visitors / of,
        "bounces": bounces,
        "bounce_rate": bounces / sessions,
    }


GOOGLE, SEARCH = "https://www.google.com", "https://www.google.de/search"
X, NEWS = "https://x.com/some/post", "https://news.example.net/story/"
REFERRERS = (
    Asked(
        "referrers by name; direct traffic is the row of empty strings",
        "/referrer",
        SUNDAY,
        [
            referrer("", "", 2, 2, 1, of=3),  # Ann2, Cem1
            referrer("Google", GOOGLE, 1, 1, 0, of=3),
            referrer("Newsletter", "", 1, 1, 1, of=3),
            referrer("X", X, 1, 1, 0, of=3),
        ],
    ),
    Asked(
        "a referrer's path keeps its slash and loses its query",
        "/referrer",
        MONDAY,
        [
            referrer("", "", 3, 3, 1, of=7),  # Eve2, Fay1, Cem2
            referrer("Flyer", "", 1, 1, 0, of=7),
            referrer("Google", SEARCH, 1, 1, 0, of=7),
            referrer("X", X, 1, 1, 0, of=7),
            referrer("news.example.net", NEWS, 1, 1, 0, of=7),
        ],
    ),
    Asked(
        "with a referrer's name: by name and url",
        "/referrer",
        "referrer_name=Google",
        [referrer("Google", GOOGLE, 1, 1, 0, of=10), referrer("Google", SEARCH, 1, 1, 0, of=10)],
    ),
    Asked(
        "with a referrer: by name and url, too",
        "/referrer",
        "referrer=~X.COM",
        [referrer("X", X, 2, 2, 0, of=10)],
    ),
    Asked(
        "with a path: of the sessions of its page views, among the visitors of all page views",
        "/referrer",
        SUNDAY + "&path=/blog",
        [
            referrer("Google", GOOGLE, 1, 1, 0, of=4),
            referrer("Newsletter", "", 1, 1, 1, of=4),
            referrer("X", X, 1, 1, 0, of=4),
        ],
    ),
    Asked(
        "a search looks at the name",
        "/referrer",
        SUNDAY + "&search=goo",
        [referrer("Google", GOOGLE, 1, 1, 0, of=3)],
    ),
    Asked(
        "referrers sorted by a rate",
        "/referrer",
        SUNDAY + "&sort=bounce_rate&direction=desc&limit=2",
        [referrer("Newsletter", "", 1, 1, 1, of=3), referrer("", "", 2, 2, 1, of=3)],
    ),
)
PLACES = (
    Asked(
        "countries; unknown is a row",
        "/country",
        "",
        [
            share(3, country_code="de"),
            share(3, country_code="us"),
            share(2, country_code=""),
            share(2, country_code="fr"),
        ],
    ),
    Asked(
        "countries of a page's visitors",
        "/country",
        "path=/pricing",
        [
            share(2, country_code="de"),
            share(1, country_code="fr"),
            share(1, country_code="us"),
        ],
    ),
    Asked("a country is searched as a whole", "/country", "search=d", []),
    Asked("and without case", "/country", "search=DE", [share(3, country_code="de")]),
    Asked(
        # Cem twice; Dee and Fay, whose city is unknown
        "an unknown city blanks the region",
        "/region",
        "",
        [
            share(4, country_code="", region=""),
            share(2, country_code="de", region="Berlin"),
            share(2, country_code="fr", region="Île-de-France"),
            share(2, country_code="us", region="California"),
        ],
    ),
    Asked(
        "cities without districts, those of the US with their state",
        "/city",
        "country=!null",
        [
            share(2, country_code="", region="", city=""),
            share(2, country_code="de", region="Berlin", city="Berlin"),
            share(2, country_code="fr", region="Île-de-France", city="Paris"),
            share(2, country_code="us", region="California", city="San Francisco (CA)"),
        ],
    ),
    Asked(
        "languages",
        "/language",
        "sort=language&direction=asc",
        [
            share(2, language=""),
            share(3, language="de"),
            share(3, language="en"),
            share(2, language="fr"),
        ],
    ),
)
DEVICES = (
    Asked(
        "browsers",
        "/browser",
        "",
        [share(4, browser="Chrome"), share(4, browser="Firefox"), share(2, browser="Safari")],
    ),
    Asked(
        "browsers of sessions with an event, on pages that match a pattern",
        "/browser",
        "event=~s&pattern=^/join",
        [share(1, browser="Chrome")],
    ),
    Asked(
        "browser versions",
        "/browser/version",
        "country=null&country=us",
        [
            share(2, browser="Firefox", browser_version="142.0"),
            share(2, browser="Safari", browser_version="18.5"),
            share(1, browser="Chrome", browser_version="140.0"),
        ],
    ),
    Asked(
        "operating systems; ties by name",
        "/os",
        "",
        [
            *(share(2, os=name) for name in ("Linux", "Mac", "Windows", "iOS")),
            share(1, os="Android"),
            share(1, os="Chrome OS"),
        ],
    ),
    Asked(
        "operating systems of sessions",
        "/os",
        "exit_path=/blog&direction=asc&sort=os",
        # Ben1, Eve1, Ann4
        [share(1, os="Linux"), share(1, os="Windows"), share(1, os="iOS")],
    ),
    Asked(
        "versions of operating systems",
        "/os/version",
        "offset=1&limit=4",
        [
            share(2, os="Mac", os_version="10.15"),
            share(2, os="Windows", os_version="10"),
            share(2, os="iOS", os_version="18.5"),
            share(1, os="Android", os_version="10"),
        ],
    ),
    Asked(
        "screen classes",
        "/screen",
        "",
        [
            *(share(2, screen_class=name) for name in ("Full HD", "HD", "WQHD", "XS")),
            share(1, screen_class=""),
            share(1, screen_class="S"),
        ],
    ),
)


def host(name: str, visitors: int, views: int, sessions: int, bounces: int) -> dict[str, Any]:
    return {
        "hostname": name,
        "visitors": visitors,
        "views": views,
        "sessions": sessions,
        "bounces": bounces,
        "relative_visitors": visitors / 10,
        "relative_views": views / 22,
        "bounce_rate": bounces / sessions,
    }


CAMPAIGNS = (
    Asked(
        "channels",
        "/channel",
        "",
        [
            share(5, channel="Direct"),
            share(2, channel="Organic Search"),
            share(2, channel="Organic Social"),
            share(2, channel="Referral"),
            share(1, channel="Email"),
        ],
    ),
    Asked(
        "UTM sources",
        "/utm/source",
        "",
        [share(9, utm_source=""), share(1, utm_source="Newsletter")],
    ),
    *(
        Asked(
            f"UTM {name}",
            f"/utm/{name}",
            f"search={value}",
            [share(1, 10, **{f"utm_{name}": value})],
        )
        for name, value in (
            *(("medium", "email"), ("campaign", "Spring")),
            *(("content", "header"), ("term", "shoes")),
        )
    ),
    Asked(
        "hostnames",
        "/hostname",
        "",
        [host(MAIN, 7, 18, 9, 1), host(SHOP, 3, 4, 3, 2)],
    ),
)
QUESTIONS = (*REFERRERS, *PLACES, *DEVICES, *CAMPAIGNS)
