"""The pages on which an event happened (`rules.md` 2.4, event/page)."""

from __future__ import annotations

from collections.abc import Sequence

from hoofprint.query.breakdown import sort_columns, unfiltered, with_bounce_rate
from hoofprint.query.counting import Carried, Key, count_by, mixed
from hoofprint.query.filters import Base, rows, sought, within
from hoofprint.query.metrics import fill
from hoofprint.query.plan import SESSION, Call, Column, In, Join, Node, Number, Select, every
from hoofprint.query.question import Question
from hoofprint.query.report import Ask, Report, Row
from hoofprint.query.special.pages import TIME, page_names, page_number
from hoofprint.query.special.ranking import NUMBER, ranked
from hoofprint.query.special.staying import AVERAGE, STAYED_ON, staying

COUNTS = ("visitors", "sessions", "bounces")


def event_pages(report: Report, question: Question, ask: Ask) -> list[Row]:
    """Visitors and sessions with the event on a page, their page views of it and time on it."""
    base = Base.EVENTS
    where = every(rows(base, question), sought(Column("path"), question.search))
    names = page_names(base, question, where)
    key = Key(NUMBER, names.number, number=True)

    def plan(carried: Sequence[Carried]) -> Select:
        counted = with_bounce_rate(count_by((key,), COUNTS, base, question, names.where, carried))
        viewed = _with(counted, "views", _views(question, names.where))
        if question.with_time_on_page:
            return _with(viewed, TIME, _times(question, names.where))
        return Select((*_outputs(viewed), (TIME, Number(0))), viewed)

    sort_by = {**sort_columns(report), TIME: TIME}
    found = ranked(report, question, sort_by, plan, names, ask)
    totals = unfiltered(question, Base.PAGE_VIEWS, ("views",), ask)
    totals |= unfiltered(question, base, ("visitors",), ask)
    filled = [{"title": ""} | row | fill(row, totals, report.metrics) for row in found]
    return [{field: row[field] for field in report.fields} for row in filled]


def _outputs(plan: Select) -> tuple[tuple[str, Node], ...]:
    """The outputs of a plan as columns."""
    return tuple((name, Column(name)) for name, _ in plan.outputs)


def _with(plan: Select, name: str, more: Select) -> Select:
    """A plan by page with one more output of another; 0 for a page that the other doesn't have."""
    return Select((*_outputs(plan), (name, Column(name))), Join(plan, more, (NUMBER,)))


def _in_those(question: Question, where: Node) -> Node:
    """Whether a page view is of a page on which the event happened, and in the same session."""
    both = mixed(page_number(question), SESSION)
    return In(both, Select((("both", both),), Base.EVENTS.facts, where))


def _views(question: Question, where: Node) -> Select:
    """The page views by page."""
    return Select(
        ((NUMBER, page_number(question)), ("views", Call("count"))),
        Base.PAGE_VIEWS.facts,
        every(within(question.domain.id, question.period), _in_those(question, where)),
        group_by=(Column(NUMBER),),
    )


def _times(question: Question, where: Node) -> Select:
    """The average time on these page views: the filters have kept the events, not the views."""
    stays = staying(question.plain, page_number(question), _in_those(question, where))
    return Select(((NUMBER, Column(STAYED_ON)), (TIME, AVERAGE)), stays)
