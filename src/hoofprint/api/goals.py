"""`/api/v1/goal`: conversion goals (`api.md`, Managing Conversion Goals)."""

from __future__ import annotations

from typing import Any

from litestar import Request, delete, get, post, put
from litestar.datastructures import State

from hoofprint.api.body import Body, read_body_of
from hoofprint.api.links import required
from hoofprint.api.services import Services
from hoofprint.errors import Invalid
from hoofprint.management.goals import NewGoal
from hoofprint.management.patterns import matches, problem_of

PATH = "/api/v1/goal"
Asked = Request[Any, Any, State]


@get(PATH)
async def list_goals(request: Asked, state: State) -> list[dict[str, Any]]:
    """The goals of a domain."""
    services: Services = state["services"]
    caller = await services.access.known_caller(request.headers.get("authorization"))
    return await services.goals.list(caller, required(request, "id"))


@post(PATH, status_code=200)
async def create_goal(request: Asked, state: State) -> dict[str, Any]:
    """A new goal."""
    services: Services = state["services"]
    caller = await services.access.known_caller(request.headers.get("authorization"))
    body = read_body_of(await request.body())
    domain_id, goal = body.name("domain_id"), _goal(body)
    body.check()
    return await services.goals.create(caller, domain_id, goal)


@put(PATH, status_code=200)
async def update_goal(request: Asked, state: State) -> dict[str, Any]:
    """Decide anew about a goal."""
    services: Services = state["services"]
    caller = await services.access.known_caller(request.headers.get("authorization"))
    body = read_body_of(await request.body())
    goal_id, goal = body.name("id"), _goal(body)
    body.check()
    return await services.goals.update(caller, goal_id, goal)


@delete(PATH, status_code=200)
async def delete_goal(request: Asked, state: State) -> None:
    """Remove a goal."""
    services: Services = state["services"]
    caller = await services.access.known_caller(request.headers.get("authorization"))
    await services.goals.delete(caller, required(request, "id"))


@post(f"{PATH}/regex", status_code=200)
async def try_regex(request: Asked, state: State) -> dict[str, bool]:
    """Whether a regular expression matches a sample."""
    services: Services = state["services"]
    await services.access.known_caller(request.headers.get("authorization"))
    body = read_body_of(await request.body())
    regex, sample = body.name("regex"), body.text("sample")
    body.check()
    if problem := problem_of(regex):
        raise Invalid({"regex": problem})
    return {"match": matches(regex, sample)}


GOAL_ROUTES = (list_goals, create_goal, update_goal, delete_goal, try_regex)


def _goal(body: Body) -> NewGoal:
    return NewGoal(
        body.name("name"),
        path_pattern=body.text("path_pattern"),
        event_name=body.text("event_name"),
        event_meta_key=body.text("event_meta_key"),
        event_meta_value=body.text("event_meta_value"),
        tags=body.texts("tags"),
        custom_metric_key=body.text("custom_metric_key"),
        custom_metric_type=body.text("custom_metric_type"),
        visitor_goal=body.number("visitors") or body.number("visitor_goal"),
        cr_goal=body.number("cr") or body.number("cr_goal"),
        custom_metric_total_goal=body.number("custom_metric_total_goal"),
        custom_metric_avg_goal=body.number("custom_metric_avg_goal"),
        delete_reached=body.flag("delete_reached"),
        email_reached=body.flag("email_reached"),
    )
