"""A request as it might come in, and what a step or the whole pipe makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from hoofprint.ingest.chain import Sources, standard_pipe
from hoofprint.ingest.geo import GeoReader
from hoofprint.ingest.hit import Hit, Request
from hoofprint.ingest.pipe import Outcome, Pipe, Step
from hoofprint.model.arrival import Arrival, Dropped, Kind
from hoofprint.model.domain import Domain
from hoofprint.model.reasons import DropReason
from hoofprint.sessions.visitors import visitor_id

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/138.0.0.0 Safari/537.36"
)
NOON = 1_750_000_000 - 1_750_000_000 % 86_400 + 43_200
DOMAIN = Domain("domain0001", "example.com", hostnames=("shop.example.org", "*.example.net"))
KEY = "k" * 16
ANY_TEXT = st.text(st.characters(exclude_categories=()))
"""Lone surrogates and NULs too."""


def hit(**fields: Any) -> Hit:
    """A hit that passes every rule unless the given fields say otherwise."""
    usual = {"url": "https://example.com/page", "ip": "8.8.8.8", "user_agent": CHROME}
    return Hit(**{**usual, **fields})


def asked(
    kind: Kind = Kind.HIT,
    *,
    time: int = NOON,
    domain: Domain = DOMAIN,
    headers: dict[str, str] | None = None,
    **fields: Any,
) -> Request:
    """A request with such a hit."""
    return Request(kind, hit(**fields), domain, time, headers is not None, headers or {})


def run(step: Step, request: Request, facts: Mapping[str, Any]) -> Outcome:
    """What a step makes of a request and the facts it needs."""
    return step.run(request, *(facts[name] for name in step.needs))


def done(step: Step, request: Request, **facts: Any) -> dict[str, Any]:
    """The facts that a step gives, by name; it must not drop the request."""
    found = run(step, request, facts)
    assert isinstance(found, tuple)
    return dict(zip(step.gives, found, strict=True))


def reason(step: Step, request: Request, **facts: Any) -> DropReason | None:
    """Why a step drops a request, None if it does not."""
    found = run(step, request, facts)
    return found if isinstance(found, DropReason) else None


def identify(time: int, ip: str, user_agent: str, domain_id: str) -> int:
    """The visitor id under a key that is another one every day."""
    return visitor_id(f"{KEY}{time // 86_400}"[-16:], ip, user_agent, domain_id)


def pipe(geo: GeoReader | None = None) -> Pipe:
    """The pipe of a running server, with a fixed session id of 7."""
    return standard_pipe(Sources(identify, lambda: 7, geo or GeoReader({})))


PIPE = pipe()


def arrived(request: Request) -> Arrival:
    """The arrival that the whole pipe makes of a request; it must not be dropped."""
    found = PIPE.refine(request)
    assert isinstance(found, Arrival), found
    return found


def dropped(request: Request) -> DropReason | None:
    """Why the whole pipe drops a request, None if it does not."""
    found = PIPE.refine(request)
    return found.reason if isinstance(found, Dropped) else None
