"""The ASGI application: collection answered directly, everything else by Litestar behind it."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, NamedTuple, cast

import structlog
from litestar import Litestar, Request, get
from litestar.datastructures import State
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin

import hoofprint
from hoofprint.api.asgi import App, Handler, Header, Message, Receive, Reply, Scope, Send
from hoofprint.api.collect import collection
from hoofprint.api.demo import demo_routes
from hoofprint.api.domain import read_domain, toggle_public
from hoofprint.api.errors import HANDLERS, method_not_allowed, reply_to
from hoofprint.api.funnels import FUNNEL_ROUTES
from hoofprint.api.goals import GOAL_ROUTES
from hoofprint.api.health import live, metrics, ready
from hoofprint.api.links import LINK_ROUTES
from hoofprint.api.logs import outline
from hoofprint.api.script import script_routes
from hoofprint.api.services import Services
from hoofprint.api.snippet import CORS, PREFLIGHT, snippet
from hoofprint.api.statistics import kept_answers, statistics_routes
from hoofprint.api.token import create_token
from hoofprint.errors import HoofprintError

log = structlog.get_logger(__name__)


class Route(NamedTuple):
    """A collection endpoint: its one method, its handler, and what its other answers carry."""

    method: str
    handler: Handler
    preflight: Reply | None = None
    headers: tuple[Header, ...] = ()


def create_app(services: Services) -> App:
    """The whole HTTP side of one instance, as an ASGI callable."""
    routes = _collection_routes(services)
    behind = cast("App", framework(services))
    refused = services.metrics.refused

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await behind(scope, receive, send)
            return
        route = routes.get(scope["path"])
        if route is None:
            _single_slashes(scope)
            route = routes.get(scope["path"].rstrip("/"))
        if route is None:
            if scope["method"] == "HEAD":  # the server leaves out the body
                scope = {**scope, "method": "GET"}
            await behind(scope, receive, _counting(send, services))
            return
        if scope["method"] == route.method:
            try:
                answer = await route.handler(scope, receive)
            except HoofprintError as error:
                answer = reply_to(error, route.headers)
                refused(answer.status)
                _note(scope, answer.status, error)
            except Exception as error:  # noqa: BLE001 - one of the two outermost loops
                answer = reply_to(error, route.headers)
                refused(answer.status)
                _note(scope, answer.status, error)
        elif scope["method"] == "OPTIONS" and route.preflight is not None:
            answer = route.preflight
        else:
            answer = method_not_allowed(route.method, route.headers)
            refused(answer.status)
        await send(answer.start)
        await send(answer.body)

    return app


@get("/api/v1/openapi.json", include_in_schema=False, sync_to_thread=False)
def openapi(request: Request[Any, Any, State]) -> dict[str, Any]:
    """The API's OpenAPI document."""
    return request.app.openapi_schema.to_schema()


def framework(services: Services) -> Litestar:
    """The endpoints that Litestar serves; `app.state` holds the parts they use."""
    return Litestar(
        route_handlers=[
            create_token,
            read_domain,
            toggle_public,
            *LINK_ROUTES,
            *GOAL_ROUTES,
            *FUNNEL_ROUTES,
            *statistics_routes(),
            live,
            ready,
            metrics,
            *script_routes(),
            *demo_routes(),
            openapi,
        ],
        exception_handlers=HANDLERS,
        state=State({"services": services, "kept": kept_answers(services)}),
        openapi_config=OpenAPIConfig(
            title="Hoofprint",
            version=hoofprint.__version__,
            path="/schema",
            render_plugins=[JsonRenderPlugin(path="/openapi.json")],
        ),
        logging_config=None,
        request_max_body_size=services.settings.max_body_bytes,
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
