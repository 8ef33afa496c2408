"""Minutes, weekdays, durations and the overview of the stream, counted by hand."""

from __future__ import annotations

from typing import Any

from .worked_site import Asked
from .worked_totals import FLOAT, at, counts

NAMES = ("visitors", "views", "sessions", "bounces")


def minutes(**lines: dict[str, Any]) -> list[dict[str, Any]]:
    """60 rows: `m13=...` is the 13th minute of any hour, what is not named is empty."""
    return [{"minute": m} | lines.get(f"m{m}", counts()) for m in range(60)]


ONE = counts(1, 1, 1, 0, of=1)
MINUTES = (
    Asked(
        "minutes are those of page views, whatever the hour and the day",
        "/minutes",
        "",
        minutes(
            # Ann1, Ben1 twice, Cem1, Fay1
            m0=counts(4, 5, 4, 2, of=4),
            **dict.fromkeys(("m1", "m3", "m4", "m10", "m15", "m20", "m30", "m31"), ONE),
            **dict.fromkeys(("m34", "m40", "m58"), ONE),
            # Ann3 and Ben2; Ann3 and Cem2; Dee1 and Eve1
            m5=counts(2, 2, 2, 0, of=2),
            m6=counts(2, 2, 2, 1, of=2),
            m50=counts(2, 2, 2, 0, of=2),
        ),
    ),
    Asked(
        "clocks of another time zone may show another minute",
        "/minutes",
        "path=/blog&tz=Asia/Kolkata",
        minutes(
            **dict.fromkeys(("m1", "m28", "m31", "m45"), ONE),
            m30=counts(1, 2, 1, 1, of=4),
            m35=counts(1, 1, 1, 0, of=2),
        ),
    ),
    Asked(
        "custom metrics are in the minute of their events",
        "/minutes",
        "event=Buy&custom_metric_key=count" + FLOAT,
        minutes(
            m10=ONE,
            m30=counts(custom=(3.5, 3.5)),
            m50=counts(1, 1, 1, 0, of=2),
            m58=counts(custom=(2, 2)),
        ),
    ),
)

SUNDAY = {
    # Ann1 three times, Ann2; Ben1 twice, Ann2, Ann3 twice; Cem1; Dee1
    (6, 12): (1, 4, 2, 0),
    (6, 13): (2, 5, 3, 1),
    (6, 14): (1, 1, 1, 1),
    (6, 23): (1, 1, 1, 0),
}
MONDAY = {
    # Dee1; Eve1; Eve1 and Eve2; Fay1 and Ann4 twice; Fay1; Ben2; Ben2 and Cem2
    (0, 0): (1, 1, 1, 0),
    (0, 1): (1, 1, 1, 0),
    (0, 2): (2, 2, 2, 0),
    (0, 11): (2, 3, 2, 0),
    (0, 12): (1, 1, 1, 0),
    (0, 14): (1, 1, 1, 0),
    (0, 15): (2, 2, 2, 1),
}


def week(lines: dict[tuple[int, int], tuple[int, int, int, int]]) -> list[dict[str, Any]]:
    """7 x 24 rows, what is not named is empty."""
    return [
        {"weekday": w, "hour": h} | dict(zip(NAMES, lines.get((w, h), (0, 0, 0, 0)), strict=True))
        for w in range(7)
        for h in range(24)
    ]


WEEKDAYS = (
    Asked("a week begins on Monday, the 0th day", "/weekdays", "", week(SUNDAY | MONDAY)),
    Asked(
        # Old1 at 12:00, Old2 at 16:00
        "the same weekdays of several weeks are added up",
        "/weekdays",
        "from=2026-04-26&to=2026-05-04",
        week(SUNDAY | MONDAY | {(0, 12): (2, 2, 2, 1), (0, 16): (1, 1, 1, 1)}),
    ),
    Asked(
        # 21:50 and 22:10 on Sunday
        "a weekday is that of the local day",
        "/weekdays",
        "tz=UTC&path=/pricing&path=/thanks&event=Buy",
        week({(6, 21): (1, 1, 1, 0), (6, 22): (1, 1, 1, 0)}),
    ),
)

TIME = "average_time_spent_seconds"


def lasting(scale: str, *rows: tuple[str, int], **more: str) -> list[dict[str, Any]]:
    """Averages by the first day of their bucket."""
    labels = dict.fromkeys(("day", "week", "month", "year"))
    return [{**labels, scale: f"{day}T00:00:00Z", **more, TIME: seconds} for day, seconds in rows]


SESSIONS = (
    Asked(
        # Sunday: (240 + 1799 + 40 + 60 + 20) / 5 = 431.8. Monday: 2400, 1800, 60, 4800, 120, 420.
        "sessions without any duration don't count; days without sessions are 0",
        "/duration/session",
        "from=2026-05-02&to=2026-05-05",
        lasting(
            "day",
            *(("2026-05-02", 0), ("2026-05-03", 432), ("2026-05-04", 1600), ("2026-05-05", 0)),
        ),
    ),
    Asked(
        # Ann1 and Ann2: 2039 / 2. Dee1, Eve2 and Ben2: 2880 / 3.
        "a filter on pages keeps sessions that saw the page, with their whole duration",
        "/duration/session",
        "path=/pricing",
        lasting("day", ("2026-05-03", 1020), ("2026-05-04", 960)),
    ),
    Asked(
        "durations by week",
        "/duration/session",
        "scale=week",
        lasting("week", ("2026-04-27", 432), ("2026-05-04", 1600)),
    ),
)
PAGES = (
    Asked(
        # Sunday: 60, 180, 1799, 40, 60 and 1200, 556.5 on average. Monday: 1500, 3600, 60, 420.
        "times on page are on the day of their page view, rounded half to even",
        "/duration/page",
        "",
        lasting("day", ("2026-05-03", 556), ("2026-05-04", 1395), path=""),
    ),
    Asked(
        # Ann1 180, Ben1 40, Ann3 60; Ben2 420
        "a single path is echoed",
        "/duration/page",
        "path=/blog",
        lasting("day", ("2026-05-03", 93), ("2026-05-04", 420), path="/blog"),
    ),
    Asked(
        "a part of a path is no path to echo",
        "/duration/page",
        "path=~blog",
        lasting("day", ("2026-05-03", 93), ("2026-05-04", 420), path=""),
    ),
    Asked(
        # Sunday: 60, 180, 40, 60. Monday: 1500, 60, 420.
        "several paths are no path to echo",
        "/duration/page",
        "path=/blog&path=/",
        lasting("day", ("2026-05-03", 85), ("2026-05-04", 660), path=""),
    ),
    Asked(
        # /blog of Ann1, Ben1 and Ann3; /join of Fay1
        "a tag keeps page views, too",
        "/duration/page",
        "tag=author",
        lasting("day", ("2026-05-03", 93), ("2026-05-04", 3600), path=""),
    ),
    Asked(
        # 8919 seconds of ten
        "times on page by month",
        "/duration/page",
        "scale=month&from=2026-04-28",
        lasting("month", ("2026-04-01", 0), ("2026-05-01", 892), path=""),
    ),
)


def on(day: str, *line: Any, **more: Any) -> dict[str, Any]:
    """A day of the overview: it has no field for other scales."""
    row = at("day", day, *line, **more)
    return {name: value for name, value in row.items() if name not in {"week", "month", "year"}}


LAST_WEEK = {
    "visitors": 10,
    "views": 22,
    # Old1 and Old2 are of the week before.
    "visitor_growth": (10 - 2) / 2,
    "visitors_growth": (10 - 2) / 2,
    "views_growth": (22 - 2) / 2,
    "visitors_time_series": [
        *(on(f"2026-04-{day}") for day in (28, 29, 30)),
        *(on(f"2026-05-0{day}") for day in (1, 2)),
        on("2026-05-03", 3, 10, 5, 2, of=3),
        on("2026-05-04", 7, 12, 7, 1, of=7),
    ],
    "member": 1,
}
OVERVIEW = (
    Asked("the last seven days, today among them", "/overview", "", LAST_WEEK),
    Asked(
        "filters and dates don't matter to the overview",
        "/overview",
        "country=de&path=/blog&tz=UTC&scale=month&from=2026-05-04&to=2026-05-04",
        LAST_WEEK,
    ),
)
QUESTIONS = (*MINUTES, *WEEKDAYS, *SESSIONS, *PAGES, *OVERVIEW)
