"""Every page."""

from __future__ import annotations

from functools import cache

from litestar import Router
from litestar.types import ControllerRouterHandler

from hoofprint.pages.account import ACCOUNT_PAGES
from hoofprint.pages.entering import ENTERING_PAGES
from hoofprint.pages.invitation import INVITATION_PAGES
from hoofprint.pages.problems import HANDLERS


@cache
def page_routes() -> tuple[ControllerRouterHandler, ...]:
    """The routes of all pages, whose errors are pages, too."""
    handlers = [*ENTERING_PAGES, *INVITATION_PAGES, *ACCOUNT_PAGES]
    return (Router(path="/", route_handlers=handlers, exception_handlers=HANDLERS),)
