"""Pages, entry pages and exit pages (`rules.md` 2.4)."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from hoofprint.query.breakdown import searched, sort_columns, unfiltered, with_bounce_rate
from hoofprint.query.counting import Carried, Key, Output, count_by, mixed
from hoofprint.query.dimensions import HOSTNAME, PATH, TITLE, Dimension
from hoofprint.query.filters import Base, rows, sought
from hoofprint.query.imported import IMPORTED, imported_beside
from hoofprint.query.metrics import counts_for, divide, fill, totals_for
from hoofprint.query.plan import Call, Column, Facts, Join, Node, Number, Select, Union, every
from hoofprint.query.question import Question
from hoofprint.query.report import Ask, Report, Row
from hoofprint.query.special.ranking import NUMBER, Names, is_far, ranked
from hoofprint.query.special.staying import AVERAGE, STAYED_ON, average, staying
from hoofprint.query.top import Counted, one_of, top

TIME = "average_time_spent_seconds"
SEEN = ("visitors", "sessions")
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
    return Key(NUMBER, page_number(question), number=True, of_page=True)


def page_names(base: Base, question: Question, where: Node | None, prefix: str = "") -> Names:
    """Where the names of pages are, or of the pages at the edges of sessions."""
    columns = tuple((d.field, Column(prefix + d.column)) for d in page_dimensions(question))
    return Names(base.facts, where or Number(1), page_number(question, prefix), columns)


def _with_imported(names: Names, question: Question) -> Names:
    """The names of imported pages, too, where they are counted."""
    values = (names.number, *(node for _, node in names.columns))
    return replace(names, imported=imported_beside(question, names.where, values, by_page=True))


def pages(report: Report, question: Question, ask: Ask) -> list[Row]:
    """The pages that were viewed, by visitors."""
    base = Base.PAGE_VIEWS
    counts = counts_for((*report.metrics, report.order))
    where = every(rows(base, question), searched(report, question))
    names = _with_imported(page_names(base, question, where), question)
    key = _key(question)
    sort_by = sort_columns(report) | _sorting_by_time(question)

    def run(kept: Node | None) -> list[Row]:
        where = every(names.where, kept) or Number(1)

        def plan(carried: Sequence[Carried]) -> Select:
            counted = with_bounce_rate(count_by((key,), counts, base, question, where, carried))
            return _timed(counted, question)

        return ranked(report, question, sort_by, plan, names, ask)

    by_visitors = question.sort in _BY_VISITORS and not question.ascending
    if by_visitors and not question.looks_at_sessions and not is_far(question):
        counted = Counted(names.number, names.facts, names.where, names.imported)
        found = top(question, counted, run, ask)
    else:
        found = run(None)
    totals = unfiltered(question, base, totals_for(report.metrics), ask)
    listed = _with_time(found, question, ask)
    filled = [{"title": ""} | row | fill(row, totals, report.metrics) for row in listed]
    return [{field: row[field] for field in report.fields} for row in filled]


def _by_time(question: Question) -> bool:
    """Whether the time on page must be known of every page, not only of those that are listed."""
    return question.with_time_on_page and (question.sort == TIME or is_far(question))


def _sorting_by_time(question: Question) -> dict[str, str]:
    """What sorts like the time on page in a plan that is `_timed`."""
    return {TIME: TIME} if _by_time(question) else {}


def _timed(plan: Select, question: Question, *, path_by_session: bool = False) -> Select:
    """A plan by number with the time on page, if it must be known of every page; else as it is."""
    if not _by_time(question):
        return plan
    stays = staying(question, page_number(question), path_by_session=path_by_session)
    named = Select(((NUMBER, Column(STAYED_ON)), (TIME, AVERAGE)), stays)
    outputs = tuple((name, Column(name)) for name, _ in (*plan.outputs, (TIME, AVERAGE)))
    return Select(outputs, Join(plan, named, (NUMBER,)))


def _with_time(
    found: list[Row], question: Question, ask: Ask, *, path_by_session: bool = False
) -> list[Row]:
    """Rows with their time on page, 0 unless it is wanted."""
    if _by_time(question):
        return found
    times: dict[int, int] = {}
    if question.with_time_on_page and found:
        number = page_number(question)
        listed = one_of(number, [row[NUMBER] for row in found])
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
    return _edges(ENTRY, report, question, ask)


def exit_pages(report: Report, question: Question, ask: Ask) -> list[Row]:
    """Where sessions ended."""
    return _edges(EXIT, report, question, ask)


def _edges(edge: Edge, report: Report, question: Question, ask: Ask) -> list[Row]:
    """Sessions by the page at their end; a path filter keeps sessions that saw the path."""
    base = Base.SESSIONS
    path = Column(f"{edge.prefix}path")
    where = every(rows(base, question), sought(path, question.search))
    names = _with_imported(page_names(base, question, where, edge.prefix), question)
    by_views = question.sort in SEEN or is_far(question)

    def plan(carried: Sequence[Carried]) -> Select:
        ends = _ends(edge, names, carried)
        if TIME in report.fields:
            ends = _timed(ends, question, path_by_session=True)
        if not by_views:
            return ends
        outputs = (*(name for name, _ in ends.outputs), *SEEN)
        joined = Join(ends, _seen(question, None), (NUMBER,))
        return Select(tuple((name, Column(name)) for name in outputs), joined)

    sort_by = {name: name for name in (edge.count, *SEEN)} | {edge.rate: edge.count}
    if TIME in report.fields:
        sort_by |= _sorting_by_time(question)
    found = ranked(report, question, sort_by, plan, names, ask)
    if found and not by_views:
        listed = one_of(page_number(question), [row[NUMBER] for row in found])
        seen = {number: counts for number, *counts in ask(_seen(question, listed))}
        found = [row | dict(zip(SEEN, seen.get(row[NUMBER], (0, 0)), strict=True)) for row in found]
    total = unfiltered(question, base, ("sessions",), ask)["sessions"]
    rated = [{"title": ""} | row | {edge.rate: divide(row[edge.count], total)} for row in found]
    if TIME in report.fields:
        rated = _with_time(rated, question, ask, path_by_session=True)
    return [{field: row[field] for field in report.fields} for row in rated]


def _ends(edge: Edge, names: Names, carried: Sequence[Carried]) -> Select:
    """Sessions by the page at their end, with its names if they are carried."""
    count = f"part_{edge.count}"
    own = _part_of_ends((count, Call("count")), names.facts, names.where, names, carried)
    # Named here: inside, the store would take `hostname` in the filters for the page's own.
    if names.imported is None:
        found = ((one.name, Column(one.part[0])) for one in carried)
        return Select(((NUMBER, Column(NUMBER)), (edge.count, Column(count)), *found), own)
    sessions = (count, Call("sum", (Column("sessions"),)))
    others = _part_of_ends(sessions, IMPORTED, names.imported, names, carried)
    whole = (edge.count, Call("sum", (Column(count),)))
    return Select(
        ((NUMBER, Column(NUMBER)), whole, *(one.whole for one in carried)),
        Union((own, others)),
        group_by=(Column(NUMBER),),
    )


def _part_of_ends(
    count: Output, source: Facts, where: Node, names: Names, carried: Sequence[Carried]
) -> Select:
    outputs = ((NUMBER, names.number), count, *(one.part for one in carried))
    return Select(outputs, source, where, group_by=(Column(NUMBER),))


def _seen(question: Question, kept: Node | None) -> Select:
    """Visitors and sessions of pages as pages that were viewed."""
    base = Base.PAGE_VIEWS
    where = every(rows(base, question, path_by_session=True), kept) or Number(1)
    return count_by((_key(question),), SEEN, base, question, where)
