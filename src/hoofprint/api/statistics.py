"""`GET /api/v1/statistics/...`: a route for each report, all of them answered the same way."""

from __future__ import annotations

from typing import Any

from litestar import Request, get
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler

from hoofprint.api.params import read_question
from hoofprint.api.services import Services
from hoofprint.errors import Invalid
from hoofprint.model.domain import Domain
from hoofprint.query.answer import answer, problems
from hoofprint.query.question import Question
from hoofprint.query.report import Report
from hoofprint.query.reports import REPORTS

PREFIX = "/api/v1/statistics"
NOWHERE = Domain("", "")


def statistics_routes() -> list[HTTPRouteHandler]:
    """All reports as routes (`api.md`, Statistics)."""
    return [_route(report) for report in REPORTS]


def _route(report: Report) -> HTTPRouteHandler:
    @get(
        PREFIX + report.route,
        name=report.route,
        summary=report.summary,
        operation_id="statistics" + report.route.replace("/", "_"),
        tags=["Statistics"],
    )
    async def read(request: Request[Any, Any, State], state: State) -> Any:
        services: Services = state["services"]
        question = await _question(report, request, services)
        return await services.asking.run(lambda ask: answer(report, question, ask), request.receive)

    return read


async def _question(
    report: Report, request: Request[Any, Any, State], services: Services
) -> Question:
    """What is asked, by somebody who may ask it. Raises Invalid naming every bad parameter."""
    pairs = list(request.query_params.multi_items())
    wrong: dict[str, str] = {}
    try:
        domain = await services.access.statistics_domain(
            pairs, request.headers.get("authorization")
        )
    except Invalid as error:
        domain = NOWHERE
        wrong |= error.fields
    question, unreadable = read_question(
        pairs, domain, int(services.clock()), at_any_time=report.at_any_time
    )
    wrong |= unreadable
    wrong |= {name: text for name, text in problems(report, question).items() if name not in wrong}
    if wrong:
        raise Invalid(wrong)
    return question
