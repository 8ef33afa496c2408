"""Totals and series of the stream, counted by hand from the tables in `worked_stream.py`."""

from __future__ import annotations

from typing import Any

from .worked_site import Asked

ALL = 10
"""Visitors of the two days in May."""


def counts(  # noqa: PLR0917 - a line of a table
    visitors: int = 0,
    views: int = 0,
    sessions: int = 0,
    bounces: int = 0,
    of: int = ALL,
    custom: tuple[float, float] = (0, 0),
) -> dict[str, Any]:
    """Four counts; `of` are the visitors without filters; a custom metric's average and total."""
    return {
        "visitors": visitors,
        "views": views,
        "sessions": sessions,
        "bounces": bounces,
        "bounce_rate": bounces / sessions if sessions else 0,
        "cr": visitors / of,
        "custom_metric_avg": custom[0],
        "custom_metric_total": custom[1],
    }


def total(rule: str, query: str, *line: Any, **more: Any) -> Asked:
    return Asked(rule, "/total", query, counts(*line, **more))


# Visitors, views, sessions, bounces. A session counts with all of its page views, unless the
# question is about pages or tags: then matching page views count.
PAGES = (
    total("no filter keeps all", "", 10, 22, 12, 3),
    total("a path is compared as a whole", "path=/blog", 5, 7, 6, 1),
    total(
        "! keeps page views of other paths, not sessions without it", "path=!/blog", 9, 15, 11, 2
    ),
    total("~ contains, ignoring case", "path=~BLOG", 5, 8, 6, 1),
    total("^ doesn't contain, ignoring case", "path=^/P", 9, 16, 11, 3),
    total("equal and ~ are OR-ed", "path=/pricing&path=~blog", 7, 13, 9, 1),
    total("~ and ! are AND-ed", "path=~blog&path=!/blog", 1, 1, 1, 0),
    total("! and ^ are AND-ed", "path=!/blog&path=^pric", 7, 10, 9, 2),
    total("a wanted value written path[] counts", "path[]=/blog&path[1]=/thanks", 6, 8, 7, 1),
    # Ann3, Ben1, Ben2
    total("an entry path keeps sessions", "entry_path=/blog", 3, 6, 3, 1),
    # Ann1, Eve2, Ben2
    total("an exit path keeps sessions", "exit_path=/pricing", 3, 6, 3, 0),
    # Eve1, Ann4
    total("filters are AND-ed", "entry_path=/&exit_path=~blog", 2, 4, 2, 0),
    total("path and entry path: page views in such sessions", "path=/blog&entry_path=/", 3, 3, 3),
    # /pricing and /blog/post
    total("a pattern is not anchored", "pattern=/p", 4, 6, 6, 0),
    total("a pattern has RE2's flags", "pattern=(?i)^/P", 4, 5, 5, 0),
    total("! turns a pattern around", "pattern=!^/blog", 9, 14, 10, 2),
    total("a path makes a pattern ignored", "path=/pricing&pattern=^/blog", 4, 5, 5, 0),
)
TAGS = (
    total("a tag keeps rows with the key", "tag=author", 4, 6, 5, 1),
    total("!tag keeps rows without the key", "tag=!author", 9, 16, 11, 3),
    total("a tag's value", "tag_author=John", 2, 3, 3, 0),
    total("several tags must be on the same row", "tag_author=John&tag_post=first", 1, 1, 1, 0),
    total("a missing tag is the empty value", "tag_author=null", 9, 16, 11, 3),
    total("tag and tag_ are AND-ed", "tag=author&tag_author=!John", 2, 3, 2, 1),
)
EVENTS = (
    # Ann1 and Eve2
    total("an event keeps sessions with it", "event=Read", 2, 4, 2, 0),
    total("!event keeps sessions without it", "event=!Read", 9, 18, 10, 3),
    total("several events: any of them", "event=Read&event=Buy", 3, 6, 3, 0),
    # Scroll of Cem1, Signup of Fay1
    total("an event's name contains", "event=~s", 2, 3, 2, 1),
    total("a session counts once for two events", "event=Buy", 1, 2, 1, 0),
    total("a metadata key", "event=Read&event_meta_key=score", 1, 3, 1, 0),
    total("tags are metadata, too", "event=Signup&meta_author=Jane", 1, 2, 1, 0),
    total("all metadata on one event", "event=Buy&meta_plan=pro&meta_count=2", 1, 2, 1, 0),
    total("metadata of two events don't mix", "event=Buy&meta_plan=pro&meta_count=3.5"),
    total("metadata without an event is ignored", "meta_plan=pro", 10, 22, 12, 3),
    total("path and event: that page's views", "path=/pricing&event=Buy", 1, 1, 1, 0),
    total("path and event: it need not happen there", "path=/&event=Read", 1, 1, 1, 0),
    total("pattern and event: it happened there", "pattern=^/thanks&event=Buy", 1, 2, 1, 0),
    total("pattern and event: it didn't happen there", "pattern=^/blog&event=Buy"),
)
FLOAT, INTEGER = "&custom_metric_type=float", "&custom_metric_type=integer"
CUSTOM = (
    # 19.99 and n/a
    total(
        "no number is 0 and counts in the average",
        "event=Buy&custom_metric_key=amount" + FLOAT,
        *(1, 2, 1, 0),
        custom=(19.99 / 2, 19.99),
    ),
    # 2 and 3.5
    total(
        "integer takes whole numbers only",
        "event=Buy&custom_metric_key=count" + INTEGER,
        *(1, 2, 1, 0),
        custom=(1, 2),
    ),
    total(
        "float takes all numbers",
        "event=Buy&custom_metric_key=count" + FLOAT,
        *(1, 2, 1, 0),
        custom=(2.75, 5.5),
    ),
    # 4.5 and none
    total(
        "a missing number is 0 and counts in the average",
        "event=Read&custom_metric_key=score" + FLOAT,
        *(2, 4, 2, 0),
        custom=(2.25, 4.5),
    ),
    total(
        "a custom metric is over the matching events",
        "event=Read&meta_words=400&custom_metric_key=words" + INTEGER,
        *(1, 3, 1, 0),
        custom=(400, 400),
    ),
    total("a custom metric needs an event", "custom_metric_key=words" + INTEGER, 10, 22, 12, 3),
    total("a custom metric needs a type", "event=Read&custom_metric_key=words", 2, 4, 2, 0),
)
VISITS = (
    total("language", "language=de", 3, 11, 5, 0),
    total("null is the empty value", "language=null", 2, 2, 2, 2),
    total("several ! are AND-ed", "language=!de&language=!en", 4, 5, 4, 2),
    total("country", "country=us", 3, 6, 3, 1),
    total("several values are OR-ed", "country=fr&country=null", 4, 5, 4, 2),
    total("region", "region=Bavaria", 1, 2, 1, 0),
    total("city", "city=San Francisco (CA)", 2, 4, 2, 1),
    total("city contains", "city=~SAN F", 2, 4, 2, 1),
    total("os", "os=Windows", 2, 9, 4, 0),
    # Mac and Chrome OS: Cem1, Cem2, Fay1
    total("os without an i", "os=^i", 3, 4, 3, 2),
    # Windows and Android
    total("os version", "os_version=10", 3, 11, 5, 0),
    total("browser", "browser=Chrome&browser=Safari", 6, 17, 8, 1),
    total("browser version", "browser_version=~142", 4, 5, 4, 2),
    total("desktop", "platform=desktop", 6, 14, 8, 2),
    total("mobile", "platform=mobile", 3, 6, 3, 1),
    total("any other platform is unknown", "platform=unknown", 1, 2, 1, 0),
    total("not desktop", "platform=!desktop", 4, 8, 4, 1),
    total("screen class", "screen_class=XS", 2, 4, 2, 1),
    total("no screen class", "screen_class=null", 1, 2, 1, 0),
    total("referrer", "referrer=https://www.google.com", 1, 3, 1, 0),
    total("referrer contains", "referrer=~GOOGLE", 2, 5, 2, 0),
    total("referrer name", "referrer_name=Google", 2, 5, 2, 0),
    # Ann2, Cem1, Eve2, Fay1, Cem2
    total("no referrer", "referrer_name=null", 5, 7, 5, 2),
    total("a referrer that is a mere name has no url", "referrer=null", 7, 11, 7, 3),
    total("utm_source", "utm_source=Newsletter", 1, 2, 1, 1),
    total("not empty", "utm_source=!null", 1, 2, 1, 1),
    total("utm_medium", "utm_medium=!email", 9, 20, 11, 2),
    total("utm_campaign", "utm_campaign=~spring", 1, 2, 1, 1),
    total("utm_content", "utm_content=header", 1, 2, 1, 1),
    total("utm_term", "utm_term=^shoe", 9, 20, 11, 2),
    total("channel", "channel=Direct", 5, 7, 5, 2),
    total("hostname", "hostname=shop.example.org", 3, 4, 3, 2),
    total("hostname doesn't contain", "hostname=^SHOP", 7, 18, 9, 1),
    total("visitor and session", "visitor_id=301&session_id=7", 1, 2, 1, 0),
    total("a visitor id alone is ignored", "visitor_id=301", 10, 22, 12, 3),
    total("unknown parameters are ignored", "colour=red", 10, 22, 12, 3),
)
SUNDAY, MONDAY = "from=2026-05-03&to=2026-05-03", "from=2026-05-04&to=2026-05-04"
PERIODS = (
    total("a session is on the day of its last activity", SUNDAY, 3, 10, 5, 2, of=3),
    total("the next day", MONDAY, 7, 12, 7, 1, of=7),
    total("tz moves the days", SUNDAY + "&tz=UTC", 4, 12, 6, 2, of=4),
    # New York is 4 hours behind UTC: 3 May lasts until 04:00 UTC.
    total("tz to the west", SUNDAY + "&tz=America/New_York", 6, 15, 8, 2, of=6),
    total("from and to may be swapped", "from=2026-05-04&to=2026-05-03", 10, 22, 12, 3),
    # Ann3 ends at 13:06:00 in Berlin.
    total(
        "to_time has all of its minute",
        SUNDAY + "&from_time=12:00&to_time=13:06",
        *(2, 9, 4, 1),
        of=2,
    ),
    total(
        "to_time ends with its minute",
        SUNDAY + "&from_time=12:00&to_time=13:05",
        *(2, 7, 3, 1),
        of=2,
    ),
    total("times need one day", "from_time=12:00&to_time=12:30", 10, 22, 12, 3),
    # Ben2 and Cem2; the dates don't count
    total("start is the last seconds", "start=3600&" + SUNDAY, 2, 3, 2, 1, of=2),
    total("start ends before the second that is 100 ago", "start=100", 1, 1, 1, 1, of=1),
    total("start reaches the second that is 100 ago", "start=101", 2, 3, 2, 1, of=2),
    # Dee1 lasts until Monday, but this page view and this event are on Sunday.
    total(
        "page views and events: on their own day",
        SUNDAY + "&path=/pricing&event=Buy",
        1,
        1,
        1,
        of=4,
    ),
    total("a session isn't: it ended on the next day", SUNDAY + "&event=Buy", of=3),
)
TOTALS = (*PAGES, *TAGS, *EVENTS, *CUSTOM, *VISITS, *PERIODS)


def at(scale: str, day: str, *line: Any, **more: Any) -> dict[str, Any]:
    """A row of a series: only its scale's field holds the label."""
    labels = dict.fromkeys(("day", "week", "month", "year"))
    return {**labels, scale: f"{day}T00:00:00Z"} | counts(*line, **more)


SERIES = (
    Asked(
        "a row for every day, zero-filled, ascending",
        "/visitor",
        "from=2026-05-02&to=2026-05-05",
        [
            at("day", "2026-05-02"),
            at("day", "2026-05-03", 3, 10, 5, 2, of=3),
            at("day", "2026-05-04", 7, 12, 7, 1, of=7),
            at("day", "2026-05-05"),
        ],
    ),
    Asked(
        "the shares of a series are of its own day",
        "/visitor",
        "scale=day&country=de",
        [
            at("day", "2026-05-03", 1, 7, 3, 0, of=3),
            at("day", "2026-05-04", 2, 4, 2, 0, of=7),
        ],
    ),
    Asked(
        "page views are on the day of their own time, and so is what they are compared with",
        "/visitor",
        "path=/pricing",
        [
            at("day", "2026-05-03", 2, 3, 3, 0, of=4),
            at("day", "2026-05-04", 2, 2, 2, 0, of=7),
        ],
    ),
    Asked(
        "custom metrics are on the day of their events",
        "/visitor",
        "event=Buy&custom_metric_key=count" + FLOAT,
        [
            at("day", "2026-05-03", of=3, custom=(2, 2)),
            at("day", "2026-05-04", 1, 2, 1, 0, of=7, custom=(3.5, 3.5)),
        ],
    ),
    Asked(
        "a week begins on Monday",
        "/visitor",
        "scale=week",
        [
            at("week", "2026-04-27", 3, 10, 5, 2, of=3),
            at("week", "2026-05-04", 7, 12, 7, 1, of=7),
        ],
    ),
    Asked(
        "a month's visitors are not the sum of its days, and empty months are rows",
        "/visitor",
        "scale=month&from=2026-04-28&to=2026-05-04&tz=UTC",
        [at("month", "2026-04-01"), at("month", "2026-05-01", 10, 22, 12, 3)],
    ),
    Asked(
        "years",
        "/visitor",
        "scale=year&entry_path=/blog",
        [at("year", "2026-01-01", 3, 6, 3, 1)],
    ),
    Asked(
        "an unknown scale is day",
        "/visitor",
        "scale=decade&" + MONDAY + "&tz=UTC",
        [at("day", "2026-05-04", 6, 10, 6, 1, of=6)],
    ),
)


def hours(**lines: dict[str, Any]) -> list[dict[str, Any]]:
    """24 rows: `h13=...` is 13 o'clock, what is not named is empty."""
    return [{"hour": h} | lines.get(f"h{h}", counts()) for h in range(24)]


HOURS = (
    Asked(
        "hours are local, by the time of page views, the days added up",
        "/hours",
        "",
        hours(
            h0=counts(1, 1, 1, 0, of=1),
            h1=counts(1, 1, 1, 0, of=1),
            h2=counts(2, 2, 2, 0, of=2),
            h11=counts(2, 3, 2, 0, of=2),
            h12=counts(2, 5, 3, 0, of=2),
            h13=counts(2, 5, 3, 1, of=2),
            h14=counts(2, 2, 2, 1, of=2),
            h15=counts(2, 2, 2, 1, of=2),
            h23=counts(1, 1, 1, 0, of=1),
        ),
    ),
    Asked(
        "hours of one day in another time zone",
        "/hours",
        MONDAY + "&tz=UTC",
        hours(
            h0=counts(2, 2, 2, 0, of=2),
            h9=counts(2, 3, 2, 0, of=2),
            h10=counts(1, 1, 1, 0, of=1),
            h12=counts(1, 1, 1, 0, of=1),
            h13=counts(2, 2, 2, 1, of=2),
        ),
    ),
    Asked(
        "the shares of an hour are of all its visitors",
        "/hours",
        "path=/blog",
        hours(
            h2=counts(1, 1, 1, 0, of=2),
            h11=counts(1, 1, 1, 0, of=2),
            h12=counts(1, 1, 1, 0, of=2),
            h13=counts(2, 3, 2, 1, of=2),
            h14=counts(1, 1, 1, 0, of=2),
        ),
    ),
    Asked(
        "custom metrics are in the hour of their events",
        "/hours",
        "event=Buy&custom_metric_key=count" + FLOAT,
        hours(
            h0=counts(1, 1, 1, 0, of=1, custom=(3.5, 3.5)),
            h23=counts(1, 1, 1, 0, of=1, custom=(2, 2)),
        ),
    ),
)
QUESTIONS = (*TOTALS, *SERIES, *HOURS)
