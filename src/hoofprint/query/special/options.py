"""The values that a filter can be given (`api.md`, Filter Options)."""

from __future__ import annotations

from hoofprint.query.filters import Base, contains, fits, value_of, within
from hoofprint.query.operators import Condition
from hoofprint.query.plan import Call, Column, Node, Order, Select, compare, every, text
from hoofprint.query.question import Question
from hoofprint.query.report import Ask, Report

MOST = 200


def options(report: Report, question: Question, ask: Ask) -> list[str]:
    """The distinct values of the report's key in the period, ascending, without the empty one."""
    [key] = report.keys
    return _distinct(report, question, key.node, ask)


def tag_keys(report: Report, question: Question, ask: Ask) -> list[str]:
    """The keys of the tags of page views."""
    return _distinct(report, question, _each("tag_keys"), ask)


def tag_values(report: Report, question: Question, ask: Ask) -> list[str]:
    """The values of one tag."""
    node = value_of("tag", question.conditions["tag"].equal[0])
    return _distinct(report, question, node, ask)


def metadata_keys(report: Report, question: Question, ask: Ask) -> list[str]:
    """The keys of the metadata of events, of those that the filter names if it does."""
    return _distinct(report, question, _each("meta_keys"), ask, _of_event(question))


def metadata(report: Report, question: Question, ask: Ask) -> list[str]:
    """The values of the metadata's key that the filter names; without one the keys."""
    key = question.condition("event_meta_key")
    if key is None or not key.equal:
        return metadata_keys(report, question, ask)
    node = value_of("meta", key.equal[0])
    return _distinct(report, question, node, ask, _of_event(question))


def _of_event(question: Question) -> Node | None:
    return fits(Column("name"), question.condition("event") or Condition())


def _each(column: str) -> Node:
    return Call("arrayJoin", (Column(column),))


def _distinct(
    report: Report, question: Question, node: Node, ask: Ask, where: Node | None = None
) -> list[str]:
    base = report.base or Base.SESSIONS
    key = report.keys[0] if report.keys else None
    value = Column("value")
    search = question.search
    exact = key is not None and key.exact_search
    sought = compare("=", value, text(search.lower())) if exact else contains(value, search)
    found = Select(
        (("value", Call("toString", (node,))),),
        base.facts,
        every(within(question.domain.id, question.period), where),
    )
    plan = Select(
        (("value", value),),
        found,
        every(compare("!=", value, text("")), sought if search else None),
        order_by=(Order(value),),
        limit=MOST,
        distinct=True,
    )
    return [row[0] for row in ask(plan)]
