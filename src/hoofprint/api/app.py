"""The ASGI application: collection answered directly, everything else by Litestar behind it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from copy import copy
from functools import cache, cached_property
from http import HTTPStatus
from typing import NamedTuple, cast

import structlog
from litestar import Litestar
from litestar.datastructures import State
from litestar.types import ControllerRouterHandler

from hoofprint.api.account import ACCOUNT_ROUTES
from hoofprint.api.answer import Answer
from hoofprint.api.asgi import App, Handler, Header, Message, Receive, Reply, Scope, Send
from hoofprint.api.audit import list_changes
from hoofprint.api.billing import read_usage
from hoofprint.api.client_ip import client_ip
from hoofprint.api.clients import CLIENT_ROUTES
from hoofprint.api.collect import collection
from hoofprint.api.custom_domains import custom_domain_exists, set_custom_domain
from hoofprint.api.dashboard import DASHBOARD_FILES, DASHBOARD_ROUTES
from hoofprint.api.deletion import delete_statistics, list_deletions
from hoofprint.api.demo import demo_routes
from hoofprint.api.domain import DOMAIN_ROUTES
from hoofprint.api.domain_settings import setting_routes
from hoofprint.api.entering import ENTERING_ROUTES
from hoofprint.api.errors import HANDLERS, method_not_allowed, reply_to
from hoofprint.api.export import export_statistics
from hoofprint.api.funnels import FUNNEL_ROUTES
from hoofprint.api.goals import GOAL_ROUTES
from hoofprint.api.google import GOOGLE_ROUTES, google_callback
from hoofprint.api.health import live, metrics, ready
from hoofprint.api.host import host_of, of_instance, paged
from hoofprint.api.imports import IMPORT_ROUTES
from hoofprint.api.invitations import INVITATION_ROUTES
from hoofprint.api.links import LINK_ROUTES
from hoofprint.api.logs import outline
from hoofprint.api.managed import entered, managed, tell_standing
from hoofprint.api.members import MEMBER_ROUTES
from hoofprint.api.openapi import openapi, openapi_config
from hoofprint.api.organizations import ORGANIZATION_ROUTES
from hoofprint.api.ownership import OWNER_ROUTES
from hoofprint.api.pictures import PICTURE_ROUTES, read_image
from hoofprint.api.resources import resource_routes
from hoofprint.api.script import script_routes
from hoofprint.api.security import SECURITY_ROUTES
from hoofprint.api.services import Services
from hoofprint.api.snippet import CORS, PREFLIGHT, snippet
from hoofprint.api.snippets import SNIPPET_ROUTES
from hoofprint.api.statistics import kept_answers, statistics_routes
from hoofprint.api.themes import THEME_ROUTES
from hoofprint.api.token import create_token
from hoofprint.api.uploads import MOST_DECODING
from hoofprint.api.user import USER_ROUTES
from hoofprint.errors import HoofprintError
from hoofprint.management.windows import MINUTE, SlidingWindow

log = structlog.get_logger(__name__)


class Route(NamedTuple):
    """A collection endpoint: its one method, its handler, and what its other answers carry."""

    method: str
    handler: Handler
    preflight: Reply | None = None
    headers: tuple[Header, ...] = ()


class Front:
    """The whole HTTP side of one instance, as an ASGI callable.

    `pages` are routes for people, beside the API. A server that knows it may answer the requests of
    `routes` with `collect`, without ASGI.
    """

    def __init__(self, services: Services, pages: Sequence[ControllerRouterHandler] = ()) -> None:
        self._pages = pages
        self.routes = _collection_routes(services)
        self._services = services

    @cached_property
    def _behind(self) -> App:
        return cast("App", framework(self._services, self._pages))

    def prepare(self) -> None:
        """Make the framework, so that the first request needn't wait for it."""
        _ = self._behind

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._behind(scope, receive, send)
            return
        route = self.routes.get(scope["path"])
        if route is None:
            _single_slashes(scope)
            route = self.routes.get(scope["path"].rstrip("/"))
        if route is None:
            if scope["method"] == "HEAD":  # the server leaves out the body
                scope = {**scope, "method": "GET"}
            await self._behind(scope, receive, _counting(send, self._services))
            return
        if scope["method"] == route.method:
            answer = await self.collect(route, scope, receive)
        elif scope["method"] == "OPTIONS" and route.preflight is not None:
            answer = route.preflight
        else:
            answer = method_not_allowed(route.method, route.headers)
            self._services.metrics.refused(answer.status)
        await send(answer.start)
        await send(answer.body)

    async def collect(self, route: Route, scope: Scope, receive: Receive) -> Reply:
        """The answer to a collection request with the route's method; raises nothing."""
        try:
            return await route.handler(scope, receive)
        except HoofprintError as error:
            return self._refused(route, scope, error)
        except Exception as error:  # noqa: BLE001 - one of the two outermost loops
            return self._refused(route, scope, error)

    def _refused(self, route: Route, scope: Scope, error: Exception) -> Reply:
        answer = reply_to(error, route.headers)
        self._services.metrics.refused(answer.status)
        _note(scope, answer.status, error)
        return answer


def framework(services: Services, pages: Sequence[ControllerRouterHandler] = ()) -> Litestar:
    """The endpoints and pages that Litestar serves; `app.state` holds the parts they use."""
    settings = services.settings
    app = copy(_registered(settings.max_body_bytes, tuple(pages)))
    app.state = State(_parts(services))
    return app


def _parts(services: Services) -> dict[str, object]:
    """What handlers find in the state of the application."""
    settings = services.settings
    return {
        "services": services,
        "kept": kept_answers(services),
        "client_ip": client_ip(settings.trusted_proxies),
        "host": host_of(settings.trusted_proxies),
        "decoding": asyncio.Semaphore(MOST_DECODING),
        "requests": SlidingWindow(settings.rate_limit_configuration, MINUTE, services.clock),
    }


@cache
def _registered(most_bytes: int, pages: tuple[ControllerRouterHandler, ...]) -> Litestar:
    """All routes, registered once a process: that takes a third of a second."""
    return Litestar(
        route_handlers=[
            create_token,
            managed(
                [
                    *DOMAIN_ROUTES,
                    *CLIENT_ROUTES,
                    *SNIPPET_ROUTES,
                    *USER_ROUTES,
                    *ACCOUNT_ROUTES,
                    *SECURITY_ROUTES,
                    *LINK_ROUTES,
                    *GOAL_ROUTES,
                    *FUNNEL_ROUTES,
                    *MEMBER_ROUTES,
                    *INVITATION_ROUTES,
                    *ORGANIZATION_ROUTES,
                    *OWNER_ROUTES,
                    *THEME_ROUTES,
                    *PICTURE_ROUTES,
                    set_custom_domain,
                    *resource_routes(),
                    *setting_routes(),
                    *IMPORT_ROUTES,
                    *GOOGLE_ROUTES,
                    delete_statistics,
                    list_changes,
                ]
            ),
            custom_domain_exists,
            read_image,
            entered([*ENTERING_ROUTES]),
            of_instance([*pages]),
            read_usage,
            *statistics_routes(),
            google_callback,
            list_deletions,
            export_statistics,
            live,
            ready,
            metrics,
            *script_routes(),
            *DASHBOARD_FILES,
            paged([*DASHBOARD_ROUTES, *demo_routes()]),
            openapi,
        ],
        exception_handlers=HANDLERS,
        response_class=Answer,
        before_send=[tell_standing],
        openapi_config=openapi_config(),
        logging_config=None,
        request_max_body_size=most_bytes,
        debug=False,
    )


def _collection_routes(services: Services) -> Mapping[str, Route]:
    routes = {path: Route("POST", handler) for path, handler in collection(services).items()}
    for path, (method, handler) in snippet(services).items():
        routes[path] = Route(method, handler, PREFLIGHT, CORS)
    return routes


def _single_slashes(scope: Scope) -> None:
    """Let a doubled slash in the path count as one."""
    path: str = scope["path"]
    while "//" in path:
        path = path.replace("//", "/")
    if path != scope["path"]:
        scope["path"] = path
        scope["raw_path"] = path.encode()


def _counting(send: Send, services: Services) -> Send:
    """A `send` that counts answers that are errors."""

    async def counted(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] >= HTTPStatus.BAD_REQUEST:
            services.metrics.refused(message["status"])
        await send(message)

    return counted


def _note(scope: Scope, status: int, error: BaseException) -> None:
    """Log what the caller is not told; a caller's own mistakes are no news."""
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("crashed", path=scope["path"], **outline(error))
