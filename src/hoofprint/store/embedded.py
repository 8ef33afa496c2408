"""The fact store inside this process: chDB on a directory, one writer, several readers."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import structlog

from hoofprint.store import engine
from hoofprint.store.columns import COLUMNS
from hoofprint.store.limits import INSERTING, READING, QueryLimits, Settings, once
from hoofprint.store.lock import DirectoryLock
from hoofprint.store.migrate import migrate
from hoofprint.store.parameters import encode_parameters
from hoofprint.store.pool import Pool
from hoofprint.store.port import Parameters, Row, Table
from hoofprint.store.rows import encode_rows
from hoofprint.store.wire import FORMAT, decode_rows

BULK_BYTES = 256 * 1024
"""From here on `EmbeddedStore._insert_bulk` is cheaper."""
_COLUMNS = {table: ", ".join(columns) for table, columns in COLUMNS.items()}

log = structlog.get_logger("hoofprint.store")


class EmbeddedStore:
    """A `store.port.Store` on a directory of its own.

    Only one process may have the directory open, and a process only one directory. Raises
    StoreError if another process has it, or if the engine cannot open it.
    """

    def __init__(self, directory: Path, readers: int, limits: QueryLimits | None = None) -> None:
        limits = limits or QueryLimits()
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock = DirectoryLock(directory)
        self._opened: list[engine.Connection] = []
        self._structures: dict[Table, str] = {}
        self._cache_bytes = limits.cache_bytes
        self.path = directory / "chdb"
        writing = INSERTING | {"max_memory_usage": limits.memory_bytes}
        reading = READING | limits.settings | {"readonly": 2}
        try:
            self._writer = Pool([self._open(writing)])
            self._readers = Pool([self._open(reading) for _ in range(readers)])
            self._report_detached()
        except BaseException:
            self._release()
            raise

    def migrate(self) -> list[str]:
        """Bring the schema up to date; returns the names of the migrations that were applied."""
        return migrate(self)

    def insert(self, table: Table, rows: Sequence[Row], token: str | None = None) -> None:
        """Append rows, durably, all or nothing; a token is stored once. Raises StoreError."""
        self.insert_encoded(table, encode_rows(rows), token)

    def insert_encoded(self, table: Table, data: bytes, token: str | None = None) -> None:
        """`insert` of rows that `store/rows.py:encode_rows` has encoded."""
        settings = once(token)
        if len(data) >= BULK_BYTES:
            self._insert_bulk(table, data, settings)
        elif data:
            sql = f"INSERT INTO {table} ({_COLUMNS[table]}){_clause(settings)}"
            with self._writer.lend() as writer:
                writer.insert(sql, FORMAT, data)

    def select(self, sql: str, parameters: Parameters | None = None) -> list[list[Any]]:
        """Rows of a SELECT. Raises QueryTooLarge, QueryTooSlow or StoreError."""
        bound = encode_parameters(parameters)
        with self._readers.lend() as reader:
            data = reader.query(sql, FORMAT, bound)
        return decode_rows(data)

    def execute(self, sql: str, parameters: Parameters | None = None) -> None:
        """Run a statement that returns no rows. Raises StoreError."""
        bound = encode_parameters(parameters)
        with self._writer.lend() as writer:
            writer.query(sql, parameters=bound)

    def ping(self) -> None:
        """Raise StoreError when the store does not answer."""
        self.select("SELECT 1")

    def close(self) -> None:
        """Wait for running statements, then close; a process that ends before that crashes."""
        self._writer.close()
        self._readers.close()
        self._release()

    def _insert_bulk(self, table: Table, data: bytes, settings: Settings) -> None:
        """Insert many rows at less than half the cost of the plain way.

        The engine spends most of an insert on parsing values straight into dictionary-encoded
        columns, one by one. Here they are parsed as plain strings out of a file in memory, and each
        column is encoded as a whole. One thread keeps all rows in one block, in their order.
        """
        columns = _COLUMNS[table]
        with self._writer.lend() as writer, _memory_file(data) as path:
            source = f"file('{path}', {FORMAT}, {_quoted(self._structure(writer, table))})"
            end = _clause(settings | {"max_threads": 1})
            sql = f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {source}{end}"  # noqa: S608 - constants and quoted text
            writer.query(sql)

    def _structure(self, writer: engine.Connection, table: Table) -> str:
        """The columns of a table with their types, dictionary encoding taken off."""
        if table not in self._structures:
            found = decode_rows(
                writer.query(
                    "SELECT name, type FROM system.columns"
                    " WHERE database = currentDatabase() AND table = {table:String}",
                    FORMAT,
                    encode_parameters({"table": table}),
                )
            )
            types = {n: t.replace("LowCardinality(String)", "String") for n, t in found}
            self._structures[table] = ", ".join(f"{n} {types[n]}" for n in COLUMNS[table])
        return self._structures[table]

    def _open(self, settings: Settings) -> engine.Connection:
        connection = engine.connect(self.path, settings, self._cache_bytes)
        self._opened.append(connection)
        return connection

    def _report_detached(self) -> None:
        """Say which parts the engine has set aside: what was in them is missing from the facts."""
        for table, name, reason in self.select(
            "SELECT table, name, reason FROM system.detached_parts"
        ):
            log.warning("part set aside by the store", table=table, part=name, reason=reason)

    def _release(self) -> None:
        for connection in self._opened:
            connection.close()
        self._opened.clear()
        self._lock.release()


@contextmanager
def _memory_file(data: bytes) -> Iterator[str]:
    """The path of a file that holds the data, without touching a disk."""
    descriptor = os.memfd_create("hoofprint-rows")
    try:
        with os.fdopen(descriptor, "wb", closefd=False) as file:
            file.write(data)
        yield f"/proc/self/fd/{descriptor}"
    finally:
        os.close(descriptor)


def _clause(settings: Settings) -> str:
    pairs = ", ".join(f"{name} = {_quoted(str(value))}" for name, value in settings.items())
    return f" SETTINGS {pairs}"


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
