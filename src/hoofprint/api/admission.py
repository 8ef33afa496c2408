"""Who may send what a server-side client sends, and the domain it is counted for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import lru_cache

import can_ada

from hoofprint.api.asgi import Header
from hoofprint.api.services import Services
from hoofprint.errors import Forbidden, Invalid, NotFound, Unauthenticated
from hoofprint.ingest.hit import Hit
from hoofprint.model.domain import Domain
from hoofprint.model.principal import Principal, Scope

Admit = Callable[[Sequence[Header]], Awaitable[Principal]]
Place = Callable[[Principal, Hit], Awaitable[Domain]]

UNPLACED = "its hostname belongs to none of your domains"


class KeepAlive(Hit, gc=False):
    """The body of a keep-alive: a user client names the domain by `hostname` if it has no url."""

    hostname: str | None = None


def bearer(headers: Sequence[Header]) -> str:
    """The token of the `Authorization` header. Raises Unauthenticated without one."""
    for name, value in headers:
        if name == b"authorization" and value[:7].lower() == b"bearer ":
            token = value[7:].strip()
            if token:
                return token.decode("latin-1")
    raise Unauthenticated


def admission(services: Services, scope: Scope) -> Admit:
    """A function from a request's headers to the client that sent it, if `scope` is granted to it.

    It raises Unauthenticated or Forbidden.
    """
    directory = services.directory

    async def admit(headers: Sequence[Header]) -> Principal:
        token = bearer(headers)
        principal = directory.cached_principal(token) or await directory.principal(token)
        if "w" not in principal.scopes.get(scope, ""):
            raise Forbidden
        return principal

    return admit


def placement(services: Services) -> Place:
    """A function from a client and its hit to the domain: its own, else the one the url names.

    It raises Invalid naming `url` when a user client's url leads to no domain of that user.
    """
    directory = services.directory

    async def place(principal: Principal, hit: Hit) -> Domain:
        if principal.domain_id is not None:
            own = await directory.domain_by_id(principal.domain_id)
            if own is None:
                raise NotFound
            return own
        hostname = hostname_of(hit)
        if not hostname:
            raise Invalid({"url": "is needed to find the domain"})
        found = await directory.domain_for_user(principal.user_id or "", hostname)
        if found is None:
            raise Invalid({"url": UNPLACED})
        return found

    return place


async def place_all(
    place: Place, principal: Principal, hits: Sequence[Hit], wrong: dict[str, str]
) -> list[Domain]:
    """Every item's domain; an item that has none is noted in `wrong`."""
    if not hits:
        return []
    if principal.domain_id is not None:
        return [await place(principal, hits[0])] * len(hits)
    known: dict[str, Domain] = {}
    domains: list[Domain] = []
    for index, hit in enumerate(hits):
        hostname = hostname_of(hit)
        try:
            domain = known.get(hostname) or await place(principal, hit)
        except Invalid as error:
            wrong[f"[{index}].url"] = error.fields["url"]
            continue
        known[hostname] = domain
        domains.append(domain)
    return domains


@lru_cache(maxsize=4096)
def hostname_in(url: str) -> str:
    """The lower-case hostname of a url, without its port; empty when there is none."""
    try:
        return str(can_ada.parse(url).hostname)
    except ValueError:
        return ""


def hostname_of(hit: Hit) -> str:
    """The hostname of a hit's url; a keep-alive without a url may name it by itself."""
    if hit.url:
        return hostname_in(hit.url)
    return (isinstance(hit, KeepAlive) and hit.hostname) or ""
