"""Renders pages: everything is in the one answer, and browsers are told to load nothing else."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import MediaType, Response
from litestar.background_tasks import BackgroundTask
from litestar.datastructures import Cookie
from markupsafe import Markup

SEE_OTHER = 303


def page(
    template: str,
    status: int = 200,
    cookies: Sequence[Cookie] = (),
    background: BackgroundTask | None = None,
    **shown: Any,
) -> Response[str]:
    """A page made of `templates/{template}.html`."""
    usual = {"messages": (), "notice": "", "wrong": {}, "values": Values(), "wide": False}
    text = _templates().get_template(f"{template}.html").render(usual | shown)
    return Response(
        text,
        status_code=status,
        media_type=MediaType.HTML,
        headers=_headers(),
        cookies=list(cookies),
        background=background,
    )


def redirect(path: str, cookies: Sequence[Cookie] = ()) -> Response[str]:
    """Sends the browser to a page of ours, after a form too."""
    return Response(
        "",
        status_code=SEE_OTHER,
        media_type=MediaType.HTML,
        headers={**_headers(), "location": path},
        cookies=list(cookies),
    )


class Values(dict[str, str]):
    """What was typed into a form that is shown again; whatever was not is empty."""

    def __missing__(self, name: str) -> str:
        return ""


@cache
def _templates() -> Environment:
    made = Environment(
        loader=PackageLoader("hoofprint.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["style"] = Markup(_style())  # noqa: S704 - a file of ours
    return made


@cache
def _style() -> str:
    return files("hoofprint.pages").joinpath("style.css").read_text("utf-8")


@cache
def _headers() -> dict[str, str]:
    """No script, no frame, nothing from elsewhere, nothing kept, and no address told to others."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    policy = (
        "default-src 'none'",
        f"style-src 'sha256-{digest}'",
        "img-src data:",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
    return {
        "content-security-policy": "; ".join(policy),
        "referrer-policy": "no-referrer",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
    }
