"""How long whole dashboards take over HTTP: twenty questions at once, alone and under load."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec
from msgspec import Struct

from bench.facts import TODAY, Size, fill, settle
from bench.hits import realistic
from bench.ingest import ROOT, Server, made, serving
from hoofprint.store.embedded import EmbeddedStore

ROUTES = (
    *("total", "growth", "visitor", "hours", "active", "page", "page/entry", "page/exit"),
    *("referrer", "channel", "utm/source", "utm/campaign", "country", "region", "language"),
    *("browser", "os", "screen", "events", "utm/medium"),
)
"""What a dashboard shows."""
DAYS = 90
PERIODS = {"30 days": "2026-05-02", "90 days": "2026-03-04"}
LAST = "2026-05-31"
FILTERS: dict[str, dict[str, str]] = {
    "no filter": {},
    "path": {"path": "/page/7"},
    "country": {"country": "de"},
    "event": {"event": "Sign up"},
    "tag": {"tag_author": "Author 3"},
}
RUNS = 5
STARTS = 3
DASHBOARDS, HITS_PER_SECOND, SECONDS = 8, 2000, 60
LOOKING_SECONDS = 30
"""A person who looks at dashboards opens a new one so often."""


class Site(Struct, frozen=True):
    """A domain of a running server and the tokens for it."""

    server: Server
    domain_id: str
    token: str
    key: str


class Shown(Struct, frozen=True):
    """Milliseconds of one dashboard, and of its slowest question.

    `cold` is the first one after the server's start; `moved` one of a period that shares days with
    what was asked before; `warm` one that was asked before.
    """

    period: str
    filter: str
    cold: float
    moved: float
    warm: float
    slowest: float
    route: str


class Filled(Struct, frozen=True):
    """A data directory with two sites, and what belongs to the first of them."""

    data: Path
    said: dict[str, str]


def filled(views: int, directory: Path) -> Filled:
    """Two sites that share the page views of 90 days; written unless they are there."""
    data = directory / f"dashboards-{views}"
    about = data / "about.json"
    if not about.exists():
        made(data, "user", "create", "--email", "a@example.com", "--password", "correct horse")
        ids = [made(data, "domain", "create", "--hostname", h)["id"] for h in ("a.com", "b.com")]
        reader = made(
            *(data, "client", "create", "--domain", ids[0], "--type", "oauth"),
            *("--scope", "statistics=r"),
        )
        key = made(data, "client", "create", "--domain", ids[0], "--type", "token")
        store = EmbeddedStore(data / "store", readers=4)
        try:
            store.migrate()
            for salt, domain_id in enumerate(ids):
                fill(store, Size(domain_id, views // 2, DAYS, TODAY, salt * views))
            settle(store)
        finally:
            store.close()
        about.write_text(json.dumps({**reader, "id": ids[0], "key": key["access_key"]}))
    return Filled(data, json.loads(about.read_text()))


@contextmanager
def site(at: Filled) -> Iterator[Site]:
    """A server that was just started; a question takes as long as it needs."""
    patient = {"query_seconds": "600", "query_wait_seconds": "600"}
    with serving(at.data, at.said["key"], **patient) as server:
        body = {name: at.said[name] for name in ("client_id", "client_secret")}
        connection = HTTPConnection("127.0.0.1", server.port)
        connection.request("POST", "/api/v1/token", json.dumps(body))
        token = json.loads(connection.getresponse().read())["access_token"]
        yield Site(server, at.said["id"], token, at.said["key"])


class Asker:
    """Asks a server, each question over a connection of its own."""

    def __init__(self, at: Site) -> None:
        self._at = at

    def milliseconds(self, route: str, params: dict[str, str]) -> float:
        """How long a question takes."""
        began = time.perf_counter()
        self.answer(route, params)
        return (time.perf_counter() - began) * 1000

    def answer(self, route: str, params: dict[str, str]) -> Any:
        """What the server says. Raises RuntimeError unless it is an answer."""
        query = urlencode({"id": self._at.domain_id, **params})
        with closing(HTTPConnection("127.0.0.1", self._at.server.port)) as connection:
            connection.request(
                "GET",
                f"/api/v1/statistics/{route}?{query}",
                headers={"Authorization": f"Bearer {self._at.token}"},
            )
            answer = connection.getresponse()
            said = answer.read()
        if answer.status != HTTPStatus.OK:
            raise RuntimeError(f"{route}: {answer.status} {said[:200]!r}")
        return json.loads(said)


def show(
    asker: Asker, pool: ThreadPoolExecutor, params: dict[str, str]
) -> tuple[float, list[float]]:
    """Milliseconds of a whole dashboard and of each of its questions."""
    began = time.perf_counter()
    each = list(pool.map(lambda route: asker.milliseconds(route, params), ROUTES))
    return (time.perf_counter() - began) * 1000, each


def _earlier(first: str, days: int) -> dict[str, str]:
    """A period of the same length some days earlier, which nobody has asked about yet."""
    shift = timedelta(days=days)
    return {
        "from": (date.fromisoformat(first) - shift).isoformat(),
        "to": (date.fromisoformat(LAST) - shift).isoformat(),
    }


def dashboards(at: Filled) -> list[Shown]:
    """Each period and filter: cold, with other days, and asked again."""
    found: list[Shown] = []
    with ThreadPoolExecutor(len(ROUTES)) as pool:
        for period, first in PERIODS.items():
            for name, filters in FILTERS.items():
                cold: list[float] = []
                for _ in range(STARTS):
                    with site(at) as started:
                        asker = Asker(started)
                        cold.append(show(asker, pool, filters | _earlier(first, 0))[0])
                        asked = [filters | _earlier(first, days) for days in range(1, RUNS + 1)]
                        moved = [show(asker, pool, params)[0] for params in asked]
                        warm = [show(asker, pool, params)[0] for params in asked]
                        last = filters | _earlier(first, RUNS + 1)
                        alone = {route: asker.milliseconds(route, last) for route in ROUTES}
                slowest = max(alone, key=alone.__getitem__)
                medians = (statistics.median(times) for times in (cold, moved, warm))
                found.append(Shown(period, name, *medians, alone[slowest], slowest))
                print(found[-1], flush=True)
    return found


class Loaded(Struct, frozen=True):
    """Dashboards while hits arrive."""

    how: str
    questions: int
    p50_ms: float
    p95_ms: float
    slowest_ms: float
    hits: int
    lost: int
    hit_p99_ms: float


def under_load(at: Site, *, pauses: bool) -> Loaded:
    """Eight people look at dashboards that nobody has seen while 2,000 hits a second arrive.

    With pauses each opens one every `LOOKING_SECONDS`, without them as soon as the last is there.
    Raises RuntimeError if a question or a hit is not answered with 200.
    """
    asker = Asker(at)
    today = datetime.now(UTC).date().isoformat()
    counted = {"from": today, "to": today}
    before = asker.answer("total", counted)["views"]
    hits = HITS_PER_SECOND * SECONDS
    bodies = msgspec.msgpack.encode(list(realistic(hits, seed=3)))
    command = [sys.executable, "-m", "bench.load", str(at.server.port), "/api/v1/hit", at.key]
    taken: list[float] = []
    with (
        subprocess.Popen(
            [*command, "64", str(HITS_PER_SECOND)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
        ) as sender,
        ThreadPoolExecutor(1 + DASHBOARDS) as people,
        ThreadPoolExecutor(DASHBOARDS * len(ROUTES)) as pool,
    ):
        sending = people.submit(sender.communicate, bodies)

        def look(person: int) -> None:
            number = person
            if pauses:
                time.sleep(person * LOOKING_SECONDS / DASHBOARDS)
            while not sending.done():
                began = time.monotonic()
                # a period of a month that this round has not asked about, shorter the later it is
                first = date.fromisoformat(PERIODS["30 days"]) + timedelta(days=number // 60 % 7)
                params = _earlier(first.isoformat(), number % 60)
                taken.extend(show(asker, pool, params)[1])
                number += DASHBOARDS
                if pauses:
                    time.sleep(max(0.0, began + LOOKING_SECONDS - time.monotonic()))

        for one in [people.submit(look, person) for person in range(DASHBOARDS)]:
            one.result()
        said = json.loads(sending.result()[0])
    if said["failures"] or said["requests"] != hits:
        raise RuntimeError(f"hits: {said}")
    at.server.settle()
    time.sleep(3)
    stored = asker.answer("total", counted)["views"] - before
    taken.sort()
    return Loaded(
        f"one every {LOOKING_SECONDS} s each" if pauses else "one after the other",
        *(len(taken), statistics.median(taken), taken[int(len(taken) * 0.95)], taken[-1]),
        *(hits, hits - stored, said["p99"]),
    )


def table(shown: list[Shown], loads: list[Loaded]) -> str:
    """The results as Markdown."""
    lines = [
        (
            "| period | filter | cold ms | other days ms | warm ms | slowest question alone ms"
            " | which |"
        ),
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {s.period} | {s.filter} | {s.cold:.0f} | {s.moved:.0f} | {s.warm:.0f}"
        f" | {s.slowest:.0f} | {s.route} |"
        for s in shown
    ]
    lines += [
        "",
        (
            f"{DASHBOARDS} people open dashboards of 30 days, each its own, while"
            f" {HITS_PER_SECOND:,} hits a second arrive for {SECONDS} s; no question failed:"
        ),
        "",
        (
            "| they open | questions | median ms | p95 ms | slowest ms | hits | not counted"
            " | p99 of a hit ms |"
        ),
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {one.how} | {one.questions:,} | {one.p50_ms:.0f} | {one.p95_ms:.0f}"
        f" | {one.slowest_ms:.0f} | {one.hits:,} | {one.lost} | {one.hit_p99_ms:.0f} |"
        for one in loads
    ]
    return "\n".join(lines)
