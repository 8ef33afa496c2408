"""How long it takes to list many domains, with the records in SQLite and in PostgreSQL."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from statistics import median
from typing import Any

import httpx
import msgspec
from msgspec import Struct
from sqlalchemy.orm import Session

from hoofprint.api.asgi import App
from hoofprint.bootstrap import Application, build
from hoofprint.management.clients import NewClient, create_client
from hoofprint.management.domains import NewDomain, create_domain
from hoofprint.management.users import NewUser, create_user
from hoofprint.records.moments import moment
from hoofprint.records.tables import ClientType, MemberRecord
from hoofprint.settings import Settings
from hoofprint.testing.postgres_server import postgres_server, programs

OWN, OTHERS = 500, 500
RUNS = 30
TARGET_MS = 200


class Listing(Struct, frozen=True):
    """How long it took to list the domains from records of a kind, in milliseconds."""

    kind: str
    median: float
    worst: float
    kilobytes: float


def run() -> list[Listing]:
    """Each kind of database that there is here."""
    with ExitStack() as opened, tempfile.TemporaryDirectory() as folder:
        measured = [_measure("SQLite", Settings(data_dir=f"{folder}/sqlite", **SETTINGS))]
        binaries = programs()
        if binaries is not None:
            url = opened.enter_context(postgres_server(binaries)).create()
            settings = Settings(data_dir=f"{folder}/other", database_url=url, **SETTINGS)
            measured.append(_measure("PostgreSQL", settings))
        return measured


SETTINGS: dict[str, Any] = {"rate_limit_configuration": 0, "log_level": "error"}


def table(measured: Sequence[Listing]) -> str:
    """The listings as Markdown."""
    head = ["| records | median ms | slowest ms | KB | target ms |", "|---|--:|--:|--:|--:|"]
    rows = [
        f"| {one.kind} | {one.median:.0f} | {one.worst:.0f} | {one.kilobytes:.0f} | {TARGET_MS} |"
        for one in measured
    ]
    how = f"{OWN} domains of one's own and {OTHERS} of others, {RUNS} times."
    return "\n".join([how, "", *head, *rows])


def _measure(kind: str, settings: Settings) -> Listing:
    application = build(settings)
    try:
        bearer = asyncio.run(_token(application, *application.records.write(_fill)))
        took, size = zip(*asyncio.run(_list(application.asgi, bearer)), strict=True)
    finally:
        application.close()
    return Listing(kind, median(took), max(took), size[0] / 1000)


def _fill(session: Session) -> tuple[str, str]:
    """The credentials of a user's client, after the domains are there."""
    now = time.time()
    user, other = (create_user(session, NewUser(f"{n}@example.com", "x"), now) for n in "ab")
    session.flush()
    times = {"def_time": moment(now), "mod_time": moment(now)}
    for number in range(OWN + OTHERS):
        owner = user if number < OWN else other
        new = NewDomain(f"site{number}.example", "Europe/Berlin", f"site{number}")
        domain = create_domain(session, new, owner.id, now)
        if owner is other:
            member = MemberRecord(domain_id=domain.id, user_id=user.id, role="Viewer", **times)
            session.add(member)
    scopes = {"domains": "r"}
    made = create_client(session, NewClient(ClientType.OAUTH, None, user.id, scopes), now)
    return made.record.client_id, made.secret


async def _token(application: Application, client_id: str, secret: str) -> str:
    return (await application.services.exchange.exchange(client_id, secret)).access_token


async def _list(app: App, bearer: str) -> list[tuple[float, int]]:
    """Milliseconds and bytes of each answer; the first one is not counted."""
    transport = httpx.ASGITransport(app)
    headers = {"authorization": f"Bearer {bearer}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://bench") as client:
        found = []
        for _ in range(RUNS + 1):
            begun = time.perf_counter()
            answer = await client.get("/api/v1/domain", headers=headers)
            took = (time.perf_counter() - begun) * 1000
            if len(msgspec.json.decode(answer.content)) != OWN + OTHERS:
                raise RuntimeError(answer.text)
            found.append((took, len(answer.content)))
    return found[1:]
