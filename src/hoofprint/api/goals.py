"""`/api/v1/goal`: conversion goals (`api.md`, Managing Conversion Goals)."""

from __future__ import annotations

from typing import Any

from litestar import Request, delete, get, post, put
from litestar.datastructures import State

from hoofprint.api.body import Body, read_body_of, required
from hoofprint.api.services import Services
from hoofprint.management.goals import Goal, goal_mistakes, try_regex

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
    body.check(goal_mistakes(goal))
    return await services.goals.create(caller, domain_id, goal)


@put(PATH, status_code=200)
async def update_goal(request: Asked, state: State) -> dict[str, Any]:
    """Decide anew about a goal: what is not sent is not set."""
    services: Services = state["services"]
    caller = await services.access.known_caller(request.headers.get("authorization"))
    body = read_body_of(await request.body())
    goal_id, domain_id, goal = body.name("id"), body.name("domain_id"), _goal(body)
    body.check(goal_mistakes(goal))
    return await services.goals.update(caller, domain_id, goal_id, goal)


@delete(PATH, status_code=200)
async def delete_goal(request: Asked, state: State) -> None:
    """End a goal for good."""
    services: Services = state["services"]
    caller = await services.access.known_caller(request.headers.get("authorization"))
    await services.goals.delete(caller, required(request, "id"))


@post(PATH + "/regex", status_code=200)
async def try_goal(request: Asked, state: State) -> dict[str, bool]:
    """Whether a regular expression fits a path, before a goal is made of it."""
    services: Services = state["services"]
    caller = await services.access.known_caller(request.headers.get("authorization"))
    body = read_body_of(await request.body())
    regex, sample = body.name("regex"), body.text("sample")
    body.check()
    return {"match": try_regex(caller, regex, sample)}


GOAL_ROUTES = (list_goals, create_goal, update_goal, delete_goal, try_goal)


def _goal(body: Body) -> Goal:
    """What is sent; targets may also have the names under which answers show them."""
    return Goal(
        name=body.text("name"),
        path_pattern=body.text("path_pattern"),
        event_name=body.text("event_name"),
        event_meta_key=body.text("event_meta_key"),
        event_meta_value=body.text("event_meta_value"),
        custom_metric_key=body.text("custom_metric_key"),
        custom_metric_type=body.text("custom_metric_type"),
        tags=body.pairs("tags"),
        visitors=body.number("visitors" if body.has("visitors") else "visitor_goal"),
        cr=body.number("cr" if body.has("cr") else "cr_goal"),
        custom_metric_total_goal=body.number("custom_metric_total_goal"),
        custom_metric_avg_goal=body.number("custom_metric_avg_goal"),
        delete_reached=body.flag("delete_reached"),
        email_reached=body.flag("email_reached"),
    )
