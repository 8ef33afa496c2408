"""`GET /api/v1/statistics/...`: a route for each report, all of them answered the same way."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from litestar import Request, get
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.spec import Operation
from msgspec.structs import replace

from hoofprint.api.callers import credentials
from hoofprint.api.kept import KeptAnswers
from hoofprint.api.operation import described, parameter_ref, schema_ref
from hoofprint.api.parameters import OPTIONS, required_by, taken_by
from hoofprint.api.params import read_question
from hoofprint.api.services import Services
from hoofprint.api.stored import with_stored
from hoofprint.errors import Invalid
from hoofprint.management.access import Credentials
from hoofprint.model.domain import Domain
from hoofprint.query.answer import answer, problems
from hoofprint.query.filters import Base
from hoofprint.query.question import Question
from hoofprint.query.report import Report
from hoofprint.query.reports import REPORTS
from hoofprint.query.special.options import MOST

PREFIX = "/api/v1/statistics"
NOWHERE = Domain("", "")
OF_EVENTS = (
    "`path` and `pattern` are about the page on which the event happened, `tag` and `tag_*` about "
    "its metadata."
)


def statistics_routes() -> list[HTTPRouteHandler]:
    """All reports as routes (`api.md`, Statistics)."""
    return [_route(report) for report in REPORTS]


def _route(report: Report) -> HTTPRouteHandler:
    @get(
        PREFIX + report.route,
        name=report.route,
        summary=report.summary,
        description=description_of(report),
        operation_id=answer_name(report),
        tags=["Statistics"],
        operation_class=_operation(report),
    )
    async def read(request: Request[Any, Any, State], state: State) -> Any:
        services: Services = state["services"]
        if report.of_domain:
            kept: KeptAnswers = state["kept"]
            return await kept.get(report, await _domain(request, services))
        pairs = list(request.query_params.multi_items())
        question = await read_asked([report], pairs, credentials(request), services)
        return await services.asking.run(lambda ask: answer(report, question, ask), request.receive)

    return read


def answer_name(report: Report) -> str:
    """What a report's answer and its operation are called in the OpenAPI document."""
    return "statistics" + report.route.replace("/", "_")


def description_of(report: Report) -> str | None:
    """What the parameters alone don't say: how rows are sorted, what can't be left out."""
    said: list[str] = []
    if report.of_domain:
        said.append("About the domain's last seven days, kept for up to half an hour.")
    elif report.at_any_time:
        said.append("Without `start` the seconds are those of the domain's setting.")
    if report.route.startswith(OPTIONS):
        said.append(f"At most {MOST} values, ascending, without the empty one.")
    if (report.is_list and report.base is Base.EVENTS) or "event" in report.needs:
        said.append(OF_EVENTS)
    if report.single:
        names = ", ".join(f"`{name}`" for name in report.single)
        said.append(f"{names} must be exactly one value, without an operator.")
    if report.is_list:
        order = "smallest" if report.ascending else "largest"
        fields = ", ".join(f"`{name}`" for name in report.sortable or report.wire)
        said += [
            f"Rows are sorted by `{report.order}`, the {order} first.",
            f"They may be sorted by {fields}.",
        ]
    if report.export:
        said.append(f"Exported as `{report.export}`.")
    return " ".join(said) or None


def _operation(report: Report) -> type[Operation]:
    required = required_by(report)
    return described(
        answer=schema_ref(answer_name(report)),
        parameters=[
            parameter_ref(name, required=name in required)
            for name in dict.fromkeys((*taken_by(report), *required))
        ],
        refusals=(400, 401, 403, 404, 503),
        open_to_all=True,
    )


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
    return await services.access.statistics_domain(pairs, credentials(request))


async def read_asked(
    reports: Sequence[Report],
    pairs: Sequence[tuple[str, str]],
    shown: Credentials,
    services: Services,
) -> Question:
    """What is asked of all these reports, by somebody who may ask it.

    Raises Invalid naming every bad parameter, or what `Access.statistics_domain` raises.
    """
    wrong: dict[str, str] = {}
    try:
        domain = await services.access.statistics_domain(pairs, shown)
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
    for report in reports:
        question = await with_stored(report, question, services)
    return question
