"""`/api/v1/funnel`: funnels and their steps (`api.md`, Managing Funnels)."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request, delete, get, post
from litestar.datastructures import State

from hoofprint.api.body import Body, read_body_of, required
from hoofprint.api.services import Services
from hoofprint.management.funnels import Funnel, Step, funnel_mistakes
from hoofprint.management.steps import StepFilter

PATH = "/api/v1/funnel"
Asked = Request[Any, Any, State]


@get(PATH)
async def list_funnels(request: Asked, state: State) -> list[dict[str, Any]]:
    """The funnels of a domain."""
    services: Services = state["services"]
    caller = await services.access.known_caller(request.headers.get("authorization"))
    return await services.funnels.list(caller, required(request, "id"))


@post(PATH, status_code=200)
async def save_funnel(request: Asked, state: State) -> dict[str, Any]:
    """A new funnel, or with an `id` what is decided anew about one."""
    services: Services = state["services"]
    caller = await services.access.known_caller(request.headers.get("authorization"))
    body = read_body_of(await request.body())
    domain_id, funnel_id, funnel = body.name("domain_id"), body.text("id"), _funnel(body)
    body.check(funnel_mistakes(funnel))
    if funnel_id:
        return await services.funnels.update(caller, domain_id, funnel_id, funnel)
    return await services.funnels.create(caller, domain_id, funnel)


@delete(PATH, status_code=200)
async def delete_funnel(request: Asked, state: State) -> None:
    """End a funnel for good."""
    services: Services = state["services"]
    caller = await services.access.known_caller(request.headers.get("authorization"))
    await services.funnels.delete(caller, required(request, "id"))


FUNNEL_ROUTES = (list_funnels, save_funnel, delete_funnel)


def _funnel(body: Body) -> Funnel:
    steps = tuple(
        Step(part.text("name"), _filter(part.part("filter"))) for part in body.parts("steps")
    )
    return Funnel(body.text("name"), steps)


def _filter(body: Body) -> StepFilter:
    """Every field as its type says."""
    values: dict[str, Any] = {}
    for field in msgspec.structs.fields(StepFilter):
        if field.type is str:
            values[field.name] = body.text(field.name)
        elif field.type == dict[str, str]:
            values[field.name] = body.pairs(field.name)
        else:
            values[field.name] = body.texts(field.name)
    return StepFilter(**values)
