"""What a browser has of a login: its cookie, the token against forged requests, its names.

Only a browser that reaches the instance by TLS gets cookies that no other host can set (`__Host-`).
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Any
from urllib.parse import urlsplit

from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie

from hoofprint.errors import Forbidden
from hoofprint.ingest.steps.user_agent import parse_user_agent
from hoofprint.management.accounts.logins import LIFETIME_SECONDS, Device
from hoofprint.settings import Settings

LOGIN = "hoofprint"
HOST_ONLY = "__Host-"
NO_ORIGIN = "null"
"""What browsers send from a page that tells nobody where requests come from."""
Connection = ASGIConnection[Any, Any, Any, Any]


def is_secure(settings: Settings) -> bool:
    """Whether browsers reach the instance by TLS."""
    return urlsplit(settings.public_url).scheme == "https"


def cookie_name(settings: Settings, name: str = LOGIN) -> str:
    """What a cookie of ours is called."""
    return f"{HOST_ONLY if is_secure(settings) else ''}{name}"


def cookie(settings: Settings, value: str, name: str = LOGIN, max_age: int | None = None) -> Cookie:
    """A cookie for this host only, out of reach of scripts; without an age for this session."""
    return Cookie(
        key=cookie_name(settings, name),
        value=value,
        path="/",
        max_age=max_age,
        httponly=True,
        samesite="lax",
        secure=is_secure(settings),
    )


def login_cookie(settings: Settings, token: str) -> Cookie:
    """The cookie of a new login."""
    return cookie(settings, token, max_age=int(LIFETIME_SECONDS))


def no_login_cookie(settings: Settings) -> Cookie:
    """Makes the browser forget its login."""
    return cookie(settings, "", max_age=0)


def login_of(request: Connection, settings: Settings) -> str:
    """The token of the browser's login; empty without one."""
    return str(request.cookies.get(cookie_name(settings), ""))


def csrf_token(token: str) -> str:
    """What requests of our own pages carry; it tells nothing about the cookie it belongs to."""
    return hashlib.sha256(b"csrf " + token.encode()).hexdigest()


def check_token(token: str, given: str) -> None:
    """Raise Forbidden unless a request carries what belongs to its cookie."""
    if not hmac.compare_digest(csrf_token(token).encode(), given.encode("utf-8", "replace")):
        raise Forbidden


def check_ours(request: Connection, settings: Settings, *, nameless: bool = False) -> None:
    """Raise Forbidden if the browser says that another site makes it ask.

    `nameless`: an origin that is not told is fine, as our pages don't tell theirs and browsers send
    `Sec-Fetch-Site` over TLS only.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is not None and site not in {"same-origin", "none"}:
        raise Forbidden
    if origin is None or (origin == NO_ORIGIN and (nameless or site is not None)):
        return
    found = urlsplit(origin)
    public = urlsplit(settings.public_url)
    ours = (found.scheme, found.netloc) == (public.scheme, public.netloc)
    if not ours and found.netloc != request.headers.get("host", ""):
        raise Forbidden


def device_of(request: Connection, settings: Settings) -> Device:
    """Where somebody logs in: nothing of the user agent is kept but two names."""
    software = parse_user_agent(request.headers.get("user-agent", ""))
    return Device(software.browser, software.os, login_of(request, settings))
