"""A collection request as it came in, before anything was concluded from it."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from hoofprint.model.arrival import Kind
from hoofprint.model.domain import Domain

Scalar = str | int | float | bool | None


class Hit(Struct, gc=False):
    """The body of a hit, event or keep-alive (`api.md`, Sending Page Views and after).

    The fields are the wire's; every one is optional here, what is required depends on the kind and
    is checked by the API. `ip` and `user_agent` end in the pipe: neither is ever stored.
    """

    url: str | None = None
    ip: str | None = None
    user_agent: str | None = None
    accept_language: str | None = None
    sec_ch_ua: str | None = None
    sec_ch_ua_mobile: str | None = None
    sec_ch_ua_platform: str | None = None
    sec_ch_ua_platform_version: str | None = None
    sec_ch_width: str | None = None
    sec_ch_viewport_width: str | None = None
    title: str | None = None
    referrer: str | None = None
    screen_width: int | float | None = None
    screen_height: int | float | None = None
    tags: dict[str, Scalar] | None = None
    time: datetime | None = None
    event_name: str | None = None
    event_duration: int | float | None = None
    event_meta: dict[str, Scalar] | None = None
    non_interactive: bool | None = None
    disable_bot_filter: bool | None = None


class Request(Struct, gc=False):
    """A hit with all that the steps may know about it.

    `time` is the arrival's time in whole Unix seconds. `from_browser` is set for snippet requests,
    whose headers (lower-case names) are then in `headers`; server-side clients have none.
    """

    kind: Kind
    hit: Hit
    domain: Domain
    time: int
    from_browser: bool = False
    headers: dict[str, str] = {}
