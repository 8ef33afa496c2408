"""What each error becomes on the wire: the only place that knows status codes and the error shape.

Every refusal is `{"validation": {field: message}, "error": [message], "context": {}}` with all
three keys (`api.md`; `clients.md` section 3). Texts of the server's own troubles are never shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

import msgspec
import structlog
from litestar import Request, Response
from litestar.datastructures import State
from litestar.exceptions import HTTPException, ValidationException
from litestar.types import ExceptionHandlersMap

from hoofprint.api.asgi import Header, Reply, reply
from hoofprint.api.logs import outline
from hoofprint.errors import (
    DnsFailed,
    Forbidden,
    HoofprintError,
    HungUp,
    Invalid,
    NotFound,
    QueryTooLarge,
    QueryTooSlow,
    SpoolFull,
    TooBusy,
    TooLarge,
    TooManyRequests,
    Unauthenticated,
    Unavailable,
)

log = structlog.get_logger(__name__)
_encode = msgspec.json.Encoder().encode

CRASHED = "something went wrong on the server; the request may be repeated"

HUNG_UP = 499
"""What proxies count for a client that did not wait for its answer; nobody receives it."""

STATUSES: tuple[tuple[type[HoofprintError], int, str], ...] = (
    (Invalid, HTTPStatus.BAD_REQUEST, ""),
    (Unauthenticated, HTTPStatus.UNAUTHORIZED, "the credentials are missing, wrong or expired"),
    (Forbidden, HTTPStatus.FORBIDDEN, "these credentials may not do this"),
    (NotFound, HTTPStatus.NOT_FOUND, "not found"),
    (TooLarge, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "the body is too large"),
    (TooManyRequests, HTTPStatus.TOO_MANY_REQUESTS, "too many requests"),
    (
        QueryTooLarge,
        HTTPStatus.BAD_REQUEST,
        "the question needs too much memory: ask for a shorter period or add a filter",
    ),
    (
        QueryTooSlow,
        HTTPStatus.SERVICE_UNAVAILABLE,
        "the question takes too long: ask for a shorter period or add a filter",
    ),
    (
        TooBusy,
        HTTPStatus.SERVICE_UNAVAILABLE,
        "too many questions are asked at once: try again, or ask fewer at a time",
    ),
    (
        DnsFailed,
        HTTPStatus.SERVICE_UNAVAILABLE,
        "the DNS did not answer when it was asked for the TXT record; try again",
    ),
    (HungUp, HUNG_UP, "the client went away"),
    (SpoolFull, HTTPStatus.SERVICE_UNAVAILABLE, "nothing was accepted; try again"),
    (Unavailable, HTTPStatus.SERVICE_UNAVAILABLE, "not ready; try again"),
)
"""The first line that fits decides: status and what is said."""


class Refusal(msgspec.Struct, frozen=True):
    """An error as it is answered: status, headers and the three keys of the body."""

    status: int
    validation: Mapping[str, str] = {}
    messages: tuple[str, ...] = ()
    headers: tuple[Header, ...] = ()

    @property
    def body(self) -> dict[str, Any]:
        """The documented error shape."""
        return {
            "validation": dict(self.validation),
            "error": list(self.messages),
            "context": {},
        }


def refusal(error: BaseException) -> Refusal:
    """What an error becomes; whatever is not known here is a 500 that says nothing about itself."""
    for kind, status, text in STATUSES:
        if not isinstance(error, kind):
            continue
        if isinstance(error, Invalid):
            return Refusal(status, error.fields, tuple(error.messages))
        headers: tuple[Header, ...] = ()
        if isinstance(error, TooManyRequests | Unavailable | QueryTooSlow):
            headers = ((b"retry-after", str(error.retry_after).encode()),)
        if isinstance(error, TooManyRequests):
            headers = (*headers, *_standing(error))
        elif isinstance(error, Unauthenticated):
            headers = ((b"www-authenticate", b"Bearer"),)
        return Refusal(status, messages=(text,), headers=headers)
    if isinstance(error, HTTPException):
        return _frameworks(error)
    return Refusal(HTTPStatus.INTERNAL_SERVER_ERROR, messages=(CRASHED,))


def reply_to(error: BaseException, headers: Iterable[Header] = ()) -> Reply:
    """The raw ASGI answer to an error, with further headers (CORS of the snippet endpoints)."""
    refused = refusal(error)
    return reply(refused.status, _encode(refused.body), (*headers, *refused.headers))


def method_not_allowed(allowed: str, headers: Iterable[Header] = ()) -> Reply:
    """The answer to a method that a path does not have."""
    refused = Refusal(HTTPStatus.METHOD_NOT_ALLOWED, messages=(f"use {allowed} here",))
    return reply(refused.status, _encode(refused.body), (*headers, (b"allow", allowed.encode())))


def _standing(error: TooManyRequests) -> tuple[Header, ...]:
    """The headers of a limit that is used up."""
    return (
        (b"x-ratelimit-limit", str(error.limit).encode()),
        (b"x-ratelimit-remaining", b"0"),
        (b"x-ratelimit-reset", str(error.retry_after).encode()),
    )


def _frameworks(error: HTTPException) -> Refusal:
    """Litestar's own refusals (no such path, wrong method, unreadable parameters) in our shape."""
    status = HTTPStatus(error.status_code)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Refusal(status, messages=(CRASHED,))
    fields: dict[str, str] = {}
    if isinstance(error, ValidationException) and isinstance(error.extra, list):
        for part in error.extra:
            if isinstance(part, dict) and part.get("key"):
                fields[str(part["key"])] = str(part.get("message", "invalid"))
    headers = tuple(
        (name.lower().encode(), value.encode()) for name, value in (error.headers or {}).items()
    )
    return Refusal(status, fields, () if fields else (status.phrase,), headers)


def _present(request: Request[Any, Any, State], error: Exception) -> Response[dict[str, Any]]:
    refused = refusal(error)
    if refused.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("crashed", path=request.scope["path"], **outline(error))
    return Response(
        refused.body,
        status_code=refused.status,
        media_type="application/json",
        headers={name.decode(): value.decode() for name, value in refused.headers},
    )


HANDLERS: ExceptionHandlersMap = {
    HoofprintError: _present,
    HTTPException: _present,
    Exception: _present,
}
"""Litestar's exception handlers: all of them are one function."""
