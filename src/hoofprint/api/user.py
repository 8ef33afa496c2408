"""`/api/v1/user`: how a person's dashboards look (`api.md`, Setting a Domain as Favorite)."""

from __future__ import annotations

from litestar import post
from litestar.datastructures import State

from hoofprint.api.callers import Asked, known, sent
from hoofprint.api.fields import record, text
from hoofprint.api.operation import described

TAGS = ["User"]
_DOMAIN = record({"id": text("The id of the domain.")})
REFUSALS = (401, 403, 429)


@post(
    "/api/v1/user/favorite",
    status_code=200,
    summary="Make a domain the favorite, or no longer",
    operation_id="user_favorite",
    tags=TAGS,
    operation_class=described(body=_DOMAIN),
)
async def toggle_favorite(request: Asked, state: State) -> None:
    """The favorite is what is there first; a second request takes it back."""
    services, caller, body = await sent(request, state)
    domain_id = body.name("id")
    body.check()
    await services.preferences.favorite(caller, domain_id)


@post(
    "/api/v1/user/pin",
    status_code=200,
    summary="Pin a domain, or no longer",
    operation_id="user_pin",
    tags=TAGS,
    operation_class=described(body=_DOMAIN),
)
async def toggle_pin(request: Asked, state: State) -> None:
    """Pinned domains come before others; a second request takes it back."""
    services, caller, body = await sent(request, state)
    domain_id = body.name("id")
    body.check()
    await services.preferences.pin(caller, domain_id)


@post(
    "/api/v1/user/active",
    status_code=200,
    summary="Show active visitors in the page's title, or no longer",
    operation_id="user_toggle_active",
    tags=TAGS,
    operation_class=described(refusals=REFUSALS),
)
async def toggle_active(request: Asked, state: State) -> None:
    """A switch of the caller's own."""
    services, caller = await known(request, state)
    await services.preferences.toggle_active(caller)


@post(
    "/api/v1/user/fullwidth",
    status_code=200,
    summary="Show the dashboard at full width, or no longer",
    operation_id="user_toggle_fullwidth",
    tags=TAGS,
    operation_class=described(refusals=REFUSALS),
)
async def toggle_full_width(request: Asked, state: State) -> None:
    """A switch of the caller's own."""
    services, caller = await known(request, state)
    await services.preferences.toggle_full_width(caller)


USER_ROUTES = (toggle_favorite, toggle_pin, toggle_active, toggle_full_width)
