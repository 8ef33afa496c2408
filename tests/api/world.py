"""One instance of the HTTP side to ask, with a spool that only remembers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import httpx
from litestar.types import ControllerRouterHandler

from hoofprint.api.app import Front
from hoofprint.api.services import Services
from hoofprint.errors import SpoolFull
from hoofprint.model.arrival import Arrival, Dropped
from hoofprint.model.domain import Domain

NOW = 1_777_900_000.5
"""2026-05-04 13:06:40.5 UTC."""

BROWSER = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Safari/537.36"
)


class MemorySpool:
    """A spool that keeps what it was given; `full` makes it refuse, `crash` makes it break."""

    def __init__(self) -> None:
        self.records: list[Arrival | Dropped] = []
        self.full = False
        self.crash: Exception | None = None

    async def submit(self, records: Sequence[Arrival | Dropped]) -> None:
        if self.full:
            raise SpoolFull("no space left on /some/secret/place")
        if self.crash is not None:
            raise self.crash
        self.records.extend(records)


@dataclass(frozen=True)
class Cast:
    """Who takes part: one account's domains, and bearers of every sort for them.

    `domain` is `example.com` and `*.example.org`, `sibling` is `other.example`, and `scriptless`
    takes nothing from scripts. `scoped` holds tokens of domain clients with that one scope only.
    """

    user_id: str
    domain: Domain
    sibling: Domain
    scriptless: Domain
    client_id: str
    client_secret: str
    access_key: str
    domain_token: str
    user_token: str
    expired_token: str
    scoped: Mapping[str, str]


class World:
    """One instance of the HTTP side, and a client that talks to it."""

    def __init__(
        self,
        services: Services,
        cast: Cast,
        spool: MemorySpool,
        runner: asyncio.Runner,
        pages: Sequence[ControllerRouterHandler] = (),
    ) -> None:
        self.app = Front(services, pages)
        self.services = services
        self.cast = cast
        self.spool = spool
        self.runner = runner

    def but(self, **parts: Any) -> World:
        """The same instance with some of its parts replaced."""
        return World(replace(self.services, **parts), self.cast, self.spool, self.runner)

    def send(
        self,
        method: str,
        path: str,
        content: bytes | Sequence[bytes] | None = None,
        *,
        json: Any = None,
        bearer: str | None = None,
        headers: Mapping[str, str] | None = None,
        peer: str = "81.2.69.142",
    ) -> httpx.Response:
        """One request; a list of bytes is sent in chunks."""

        async def chunks(parts: Sequence[bytes]) -> AsyncIterator[bytes]:
            for part in parts:
                yield part

        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, client=(peer, 4711))
            async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
                fields = {"user-agent": BROWSER, **(headers or {})}
                if bearer is not None:
                    fields["authorization"] = f"Bearer {bearer}"
                encoded = {k.encode(): v.encode("latin-1") for k, v in fields.items()}
                body = content if isinstance(content, bytes | None) else chunks(content)
                return await client.request(
                    method, "http://test" + path, content=body, json=json, headers=encoded
                )

        return self.runner.run(ask())
