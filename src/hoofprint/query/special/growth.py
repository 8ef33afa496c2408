"""How much a period differs from the one before it (`rules.md` 2.4)."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from hoofprint.query.breakdown import unfiltered
from hoofprint.query.calendar import days, local_clock, local_day, second_at, shifted
from hoofprint.query.counting import count_by
from hoofprint.query.custom import custom_metrics
from hoofprint.query.filters import Base, base_of, rows
from hoofprint.query.metrics import divide
from hoofprint.query.question import Period, Question
from hoofprint.query.report import Ask, Report, Row
from hoofprint.query.special.staying import stays_over_time

COUNTS = ("visitors", "views", "sessions", "bounces")
DAY = 86_400
WEEK = 7


def growth(report: Report, question: Question, ask: Ask) -> Row:
    """Each number of the period compared with the one of the period before."""
    now = _numbers(question, ask)
    before = _numbers(replace(question, period=period_before(question)), ask)
    return {field: change(now[field], before[field]) for field in report.fields}


def change(now: float, before: float) -> float:
    """(now - before) / before; from nothing to something is 1, from nothing to nothing 0."""
    if not before:
        return 1.0 if now else 0.0
    return (now - before) / before


def period_before(question: Question) -> Period:
    """What a period is compared with.

    A day with the same weekday a week before, up to the same time of day if it is today; n days
    with the n days before; a window within a day with the same window a day before.
    """
    period = question.period
    timezone = period.timezone
    if question.recent:
        return replace(period, start=period.start - DAY, end=period.end - DAY)
    whole = days(period.first_day, period.last_day, timezone)
    if (whole.start, whole.end) != (period.start, period.end):
        return _same_window(period, shifted(period.first_day, -1))
    length = (period.last_day - period.first_day).days + 1
    if length > 1:
        return days(shifted(period.first_day, -length), shifted(period.last_day, -length), timezone)
    day = shifted(period.first_day, -WEEK)
    before = days(day, day, timezone)
    if local_day(question.now, timezone) != period.first_day:
        return before
    same_time = second_at(day, local_clock(question.now, timezone), timezone) + 1
    return replace(before, end=min(before.end, same_time))


def _same_window(period: Period, day: date) -> Period:
    """The same minutes of another day."""
    timezone = period.timezone
    start = second_at(day, local_clock(period.start, timezone), timezone)
    last = second_at(day, local_clock(period.end - 1, timezone), timezone, fold=1)
    return Period(start, last + 1, day, day, timezone)


def _numbers(question: Question, ask: Ask) -> dict[str, float]:
    base = base_of(question)
    [row] = ask(count_by((), COUNTS, base, question, rows(base, question)))
    counts = dict(zip(COUNTS, row, strict=True))
    total = unfiltered(question, base, ("visitors",), ask)["visitors"]
    custom = custom_metrics(question, ask).get(None, {})
    return {
        "visitors_growth": counts["visitors"],
        "views_growth": counts["views"],
        "sessions_growth": counts["sessions"],
        "bounces_growth": divide(counts["bounces"], counts["sessions"]),
        "time_spent_growth": _time_spent(question, base, ask),
        "cr_growth": divide(counts["visitors"], total),
        "custom_metric_avg_growth": custom.get("custom_metric_avg", 0),
        "custom_metric_total_growth": custom.get("custom_metric_total", 0),
    }


def _time_spent(question: Question, base: Base, ask: Ask) -> int:
    """Seconds of the sessions, or of the stays on the pages that the filters are about."""
    if base is Base.PAGE_VIEWS:
        [[seconds, _]] = ask(stays_over_time(question))
    else:
        [[seconds]] = ask(count_by((), ("seconds",), base, question, rows(base, question)))
    return int(seconds)
