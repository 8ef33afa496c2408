"""Who is there right now (`api.md`, Active Visitors)."""

from __future__ import annotations

from msgspec.structs import replace

from hoofprint.query.dimensions import COUNTRY, HOSTNAME, PATH
from hoofprint.query.filters import Base, rows
from hoofprint.query.metrics import COUNTS, divide
from hoofprint.query.plan import Column, Order, Select
from hoofprint.query.question import Question
from hoofprint.query.report import Ask, Report, Row

DEFAULT_SECONDS = 600


def active(_: Report, question: Question, ask: Ask) -> Row:
    """Pages that were viewed in the last seconds, and the visitors whose session was active."""
    seconds = question.recent or question.domain.active_visitors_seconds or DEFAULT_SECONDS
    end = question.now + 1  # the current second is the last one
    period = replace(question.period, start=end - seconds, end=end)
    question = replace(question, period=period, recent=seconds)
    stats = ask(_by(Base.PAGE_VIEWS, question, (HOSTNAME.column, PATH.column)))
    countries = ask(_by(Base.SESSIONS, question, (COUNTRY.column,)))
    visitors = COUNTS["visitors"](Base.SESSIONS, question)
    where = rows(Base.SESSIONS, question)
    [[total]] = ask(Select((("visitors", visitors),), Base.SESSIONS.facts, where))
    return {
        "stats": [
            {"hostname": hostname, "path": path, "visitors": count}
            for hostname, path, count in stats
        ],
        "countries": [
            {
                "visitors": count,
                "relative_visitors": divide(count, total),
                "country_code": country,
            }
            for country, count in countries
        ],
        "visitors": total,
    }


def _by(base: Base, question: Question, columns: tuple[str, ...]) -> Select:
    keys = tuple(Column(name) for name in columns)
    return Select(
        (
            *((column.name, column) for column in keys),
            ("visitors", COUNTS["visitors"](base, question)),
        ),
        base.facts,
        rows(base, question),
        group_by=keys,
        order_by=(Order(Column("visitors"), descending=True), *(Order(key) for key in keys)),
        limit=question.limit,
        offset=question.offset,
    )
