"""What all requests to manage something have in common: a rate limit and the log of changes."""

from __future__ import annotations

from litestar import Router
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler
from litestar.types import ControllerRouterHandler, Message, Scope

from hoofprint.api.callers import READING, Connection, credentials
from hoofprint.api.client_ip import network_of
from hoofprint.api.logged_in import check_ours
from hoofprint.api.services import Services
from hoofprint.management.audit import Doing, doing
from hoofprint.management.windows import Standing

STANDING = "hoofprint_standing"
"""Where a request's state holds how often its client may still ask."""


def managed(routes: list[ControllerRouterHandler]) -> Router:
    """Routes that are limited for each client, and whose changes are written down."""
    return Router(path="/", route_handlers=routes, guards=[_watch])


def entered(routes: list[ControllerRouterHandler]) -> Router:
    """Routes of people who want to get in: what they try is limited, and no other site may try."""
    return Router(path="/", route_handlers=routes, guards=[_keep_out_others])


async def _keep_out_others(connection: Connection, _: BaseRouteHandler) -> None:
    """Raises Forbidden for a request that another site makes a browser send.

    What changes is nobody's change: nobody is known yet.
    """
    doing.set(None)
    services: Services = connection.app.state["services"]
    check_ours(connection, services.settings)


def tried(request: Connection, account: str = "") -> None:
    """Count a try of a password or a code, from where it comes and for the account it names.

    The answer tells how many there still may be. Raises TooManyRequests.
    """
    state = request.app.state
    services: Services = state["services"]
    network = network_of(state["client_ip"](request.scope))
    request.scope["state"][STANDING] = services.accounts.limits.note(network, account)


def tried_for(request: Connection, account: str) -> None:
    """Count a try that `tried` has counted already for the account that it turned out to be for."""
    services: Services = request.app.state["services"]
    request.scope["state"][STANDING] = services.accounts.limits.note("", account)


async def _watch(connection: Connection, handler: BaseRouteHandler) -> None:
    """Who asks is counted before anything else happens.

    Raises Unauthenticated for wrong credentials, TooManyRequests.
    """
    services: Services = connection.app.state["services"]
    caller = await services.access.caller(credentials(connection))
    if caller is None:
        return
    connection.scope["state"][STANDING] = connection.app.state["requests"].note(caller.client_id)
    if connection.scope.get("method") not in READING and isinstance(handler, HTTPRouteHandler):
        doing.set(Doing(str(handler.operation_id), caller))


async def tell_standing(message: Message, scope: Scope) -> None:
    """Litestar's `before_send`: the headers of an answer that counted."""
    standing: Standing | None = scope["state"].get(STANDING)
    if standing is not None and message["type"] == "http.response.start":
        message["headers"] = [
            *message["headers"],
            (b"x-ratelimit-limit", str(standing.limit).encode()),
            (b"x-ratelimit-remaining", str(standing.remaining).encode()),
            (b"x-ratelimit-reset", str(standing.reset).encode()),
        ]
