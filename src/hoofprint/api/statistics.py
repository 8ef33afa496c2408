"""`GET /api/v1/statistics/...`: a route for each report, all of them answered the same way."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from litestar import Request, get
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler
from msgspec.structs import replace

from hoofprint.api.kept import KeptAnswers
from hoofprint.api.params import read_question
from hoofprint.api.services import Services
from hoofprint.api.stored import with_stored
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
        if report.of_domain:
            kept: KeptAnswers = state["kept"]
            return await kept.get(report, await _domain(request, services))
        question = await _question(report, request, services)
        return await services.asking.run(lambda ask: answer(report, question, ask), request.receive)

    return read


def kept_answers(services: Services) -> KeptAnswers:
    """The answers to questions about a domain as a whole."""

    async def compute(report: Report, domain: Domain) -> Any:
        question, _ = read_question((), domain, int(services.clock()), at_any_time=True)
        members = await services.domains.members(domain.id)
        asked = replace(question, members=members)
        return await services.asking.run(lambda ask: answer(report, asked, ask), _never)

    return KeptAnswers(compute, services.clock)


async def _never() -> Mapping[str, object]:
    """The caller of an answer that is kept for all is never gone."""
    never: asyncio.Future[Mapping[str, object]] = asyncio.get_running_loop().create_future()
    return await never


async def _domain(request: Request[Any, Any, State], services: Services) -> Domain:
    """The domain that is asked about, by somebody who may ask. Raises Invalid without an `id`."""
    pairs = list(request.query_params.multi_items())
    return await services.access.statistics_domain(pairs, request.headers.get("authorization"))


async def _question(
    report: Report, request: Request[Any, Any, State], services: Services
) -> Question:
    """What is asked, by somebody who may ask it. Raises Invalid naming every bad parameter."""
    pairs = list(request.query_params.multi_items())
    wrong: dict[str, str] = {}
    try:
        domain = await _domain(request, services)
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
    return await with_stored(report, question, services)
