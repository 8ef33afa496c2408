"""The list of sessions, and what happened in one of them (`api.md`, Sessions)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hoofprint.query.calendar import wire_time
from hoofprint.query.filters import SESSION_KEY, Base, rows
from hoofprint.query.plan import Call, Column, Facts, Node, Order, Select, compare, text
from hoofprint.query.question import Question
from hoofprint.query.report import Ask, Report, Row, sorting
from hoofprint.query.special.staying import STAY, with_next

VISIT = {
    "language": "language",
    "country_code": "country",
    "city": "city",
    "referrer": "referrer",
    "referrer_name": "referrer_name",
    "os": "os",
    "os_version": "os_version",
    "browser": "browser",
    "browser_version": "browser_version",
    "screen_class": "screen_class",
    "utm_source": "utm_source",
    "utm_medium": "utm_medium",
    "utm_campaign": "utm_campaign",
    "utm_content": "utm_content",
    "utm_term": "utm_term",
    "platform": "platform",
}
"""Fields of a session, a page view and an event by the columns that hold them."""

SESSION = {
    "visitor_id": "visitor_id",
    "session_id": "session_id",
    "time": "time",
    "start": "start",
    "duration_seconds": "duration",
    "entry_path": "entry_path",
    "exit_path": "exit_path",
    "page_views": "page_views",
    "is_bounce": "is_bounce",
    "entry_title": "entry_title",
    "exit_title": "exit_title",
    "extended": "extended",
}
_TIMES = frozenset({"time", "start"})
_MOST_FACTS = 10_000
"""Page views, and events, of one session that are shown."""


def _read(column: str) -> Node:
    return Call("toUnixTimestamp", (Column(column),)) if column in _TIMES else Column(column)


def session_list(report: Report, question: Question, ask: Ask) -> list[Row]:
    """Sessions of the period, the newest activity last."""
    columns = SESSION | VISIT
    sort_by: dict[str, str | Node] = {**columns}
    sort_by |= {name: _is_platform(name) for name in ("desktop", "mobile")}
    plan = Select(
        tuple((f"f_{field}", _read(column)) for field, column in columns.items()),
        Base.SESSIONS.facts,
        rows(Base.SESSIONS, question),
        order_by=sorting(report, question, ("start", *SESSION_KEY), sort_by),
        limit=question.limit,
        offset=question.offset,
    )
    return [_session(report, dict(zip(columns, row, strict=True))) for row in ask(plan)]


def _is_platform(name: str) -> Node:
    return compare("=", Column("platform"), text(name))


def _session(report: Report, found: Row) -> Row:
    platform = found.pop("platform")
    found |= {
        "visitor_id": str(found["visitor_id"]),
        "time": wire_time(found["time"]),
        "start": wire_time(found["start"]),
        "is_bounce": bool(found["is_bounce"]),
        "referrer_icon": "",
        "desktop": platform == "desktop",
        "mobile": platform == "mobile",
    }
    return {field: found[field] for field in report.fields}


def _same(*names: str) -> dict[str, Node]:
    return {name: _read(name) for name in names}


PAGE_VIEW = {
    **_same("visitor_id", "session_id", "time"),
    "duration_seconds": STAY,
    **_same("path", "title"),
    **{field: _read(column) for field, column in VISIT.items()},
    **_same("tag_keys", "tag_values"),
}
EVENT = {
    **_same("visitor_id", "session_id", "time", "name", "meta_keys", "meta_values"),
    "duration_seconds": Column("duration"),
    **_same("path", "title"),
    **{field: _read(column) for field, column in VISIT.items()},
}


def session_details(_: Report, question: Question, ask: Ask) -> list[Row]:
    """Page views and events of a session in the order in which they happened."""
    views = _facts_of(with_next(question), Base.PAGE_VIEWS, PAGE_VIEW, question, ask)
    events = _facts_of(Base.EVENTS.facts, Base.EVENTS, EVENT, question, ask)
    # An event comes after the page view whose number it carries: the page it happened on.
    happened = [(*at, 0, fact) for at, fact in views] + [(*at, 1, fact) for at, fact in events]
    return [
        {"page_view": fact if kind == 0 else None, "event": fact if kind == 1 else None}
        for *_, kind, fact in sorted(happened, key=lambda entry: entry[:3])
    ]


def _facts_of(
    source: Facts | Select, base: Base, fields: Mapping[str, Node], question: Question, ask: Ask
) -> list[tuple[tuple[int, int], Row]]:
    """The facts of a session, by time and number."""
    plan = Select(
        (("f_n", Column("n")), *((f"f_{field}", node) for field, node in fields.items())),
        source,
        rows(base, question),
        order_by=(Order(Column("time")), Order(Column("n"))),
        limit=_MOST_FACTS,
    )
    found = [(n, dict(zip(fields, row, strict=True))) for n, *row in ask(plan)]
    return [((fact["time"], n), _wire(fact)) for n, fact in found]


def _wire(fact: dict[str, Any]) -> Row:
    platform = fact.pop("platform")
    return fact | {
        "time": wire_time(fact["time"]),
        "referrer_icon": "",
        "desktop": platform == "desktop",
        "mobile": platform == "mobile",
    }
