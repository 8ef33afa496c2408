"""Who asks for something to be managed, and what was sent."""

from __future__ import annotations

from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import State

from hoofprint.api.body import Body, read_body_of
from hoofprint.api.logged_in import check_ours, check_token, login_of
from hoofprint.api.services import Services
from hoofprint.management.access import Credentials
from hoofprint.model.principal import Principal

Asked = Request[Any, Any, State]
Connection = ASGIConnection[Any, Any, Any, Any]
READING = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF_HEADER = "x-csrf-token"


def credentials(request: Connection) -> Credentials:
    """What a request shows of who sent it: a header, else the cookie of a login.

    Browsers send cookies whoever makes them ask. So a request that changes something and has
    nothing but the cookie must come from our own pages, and have the login's token in
    `X-CSRF-Token`. Raises Forbidden.
    """
    authorization = request.headers.get("authorization")
    if authorization:
        return Credentials(authorization)
    services: Services = request.app.state["services"]
    token = login_of(request, services.settings)
    if token and request.scope.get("method") not in READING:
        check_ours(request, services.settings)
        check_token(token, request.headers.get(CSRF_HEADER, ""))
    return Credentials(None, token)


async def known(request: Asked, state: State) -> tuple[Services, Principal]:
    """The services and who asks for something to be managed. Raises Unauthenticated, Forbidden."""
    services: Services = state["services"]
    return services, await services.access.known_caller(credentials(request))


async def sent(request: Asked, state: State) -> tuple[Services, Principal, Body]:
    """The same with what was sent. Raises Unauthenticated, Forbidden or Invalid."""
    services, caller = await known(request, state)
    return services, caller, read_body_of(await request.body())
