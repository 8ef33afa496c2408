"""Growth of the stream, and who is there at 15:06:40, counted by hand from `worked_stream.py`."""

from __future__ import annotations

from typing import Any

from .worked_pages import MAIN, SHOP
from .worked_site import Asked
from .worked_totals import FLOAT, MONDAY


def growth(  # noqa: PLR0917 - a line of a table
    visitors: float,
    views: float,
    sessions: float,
    bounces: float,
    time: float,
    cr: float,
    custom: tuple[float, float] = (0, 0),
) -> dict[str, float]:
    return {
        "visitors_growth": visitors,
        "views_growth": views,
        "sessions_growth": sessions,
        "bounces_growth": bounces,
        "time_spent_growth": time,
        "cr_growth": cr,
        "custom_metric_avg_growth": custom[0],
        "custom_metric_total_growth": custom[1],
    }


NOON = MONDAY + "&from_time=12:00&to_time=16:00"
GROWTH = (
    Asked("from nothing to something is 1", "/growth", "", growth(1, 1, 1, 1, 1, 1)),
    Asked(
        "from nothing to nothing is 0",
        "/growth",
        "from=2030-01-01&to=2030-01-02",
        growth(0, 0, 0, 0, 0, 0),
    ),
    Asked(
        "two days are compared with the two days before",
        "/growth",
        "from=2026-05-05&to=2026-05-06",
        growth(-1, -1, -1, -1, -1, -1),
    ),
    Asked(
        # Sunday to Saturday: 3 May is in the week before, 10 May isn't there yet
        "one day is compared with the same day a week before",
        "/growth",
        "from=2026-05-10&to=2026-05-10",
        growth(-1, -1, -1, -1, -1, -1),
    ),
    Asked(
        # A week ago Cem's bounce was at 12:00, Ben's at 16:00. Today: 7 visitors, 12 views, 7
        # sessions, 1 bounce, some seconds against none.
        "today is compared up to the same time of day",
        "/growth",
        MONDAY,
        growth(6, 11, 6, (1 / 7 - 1) / 1, 1, 0),
    ),
    Asked(
        # 12:00 to 16:00 on Monday: Fay1, Ben2, Cem2; on Sunday: Ann1 to Cem1.
        "a window is compared with the same window a day before",
        "/growth",
        NOON,
        growth(
            0,
            (5 - 10) / 10,
            (3 - 5) / 5,
            (1 / 3 - 2 / 5) / (2 / 5),
            (5220 - 2159) / 2159,  # 4800 + 420 and 240 + 1799 + 40 + 60 + 20
            0,
        ),
    ),
    Asked(
        # Monday: Ben2, of 3 visitors, 420 s. Sunday: Ann1, Ben1 (twice), Ann3; 2 of 3 visitors;
        # 180 + 40 + 60 s.
        "with a path the numbers are those of its page views",
        "/growth",
        NOON + "&path=/blog",
        growth(-0.5, -0.75, (1 - 3) / 3, -1, 0.5, -0.5),
    ),
    Asked(
        # Ben2 and Cem2; nobody in the same hour of Sunday
        "the last seconds are compared with the same seconds a day before",
        "/growth",
        "start=3600",
        growth(1, 1, 1, 1, 1, 1),
    ),
    Asked(
        # Until 00:59 Dee1 bought for 3.5, the day before she wasn't there.
        "custom metrics grow, too",
        "/growth",
        MONDAY + "&to_time=00:59&event=Buy&custom_metric_key=count" + FLOAT,
        growth(1, 1, 1, 0, 1, 1, (1, 1)),
    ),
)


def there(*pages: tuple[str, str], countries: tuple[str, ...]) -> dict[str, Any]:
    """One visitor on each page, one from each country."""
    return {
        "stats": [{"hostname": h, "path": p, "visitors": 1} for h, p in pages],
        "countries": [
            {"visitors": 1, "relative_visitors": 1 / len(countries), "country_code": c}
            for c in countries
        ],
        "visitors": len(countries),
    }


ACTIVE = (
    Asked(
        # since 14:56:40
        "active are those of the last ten minutes",
        "/active",
        "",
        there((MAIN, "/blog"), (MAIN, "/pricing"), (SHOP, "/"), countries=("", "us")),
    ),
    Asked("start says how long", "/active", "start=60", there((SHOP, "/"), countries=("",))),
    Asked(
        "active: a second that is 100 ago is not in the last 100",
        "/active",
        "start=100",
        there((SHOP, "/"), countries=("",)),
    ),
    Asked(
        "active: it is in the last 101",
        "/active",
        "start=101",
        there((MAIN, "/pricing"), (SHOP, "/"), countries=("", "us")),
    ),
    Asked(
        "active on a page",
        "/active",
        "start=600&path=/blog",
        there((MAIN, "/blog"), countries=("us",)),
    ),
    Asked(
        "active by some attribute",
        "/active",
        "start=600&browser=!Safari",
        there((SHOP, "/"), countries=("",)),
    ),
)
QUESTIONS = (*GROWTH, *ACTIVE)
