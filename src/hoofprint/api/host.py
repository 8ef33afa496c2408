"""The host that a request was sent to, and whether pages are served under it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from litestar import MediaType, Request, Response, Router
from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.handlers import BaseRouteHandler
from litestar.types import ControllerRouterHandler

from hoofprint.api.asgi import Scope
from hoofprint.api.client_ip import peer_of, trusts
from hoofprint.api.services import Services
from hoofprint.dashboard.board import POLICY, unknown_page
from hoofprint.errors import NotFound, UnknownHost
from hoofprint.model.dashboard import Dashboard

FORWARDED = b"x-forwarded-host"
HERE = "hoofprint_dashboard"
"""Where a request's state holds whose dashboard its host is, None for the instance itself."""
Connection = ASGIConnection[Any, Any, Any, Any]
PAGE_HEADERS = {
    "content-security-policy": POLICY,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
    "vary": "host, x-forwarded-host",
}


def host_of(trusted_proxies: Sequence[str]) -> Callable[[Scope], str]:
    """A function from a request's ASGI scope to its host: lower case, without a port.

    A trusted proxy's `X-Forwarded-Host` counts more than the `Host` that it chose itself. Raises
    SettingsError.
    """
    trusted = trusts(trusted_proxies)

    def find(scope: Scope) -> str:
        headers = dict(scope["headers"])
        if FORWARDED in headers and trusted(peer_of(scope)):
            # Of several the last is the one that the trusted proxy wrote.
            return read_host(headers[FORWARDED].decode("latin-1").rpartition(",")[2])
        return read_host(headers.get(b"host", b"").decode("latin-1"))

    return find


def read_host(text: str) -> str:
    """The name or address in a `Host` header."""
    host = text.strip().lower()
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].removesuffix(".")


def paged(routes: list[ControllerRouterHandler]) -> Router:
    """Routes of pages, which only the instance's own hosts and those of dashboards have."""
    return Router(
        path="/",
        route_handlers=routes,
        guards=[_placed],
        exception_handlers={UnknownHost: _unknown},
    )


def of_instance(routes: list[ControllerRouterHandler]) -> Router:
    """Routes of pages that dashboards' hosts do not have: logins belong to the instance's own."""
    return Router(path="/", route_handlers=routes, guards=[_placed, _not_a_dashboard])


def dashboard_here(request: Request[Any, Any, State]) -> Dashboard | None:
    """Whose dashboard the host of a page's request is."""
    found: Dashboard | None = request.scope["state"][HERE]
    return found


async def _placed(connection: Connection, _: BaseRouteHandler) -> None:
    """Find out whose dashboard a host is. Raises UnknownHost."""
    services: Services = connection.app.state["services"]
    host = connection.app.state["host"](connection.scope)
    named = services.hosts.dashboard(host)
    found = None if named is None else await services.directory.dashboard(named)
    if found is None and not services.hosts.answers(host):
        raise UnknownHost
    connection.scope["state"][HERE] = found


async def _not_a_dashboard(connection: Connection, _: BaseRouteHandler) -> None:
    if connection.scope["state"][HERE] is not None:
        raise NotFound


def _unknown(_: Request[Any, Any, State], __: Exception) -> Response[str]:
    return Response(
        unknown_page(), status_code=404, media_type=MediaType.HTML, headers=PAGE_HEADERS
    )
