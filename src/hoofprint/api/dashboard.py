"""Serves dashboards under their own hosts (`clients.md` section 5), until they are a program."""

from __future__ import annotations

from typing import Any

from litestar import MediaType, Request, Response, get
from litestar.datastructures import State

from hoofprint.api.host import PAGE_HEADERS, dashboard_here
from hoofprint.api.script import asset, present
from hoofprint.api.services import Services
from hoofprint.dashboard.board import PATH, SCRIPT, STYLE, open_page, private_page
from hoofprint.dashboard.colours import style_of
from hoofprint.errors import NotFound
from hoofprint.management.access import first_value

CSS = "text/css"
LOGIN = "/login"
_SCRIPT, _STYLE = asset(SCRIPT), asset(STYLE)
Asked = Request[Any, Any, State]


@get("/", include_in_schema=False)
async def read_dashboard(request: Asked, state: State) -> Response[str]:
    """The dashboard of the host, if it is public or an access link opens it. Raises NotFound."""
    services: Services = state["services"]
    dashboard = dashboard_here(request)
    if dashboard is None:
        raise NotFound
    code = first_value(list(request.query_params.multi_items()), "access")
    opened = await services.directory.linked_domain_id(code) if code else None
    if dashboard.public or opened == dashboard.domain_id:
        return _page(open_page(dashboard), 200)
    login = services.settings.public_url + LOGIN
    return _page(private_page(dashboard, login, followed=bool(code)), 403)


@get(f"{PATH}/theme.css", include_in_schema=False, sync_to_thread=False)
def read_theme(request: Asked) -> Response[bytes]:
    """The colours of the host's dashboard."""
    dashboard = dashboard_here(request)
    return present(request, asset(style_of({} if dashboard is None else dashboard.settings)), CSS)


@get(f"{PATH}/dashboard.css", include_in_schema=False, sync_to_thread=False)
def read_style(request: Asked) -> Response[bytes]:
    """How all dashboards look."""
    return present(request, _STYLE, CSS)


@get(f"{PATH}/dashboard.js", include_in_schema=False, sync_to_thread=False)
def read_script(request: Asked) -> Response[bytes]:
    """What fills a dashboard with numbers."""
    return present(request, _SCRIPT)


def _page(content: str, status: int) -> Response[str]:
    return Response(content, status_code=status, media_type=MediaType.HTML, headers=PAGE_HEADERS)


DASHBOARD_ROUTES = (read_dashboard, read_theme)
DASHBOARD_FILES = (read_style, read_script)
"""The same under every host: a page that says that a host is unknown needs them, too."""
