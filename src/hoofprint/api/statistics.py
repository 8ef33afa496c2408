"""`GET /api/v1/statistics/...`: a route for each report, all of them answered the same way."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Any

from litestar import Request, get
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler

from hoofprint.api.params import read_question
from hoofprint.api.services import Services
from hoofprint.errors import Invalid
from hoofprint.model.domain import Domain
from hoofprint.query.answer import answer, problems
from hoofprint.query.plan import Select
from hoofprint.query.question import Question
from hoofprint.query.report import Ask, Report
from hoofprint.query.reports import REPORTS
from hoofprint.store.sql import write

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
        pairs = list(request.query_params.multi_items())
        authorization = request.headers.get("authorization")
        question = await read_asked([report], pairs, authorization, services)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            services.queries, answer, report, question, asking(services)
        )

    return read


async def read_asked(
    reports: Sequence[Report],
    pairs: Sequence[tuple[str, str]],
    authorization: str | None,
    services: Services,
) -> Question:
    """What is asked of all these reports, by somebody who may ask it.

    Raises Invalid naming every bad parameter, or what `Access.statistics_domain` raises.
    """
    wrong: dict[str, str] = {}
    try:
        domain = await services.access.statistics_domain(pairs, authorization)
    except Invalid as error:
        domain = NOWHERE
        wrong |= error.fields
    at_any_time = all(report.at_any_time for report in reports)
    question, unreadable = read_question(
        pairs, domain, int(services.clock()), at_any_time=at_any_time
    )
    wrong |= unreadable
    for report in reports:
        found = problems(report, question)
        wrong |= {name: text for name, text in found.items() if name not in wrong}
    if wrong:
        raise Invalid(wrong)
    return question


def asking(services: Services) -> Ask:
    """What runs plans in the store; in a worker thread, one reader of the store at a time."""

    def ask(select: Select) -> list[list[Any]]:
        began = time.perf_counter()
        try:
            return services.store.select(*write(select))
        finally:
            services.metrics.queried(time.perf_counter() - began)

    return ask
