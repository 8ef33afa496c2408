"""What a hit costs the server, in CPU time of all its threads, until it is in the store."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import msgspec
from msgspec import Struct

from bench.hits import batches, distinct, realistic

ROOT = Path(__file__).resolve().parents[1]
TICKS = os.sysconf("SC_CLK_TCK")
COMMAND = str(Path(sys.executable).with_name("hoofprint"))
CONNECTIONS = 64
SINGLES = 150_000
BATCHED = 600_000
WORST = 200_000
BATCH = 1000
LATER = "60"
"""Seconds between two counts of a server that is measured until its hits are durable."""


class Server(Struct, frozen=True):
    """A running server."""

    process: subprocess.Popen[bytes]
    port: int
    key: str = ""

    def cpu_seconds(self) -> float:
        """User and system time of all threads so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory_megabytes(self) -> float:
        """What it holds now."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        [line] = [line for line in status.splitlines() if line.startswith("VmRSS")]
        return int(line.split()[1]) / 1024

    def settle(self) -> None:
        """Wait until everything that was accepted is in the store."""
        while True:
            with urlopen(f"http://127.0.0.1:{self.port}/metrics") as answer:
                text = answer.read().decode()
            if "hoofprint_spool_lag 0.0" in text:
                return
            time.sleep(0.1)


class Cost(Struct, frozen=True):
    """What one kind of load cost."""

    load: str
    hits: int
    cpu_us_per_hit: float
    hits_per_second: float
    p50_ms: float
    p99_ms: float


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    """Until somebody listens."""
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"nothing listens on {port}")


@contextmanager
def floor() -> Iterator[Server]:
    """The HTTP server alone."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "bench.floor", str(port)], cwd=ROOT)
    try:
        wait_for(port)
        yield Server(process, port, "none")
    finally:
        process.terminate()
        process.wait()


def made(data: Path, *arguments: str) -> dict[str, str]:
    """What a creating command prints."""
    command = [COMMAND, *arguments, "--data-dir", str(data)]
    run = subprocess.run(command, capture_output=True, check=True)
    return dict(json.loads(run.stdout))


@contextmanager
def serving(data: Path, key: str = "", **settings: str) -> Iterator[Server]:
    """The real server on a data directory; settings as in the environment, without the prefix."""
    port = free_port()
    began = time.perf_counter()
    own = {f"HOOFPRINT_{name.upper()}": value for name, value in settings.items()}
    process = subprocess.Popen(
        [COMMAND, "serve", "--port", str(port), "--data-dir", str(data)],
        env=os.environ | {"HOOFPRINT_LOG_LEVEL": "warning"} | own,
        cwd=data.parent,
    )
    try:
        wait_for(port)
        print(f"started in {time.perf_counter() - began:.1f} s", flush=True)
        yield Server(process, port, key)
    finally:
        process.terminate()
        process.wait()


@contextmanager
def hoofprint(**settings: str) -> Iterator[Server]:
    """The real server on a new data directory, with one domain and an access key."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as folder:
        data = Path(folder) / "data"
        made(data, "user", "create", "--email", "a@example.com", "--password", "correct horse")
        domain = made(data, "domain", "create", "--hostname", "example.com")
        client = made(data, "client", "create", "--domain", domain["id"], "--type", "token")
        with serving(data, client["access_key"], **settings) as server:
            yield server


def send(
    server: Server,
    load: str,
    path: str,
    bodies: list[bytes],
    hits: int,
    *,
    counted: bool = True,
) -> Cost:
    """Send the bodies and, if they shall be `counted`, wait until they are."""
    command = [sys.executable, "-m", "bench.load", str(server.port), path, server.key]
    connections = CONNECTIONS if len(bodies) == hits else 4
    before = server.cpu_seconds()
    run = subprocess.run(
        [*command, str(connections)],
        input=msgspec.msgpack.encode(bodies),
        capture_output=True,
        cwd=ROOT,
        check=True,
    )
    said = json.loads(run.stdout)
    if said["failures"] or said["requests"] != len(bodies):
        raise RuntimeError(f"{load}: {said}")
    if counted:
        server.settle()
    spent = server.cpu_seconds() - before
    return Cost(
        load,
        hits,
        1e6 * spent / hits,
        hits / said["seconds"],
        said["p50"],
        said["p99"],
    )


def run() -> tuple[list[Cost], float]:
    """All loads, the floor beside them, and the memory of the idle server in megabytes."""
    costs: list[Cost] = []
    singles = list(realistic(SINGLES))
    worst = list(distinct(SINGLES))
    many = list(batches(realistic(BATCHED, seed=2), BATCH))
    many_worst = list(batches(distinct(BATCHED // 3), BATCH))
    one, several = "/api/v1/hit", "/api/v1/hit/batch"
    with floor() as server:
        send(server, "warm up", one, singles[:5000], 5000, counted=False)
        costs.append(
            send(server, "floor: empty 200", one, singles, SINGLES, counted=False),
        )
    with hoofprint(flush_seconds=LATER) as server:
        send(server, "warm up", one, singles[:20_000], 20_000, counted=False)
        costs += [
            send(server, "durable: single, realistic", one, singles, SINGLES, counted=False),
            send(server, "durable: batches of 1,000", several, many, BATCHED, counted=False),
        ]
    with hoofprint() as server:
        time.sleep(3)
        memory = server.memory_megabytes()
        send(server, "warm up", one, singles[:20_000], 20_000)
        costs += [
            send(server, "single, realistic", one, singles, SINGLES),
            send(server, "single, all distinct", one, worst, SINGLES),
            send(server, "batches of 1,000, realistic", several, many, BATCHED),
            send(server, "batches of 1,000, all distinct", several, many_worst, BATCHED // 3),
        ]
    return costs, memory


def table(costs: list[Cost]) -> str:
    """The costs as a Markdown table."""
    lines = [
        "| load | hits | CPU us a hit | times the floor | hits/s | p50 ms | p99 ms |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {c.load} | {c.hits:,} | {c.cpu_us_per_hit:.1f} "
        f"| {c.cpu_us_per_hit / costs[0].cpu_us_per_hit:.1f} | {c.hits_per_second:,.0f} "
        f"| {c.p50_ms:.2f} | {c.p99_ms:.2f} |"
        for c in costs
    ]
    return "\n".join(lines)
