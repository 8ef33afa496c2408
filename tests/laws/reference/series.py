"""Totals, series over time, hours, and how they changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from .asked import Asked
from .counting import VISITS, Counted, Counts, F, Row, apart, counted, custom_metrics
from .facts import Fact
from .pages import stays


def total(asked: Asked) -> Row:
    facts, everything, by_page = counted(asked)
    row = Counts(asked, facts, everything, by_page=by_page).row(*VISITS)
    return row | custom_metrics(asked, asked.events())


Inside = Callable[[Counted], bool]
"""Whether a fact is in one bucket of time."""


def _slice(asked: Asked, inside: Inside, *, by_clock: bool = False) -> Row:
    """The metrics of the facts in one bucket of time, or at one place of the clock."""
    facts, everything, by_page = counted(asked, by_page=by_clock, by_clock=by_clock)
    row = Counts(asked, _some(facts, inside), _some(everything, inside), by_page=by_page).row(
        *VISITS
    )
    return row | custom_metrics(asked, _some(asked.events(), inside))


def _some(facts: Sequence[F], inside: Callable[[F], bool]) -> list[F]:
    return [fact for fact in facts if inside(fact)]


def over_time(asked: Asked, row: Callable[[Inside], Row]) -> list[Row]:
    """A row for every bucket of the question's scale."""
    scale = asked.one("scale")
    scale = scale if scale in {"week", "month", "year"} else "day"

    def bucket(day: date) -> date:
        match scale:
            case "week":
                return day - timedelta(days=day.weekday())
            case "month":
                return day.replace(day=1)
            case "year":
                return day.replace(month=1, day=1)
            case _:
                return day

    def inside(begin: date) -> Inside:
        return lambda fact: bucket(_day(asked, fact)) == begin

    first, last = asked.first, asked.last
    if asked.seconds:
        first = asked.local(asked.now + 1 - asked.seconds).date()
        last = asked.local(asked.now).date()
    days = [first + timedelta(days=i) for i in range((last - first).days + 1)]
    labels = dict.fromkeys(("day", "week", "month", "year"))
    return [
        {**labels, scale: f"{begin}T00:00:00Z"} | row(inside(begin))
        for begin in dict.fromkeys(map(bucket, days))
    ]


def _day(asked: Asked, fact: Counted) -> date:
    return asked.local(fact.time).date() if isinstance(fact, Fact) else fact.day


def visitor(asked: Asked) -> list[Row]:
    return over_time(asked, lambda inside: _slice(asked, inside))


def hours(asked: Asked) -> list[Row]:
    def at(hour: int) -> Inside:
        return lambda fact: isinstance(fact, Fact) and asked.local(fact.time).hour == hour

    return [{"hour": hour} | _slice(asked, at(hour), by_clock=True) for hour in range(24)]


def growth(asked: Asked) -> Row:
    now, before = _numbers(asked), _numbers(asked.before())
    return {f"{name}_growth": change(now[name], before[name]) for name in now}


def change(now: float, before: float) -> float:
    if before:
        return (now - before) / before
    return 1 if now else 0


def _numbers(asked: Asked) -> dict[str, float]:
    facts, everything, by_page = counted(asked)
    counts = Counts(asked, facts, everything, by_page=by_page)
    spent = [fact.duration for fact in facts]
    if by_page:
        spent = stays(asked, apart(facts)[0])
    return {
        **counts.row("visitors", "views", "sessions"),
        "bounces": counts.bounce_rate,
        "time_spent": sum(spent),
        "cr": counts.cr,
        **custom_metrics(asked, asked.events()),
    }
