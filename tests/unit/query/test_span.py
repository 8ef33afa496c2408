"""A span is what a plan says of all facts it reads; else nothing is known of it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from hoofprint.query.filters import Base, within
from hoofprint.query.plan import Column, Facts, In, Join, Node, Not, Select, Union, every, some
from hoofprint.query.question import Question
from hoofprint.query.span import Span, span_of

from .asking import NOW, SITE, question

DAY = 86_400
TODAY = NOW // DAY
ELSEWHERE = replace(SITE, id="x")


def facts(where: Node | None, base: Base = Base.PAGE_VIEWS) -> Select:
    return Select((("visitor_id", Column("visitor_id")),), base.facts, where)


def on(asked: Question) -> Node:
    return within(asked.domain.id, asked.period)


ASKED = question()
OTHER = question({"from": "2026-03-01", "to": "2026-03-02"})
BOTH_DAYS = Span(SITE.id, TODAY - 2, TODAY)
"""Two days in Berlin begin on the evening before in UTC, and end in the evening."""


def test_a_span_is_the_period_in_utc_days_and_the_sessions_that_reach_into_it() -> None:
    assert span_of(facts(on(ASKED))) == BOTH_DAYS


@pytest.mark.parametrize(
    "plan",
    [
        Select((), facts(on(ASKED))),
        Select((), Union((facts(on(ASKED)), facts(on(OTHER))))),
        Select((), Join(facts(on(ASKED)), facts(on(OTHER)), ("visitor_id",))),
        facts(every(on(ASKED), In(Column("visitor_id"), facts(on(OTHER))))),
        facts(every(on(ASKED), Not(In(Column("visitor_id"), facts(on(OTHER), Base.SESSIONS))))),
    ],
)
def test_everything_that_is_read_counts(plan: Select) -> None:
    found = span_of(plan)
    assert found is not None
    assert found.last == TODAY
    if plan.source != Select((), facts(on(ASKED))).source:
        assert found.first < TODAY - 20


@pytest.mark.parametrize(
    "plan",
    [
        facts(None),
        facts(Column("visitor_id")),
        facts(some(on(ASKED), on(OTHER))),
        facts(Not(on(ASKED))),
        facts(every(on(ASKED), In(Column("visitor_id"), facts(None)))),
        Select((), Union((facts(on(ASKED)), facts(None)))),
        Select((), Union((facts(on(ASKED)), facts(on(replace(ASKED, domain=ELSEWHERE)))))),
        Select((("one", Column("one")),), Select((), Facts("events"))),
    ],
)
def test_nothing_is_known_of_a_plan_that_may_read_anything(plan: Select) -> None:
    assert span_of(plan) is None
