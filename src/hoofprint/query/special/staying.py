"""How long visitors stayed on a page: the gap to the session's next page view (`rules.md` 1.2)."""

from __future__ import annotations

from fractions import Fraction

from msgspec.structs import replace

from hoofprint.query.filters import TAG_NUMBERS, Base, kept_sessions, rows, touching
from hoofprint.query.plan import (
    EVERYTHING,
    Call,
    Column,
    Next,
    Node,
    Number,
    Operation,
    Select,
    compare,
    every,
    moment,
)
from hoofprint.query.question import Question

LONGEST = 3600
"""A single stay counts at most so many seconds."""

STAYED_ON, SUM, COUNT = "stayed_on", "stay_seconds", "stays"
AVERAGE = Call("toUInt32", (Call("roundBankers", (Call("divide", (Column(SUM), Column(COUNT))),)),))
"""The average stay of a row of `staying`, as `average` has it; every row has a stay."""


_TIME = Call("toUnixTimestamp", (Column("time"),))
_COMPUTED = tuple((name, Column(name)) for name in ("path_number", TAG_NUMBERS))
"""Columns that the store makes itself, which are not among all."""
_NEXT = Column("next_time")
_HAS_NEXT = compare(">", _NEXT, _TIME)
_GAP = Call("least", (Operation("-", (_NEXT, _TIME)), Number(LONGEST)))
STAY = Call("if", (_HAS_NEXT, _GAP, Number(0)))
"""The seconds of a row of `with_next`; 0 without a next page view."""


def with_next(question: Question) -> Select:
    """The page views of the period with the time of their session's next one.

    The next page view ends a stay even if the filters or the period leave it out, so it is looked
    up among all page views of the sessions of which the filters keep any.
    """
    domain_id, period = question.domain.id, question.period
    return Select(
        (EVERYTHING, *_COMPUTED, ("next_time", Next(_TIME))),
        Base.PAGE_VIEWS.facts,
        every(
            touching(domain_id, period),
            compare(">=", Column("time"), moment(period.start)),
            kept_sessions(question),
        ),
    )


def staying(
    question: Question,
    page: Node | None = None,
    kept: Node | None = None,
    *,
    path_by_session: bool = False,
) -> Select:
    """Seconds and number of the stays on the question's page views (see `rows`).

    With `page` it is a row for each of its values, the value first; `kept` leaves out others.
    """
    counted = rows(Base.PAGE_VIEWS, question, path_by_session=path_by_session)
    keys = () if page is None else ((STAYED_ON, page),)
    return Select(
        (*keys, (SUM, Call("sum", (_GAP,))), (COUNT, Call("count"))),
        with_next(question),
        every(_HAS_NEXT, counted, kept),
        group_by=tuple(Column(name) for name, _ in keys),
    )


def stays_over_time(question: Question, bucket: Node | None = None) -> Select:
    """Seconds and number of the stays on the question's page views, by a bucket of time or of all.

    A stay belongs to one UTC day, as its visitor does.
    """
    stays = staying(question, bucket)
    counts = tuple((f"part_{name}", node) for name, node in stays.outputs[-2:])
    keys = stays.outputs[:-2]
    return Select(
        (
            *((name, Column(name)) for name, _ in keys),
            *((name, Call("sum", (Column(f"part_{name}"),))) for name in (SUM, COUNT)),
        ),
        replace(stays, outputs=(*keys, *counts)),
        group_by=stays.group_by,
        adds_up=True,
    )


def average(seconds: int, stays: int) -> int:
    """The average stay in whole seconds, rounded half to even; 0 without any."""
    return round(Fraction(seconds, stays)) if stays else 0
