"""How long visitors stayed on a page: the gap to the session's next page view (`rules.md` 1.2)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from hoofprint.query.filters import Base, rows, span_of
from hoofprint.query.plan import (
    EVERYTHING,
    Call,
    Column,
    Next,
    Number,
    Operation,
    Select,
    compare,
    every,
    moment,
    text,
)
from hoofprint.query.question import Question

LONGEST = 3600
"""A single stay counts at most so many seconds."""

SUM, COUNT = "stay_seconds", "stays"


def staying(question: Question, keys: Sequence[str], *, path_by_session: bool = False) -> Select:
    """Seconds and number of the stays on the question's page views (see `rows`), by columns.

    The next page view ends a stay even if the filters or the period leave it out, so it is looked
    up among all page views of the domain. A session's page views lie within twice the domain's
    span: one from its start to the last of them, one from a late arrival to the start.
    """
    domain_id, period = question.domain.id, question.period
    span = Call("toIntervalSecond", (span_of(domain_id),))
    until = Operation("+", (moment(period.end), span, span))
    time = Call("toUnixTimestamp", (Column("time"),))
    with_next = Select(
        (EVERYTHING, ("next_time", Next(time))),
        Base.PAGE_VIEWS.facts,
        every(
            compare("=", Column("domain_id"), text(domain_id)),
            compare(">=", Column("time"), moment(period.start)),
            compare("<", Column("time"), until),
        ),
    )
    counted = rows(Base.PAGE_VIEWS, question, path_by_session=path_by_session)
    next_time = Column("next_time")
    seconds = Call("least", (Operation("-", (next_time, time)), Number(LONGEST)))
    return Select(
        (
            *((name, Column(name)) for name in keys),
            (SUM, Call("sum", (seconds,))),
            (COUNT, Call("count")),
        ),
        with_next,
        every(compare(">", next_time, time), counted),
        group_by=tuple(Column(name) for name in keys),
    )


def average(seconds: int, stays: int) -> int:
    """The average stay in whole seconds, rounded half to even; 0 without any."""
    return round(Fraction(seconds, stays)) if stays else 0
