"""What every store promises, part 2: limits, threads, closing."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from hoofprint.errors import QueryTooLarge, QueryTooSlow, StoreError
from hoofprint.store.clustered import ClusteredStore
from hoofprint.store.limits import QueryLimits
from hoofprint.store.port import Store, Table

MINUTE = 1_751_328_000
GREEDY = """
    SELECT count() FROM (SELECT number, count() FROM numbers(30000000) GROUP BY number)
    SETTINGS max_memory_usage = 20000000, max_bytes_before_external_group_by = 0
"""
ENDLESS = "SELECT count() FROM numbers(1e15) WHERE sipHash64(number) = 0"
SECONDS_LONG = "SELECT sum(sleepEachRow(0.02)) FROM numbers(100) SETTINGS max_block_size = 1"


def ledger_hits(store: Store) -> int:
    [[hits]] = store.select("SELECT sum(hits) FROM ledger")
    return int(hits)


def test_a_question_that_needs_too_much_memory_is_too_large(contracted: Store) -> None:
    """And the store goes on."""
    with pytest.raises(QueryTooLarge):
        contracted.select(GREEDY)
    assert contracted.select("SELECT 1") == [[1]]


def test_a_question_that_needs_too_much_time_is_too_slow(contracted: Store) -> None:
    """And the store goes on."""
    with pytest.raises(QueryTooSlow):
        contracted.select(f"{ENDLESS} SETTINGS max_execution_time = 1")
    assert contracted.select("SELECT 1") == [[1]]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("max_memory_usage", QueryLimits().memory_bytes),
        ("max_bytes_before_external_group_by", QueryLimits().memory_bytes // 2),
        ("max_execution_time", QueryLimits().seconds),
        ("do_not_merge_across_partitions_select_final", 1),
    ],
)
def test_every_question_runs_under_the_limits(contracted: Store, name: str, value: int) -> None:
    assert contracted.select("SELECT toUInt64(getSetting({name:String}))", {"name": name}) == [
        [value]
    ]


@pytest.mark.parametrize(
    "sql",
    ["SELEC 1", "SELECT * FROM nowhere", "SELECT {missing:String}", "SELECT throwIf(1)"],
)
def test_a_statement_that_cannot_run_is_an_error_of_one_line(contracted: Store, sql: str) -> None:
    with pytest.raises(StoreError) as caught:
        contracted.select(sql)
    assert not isinstance(caught.value, QueryTooLarge | QueryTooSlow)
    assert "\n" not in str(caught.value)
    assert contracted.select("SELECT 1") == [[1]]


def test_a_statement_that_cannot_run_can_be_executed_no_more_than_asked(contracted: Store) -> None:
    with pytest.raises(StoreError):
        contracted.execute("TRUNCATE TABLE nowhere")
    contracted.insert(Table.LEDGER, [["site", MINUTE, "accepted", 1]])
    assert ledger_hits(contracted) == 1


def test_a_running_store_answers_a_ping(contracted: Store) -> None:
    contracted.ping()


def test_a_long_question_does_not_hold_up_others(contracted: Store) -> None:
    """Neither another question nor an insert waits for it."""
    with ThreadPoolExecutor(1) as threads:
        long = threads.submit(contracted.select, SECONDS_LONG)
        contracted.insert(Table.LEDGER, [["site", MINUTE, "accepted", 1]])
        assert ledger_hits(contracted) == 1
        assert not long.done()
        assert long.result() == [[0]]


def test_reads_from_several_threads_see_whole_inserts_only(contracted: Store) -> None:
    """While another thread writes; nobody sees half of a block."""
    rows = [["site", MINUTE + 60 * i, "accepted", 1] for i in range(100)]
    written = threading.Event()
    seen: list[int] = []

    def read() -> None:
        while not written.is_set():
            seen.append(ledger_hits(contracted))

    with ThreadPoolExecutor(3) as threads:
        readers = [threads.submit(read) for _ in range(3)]
        try:
            for i in range(20):
                contracted.insert(Table.LEDGER, rows, f"batch {i}")
        finally:
            written.set()
        for reader in readers:
            reader.result()
    assert not [hits for hits in seen if hits % len(rows)]
    assert ledger_hits(contracted) == 2000


def test_a_cluster_store_waits_for_its_statements_when_it_is_closed(front: str) -> None:
    """And takes no further ones; the embedded one's turn is in `test_process.py`."""
    store = ClusteredStore(front)
    with ThreadPoolExecutor(1) as threads:
        long = threads.submit(store.select, SECONDS_LONG)
        while store.select("SELECT count() FROM system.processes") == [[1]]:
            pass
        store.close()
        assert long.done()
        assert long.result() == [[0]]
    with pytest.raises(StoreError, match="closed"):
        store.select("SELECT 1")


def test_a_cluster_that_does_not_answer_is_an_error() -> None:
    with pytest.raises(StoreError):
        ClusteredStore("http://127.0.0.1:9/hoofprint")
