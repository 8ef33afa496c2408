"""Regions and cities, with one row for all that is unknown (`rules.md` 2.4)."""

from __future__ import annotations

from hoofprint.query.breakdown import answered, plan_breakdown
from hoofprint.query.counting import Key, key_of
from hoofprint.query.filters import base_of
from hoofprint.query.plan import Call, Column, Node, compare, text
from hoofprint.query.question import Question
from hoofprint.query.report import Ask, Report, Row

_CITY = Column("city")


def places(report: Report, question: Question, ask: Ask) -> list[Row]:
    """By country, region and city; an unknown city blanks the others too."""
    base = base_of(question)
    keys = [_blanked(key_of(dimension)) for dimension in report.keys]
    named = compare("!=", _CITY, text("")) if question.search else None
    return answered(
        report, question, base, plan_breakdown(report, question, base, keys, named), ask
    )


def _blanked(key: Key) -> Key:
    """The key, empty where the city is unknown."""
    hashed, blank = (Call("cityHash64", (value,)) for value in (key.node, text("")))
    return Key(
        key.name,
        _unless_unknown(_CITY, text(""), Call("toString", (key.node,))),
        many=key.many,
        hashed=_unless_unknown(_CITY, blank, hashed),
        picked=_unless_unknown(
            Call("any", (_CITY,)), text(""), Call("any", (Call("toString", (key.node,)),))
        ),
    )


def _unless_unknown(city: Node, blank: Node, value: Node) -> Node:
    return Call("if", (compare("=", city, text("")), blank, value))
