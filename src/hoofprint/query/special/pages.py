"""Pages, entry pages and exit pages (`rules.md` 2.4)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from hoofprint.query.breakdown import searched, sort_columns, unfiltered, with_bounce_rate
from hoofprint.query.counting import Carried, Key, count_by, mixed
from hoofprint.query.dimensions import HOSTNAME, PATH, TITLE, Dimension
from hoofprint.query.filters import Base, rows, sought
from hoofprint.query.metrics import counts_for, divide, fill, totals_for
from hoofprint.query.plan import Call, Column, Join, Node, Number, Select, every
from hoofprint.query.question import Question
from hoofprint.query.report import Ask, Report, Row
from hoofprint.query.special.ranking import NUMBER, Names, ranked
from hoofprint.query.special.staying import average, staying
from hoofprint.query.top import one_of, top

TIME = "average_time_spent_seconds"
SEEN = ("visitors", "sessions")
_ALL = 1_000_000
_FEW = 5000
_BY_VISITORS = frozenset({"", "visitors", "relative_visitors"})


def page_dimensions(question: Question) -> tuple[Dimension, ...]:
    """What makes a page: hostname and path, and the title where it is wanted."""
    titled = question.with_title or question.domain.group_by_title
    return (HOSTNAME, PATH, TITLE) if titled else (HOSTNAME, PATH)


def page_number(question: Question, prefix: str = "") -> Node:
    """What makes a page, as a number: two pages have the same with a chance of 2^-64."""
    others = [Column(f"{prefix}{d.column}") for d in page_dimensions(question) if d is not PATH]
    hashes = [Call("cityHash64", (column,)) for column in others]
    return mixed(Column(f"{prefix}path_number"), *hashes)


def _key(question: Question) -> Key:
    return Key(NUMBER, page_number(question), number=True)


def page_names(base: Base, question: Question, where: Node | None, prefix: str = "") -> Names:
    """Where the names of pages are, or of the pages at the edges of sessions."""
    columns = tuple((d.field, Column(prefix + d.column)) for d in page_dimensions(question))
    return Names(base.facts, where or Number(1), page_number(question, prefix), columns)


def pages(report: Report, question: Question, ask: Ask) -> list[Row]:
    """The pages that were viewed, by visitors."""
    return _by_time_on_page(question, lambda asked: _pages(report, asked, ask))


def _pages(report: Report, question: Question, ask: Ask) -> list[Row]:
    base = Base.PAGE_VIEWS
    counts = counts_for((*report.metrics, report.order))
    names = page_names(base, question, every(rows(base, question), searched(report, question)))
    key = _key(question)

    def run(kept: Node | None) -> list[Row]:
        where = every(names.where, kept) or Number(1)

        def plan(carried: Sequence[Carried]) -> Select:
            return with_bounce_rate(count_by((key,), counts, base, question, where, carried))

        return ranked(report, question, sort_columns(report), plan, names, ask)

    if question.sort in _BY_VISITORS and not question.ascending and not question.looks_at_sessions:
        wanted = question.offset + question.limit
        found = top(wanted, names.number, (names.facts, names.where), run, ask)
    else:
        found = run(None)
    totals = unfiltered(question, base, totals_for(report.metrics), ask)
    listed = _with_time(page_of(found, question), question, ask)
    filled = [{"title": ""} | row | fill(row, totals, report.metrics) for row in listed]
    return [{field: row[field] for field in report.fields} for row in filled]


def page_of(found: list[Row], question: Question) -> list[Row]:
    """What the question wants of the rows from the first on."""
    return found[question.offset : question.offset + question.limit]


def _by_time_on_page(question: Question, run: Callable[[Question], list[Row]]) -> list[Row]:
    """The rows, also sorted by the time on page: it is only known when all of them are there."""
    if question.sort != TIME or not question.with_time_on_page:
        return run(question)
    found = run(replace(question, sort="", ascending=None, limit=_ALL, offset=0))
    found.sort(key=lambda row: row[TIME] if question.ascending else -row[TIME])
    return page_of(found, question)


def _with_time(
    found: list[Row], question: Question, ask: Ask, *, path_by_session: bool = False
) -> list[Row]:
    """Rows with their time on page, 0 unless it is wanted."""
    times: dict[int, int] = {}
    if question.with_time_on_page and found:
        number = page_number(question)
        listed = one_of(number, [row[NUMBER] for row in found]) if len(found) < _FEW else None
        plan = staying(question, number, listed, path_by_session=path_by_session)
        times = {page: average(seconds, stays) for page, seconds, stays in ask(plan)}
    return [row | {TIME: times.get(row[NUMBER], 0)} for row in found]


class Edge(Struct, frozen=True):
    """The first or the last page of a session: its columns and what answers call it."""

    prefix: str
    count: str
    rate: str


ENTRY = Edge("entry_", "entries", "entry_rate")
EXIT = Edge("exit_", "exits", "exit_rate")


def entry_pages(report: Report, question: Question, ask: Ask) -> list[Row]:
    """Where sessions began."""
    return _by_time_on_page(question, lambda asked: _edges(ENTRY, report, asked, ask))


def exit_pages(report: Report, question: Question, ask: Ask) -> list[Row]:
    """Where sessions ended."""
    return _edges(EXIT, report, question, ask)


def _edges(edge: Edge, report: Report, question: Question, ask: Ask) -> list[Row]:
    """Sessions by the page at their end; a path filter keeps sessions that saw the path."""
    base = Base.SESSIONS
    path = Column(f"{edge.prefix}path")
    where = every(rows(base, question), sought(path, question.search))
    names = page_names(base, question, where, edge.prefix)
    by_views = question.sort in {"visitors", "sessions"}

    def plan(carried: Sequence[Carried]) -> Select:
        ends = Select(
            (
                (NUMBER, names.number),
                (edge.count, Call("count")),
                *(one.part for one in carried),
            ),
            names.facts,
            names.where,
            group_by=(Column(NUMBER),),
        )
        if carried:  # inside, the store would take `hostname` in the filters for the entry's
            own = ((name, Column(name)) for name in (NUMBER, edge.count))
            ends = Select((*own, *((one.name, Column(one.part[0])) for one in carried)), ends)
        if not by_views:
            return ends
        outputs = (*(name for name, _ in ends.outputs), *SEEN)
        joined = Join(ends, _seen(question, None), (NUMBER,))
        return Select(tuple((name, Column(name)) for name in outputs), joined)

    sort_by = {name: name for name in (edge.count, *SEEN)} | {edge.rate: edge.count}
    found = page_of(ranked(report, question, sort_by, plan, names, ask), question)
    if found and not by_views:
        listed = one_of(page_number(question), [row[NUMBER] for row in found])
        seen = {number: counts for number, *counts in ask(_seen(question, listed))}
        found = [row | dict(zip(SEEN, seen.get(row[NUMBER], (0, 0)), strict=True)) for row in found]
    total = unfiltered(question, base, ("sessions",), ask)["sessions"]
    rated = [{"title": ""} | row | {edge.rate: divide(row[edge.count], total)} for row in found]
    if TIME in report.fields:
        rated = _with_time(rated, question, ask, path_by_session=True)
    return [{field: row[field] for field in report.fields} for row in rated]


def _seen(question: Question, kept: Node | None) -> Select:
    """Visitors and sessions of pages as pages that were viewed."""
    base = Base.PAGE_VIEWS
    where = every(rows(base, question, path_by_session=True), kept) or Number(1)
    return count_by((_key(question),), SEEN, base, question, where)
