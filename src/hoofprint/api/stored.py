"""What a domain has stored becomes part of a question about it: goals and funnels."""

from __future__ import annotations

from msgspec.structs import replace

from hoofprint.api.params import read_filter
from hoofprint.api.services import Services
from hoofprint.query.question import Funnel, Goal, Question
from hoofprint.query.report import Report


async def with_stored(report: Report, question: Question, services: Services) -> Question:
    """The question with what the report is about. Raises NotFound for an unknown funnel."""
    match report.about:
        case "goals":
            goals = await services.goals.stored(question.domain.id)
            return replace(
                question,
                goals=tuple(
                    Goal(shown, str(shown["name"]), read_filter(filters))
                    for shown, filters in goals
                ),
            )
        case "funnel":
            found = await services.funnels.stored(question.domain.id, question.funnel_id)
            steps = tuple(read_filter(filters) for filters in found.steps)
            return replace(question, funnel=Funnel(found.shown, steps))
        case None:
            return question
