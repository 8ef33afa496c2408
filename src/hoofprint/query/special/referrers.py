"""Where visitors came from (`rules.md` 2.4, referrer)."""

from __future__ import annotations

from hoofprint.query.breakdown import answered, plan_breakdown
from hoofprint.query.counting import Carried, key_of
from hoofprint.query.dimensions import REFERRER, REFERRER_NAME
from hoofprint.query.filters import base_of
from hoofprint.query.question import Question
from hoofprint.query.report import Ask, Report, Row


def referrers(report: Report, question: Question, ask: Ask) -> list[Row]:
    """By name, with the greatest of its urls; by both where a filter looks at one source."""
    base = base_of(question)
    name, url = key_of(REFERRER_NAME), key_of(REFERRER)
    if question.condition("referrer") or question.condition("referrer_name"):
        plan = plan_breakdown(report, question, base, (name, url))
    else:
        plan = plan_breakdown(
            report, question, base, (name,), carried=(Carried(url.name, url.node),)
        )
    return answered(report, question, base, plan, ask)
