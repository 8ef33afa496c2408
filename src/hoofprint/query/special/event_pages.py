"""The pages on which an event happened (`rules.md` 2.4, event/page)."""

from __future__ import annotations

from collections.abc import Sequence

from hoofprint.query.breakdown import sort_columns, unfiltered, with_bounce_rate
from hoofprint.query.counting import Carried, Key, count_by, mixed
from hoofprint.query.filters import Base, contains, rows, within
from hoofprint.query.metrics import fill
from hoofprint.query.plan import SESSION, Call, Column, In, Join, Node, Select, every
from hoofprint.query.question import Question
from hoofprint.query.report import Ask, Report, Row
from hoofprint.query.special.pages import (
    page_names,
    page_number,
    sorting_by_time,
    timed,
    with_time,
)
from hoofprint.query.special.ranking import NUMBER, ranked

COUNTS = ("visitors", "sessions", "bounces")


def event_pages(report: Report, question: Question, ask: Ask) -> list[Row]:
    """Visitors and sessions with the event on a page, and their page views of it."""
    base = Base.EVENTS
    found_by = contains(Column("path"), question.search) if question.search else None
    names = page_names(base, question, every(rows(base, question), found_by))
    key = Key(NUMBER, names.number, number=True)

    def plan(carried: Sequence[Carried]) -> Select:
        counted = count_by((key,), COUNTS, base, question, names.where, carried)
        outputs = [name for name, _ in counted.outputs]
        joined = Join(counted, _views(question, names.where), (NUMBER,))
        columns = tuple((name, Column(name)) for name in (*outputs, "views"))
        return timed(with_bounce_rate(Select(columns, joined)), question)

    sort_by = sort_columns(report) | sorting_by_time(question)
    found = ranked(report, question, sort_by, plan, names, ask)
    totals = unfiltered(question, Base.PAGE_VIEWS, ("views",), ask)
    totals |= unfiltered(question, Base.EVENTS, ("visitors",), ask)
    listed = [{"title": ""} | row | fill(row, totals, report.metrics) for row in found]
    with_times = with_time(listed, question, ask)
    return [{field: row[field] for field in report.fields} for row in with_times]


def _views(question: Question, where: Node) -> Select:
    """Page views by page, of the sessions in which the event happened on it."""
    both = mixed(page_number(question), SESSION)
    with_event = Select((("both", both),), Base.EVENTS.facts, where)
    return Select(
        ((NUMBER, page_number(question)), ("views", Call("count"))),
        Base.PAGE_VIEWS.facts,
        every(within(question.domain.id, question.period), In(both, with_event)),
        group_by=(Column(NUMBER),),
    )
