"""What all requests to manage something have in common: a rate limit and the log of changes."""

from __future__ import annotations

from typing import Any

from litestar import Router
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler
from litestar.types import ControllerRouterHandler, Message, Scope

from hoofprint.api.services import Services
from hoofprint.management.audit import Doing, doing
from hoofprint.management.windows import Standing

STANDING = "hoofprint_standing"
"""Where a request's state holds how often its client may still ask."""
READING = frozenset({"GET", "HEAD"})
Connection = ASGIConnection[Any, Any, Any, Any]


def managed(routes: list[ControllerRouterHandler]) -> Router:
    """Routes that are limited for each client, and whose changes are written down."""
    return Router(path="/", route_handlers=routes, guards=[_watch])


async def _watch(connection: Connection, handler: BaseRouteHandler) -> None:
    """Who asks is counted before anything else happens.

    Raises Unauthenticated for wrong credentials, TooManyRequests.
    """
    services: Services = connection.app.state["services"]
    caller = await services.access.caller(connection.headers.get("authorization"))
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
