"""Events by name, and the values of an event's metadata (`rules.md` 2.4)."""

from __future__ import annotations

from hoofprint.query.breakdown import unfiltered
from hoofprint.query.filters import SESSION_KEY, Base, contains, rows, touching
from hoofprint.query.metrics import divide
from hoofprint.query.plan import (
    VISITOR,
    Call,
    Column,
    Facts,
    Join,
    Node,
    Select,
    every,
    text,
)
from hoofprint.query.question import Question
from hoofprint.query.report import Ask, Report, Row, sorting

COUNTS = ("count", "visitors", "views", "seconds")
META_KEYS = "meta_keys"


def events(report: Report, question: Question, ask: Ask) -> list[Row]:
    """Events by name, with the keys of their metadata."""
    extra = Call("groupUniqArrayArray", (Column("meta_keys"),))
    merged = Call("arraySort", (Call("groupUniqArrayArray", (Column("found_keys"),)),))
    found = _events(report, question, ask, (("key_name", Column("name")),), (extra, merged))
    return [row | {META_KEYS: keys} for row, keys in found]


def event_metadata(report: Report, question: Question, ask: Ask) -> list[Row]:
    """One event by the values of one key of its metadata."""
    wanted = question.conditions["event_meta_key"].equal
    key = text(wanted[0] if wanted else "")
    value = Call(
        "arrayElement", (Column("meta_values"), Call("indexOf", (Column("meta_keys"), key)))
    )
    keys = (("key_name", Column("name")), ("key_meta_value", value))
    return [row for row, _ in _events(report, question, ask, keys, None)]


def _events(
    report: Report,
    question: Question,
    ask: Ask,
    keys: tuple[tuple[str, Node], ...],
    meta: tuple[Node, Node] | None,
) -> list[tuple[Row, list[str]]]:
    """Rows by keys: events are first gathered by session, so that a session counts once.

    A search looks at the last key.
    """
    names = tuple(name for name, _ in keys)
    searched = contains(keys[-1][1], question.search) if question.search else None
    found_keys = () if meta is None else (("found_keys", meta[0]),)
    by_session = Select(
        (
            *keys,
            *((name, Column(name)) for name in SESSION_KEY),
            ("events_of_session", Call("count")),
            ("seconds_of_session", Call("sum", (Column("duration"),))),
            *found_keys,
        ),
        Base.EVENTS.facts,
        every(rows(Base.EVENTS, question), searched),
        group_by=tuple(Column(name) for name in (*names, *SESSION_KEY)),
    )
    views = Select(
        (
            *((name, Column(name)) for name in SESSION_KEY),
            ("views_of_session", Column("page_views")),
        ),
        Facts("sessions"),
        touching(question.domain.id, question.period),
    )
    seconds_each = Call("divide", (Column("seconds"), Column("count")))
    sort_by = {name: name for name in COUNTS} | {"cr": "visitors"}
    sort_by |= {name.removeprefix("key_"): name for name in names}
    sort_by["average_duration_seconds"] = "average_order"
    if meta is not None:
        sort_by[META_KEYS] = "all_keys"
    plan = Select(
        (
            *((name, Column(name)) for name in names),
            ("count", Call("sum", (Column("events_of_session"),))),
            ("visitors", Call("uniqExact", (VISITOR,))),
            ("views", Call("sum", (Column("views_of_session"),))),
            ("seconds", Call("sum", (Column("seconds_of_session"),))),
            ("average_order", Call("floor", (seconds_each,))),
            *(() if meta is None else (("all_keys", meta[1]),)),
        ),
        Join(by_session, views, SESSION_KEY),
        group_by=tuple(Column(name) for name in names),
        order_by=sorting(report, question, names, sort_by),
        limit=question.limit,
        offset=question.offset,
    )
    total = unfiltered(question, Base.EVENTS, ("visitors",), ask)["visitors"]
    answer: list[tuple[Row, list[str]]] = []
    for row in ask(plan):
        named = dict(zip((name for name, _ in plan.outputs), row, strict=True))
        fields: Row = {name.removeprefix("key_"): named[name] for name in names}
        fields |= {name: named[name] for name in ("count", "visitors", "views")}
        fields["cr"] = divide(named["visitors"], total)
        fields["average_duration_seconds"] = named["seconds"] // named["count"]
        answer.append((fields, named.get("all_keys", [])))
    return answer
