"""Who asks for something to be managed, and what was sent."""

from __future__ import annotations

from typing import Any

from litestar import Request
from litestar.datastructures import State

from hoofprint.api.body import Body, read_body_of
from hoofprint.api.services import Services
from hoofprint.model.principal import Principal

Asked = Request[Any, Any, State]


async def known(request: Asked, state: State) -> tuple[Services, Principal]:
    """The services and who asks for something to be managed. Raises Unauthenticated."""
    services: Services = state["services"]
    return services, await services.access.known_caller(request.headers.get("authorization"))


async def sent(request: Asked, state: State) -> tuple[Services, Principal, Body]:
    """The same with what was sent. Raises Unauthenticated or Invalid."""
    services, caller = await known(request, state)
    return services, caller, read_body_of(await request.body())
