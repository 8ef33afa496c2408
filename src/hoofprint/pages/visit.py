"""Who looks at a page, and what was typed into its form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from litestar import Request, Response
from litestar.background_tasks import BackgroundTask
from litestar.datastructures import Cookie, State
from markupsafe import Markup, escape

from hoofprint.api.logged_in import (
    LOGIN,
    check_ours,
    check_token,
    cookie,
    cookie_name,
    csrf_token,
    login_of,
)
from hoofprint.api.services import Services
from hoofprint.errors import Forbidden, TooLarge
from hoofprint.management.access import Credentials
from hoofprint.management.audit import Doing, doing
from hoofprint.model.principal import Principal
from hoofprint.pages.page import Values, page
from hoofprint.records.ids import CODE_LENGTH, is_text_of, new_code

Asked = Request[Any, Any, State]
FORM = f"{LOGIN}-form"
"""The cookie that forms belong to as long as nobody is logged in."""
MOST_BYTES = 16_384


class Visit(NamedTuple):
    """A request for a page; `secret` is the cookie that its forms belong to, `fresh` a new one."""

    request: Asked
    services: Services
    caller: Principal | None
    secret: str
    fresh: bool = False

    def show(
        self,
        template: str,
        status: int = 200,
        cookies: Sequence[Cookie] = (),
        background: BackgroundTask | None = None,
        **shown: Any,
    ) -> Response[str]:
        """A page whose forms belong to this browser."""
        token = csrf_token(self.secret)
        field = Markup('<input type="hidden" name="csrf" value="{}">').format(escape(token))
        if self.fresh:
            cookies = (*cookies, cookie(self.services.settings, self.secret, FORM))
        shown = {"caller": self.caller, "hidden_field": field} | shown
        return page(template, status, cookies, background, **shown)

    def asked_for(self, name: str) -> str:
        """A parameter of the page's address."""
        return str(self.request.query_params.get(name, ""))


class Form(Values):
    """What was typed, by name."""

    def text(self, name: str) -> str:
        """Without space around it."""
        return self[name].strip()


async def visit(request: Asked, state: State) -> Visit:
    """Who looks at a page."""
    services: Services = state["services"]
    token = login_of(request, services.settings)
    caller = await services.access.caller(Credentials(None, token)) if token else None
    if caller is not None:
        return Visit(request, services, caller, token)
    known = str(request.cookies.get(cookie_name(services.settings, FORM), ""))
    if is_text_of(known, CODE_LENGTH):
        return Visit(request, services, None, known)
    return Visit(request, services, None, new_code(), fresh=True)


async def posted(request: Asked, state: State) -> tuple[Visit, Form]:
    """Who sends a form, and the form; what it changes is written down as theirs.

    Raises Forbidden unless it is one of ours that was made for this browser, TooLarge.
    """
    found = await visit(request, state)
    check_ours(request, found.services.settings, nameless=True)
    body = await request.body()
    if len(body) > MOST_BYTES:
        raise TooLarge
    pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
    form = Form(pairs)
    if found.fresh:
        raise Forbidden
    check_token(found.secret, form["csrf"])
    operation = request.scope["path"].strip("/").replace("/", "_")
    doing.set(Doing(operation, found.caller) if found.caller else None)
    return found, form
