"""`/api/v1/goal`: conversion goals (`api.md`, Managing Conversion Goals)."""

from __future__ import annotations

from typing import Any

from litestar import delete, get, post, put
from litestar.datastructures import State

from hoofprint.api.body import Body, required
from hoofprint.api.callers import Asked, known, sent
from hoofprint.api.fields import GOAL, by_name, flag, listed, number, record, text, whole
from hoofprint.api.operation import described, needed
from hoofprint.management.goals import Goal, goal_mistakes, try_regex

PATH = "/api/v1/goal"
TAGS = ["Goals"]

_DOMAIN = text("The id of the domain.")
_DECIDED = {
    "name": text(),
    "path_pattern": text(
        "`*` is any run without a slash, `**` any run; a text that begins with `^` or `(?` is a "
        "regular expression. This or `event_name` is required."
    ),
    "event_name": text(),
    "event_meta_key": text(),
    "event_meta_value": text(),
    "custom_metric_key": text("A key in the event's metadata whose values are numbers."),
    "custom_metric_type": {"type": "string", "enum": ["", "integer", "float"]},
    "tags": by_name(text(), "Values of tags by key; an empty value stands for any."),
    "visitors": whole("Target of visitors; may also be called `visitor_goal`."),
    "cr": number("Target of the conversion rate, in percent; may also be called `cr_goal`."),
    "custom_metric_total_goal": number("Target of the custom metric's sum."),
    "custom_metric_avg_goal": number("Target of the custom metric's average."),
    "delete_reached": flag("Whether the goal ends once it is reached."),
    "email_reached": flag("Whether a mail is sent once it is reached."),
}
_NEW = record({"domain_id": _DOMAIN, **_DECIDED}, required=("domain_id", "name"))
_CHANGED = record(
    {"id": text("The goal's id."), "domain_id": _DOMAIN, **_DECIDED},
    required=("id", "domain_id", "name"),
)


@get(
    PATH,
    summary="List goals",
    operation_id="goals_list",
    tags=TAGS,
    operation_class=described(
        answer=listed(GOAL), parameters=[needed("id", "The id of the domain.")]
    ),
)
async def list_goals(request: Asked, state: State) -> list[dict[str, Any]]:
    """The goals of a domain."""
    services, caller = await known(request, state)
    return await services.goals.list(caller, required(request, "id"))


@post(
    PATH,
    status_code=200,
    summary="Create a goal",
    operation_id="goals_create",
    tags=TAGS,
    operation_class=described(answer=GOAL, body=_NEW),
)
async def create_goal(request: Asked, state: State) -> dict[str, Any]:
    """A new goal."""
    services, caller, body = await sent(request, state)
    domain_id, goal = body.name("domain_id"), _goal(body)
    body.check(goal_mistakes(goal))
    return await services.goals.create(caller, domain_id, goal)


@put(
    PATH,
    status_code=200,
    summary="Change a goal",
    operation_id="goals_update",
    tags=TAGS,
    operation_class=described(answer=GOAL, body=_CHANGED),
)
async def update_goal(request: Asked, state: State) -> dict[str, Any]:
    """Decide anew about a goal: what is not sent is not set."""
    services, caller, body = await sent(request, state)
    goal_id, domain_id, goal = body.name("id"), body.name("domain_id"), _goal(body)
    body.check(goal_mistakes(goal))
    return await services.goals.update(caller, domain_id, goal_id, goal)


@delete(
    PATH,
    status_code=200,
    summary="Delete a goal",
    operation_id="goals_delete",
    tags=TAGS,
    operation_class=described(parameters=[needed("id", "The id of the goal.")]),
)
async def delete_goal(request: Asked, state: State) -> None:
    """End a goal for good."""
    services, caller = await known(request, state)
    await services.goals.delete(caller, required(request, "id"))


@post(
    PATH + "/regex",
    status_code=200,
    summary="Try a regular expression",
    operation_id="goals_try",
    tags=TAGS,
    operation_class=described(
        answer=record({"match": flag()}),
        body=record(
            {"regex": text(), "sample": text("The path that it is tried on.")}, required=("regex",)
        ),
    ),
)
async def try_goal(request: Asked, state: State) -> dict[str, bool]:
    """Whether a regular expression fits a path, before a goal is made of it."""
    _, caller, body = await sent(request, state)
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
