"""A stream of requests small enough to count by hand: who sends what, and when.

All times are UTC; the domain's own clock (Europe/Berlin) is two hours ahead. Two visits lie on
Monday 27 April 2026, everything else on Sunday 3 May and Monday 4 May; the questions are asked
at 13:06:40 on that Monday (15:06:40 in Berlin).

The sessions that `rules.md` 1.2 makes of it (B: a bounce, X: keep-alives; the visitor is the day
of the month and the person's number, the session is the number of the request that began it):

    name  session visitor  from           to        seconds views B X  entry     exit
    Old1   1      2703     27 10:00:00    10:00:00     0    1     B    shop /    shop /
    Old2   2      2702     27 14:00:00    14:00:00     0    1     B    /blog     /blog
    Ann1   3       301      3 10:00:00    10:04:00   240    3          /         /pricing
    Ann2   7       301      3 10:34:00    11:03:59  1799    2          /pricing  /
    Ben1   8       302      3 11:00:00    11:00:40    40    2     B    /blog     /blog
    Ann3  11       301      3 11:05:00    11:06:00    60    2          /blog     /blog/post
    Cem1  13       303      3 12:00:00    12:00:20    20    1     B    shop /    shop /
    Dee1  15       304      3 21:50:00    22:30:00  2400    2          /pricing  /thanks
    Eve1  19       305      3 23:50:00  4 00:20:00  1800    2       1  /         /blog
    Eve2  22       405      4 00:40:00    00:41:00    60    1          /pricing  /pricing
    Fay1  24       406      4 09:00:00    10:20:00  4800    2       3  /join     /join/done
    Ann4  26       401      4 09:30:00    09:32:00   120    2       1  /         /blog
    Ben2  32       402      4 12:58:00    13:05:00   420    2          /blog     /pricing
    Cem2  34       403      4 13:06:00    13:06:00     0    1     B    shop /    shop /

Without those of April: 12 sessions, 10 visitors, 22 page views, 3 bounces. By their last activity
Ann1 to Cem1 are on 3 May in Berlin, Dee1 to Cem2 on 4 May; in UTC Dee1 is on 3 May, too.

The page views, with the time in Berlin and the seconds until the session's next one:

    3 May                               4 May
    12:00 Ann1 /           60           00:10 Dee1 /thanks
    12:01 Ann1 /blog      180  J F      01:50 Eve1 /          1500
    12:04 Ann1 /pricing                 02:15 Eve1 /blog
    12:34 Ann2 /pricing  1799           02:40 Eve2 /pricing
    13:00 Ben1 /blog       40  N        11:00 Fay1 /join      4800, counted as 3600  N
    13:00 Ben1 /blog                    11:30 Ann4 /            60
    13:03 Ann2 / (Start)                11:31 Ann4 /blog             J
    13:05 Ann3 /blog       60  J        12:20 Fay1 /join/done        N F
    13:06 Ann3 /blog/post               14:58 Ben2 /blog       420
    14:00 Cem1 shop /                   15:05 Ben2 /pricing
    23:50 Dee1 /pricing  1200           15:06 Cem2 shop /

Tags: J is author=John, N author=Jane, F post=first. `/join` is on shop.example.org, too.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NamedTuple

SITE = "https://example.com"
SHOP = "https://shop.example.org"


class Person(NamedTuple):
    """Somebody with one device: what it sends, and what the place of its address is."""

    number: int
    user_agent: str
    language: str | None
    screen: int | None
    place: dict[str, str] | None

    @property
    def ip(self) -> str:
        return f"81.2.69.{self.number}"


ANN = Person(
    1,
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Safari/537.36",
    "de-DE,de;q=0.9,en;q=0.8",
    1920,
    {"country_code": "DE", "state1": "Berlin", "city": "Berlin (Mitte)"},
)
BEN = Person(
    2,
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
    "en-US",
    390,
    {"country_code": "US", "state1": "California", "city": "San Francisco"},
)
CEM = Person(
    3,
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:142.0) Gecko/20100101 Firefox/142.0",
    None,
    1440,
    None,
)
DEE = Person(
    4,
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Mobile Safari/537.36",
    "de",
    430,
    {"country_code": "DE", "state1": "Bavaria"},
)
EVE = Person(
    5,
    "Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0",
    "fr,en;q=0.5",
    2560,
    {"country_code": "FR", "state1": "Île-de-France", "city": "Paris"},
)
FAY = Person(
    6,
    "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Safari/537.36",
    "en-GB,en",
    None,
    {"country_code": "US", "state1": "New York"},
)
BOT = Person(
    7,
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    None,
    None,
    None,
)
CURL = Person(8, "curl/8.5.0", None, None, None)
PEOPLE = (ANN, BEN, CEM, DEE, EVE, FAY, BOT, CURL)


class Sent(NamedTuple):
    """One request: `kind` is hit, event or session, `body` an item of that kind's batch."""

    kind: str
    body: dict[str, Any]


def seconds(at: str) -> int:
    """Unix seconds of a time like `05-03 10:00:00`, in 2026, UTC."""
    return int(datetime.fromisoformat(f"2026-{at}").replace(tzinfo=UTC).timestamp())


def _sent(kind: str, at: str, who: Person, **more: Any) -> Sent:
    device = {
        "ip": who.ip,
        "user_agent": who.user_agent,
        "accept_language": who.language,
        "screen_width": who.screen,
    }
    return Sent(kind, {"time": f"2026-{at.replace(' ', 'T')}Z", **device, **more})


def hit(at: str, who: Person, url: str, title: str | None = None, **more: Any) -> Sent:
    return _sent("hit", at, who, url=url, title=title, **more)


def event(at: str, who: Person, url: str, name: str, **more: Any) -> Sent:
    return _sent("event", at, who, url=url, event_name=name, **more)


def keep_alive(at: str, who: Person) -> Sent:
    return _sent("session", at, who)


JOHN, JANE, FIRST = {"author": "John"}, {"author": "Jane"}, {"post": "first"}
BLOG, PRICING = SITE + "/blog", SITE + "/pricing"
CAMPAIGN = "utm_source=Newsletter&utm_medium=email&utm_campaign=Spring"
DETAIL = "utm_content=header&utm_term=shoes"
STREAM = (
    hit("04-27 10:00:00", CEM, SHOP + "/", "Shop"),  # 1
    hit("04-27 14:00:00", BEN, BLOG, "Blog"),  # 2
    hit("05-03 10:00:00", ANN, SITE, "Home", referrer="https://www.google.com/"),  # 3
    hit("05-03 10:01:00", ANN, BLOG, "Blog", tags=JOHN | FIRST),  # 4
    # Tags of an event go into its metadata; a number becomes text.
    event(
        *("05-03 10:01:30", ANN, BLOG, "Read"),
        title="Blog",
        event_duration=20,
        event_meta={"words": 400, "score": 4.5},
        tags=JOHN,
    ),  # 5
    hit("05-03 10:04:00", ANN, PRICING + "?plan=a#top", "Pricing"),  # 6
    # 30:00 after the last activity: a new session. Then 29:59: the same session.
    hit("05-03 10:34:00", ANN, PRICING, "Pricing"),  # 7
    # Without a Referer header utm_source names the referrer.
    hit("05-03 11:00:00", BEN, f"{BLOG}?{CAMPAIGN}&{DETAIL}", "Blog", tags=JANE),  # 8
    hit("05-03 11:00:40", BEN, BLOG, "Blog"),  # 9, a reload: still a bounce
    hit("05-03 11:03:59", ANN, SITE + "/", "Start"),  # 10
    # Another referrer: a new session. The site's own is none.
    hit("05-03 11:05:00", ANN, BLOG, "Blog", referrer="https://x.com/some/post?s=1", tags=JOHN),
    hit("05-03 11:06:00", ANN, SITE + "/blog/post", "Post", referrer=BLOG),  # 12
    hit("05-03 12:00:00", CEM, SHOP + "/", "Shop"),  # 13
    event(
        *("05-03 12:00:20", CEM, SHOP + "/", "Scroll"),
        title="Shop",
        event_meta={"depth": "50"},
        non_interactive=True,
    ),  # 14, still a bounce
    hit("05-03 21:50:00", DEE, PRICING + "?ref=Flyer", "Pricing"),  # 15
    event(
        *("05-03 21:58:00", DEE, PRICING, "Buy"),
        title="Pricing",
        event_duration=10,
        event_meta={"amount": 19.99, "count": 2, "plan": "pro"},
    ),  # 16
    hit("05-03 22:10:00", DEE, SITE + "/thanks", "Thanks"),  # 17, after midnight in Berlin
    event(
        *("05-03 22:30:00", DEE, SITE + "/thanks", "Buy"),
        title="Thanks",
        event_duration=5,
        event_meta={"amount": "n/a", "count": 3.5, "plan": "free"},
    ),  # 18
    hit("05-03 23:50:00", EVE, SITE, "Home", referrer="https://news.example.net/story/?a=1#b"),
    hit("05-04 00:15:00", EVE, BLOG, "Blog"),  # 20, after midnight UTC: goes on under 305
    keep_alive("05-04 00:20:00", EVE),  # 21
    # After 00:30 only the new day's id counts: a new session, 20 minutes after the last activity.
    hit("05-04 00:40:00", EVE, PRICING, "Pricing"),  # 22
    event(
        *("05-04 00:41:00", EVE, PRICING, "Read"),
        title="Pricing",
        event_duration=31,
        event_meta={"words": 150},
    ),  # 23
    # An event that begins a session stores a page view, too.
    event(
        *("05-04 09:00:00", FAY, SHOP + "/join", "Signup"),
        title="Join",
        event_meta={"plan": "pro"},
        tags=JANE,
    ),  # 24
    keep_alive("05-04 09:25:00", FAY),  # 25
    hit("05-04 09:30:00", ANN, SITE, "Home", referrer="https://www.google.de/search?q=a"),  # 26
    hit("05-04 09:31:00", ANN, BLOG, "Blog", tags=JOHN),  # 27
    keep_alive("05-04 09:32:00", ANN),  # 28
    hit("05-04 09:33:00", BOT, BLOG),  # dropped, has no number
    hit("05-04 09:33:30", CURL, BLOG),  # dropped, has no number
    keep_alive("05-04 09:50:00", FAY),  # 29
    keep_alive("05-04 10:10:00", FAY),  # 30
    hit("05-04 10:20:00", FAY, SHOP + "/join/done", tags=JANE | FIRST),  # 31
    hit("05-04 12:58:00", BEN, BLOG, "Blog", referrer="https://x.com/some/post"),  # 32
    hit("05-04 13:05:00", BEN, PRICING, "Pricing"),  # 33
    hit("05-04 13:06:00", CEM, SHOP + "/", "Shop"),  # 34
)
DROPPED = {"bot": 1, "user_agent": 1}
ACCEPTED = len(STREAM) - 2
