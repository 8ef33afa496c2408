"""Law 3 on the real spool and store: cut the power after any step, and no number changes."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from hoofprint.errors import StoreError
from hoofprint.jobs.drain import Drain, DrainOptions
from hoofprint.model.arrival import Arrival, Dropped, Kind, Visit
from hoofprint.model.reasons import DropReason
from hoofprint.sessions.batch import PAGE_VIEW
from hoofprint.sessions.memory import SessionsInMemory
from hoofprint.spool.spool import Spool
from hoofprint.store.port import Parameters, Row, Store, Table
from hoofprint.store.recall import newest_activity, recall
from hoofprint.store.writer import Writer

NOON = 1_750_032_000
NEW_YEAR = 1_767_225_600
DOMAINS = itertools.count()


class PowerCut(Exception):
    """The process is gone at this point."""


class Brittle:
    """A store that stops in front of, or right behind, a chosen insert."""

    def __init__(self, store: Store, stop_at: int, *, behind: bool) -> None:
        self._store = store
        self._left = stop_at
        self._behind = behind

    def insert_encoded(self, table: Table, data: bytes, token: str | None = None) -> None:
        if self._left == 0 and not self._behind:
            raise PowerCut
        self._store.insert_encoded(table, data, token)
        if self._left == 0:
            raise PowerCut
        self._left -= 1

    def insert(self, table: Table, rows: Sequence[Row], token: str | None = None) -> None:
        self._store.insert(table, rows, token)

    def select(self, sql: str, parameters: Parameters | None = None) -> list[list[Any]]:
        return self._store.select(sql, parameters)

    def execute(self, sql: str, parameters: Parameters | None = None) -> None:
        self._store.execute(sql, parameters)

    def migrate(self) -> list[str]:
        return self._store.migrate()

    def ping(self) -> None:
        self._store.ping()

    def close(self) -> None:
        """Nothing: the tests share the store."""


class Silent:
    def flushed(self, seconds: float) -> None:
        """Nobody watches."""

    def dropped(self, reason: DropReason, times: int) -> None:
        """Nobody watches."""


def drain_of(spool: Spool, store: Store, rows: int) -> Drain:
    """What a start of the server sets up: nothing is left of the process before."""
    open_sessions = SessionsInMemory(
        lambda wanted: recall(store, wanted), lambda: newest_activity(store), lambda: float(NOON)
    )
    options = DrainOptions(seconds=1.0, rows=rows, page_view_limit=5)
    return Drain(spool, open_sessions, Writer(store), options, Silent(), lambda: 0.0)


def visits(domain_id: str) -> list[list[Arrival | Dropped]]:
    """Requests of three visitors, with every kind of record, some over a turn of the year."""
    requests: list[list[Arrival | Dropped]] = []
    kinds = [Kind.HIT, Kind.HIT, Kind.EVENT, Kind.KEEP_ALIVE, Kind.HIT]
    for i in range(40):
        time = (NOON if i % 2 else NEW_YEAR - 1200) + 60 * i
        arrival = Arrival(
            kinds[i % 5],
            domain_id,
            time,
            1 + i % 3,
            0,
            i,
            "example.com",
            f"/{i % 4}",
            "",
            Visit(language="en", utm_source="news" if i == 30 else ""),
            tag_keys=["tag"],
            tag_values=["value"],
            event_name="event" if kinds[i % 5] is Kind.EVENT else "",
            meta_keys=["key"],
            meta_values=["1"],
        )
        requests.append([arrival])
    requests.append([Dropped(domain_id, NOON, DropReason.BOT)] * 3)
    return requests


Contents = dict[str, list[list[Any]]]

QUERIES = {
    "page views": "SELECT * EXCEPT domain_id FROM page_views WHERE domain_id = {d:String}",
    "events": "SELECT * EXCEPT domain_id FROM events WHERE domain_id = {d:String}",
    "sessions": "SELECT * EXCEPT (domain_id, version) FROM sessions FINAL"
    " WHERE domain_id = {d:String}",
    "ledger": "SELECT minute, outcome, sum(hits) FROM ledger WHERE domain_id = {d:String}"
    " GROUP BY ALL",
    "usage": "SELECT day, kind, sum(count) FROM usage WHERE domain_id = {d:String} GROUP BY ALL",
}


def contents(store: Store, domain_id: str) -> Contents:
    return {
        name: sorted(store.select(sql, {"d": domain_id}), key=repr) for name, sql in QUERIES.items()
    }


def new_spool(directory: Path) -> Spool:
    return Spool(directory, segment_bytes=2000, sync=False)


def run(directory: Path, store: Store, rows: int, stop_at: int, *, behind: bool) -> str:
    """Count the visits, cutting the power at an insert, and start again; returns the domain."""
    domain_id = f"replay{next(DOMAINS):04}"
    spool = new_spool(directory)
    for request in visits(domain_id):
        spool.append(request)
    try:
        drain_of(spool, Brittle(store, stop_at, behind=behind), rows).count_all()
    except PowerCut:
        spool.release()
        spool = new_spool(directory)
    drain_of(spool, store, rows).count_all()
    assert spool.lag == 0
    spool.release()
    return domain_id


@pytest.fixture
def expected(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Contents:
    """The numbers without any failure, everything in one batch."""
    return contents(store, run(tmp_path_factory.mktemp("spool"), store, 1000, -1, behind=False))


def test_the_expected_numbers_hold_every_kind_of_fact(expected: Contents) -> None:
    assert all(expected.values())
    assert sum(hits for _, _, hits in expected["ledger"]) == 43
    views = sum(count for _, kind, count in expected["usage"] if kind == PAGE_VIEW)
    assert views == len(expected["page views"])


@pytest.mark.parametrize("rows", [3, 20])
def test_the_size_of_batches_changes_no_number(
    store: Store, tmp_path: Path, expected: Contents, rows: int
) -> None:
    assert contents(store, run(tmp_path, store, rows, -1, behind=False)) == expected


@pytest.mark.parametrize("behind", [False, True])
@pytest.mark.parametrize("stop_at", [*range(6), 25])
def test_a_power_cut_at_any_insert_changes_no_number(
    store: Store,
    tmp_path: Path,
    expected: Contents,
    stop_at: int,
    behind: bool,
) -> None:
    assert contents(store, run(tmp_path, store, 12, stop_at, behind=behind)) == expected


def test_a_store_that_fails_is_tried_again_where_it_failed(
    store: Store,
    tmp_path: Path,
    expected: Contents,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    domain_id = f"replay{next(DOMAINS):04}"
    spool = new_spool(tmp_path)
    for request in visits(domain_id):
        spool.append(request)
    drain = drain_of(spool, store, 7)

    def refuse(*_: object) -> None:
        raise StoreError("no space left")

    for table in (Table.PAGE_VIEWS, Table.SESSIONS, Table.LEDGER, Table.USAGE):
        insert = store.insert_encoded

        def sometimes(which: Table, data: bytes, token: str | None, table: Table = table) -> None:
            if which is table:
                refuse()
            insert(which, data, token)  # noqa: B023 - called within the iteration

        with monkeypatch.context() as patched:
            patched.setattr(store, "insert_encoded", sometimes)
            with pytest.raises(StoreError):
                drain.count_all()
    drain.count_all()
    spool.release()
    assert contents(store, domain_id) == expected
