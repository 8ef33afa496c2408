"""The collection endpoints of the browser script: `GET /hit`, `POST /event`, `POST /session`.

`clients.md` section 4. The identification code is public, so that whatever identifies the visitor
is taken from the connection and its headers, never from what the script says.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import unquote, unquote_plus

import msgspec

from hoofprint.api.admission import hostname_in
from hoofprint.api.asgi import Handler, Header, Receive, Reply, Scope, read_body, reply
from hoofprint.api.client_ip import client_ip
from hoofprint.api.lenient import UNREADABLE, Refused, number, parse, understand
from hoofprint.api.services import Services
from hoofprint.errors import Forbidden, Invalid, Unauthenticated
from hoofprint.ingest.hit import Hit, Request
from hoofprint.ingest.problems import problems
from hoofprint.management.hostnames import matches
from hoofprint.model.arrival import Kind
from hoofprint.model.domain import Domain

CORS: tuple[Header, ...] = ((b"access-control-allow-origin", b"*"),)
PREFLIGHT = reply(
    204,
    headers=(
        *CORS,
        (b"access-control-allow-methods", b"GET, POST, OPTIONS"),
        (b"access-control-allow-headers", b"*, authorization, content-type"),
        (b"access-control-max-age", b"86400"),
    ),
)
OK = reply(200, headers=CORS)
OK_UNCACHED = reply(200, headers=(*CORS, (b"cache-control", b"no-store")))

HEADERS = {
    name.encode(): name
    for name in (
        "user-agent",
        "accept-language",
        "sec-ch-ua",
        "sec-ch-ua-mobile",
        "sec-ch-ua-platform",
        "sec-ch-ua-platform-version",
        "sec-ch-width",
        "sec-ch-viewport-width",
        "x-moz",
        "purpose",
        "x-purpose",
        "sec-purpose",
        "dnt",
        "sec-gpc",
    )
}
"""The request headers that the pipe may see."""

TAG = "tag_"
VISITORS_OWN = ("ip", "user_agent")
"""Fields no script fills in: if the connection has none, the pipe says what follows."""

NOT_THE_SCRIPTS = ("ip", "user_agent", "accept_language", "time", "disable_bot_filter")
"""Fields of the body that are overruled or ignored, whatever they hold."""


class BrowserEvent(Hit, gc=False):
    """The body of `POST /event`; of a hit's fields only those that `_event` names count."""

    identification_code: str | None = None


class _Snippet:
    """The three endpoints, over what they share."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._directory = services.directory
        self._visitor_ip = client_ip(services.settings.trusted_proxies)
        self._decode = msgspec.json.Decoder(BrowserEvent).decode

    async def page_view(self, scope: Scope, _: Receive) -> Reply:
        """`GET /hit`."""
        query = read_query(scope["query_string"])
        domain = await self._measured(query.get("code"))
        hit, wrong = _page_view(query)
        await self._take(Kind.HIT, domain, hit, wrong, scope)
        return OK_UNCACHED

    async def event(self, scope: Scope, receive: Receive) -> Reply:
        """`POST /event`."""
        body = await read_body(receive, self._services.settings.max_body_bytes)
        wrong: Mapping[str, str] = {}
        try:
            form = self._decode(body)
        except UNREADABLE:
            form, wrong = _understood(body)
        domain = await self._measured(form.identification_code)
        await self._take(Kind.EVENT, domain, _event(form), wrong, scope)
        return OK

    async def keep_alive(self, scope: Scope, _: Receive) -> Reply:
        """`POST /session`."""
        query = read_query(scope["query_string"])
        domain = await self._measured(query.get("code"))
        await self._take(Kind.KEEP_ALIVE, domain, Hit(url=query.get("url")), {}, scope)
        return OK

    async def _measured(self, code: str | None) -> Domain:
        """The domain of an identification code, if scripts may report for it."""
        if not code:
            raise Unauthenticated
        known = self._directory.cached_domain_by_code(code)
        domain = known or await self._directory.domain_by_code(code)
        if domain is None:
            raise Unauthenticated
        if domain.disable_scripts:
            raise Forbidden
        return domain

    async def _take(
        self, kind: Kind, domain: Domain, hit: Hit, wrong: Mapping[str, str], scope: Scope
    ) -> None:
        services = self._services
        headers = _seen(scope, hit)
        hit.ip = self._visitor_ip(scope)
        faults = {f: m for f, m in problems(kind, hit).items() if f not in VISITORS_OWN}
        if not hit.url:
            faults["url"] = "is required"
        elif "url" not in faults and not matches(domain, hostname_in(hit.url)):
            faults["url"] = "its hostname is not one of the domain's"
        faults.update(wrong)
        if faults:
            raise Invalid(faults)
        request = Request(
            kind, hit, domain, int(services.clock()), from_browser=True, headers=headers
        )
        records = (services.pipe.refine(request),)
        await services.spool.submit(records)
        services.metrics.took(kind, records)


def snippet(services: Services) -> dict[str, tuple[str, Handler]]:
    """The script's endpoints: path -> (method, handler)."""
    endpoints = _Snippet(services)
    return {
        "/hit": ("GET", endpoints.page_view),
        "/event": ("POST", endpoints.event),
        "/session": ("POST", endpoints.keep_alive),
    }


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    """A decoded query value; urls and titles come again and again."""
    return unquote_plus(text)


def read_query(raw: bytes) -> dict[str, str]:
    """A query's parameters, decoded; the last one of a name counts, empty ones are left out."""
    found: dict[str, str] = {}
    for pair in raw.decode("utf-8", "replace").split("&"):
        name, _, value = pair.partition("=")
        if value:
            if "%" in name or "+" in name:
                name = _plain(name)
            found[name] = _plain(value) if "%" in value or "+" in value else value
    return found


def _page_view(query: Mapping[str, str]) -> tuple[Hit, dict[str, str]]:
    wrong: dict[str, str] = {}
    sizes: dict[str, int | float | None] = {}
    for name in ("w", "h"):
        try:
            sizes[name] = number(query.get(name, ""))
        except Refused as error:
            wrong[name] = str(error)
    hit = Hit(
        url=query.get("url"),
        title=query.get("t"),
        referrer=query.get("ref"),
        screen_width=sizes.get("w"),
        screen_height=sizes.get("h"),
        tags={name[len(TAG) :]: v for name, v in query.items() if name.startswith(TAG)},
    )
    return hit, wrong


def _understood(body: bytes) -> tuple[BrowserEvent, dict[str, str]]:
    try:
        hit, wrong = understand(BrowserEvent, parse(body), ignore=NOT_THE_SCRIPTS)
    except Refused as error:
        raise Invalid({}, str(error)) from None
    return hit, wrong


def _event(form: BrowserEvent) -> Hit:
    """What of an event's body is the page's to say."""
    url, title, referrer = form.url, form.title, form.referrer
    if url and ":" not in url:  # older scripts send these three percent-encoded
        url, title, referrer = unquote(url), unquote(title or ""), unquote(referrer or "")
    return Hit(
        url=url,
        title=title,
        referrer=referrer,
        screen_width=form.screen_width,
        screen_height=form.screen_height,
        tags=form.tags,
        event_name=form.event_name,
        event_duration=form.event_duration,
        event_meta=form.event_meta,
        non_interactive=form.non_interactive,
    )


def _seen(scope: Scope, hit: Hit) -> dict[str, str]:
    """The request's headers that the pipe may see; those that a hit has fields for go there too."""
    headers = {
        HEADERS[name]: value.decode("latin-1")
        for name, value in scope["headers"]
        if name in HEADERS
    }
    get = headers.get
    hit.user_agent = get("user-agent", "")
    hit.accept_language = get("accept-language")
    hit.sec_ch_ua = get("sec-ch-ua")
    hit.sec_ch_ua_mobile = get("sec-ch-ua-mobile")
    hit.sec_ch_ua_platform = get("sec-ch-ua-platform")
    hit.sec_ch_ua_platform_version = get("sec-ch-ua-platform-version")
    hit.sec_ch_width = get("sec-ch-width")
    hit.sec_ch_viewport_width = get("sec-ch-viewport-width")
    return headers
