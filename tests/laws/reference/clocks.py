"""Minutes and weekdays, durations over time, and the overview."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import product

from .asked import Asked
from .counting import TIME, VISITS, Counts, Facts, Row, custom_metrics
from .facts import World
from .pages import average, stays
from .series import change, over_time, visitor


def _shown(asked: Asked, shows: Callable[[datetime], Row], places: list[Row]) -> list[Row]:
    """The metrics of the page views at which local clocks showed each of the places."""
    views, everything, events = asked.views(), asked.all_views(), asked.events()

    def at(facts: Facts, place: Row) -> Facts:
        return [fact for fact in facts if shows(asked.local(fact.time)) == place]

    return [
        place
        | Counts(asked, at(views, place), at(everything, place), by_page=True).row(*VISITS)
        | custom_metrics(asked, at(events, place))
        for place in places
    ]


def minutes(asked: Asked) -> list[Row]:
    places: list[Row] = [{"minute": minute} for minute in range(60)]
    return _shown(asked, lambda local: {"minute": local.minute}, places)


def weekdays(asked: Asked) -> list[Row]:
    """Without rates and custom metrics."""
    names = ("weekday", "hour", "visitors", "views", "sessions", "bounces")
    places: list[Row] = [{"weekday": w, "hour": h} for w, h in product(range(7), range(24))]
    rows = _shown(
        asked, lambda local: {"weekday": local.isoweekday() - 1, "hour": local.hour}, places
    )
    return [{name: row[name] for name in names} for row in rows]


def session_duration(asked: Asked) -> list[Row]:
    sessions = asked.sessions()
    return over_time(
        asked,
        lambda inside: {TIME: average([s.duration for s in sessions if inside(s) and s.duration])},
    )


def page_duration(asked: Asked) -> list[Row]:
    paths = asked.params.get("path", [])
    is_plain = len(paths) == 1 and paths[0][0] not in "~!^" and paths[0] != "null"
    path = paths[0] if is_plain else ""
    views = asked.views()
    return over_time(
        asked,
        lambda inside: {"path": path, TIME: average(stays(asked, [v for v in views if inside(v)]))},
    )


def overview(world: World, timezone: str, now: int) -> Row:
    """All but the members, of whom the facts know nothing."""
    today = Asked(world, [], timezone, now).local(now).date()
    days = [("from", f"{today - timedelta(6)}"), ("to", f"{today}")]
    week = Asked(world, days, timezone, now)
    this, last = (
        Counts(asked, asked.sessions(), asked.all_sessions(), by_page=False)
        for asked in (week, week.before())
    )
    grown = change(this.visitors, last.visitors)
    return {
        "visitors": this.visitors,
        "views": this.views,
        "visitor_growth": grown,
        "visitors_growth": grown,
        "views_growth": change(this.views, last.views),
        "visitors_time_series": [
            {name: value for name, value in row.items() if name not in {"week", "month", "year"}}
            for row in visitor(week)
        ],
    }
