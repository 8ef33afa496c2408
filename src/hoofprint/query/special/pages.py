"""Pages, entry pages and exit pages (`rules.md` 2.4)."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from hoofprint.query.breakdown import breakdown, unfiltered
from hoofprint.query.dimensions import HOSTNAME, PATH, TITLE, Dimension
from hoofprint.query.filters import Base, contains, rows
from hoofprint.query.metrics import COUNTS, divide
from hoofprint.query.plan import Call, Column, In, Join, Node, Select, every
from hoofprint.query.question import Question
from hoofprint.query.report import Ask, Report, Row, sorting
from hoofprint.query.special.staying import average, staying

TIME = "average_time_spent_seconds"


def page_keys(question: Question) -> tuple[Dimension, ...]:
    """What makes a page: hostname and path, and the title where it is wanted."""
    titled = question.with_title or question.domain.group_by_title
    return (HOSTNAME, PATH, TITLE) if titled else (HOSTNAME, PATH)


def pages(report: Report, question: Question, ask: Ask) -> list[Row]:
    """The pages that were viewed, by visitors."""
    keys = page_keys(question)
    keyed = replace(report, keys=keys)

    def run(asked: Question) -> list[Row]:
        return _with_time(breakdown(keyed, asked, ask), keys, asked, ask)

    return _by_time_on_page(question, run)


def _by_time_on_page(question: Question, run: Callable[[Question], list[Row]]) -> list[Row]:
    """The rows, also sorted by the time on page: it is only known when all of them are there."""
    if question.sort != TIME or not question.with_time_on_page:
        return run(question)
    found = run(replace(question, sort="", ascending=None, limit=_ALL, offset=0))
    found.sort(key=lambda row: row[TIME] if question.ascending else -row[TIME])
    return found[question.offset : question.offset + question.limit]


_ALL = 1_000_000


def _with_time(
    found: list[Row],
    keys: tuple[Dimension, ...],
    question: Question,
    ask: Ask,
    *,
    path_by_session: bool = False,
) -> list[Row]:
    """Rows with their time on page, if it is wanted, and an empty title if it is no key."""
    times: dict[tuple[str, ...], int] = {}
    if question.with_time_on_page and found:
        columns = [key.column for key in keys]
        plan = staying(question, columns, path_by_session=path_by_session)
        for *key, seconds, stays in ask(plan):
            times[tuple(key)] = average(seconds, stays)
    return [row | {TIME: times.get(tuple(row[k.field] for k in keys), 0)} for row in found]


class Edge(Struct, frozen=True):
    """The first or the last page of a session: its columns and what answers call it."""

    prefix: str
    count: str
    rate: str


ENTRY = Edge("entry", "entries", "entry_rate")
EXIT = Edge("exit", "exits", "exit_rate")


def entry_pages(report: Report, question: Question, ask: Ask) -> list[Row]:
    """Where sessions began."""
    return _by_time_on_page(question, lambda asked: _edges(ENTRY, report, asked, ask))


def exit_pages(report: Report, question: Question, ask: Ask) -> list[Row]:
    """Where sessions ended."""
    return _edges(EXIT, report, question, ask)


def _edges(edge: Edge, report: Report, question: Question, ask: Ask) -> list[Row]:
    keys = page_keys(question)
    names = tuple(f"key_{key.field}" for key in keys)
    counts = (edge.count, "visitors", "sessions")
    sort_by = dict.fromkeys((edge.rate, edge.count), edge.count)
    sort_by |= {name: name for name in ("visitors", "sessions")}
    sort_by |= {key.field: f"key_{key.field}" for key in keys}
    plan = Select(
        tuple((name, Column(name)) for name in (*names, *counts)),
        Join(_ends(edge, keys, question), _seen(edge, keys, question), names),
        order_by=sorting(report, question, names, sort_by),
        limit=question.limit,
        offset=question.offset,
    )
    total = unfiltered(question, Base.SESSIONS, ("sessions",), ask)["sessions"]
    fields = (*(key.field for key in keys), *counts)
    found = [dict(zip(fields, row, strict=True)) for row in ask(plan)]
    rated = [{"title": ""} | row | {edge.rate: divide(row[edge.count], total)} for row in found]
    if TIME in report.fields:
        rated = _with_time(rated, keys, question, ask, path_by_session=True)
    return [{field: row[field] for field in report.fields} for row in rated]


def _ends(edge: Edge, keys: tuple[Dimension, ...], question: Question) -> Select:
    """Sessions by the page at their end; a path filter keeps sessions that saw the path."""
    columns = [Column(f"{edge.prefix}_{key.column}") for key in keys]
    searched = contains(Column(f"{edge.prefix}_path"), question.search) if question.search else None
    return Select(
        (
            *((f"key_{key.field}", column) for key, column in zip(keys, columns, strict=True)),
            (edge.count, Call("count")),
        ),
        Base.SESSIONS.facts,
        every(rows(Base.SESSIONS, question), searched),
        group_by=tuple(Column(f"key_{key.field}") for key in keys),
    )


def _seen(edge: Edge, keys: tuple[Dimension, ...], question: Question) -> Select:
    """Visitors and sessions of the same pages, as pages that were viewed."""
    listed: Node = In(
        tuple(key.column for key in keys),
        Select(
            tuple((key.column, Column(f"key_{key.field}")) for key in keys),
            _ends(edge, keys, question),
        ),
    )
    return Select(
        (
            *((f"key_{key.field}", key.node) for key in keys),
            *((name, COUNTS[name](Base.PAGE_VIEWS, question)) for name in ("visitors", "sessions")),
        ),
        Base.PAGE_VIEWS.facts,
        every(rows(Base.PAGE_VIEWS, question, path_by_session=True), listed),
        group_by=tuple(Column(f"key_{key.field}") for key in keys),
    )
