"""`/api/v1/funnel`: funnels and their steps (`api.md`, Managing Funnels)."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import delete, get, post
from litestar.datastructures import State

from hoofprint.api.body import Body, required
from hoofprint.api.callers import Asked, known, sent
from hoofprint.api.fields import FUNNEL, Schema, by_name, listed, record, text
from hoofprint.api.operation import described, needed
from hoofprint.management.funnels import FEWEST_STEPS, MOST_STEPS, Funnel, Step, funnel_mistakes
from hoofprint.management.steps import StepFilter

PATH = "/api/v1/funnel"
TAGS = ["Funnels"]


def _field(kind: object) -> Schema:
    if kind is str:
        return text()
    return by_name(text()) if kind == dict[str, str] else listed(text())


_FILTER = record(
    {field.name: _field(field.type) for field in msgspec.structs.fields(StepFilter)},
    "Values may begin with an operator, as in the filters of statistics.",
    required=(),
)
_DECIDED = record(
    {
        "domain_id": text("The id of the domain."),
        "id": text("The funnel that is changed; empty for a new one."),
        "name": text(),
        "steps": listed(
            record({"name": text(), "filter": _FILTER}, required=("name",)),
            f"{FEWEST_STEPS} to {MOST_STEPS} steps in their order.",
        ),
    },
    required=("domain_id", "name", "steps"),
)


@get(
    PATH,
    summary="List funnels",
    operation_id="funnels_list",
    tags=TAGS,
    operation_class=described(
        answer=listed(FUNNEL), parameters=[needed("id", "The id of the domain.")]
    ),
)
async def list_funnels(request: Asked, state: State) -> list[dict[str, Any]]:
    """The funnels of a domain."""
    services, caller = await known(request, state)
    return await services.funnels.list(caller, required(request, "id"))


@post(
    PATH,
    status_code=200,
    summary="Create or change a funnel",
    operation_id="funnels_save",
    tags=TAGS,
    operation_class=described(answer=FUNNEL, body=_DECIDED),
)
async def save_funnel(request: Asked, state: State) -> dict[str, Any]:
    """A new funnel, or with an `id` what is decided anew about one."""
    services, caller, body = await sent(request, state)
    domain_id, funnel_id, funnel = body.name("domain_id"), body.text("id"), _funnel(body)
    body.check(funnel_mistakes(funnel))
    if funnel_id:
        return await services.funnels.update(caller, domain_id, funnel_id, funnel)
    return await services.funnels.create(caller, domain_id, funnel)


@delete(
    PATH,
    status_code=200,
    summary="Delete a funnel",
    operation_id="funnels_delete",
    tags=TAGS,
    operation_class=described(parameters=[needed("id", "The id of the funnel.")]),
)
async def delete_funnel(request: Asked, state: State) -> None:
    """End a funnel for good."""
    services, caller = await known(request, state)
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
