"""Tags of page views: their keys, and the values of one (`rules.md` 2.4)."""

from __future__ import annotations

from hoofprint.query.breakdown import answered, plan_breakdown
from hoofprint.query.counting import Key
from hoofprint.query.filters import Base, contains, value_of
from hoofprint.query.plan import Call, Column
from hoofprint.query.question import Question
from hoofprint.query.report import Ask, Report, Row


def tags(report: Report, question: Question, ask: Ask) -> list[Row]:
    """Page views by the keys of their tags; one with several tags is in several rows."""
    key = Key("key_key", Call("arrayJoin", (Column("tag_keys"),)), many=True)
    return _by(key, report, question, ask)


def tag_details(report: Report, question: Question, ask: Ask) -> list[Row]:
    """Page views with a tag by its values."""
    tag = question.conditions["tag"].equal[0]
    key = Key("key_value", value_of("tag", tag), many=True)
    return [row | {"key": tag} for row in _by(key, report, question, ask)]


def _by(key: Key, report: Report, question: Question, ask: Ask) -> list[Row]:
    found = contains(key.node, question.search) if question.search else None
    plan = plan_breakdown(report, question, Base.PAGE_VIEWS, (key,), found)
    return answered(report, question, Base.PAGE_VIEWS, plan, ask)
