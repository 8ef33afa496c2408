"""Every page."""

from __future__ import annotations

from litestar.types import ControllerRouterHandler


def page_routes() -> list[ControllerRouterHandler]:
    """The routes of all pages."""
    return []
