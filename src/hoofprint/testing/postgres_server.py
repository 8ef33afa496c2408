"""A private PostgreSQL cluster below a folder of its own, reached by a Unix socket only.

For tests and benchmarks: it trusts whoever may enter its folder, and never waits for a disk.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PACKAGED = Path("/usr/lib/postgresql")
"""Where Debian keeps the programs of each version."""
UNPRIVILEGED = "postgres"
"""Whom root runs it as: the server refuses to be root."""
ROLE = "hoofprint"
OPTIONS = {
    "listen_addresses": "''",
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "60",
}


def programs() -> Path | None:
    """The folder of the newest `initdb` and `pg_ctl`; None where PostgreSQL is not installed."""
    versions = [path for path in PACKAGED.glob("*/bin/pg_ctl") if path.parts[-3].isdecimal()]
    if versions:
        return max(versions, key=lambda path: int(path.parts[-3])).parent
    found = shutil.which("pg_ctl")
    return None if found is None else Path(found).resolve().parent


class PostgresServer:
    """A cluster that can be stopped and started; the databases in it are made by name."""

    def __init__(self, binaries: Path, directory: Path) -> None:
        self._binaries = binaries
        self._directory = directory
        self._data = directory / "data"
        self._made = 0
        # The settings of the machine's own PostgreSQL must not reach this one.
        self._environment = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
        self._run("initdb", "-D", str(self._data), "-U", ROLE, "-A", "trust", "-E", "UTF8")

    def start(self) -> None:
        """Return once it takes connections."""
        options = [f"-c {name}={value}" for name, value in OPTIONS.items()]
        told = " ".join([f"-k {self._directory}", *options])
        log = str(self._directory / "log")
        self._run("pg_ctl", "-D", str(self._data), "-l", log, "-w", "-o", told, "start")

    def stop(self) -> None:
        """End it at once, as a crash would; what was committed is there after the next start."""
        self._run("pg_ctl", "-D", str(self._data), "-m", "immediate", "-w", "stop")

    def url(self, database: str = "postgres") -> str:
        """The SQLAlchemy URL of a database."""
        return f"postgresql+psycopg://{ROLE}@/{database}?host={self._directory}"

    def create(self) -> str:
        """The SQLAlchemy URL of a new, empty database."""
        self._made += 1
        name = f"made_{self._made}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE template0 STRATEGY file_copy")
        return self.url(name)

    def execute(self, sql: str) -> str:
        """What a statement gives, as `psql` prints it without a frame."""
        place = ("-h", str(self._directory), "-U", ROLE, "-d", "postgres")
        return self._run("psql", "-X", "-A", "-t", "-q", *place, "-c", sql)

    def _run(self, program: str, *arguments: str) -> str:
        """Run one of its programs to its end, which it must reach well."""
        command = [str(self._binaries / program), *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", UNPRIVILEGED, "--", *command]
        # A server that is started keeps what it inherits open: no pipe would ever end.
        with tempfile.TemporaryFile("w+") as said:
            done = subprocess.run(  # noqa: S603 - programs of the system, by their paths
                command,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                env=self._environment,
                cwd="/",
                check=False,
            )
            said.seek(0)
            text = said.read().strip()
        if done.returncode != 0:
            raise RuntimeError(f"{program}: {text}")
        return text


@contextmanager
def postgres_server(binaries: Path) -> Iterator[PostgresServer]:
    """A cluster that runs until the block ends, and then leaves nothing behind."""
    directory = Path(tempfile.mkdtemp(prefix="hoofprint-pg-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(directory, UNPRIVILEGED)
        server = PostgresServer(binaries, directory)
        server.start()
        try:
            yield server
        finally:
            if (directory / "data" / "postmaster.pid").exists():
                server.stop()
    finally:
        shutil.rmtree(directory, ignore_errors=True)
