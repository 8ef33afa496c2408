"""Serves the browser script at `/pa.js` and under its older names (`clients.md` section 4)."""

from __future__ import annotations

import gzip
import hashlib
from typing import Any

from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler
from msgspec import Struct

from hoofprint.tracker.build import BUILDS, build

SCRIPT = "text/javascript"
CACHE = "public, max-age=3600"


class Asset(Struct, frozen=True):
    """A file as it is sent: plain and compressed, with the tag that says which version it is."""

    text: bytes
    packed: bytes
    etag: str


def asset(text: str) -> Asset:
    """The text of a script or a style sheet, ready to send."""
    plain = text.encode()
    tag = hashlib.sha256(plain).hexdigest()[:16]
    return Asset(plain, gzip.compress(plain, mtime=0), f'"{tag}"')


def present(
    request: Request[Any, Any, State], file: Asset, media_type: str = SCRIPT
) -> Response[bytes]:
    """The file, or 304 when the browser has this version already."""
    headers = {
        "cache-control": CACHE,
        "etag": file.etag,
        "vary": "accept-encoding",
        "access-control-allow-origin": "*",
        "x-content-type-options": "nosniff",
    }
    known = request.headers.get("if-none-match", "")
    if file.etag in known or known.strip() == "*":
        return Response(b"", status_code=304, headers=headers, media_type=media_type)
    body = file.text
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["content-encoding"] = "gzip"
        body = file.packed
    return Response(body, headers=headers, media_type=media_type)


def script_routes() -> list[HTTPRouteHandler]:
    """One route for every name the script goes by."""
    return [_route(name, asset(build(parts))) for name, parts in BUILDS.items()]


def _route(name: str, file: Asset) -> HTTPRouteHandler:
    @get(f"/{name}", include_in_schema=False, sync_to_thread=False, name=name)
    def serve(request: Request[Any, Any, State]) -> Response[bytes]:
        return present(request, file)

    return serve
