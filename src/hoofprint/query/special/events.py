"""Events by name, and the values of an event's metadata (`rules.md` 2.4)."""

from __future__ import annotations

from hoofprint.query.breakdown import answered, plan_breakdown, unfiltered
from hoofprint.query.counting import Carried, Key, count_by, hash_of, key_of
from hoofprint.query.dimensions import EVENT_NAME
from hoofprint.query.filters import Base, contains, rows, touching, value_of
from hoofprint.query.metrics import divide
from hoofprint.query.plan import (
    SESSION,
    Call,
    Column,
    Facts,
    Join,
    Node,
    Number,
    Select,
    every,
)
from hoofprint.query.question import Question
from hoofprint.query.report import Ask, Report, Row, sorting

AVERAGE = "average_duration_seconds"
COUNTS = ("count", "visitors", "seconds")
META_KEYS = "meta_keys"


def events(report: Report, question: Question, ask: Ask) -> list[Row]:
    """Events by name, with the keys of their metadata."""
    return _events(report, question, ask, (key_of(EVENT_NAME),))


def event_metadata(report: Report, question: Question, ask: Ask) -> list[Row]:
    """One event by the values of one key of its metadata."""
    wanted = question.conditions["event_meta_key"].equal
    key = wanted[0] if wanted else ""
    keys = (key_of(EVENT_NAME), Key("key_meta_value", value_of("meta", key), many=True))
    return _events(report, question, ask, keys)


def _events(report: Report, question: Question, ask: Ask, keys: tuple[Key, ...]) -> list[Row]:
    """Rows by keys; a search looks at the last of them."""
    names = tuple(key.name for key in keys)
    searched = contains(keys[-1].node, question.search) if question.search else None
    where = every(rows(Base.EVENTS, question), searched) or Number(1)
    meta = Carried(META_KEYS, Column("meta_keys"), "groupUniqArrayArray")
    carried = (meta,) if META_KEYS in report.fields else ()
    counted = count_by(keys, COUNTS, Base.EVENTS, question, where, carried)
    average = Call("intDiv", (Column("seconds"), Column("count")))
    outputs = {name: Column(name) for name, _ in counted.outputs}
    ordered = {META_KEYS: Call("arraySort", (Column(META_KEYS),))} if carried else {}
    columns: dict[str, Node] = {**outputs, **ordered, "views": Column("views"), AVERAGE: average}
    sort_by = {name.removeprefix("key_"): f"f_{name}" for name in columns} | {"cr": "visitors"}
    plan = Select(
        tuple((f"f_{name}", node) for name, node in columns.items()),
        Join(counted, _views(question, keys, where), names),
        order_by=sorting(report, question, names, sort_by),
        limit=question.limit,
        offset=question.offset,
    )
    total = unfiltered(question, Base.EVENTS, ("visitors",), ask)["visitors"]
    fields = [name.removeprefix("key_") for name in columns]
    found = [dict(zip(fields, row, strict=True)) for row in ask(plan)]
    rated = [row | {"cr": divide(row["visitors"], total)} for row in found]
    return [{field: row[field] for field in report.fields} for row in rated]


def _views(question: Question, keys: tuple[Key, ...], where: Node) -> Select:
    """The page views of the sessions with such an event; a session counts once for each key."""
    of_sessions = Select(
        (("session", SESSION), ("views_of_session", Column("page_views"))),
        Facts("sessions"),
        touching(question.domain.id, question.period),
    )
    with_event = Select(
        (("session", SESSION), *((key.name, Call("any", (key.node,))) for key in keys)),
        Base.EVENTS.facts,
        where,
        group_by=(Column("session"), hash_of(keys)),
    )
    return Select(
        (
            *((key.name, Column(key.name)) for key in keys),
            ("views", Call("sum", (Column("views_of_session"),))),
        ),
        Join(of_sessions, with_event, ("session",), inner=True),
        group_by=tuple(Column(key.name) for key in keys),
    )


def event_list(report: Report, question: Question, ask: Ask) -> list[Row]:
    """Events by name and all of their metadata."""
    pairs = Call("arraySort", (Call("arrayZip", (Column("meta_keys"), Column("meta_values"))),))
    keys = (key_of(EVENT_NAME), Key("key_meta", pairs, many=True))
    found = contains(Column("name"), question.search) if question.search else None
    plan = plan_breakdown(report, question, Base.EVENTS, keys, found)
    return [
        row | {"meta": dict(row["meta"])}
        for row in answered(report, question, Base.EVENTS, plan, ask)
    ]
