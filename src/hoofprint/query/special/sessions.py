"""The list of sessions, and what happened in one of them (`api.md`, Sessions)."""

from __future__ import annotations

from typing import Any

from hoofprint.query.calendar import wire_time
from hoofprint.query.filters import SESSION_KEY, Base, rows
from hoofprint.query.plan import Call, Column, Node, Order, Select, compare, text
from hoofprint.query.question import Question
from hoofprint.query.report import Ask, Report, Row, sorting
from hoofprint.query.special.staying import LONGEST

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


def _read(column: str) -> Node:
    return Call("toUnixTimestamp", (Column(column),)) if column in _TIMES else Column(column)


PAGE_VIEW = ("visitor_id", "session_id", "time", "path", "title", "tag_keys", "tag_values")
EVENT = (
    *("visitor_id", "session_id", "time", "name", "meta_keys", "meta_values"),
    *("duration", "path", "title"),
)


def session_details(_: Report, question: Question, ask: Ask) -> list[Row]:
    """Page views and events of a session in the order in which they happened."""
    views = _facts_of(Base.PAGE_VIEWS, PAGE_VIEW, question, ask)
    events = _facts_of(Base.EVENTS, EVENT, question, ask)
    for view, following in zip(views, [*views[1:], None], strict=True):
        gap = following["time"] - view["time"] if following else 0
        view["duration_seconds"] = min(gap, LONGEST)
    for event in events:
        event["duration_seconds"] = event.pop("duration")
    # An event comes after the page view whose number it carries: the page it happened on.
    order = [(view["time"], view["n"], 0, view) for view in views]
    order += [(event["time"], event["n"], 1, event) for event in events]
    order.sort(key=lambda entry: entry[:3])
    return [
        {"page_view": _wire(fact), "event": None}
        if kind == 0
        else {"page_view": None, "event": _wire(fact)}
        for _, _, kind, fact in order
    ]


def _facts_of(base: Base, columns: tuple[str, ...], question: Question, ask: Ask) -> list[Row]:
    """The facts of a session, by time."""
    read = {name: name for name in (*columns, "n")} | VISIT
    plan = Select(
        tuple((f"f_{field}", _read(column)) for field, column in read.items()),
        base.facts,
        rows(base, question),
        order_by=(Order(Column("time")), Order(Column("n"))),
        limit=_MOST_FACTS,
    )
    return [dict(zip(read, row, strict=True)) for row in ask(plan)]


def _wire(fact: dict[str, Any]) -> Row:
    platform = fact.pop("platform")
    del fact["n"]
    return fact | {
        "time": wire_time(fact["time"]),
        "referrer_icon": "",
        "desktop": platform == "desktop",
        "mobile": platform == "mobile",
    }
