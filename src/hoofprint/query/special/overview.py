"""The last seven days of a domain at a glance (`api.md`, Overview)."""

from __future__ import annotations

from msgspec.structs import replace

from hoofprint.query.calendar import days, local_day, shifted
from hoofprint.query.counting import count_by
from hoofprint.query.filters import Base, rows
from hoofprint.query.question import Question
from hoofprint.query.report import Ask, Report, Row
from hoofprint.query.series import by_time
from hoofprint.query.special.growth import change, period_before

DAYS = 7
COUNTS = ("visitors", "views")


def overview(report: Report, question: Question, ask: Ask) -> Row:
    """The last days, today among them, beside as many before; filters and period don't matter.

    The API documents two shapes: growth of visitors stands under the name of either.
    """
    timezone = question.domain.timezone
    today = local_day(question.now, timezone)
    week = replace(question.plain, period=days(shifted(today, 1 - DAYS), today, timezone))
    now, before = _counts(week, ask), _counts(replace(week, period=period_before(week)), ask)
    growth = {name: change(now[name], before[name]) for name in COUNTS}
    answer = now | {
        "visitor_growth": growth["visitors"],
        "visitors_growth": growth["visitors"],
        "views_growth": growth["views"],
        "visitors_time_series": [
            {"day": row["day"]} | {name: row[name] for name in report.metrics}
            for row in by_time(report, week, ask)
        ],
        "member": question.members,
    }
    return {field: answer[field] for field in report.fields}


def _counts(question: Question, ask: Ask) -> Row:
    base = Base.SESSIONS
    [row] = ask(count_by((), COUNTS, base, question, rows(base, question)))
    return dict(zip(COUNTS, row, strict=True))
