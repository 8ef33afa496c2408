"""The embedded store and the process around it: crashes, signals, closing, the lock."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

PRELUDE = """
import os, signal, sys, threading, time
from pathlib import Path
from hoofprint.errors import StoreError
from hoofprint.store.columns import VISIT
from hoofprint.store.embedded import EmbeddedStore
from hoofprint.store.port import Table

def batch(number):
    # Sizes on both sides of the bulk limit, two months in each.
    size = (1, 40, 700, 3000)[number % 4]
    when = lambda i: [20270 - i % 2, 1751328000 - 40 * (i % 2)]
    page = ["h", "/a/path", "A title"]
    return [["site", *when(i), i, number, 1, 0, *page, [], [], *VISIT] for i in range(size)]

directory = Path(sys.argv[1])
"""

WRITE = """
store = EmbeddedStore(directory, 1)
store.migrate()
first = int(sys.argv[2])
print("ready", flush=True)
for number in range(first, first + 100000):
    rows = batch(number)
    store.insert(Table.PAGE_VIEWS, rows, f"batch {number}")
    print(number, flush=True)
"""

CHECK = """
store = EmbeddedStore(directory, 1)
acknowledged = int(sys.argv[2])
found = dict(store.select(
    "SELECT session_id, count() FROM page_views GROUP BY session_id ORDER BY session_id"))
assert max(found, default=0) <= acknowledged + 1, (max(found), acknowledged)
for number in range(1, acknowledged + 1):
    assert found.get(number) == len(batch(number)), (number, found.get(number))
# What was under way is tried again under its token, as the drain does.
store.insert(Table.PAGE_VIEWS, batch(acknowledged + 1), f"batch {acknowledged + 1}")
[[count]] = store.select("SELECT count() FROM page_views WHERE session_id = {n:UInt32}",
                         {"n": acknowledged + 1})
assert count == len(batch(acknowledged + 1)), count
store.close()
"""


def child(code: str, directory: Path, *arguments: object) -> subprocess.Popen[str]:
    """A Python process of its own (never a fork of this one: the engine does not survive it)."""
    command = [sys.executable, "-c", PRELUDE + code, str(directory), *map(str, arguments)]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    )


def finished(process: subprocess.Popen[str]) -> str:
    """What a process printed; it must have ended well."""
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    return out


def kill_and_check(directory: Path, rounds: int, seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311 - moments, not secrets
    acknowledged = 0
    for _ in range(rounds):
        writer = child(WRITE, directory, acknowledged + 1)
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        more = draw.randrange(12)
        for _ in range(more):
            acknowledged = int(writer.stdout.readline())
        if more:
            # Anywhere within the next insert or two.
            threshold = draw.random() * 0.03
            subprocess.run(["sleep", f"{threshold:.4f}"], check=True)
        writer.kill()
        rest, _ = writer.communicate()
        acknowledged = max([acknowledged, *map(int, rest.split())])
        finished(child(CHECK, directory, acknowledged))
        acknowledged += 1


def test_a_killed_process_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    """And what it was about to store can be stored again without doubling."""
    kill_and_check(tmp_path, rounds=3, seed=1)


@pytest.mark.slow
def test_a_process_killed_often_loses_nothing(tmp_path: Path) -> None:
    kill_and_check(tmp_path, rounds=25, seed=2)


def test_closing_waits_for_what_runs_and_the_process_ends_well(tmp_path: Path) -> None:
    """Ending the process while the engine runs a statement would crash it."""
    code = """
store = EmbeddedStore(directory, 2)
results = []
def ask():
    try:
        while True:
            results.append(store.select("SELECT sum(sleepEachRow(0.01)) FROM numbers(20)"))
    except StoreError as error:
        results.append(str(error))
threads = [threading.Thread(target=ask) for _ in range(3)]
for thread in threads:
    thread.start()
while len(results) < 2:
    time.sleep(0.01)
store.close()
store.close()
for thread in threads:
    thread.join()
print(sorted({str(result) for result in results}))
"""
    assert finished(child(code, tmp_path)) == "['[[0]]', 'the store is closed']\n"


def test_a_second_process_is_told_who_has_the_store(tmp_path: Path) -> None:
    code = """
store = EmbeddedStore(directory, 1)
print(os.getpid(), flush=True)
sys.stdin.read()
store.close()
"""
    holder = child(code.replace("sys.stdin.read()", "time.sleep(60)"), tmp_path)
    assert holder.stdout is not None
    pid = holder.stdout.readline().strip()
    second = child("EmbeddedStore(directory, 1)", tmp_path)
    _, err = second.communicate(timeout=60)
    holder.kill()
    holder.communicate()
    assert f"is in use by the process {pid};" in err.splitlines()[-1]
    assert finished(child("EmbeddedStore(directory, 1).close()", tmp_path)) == ""


def test_opening_leaves_the_signals_as_they_were(tmp_path: Path) -> None:
    """SIGTERM, SIGINT, SIGHUP and Ctrl-Z do what they did, and SIGPIPE is not blocked."""
    code = r"""
import re
def state():
    text = Path("/proc/self/status").read_text()
    sets = {k: int(v, 16) for k, v in re.findall(r"^(Sig\w+):\s+([0-9a-f]{16})$", text, re.M)}
    kept = [signal.SIGHUP, signal.SIGINT, signal.SIGTERM, signal.SIGTSTP, signal.SIGPIPE,
            signal.SIGCHLD, signal.SIGUSR1]
    return [(s, sets[k] >> (s - 1) & 1) for s in kept for k in ("SigBlk", "SigIgn", "SigCgt")]
before = state()
store = EmbeddedStore(directory, 1)
store.select("SELECT 1")
assert state() == before, (before, state())
store.close()
os.kill(os.getpid(), signal.SIGTERM)
"""
    process = child(code, tmp_path)
    _, err = process.communicate(timeout=60)
    assert process.returncode == -15, err


def test_a_part_that_was_set_aside_is_reported(tmp_path: Path) -> None:
    """One warning for each, naming table and part: its rows are missing from the facts."""
    finished(
        child(
            "store = EmbeddedStore(directory, 1); store.migrate(); store.insert("
            "Table.PAGE_VIEWS, batch(2)); store.close()",
            tmp_path,
        )
    )
    [data, *_] = [p for p in tmp_path.rglob("data.bin") if p.stat().st_size > 2000]
    data.write_bytes(b"")
    out = finished(
        child(
            "store = EmbeddedStore(directory, 1); store.close();"
            "store = EmbeddedStore(directory, 1); store.close()",
            tmp_path,
        )
    )
    assert "part set aside by the store" in out
    assert "table=page_views" in out
