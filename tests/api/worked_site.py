"""The stream counted by real parts: HTTP, spool on disk, session engine, chDB."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, cast
from urllib.parse import urlencode

import maxminddb

from hoofprint.api.metrics import Metrics
from hoofprint.ingest.chain import Sources, standard_pipe
from hoofprint.ingest.geo import GeoReader
from hoofprint.jobs.drain import Drain, DrainOptions
from hoofprint.sessions.memory import SessionsInMemory
from hoofprint.spool.spool import Spool
from hoofprint.store.port import Store
from hoofprint.store.recall import newest_activity, recall
from hoofprint.store.writer import Writer

from .worked_stream import PEOPLE, STREAM, Sent
from .world import NOW, World

DAY = 86_400
BATCH = 5
"""So few records are counted at once that sessions go on from one batch to the next."""
PERIOD = {"from": "2026-05-03", "to": "2026-05-04"}


class Asked(NamedTuple):
    """A question below `/api/v1/statistics` and the whole answer, with the rule that it shows.

    `query` is readable, not encoded; the period is both days of May unless it holds another.
    """

    rule: str
    route: str
    query: str
    answer: Any


class _Places:
    """The little of an MMDB reader that is used."""

    def __init__(self) -> None:
        self._places = {person.ip: person.place for person in PEOPLE}

    def get(self, ip: str) -> dict[str, str] | None:
        return self._places[ip]


def _identify(at: int, ip: str, _agent: str, _domain_id: str) -> int:
    """Day of the month and number of the person: a new id each UTC day, as a day's key gives."""
    day = (at // DAY - 20_573) % 30 or 30  # 2026-05-01 is day 20,574
    return day * 100 + int(ip.rsplit(".", 1)[1])


class Site:
    """The domain `example.com` with the stream counted."""

    def __init__(self, world: World, store: Store, spool_directory: Path) -> None:
        self.world = world
        self.spool_directory = spool_directory
        self.store = store
        self.domain_id = world.cast.domain.id

    def ask(self, route: str, query: str) -> Any:
        """What the API answers."""
        answer = self.world.send(
            "GET", self.path(route, query), bearer=self.world.cast.domain_token
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    def path(self, route: str, query: str) -> str:
        """The path of a question."""
        parts = [pair.partition("=") for pair in query.split("&") if pair]
        pairs = [(name, value) for name, _, value in parts]
        names = {name for name, value in pairs if value}
        given = {} if "start" in names else {n: v for n, v in PERIOD.items() if n not in names}
        text = urlencode([("id", self.domain_id), *given.items(), *pairs])
        return f"/api/v1/statistics{route}?{text}"

    def outcomes(self) -> dict[str, int]:
        """How many requests were accepted, and dropped for which reason."""
        sql = "SELECT outcome, sum(hits) FROM ledger WHERE domain_id = {d:String} GROUP BY outcome"
        return {outcome: int(n) for outcome, n in self.store.select(sql, {"d": self.domain_id})}


@contextmanager
def open_site(world: World, store: Store, directory: Path) -> Iterator[Site]:
    """Send the stream to an instance with parts of its own, and count it."""
    numbers = itertools.count(1)
    places = GeoReader({4: cast("maxminddb.Reader", _Places())})
    pipe = standard_pipe(Sources(_identify, lambda: next(numbers), places))
    spool = Spool(directory, segment_bytes=1_000_000, sync=False)
    metrics = Metrics()
    sending = world.but(pipe=pipe, spool=spool, metrics=metrics)
    running = SessionsInMemory(
        lambda wanted: recall(store, wanted), lambda: newest_activity(store), lambda: NOW
    )
    options = DrainOptions(seconds=1.0, rows=BATCH, page_view_limit=200)
    for kind, group in itertools.groupby(STREAM, lambda sent: sent.kind):
        _send(sending, kind, list(group))
    Drain(spool, running, Writer(store), options, metrics, lambda: 0.0).count_all()
    world.runner.run(spool.close())
    yield Site(world, store, directory)


def _send(world: World, kind: str, group: list[Sent]) -> None:
    """One batch, the newest item first: a batch is put in order by its times."""
    bodies = [sent.body for sent in reversed(group)]
    answer = world.send("POST", f"/api/v1/{kind}/batch", json=bodies, bearer=world.cast.access_key)
    assert (answer.status_code, answer.content) == (200, b"")
