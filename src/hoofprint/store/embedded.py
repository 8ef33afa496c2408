"""The fact store in this process: chDB, one writer and a pool of readers."""

from __future__ import annotations

import fcntl
import os
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import structlog

from hoofprint.errors import StoreError
from hoofprint.store import migrate
from hoofprint.store.columns import COLUMNS
from hoofprint.store.limits import INSERT_SETTINGS, QueryLimits, error_of
from hoofprint.store.parameters import bound
from hoofprint.store.port import Parameters, Row, Table
from hoofprint.store.rows import encode_rows

FORMAT = "JSONCompactEachRow"
CACHE_BYTES = 64 * 1024 * 1024

T = TypeVar("T")
log = structlog.get_logger("hoofprint.store")
_decode_lines = msgspec.json.Decoder(list[Any]).decode_lines


class EmbeddedStore:
    """chDB on a directory that no other process may use at the same time.

    chDB is imported here and not before: it takes a second and 200 MB. It runs queries of several
    connections in parallel, each connection runs one at a time. It catches SIGINT and crash signals
    in C; a server has to set its own handlers after this was opened.
    """

    def __init__(self, directory: Path, readers: int, limits: QueryLimits) -> None:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock_file = _lock(directory / "lock")
        self._readers: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._reader_count = readers
        self._write = threading.Lock()
        self._closed = False
        connect = _connect()
        address = f"{directory / 'chdb'}?mark_cache_size={CACHE_BYTES}"
        try:
            self._writer = connect(address)
            for _ in range(readers):
                reader = connect(address)
                for name, value in limits.settings.items():
                    reader.query(f"SET {name} = {value}")
                self._readers.put(reader)
        except RuntimeError as error:
            os.close(self._lock_file)
            raise StoreError(f"the store in {directory} could not be opened: {error}") from error
        self._report_detached_parts()

    def migrate(self) -> list[str]:
        """See `Store.migrate`."""
        return migrate.upgrade(self)

    def insert(self, table: Table, rows: Sequence[Row], token: str | None = None) -> None:
        """See `Store.insert`."""
        self.insert_encoded(table, encode_rows(rows), token)

    def insert_encoded(self, table: Table, data: bytes, token: str | None = None) -> None:
        """See `Store.insert_encoded`."""
        statement = insert_statement(table, token)
        with self._write:
            self._check_open()
            try:
                inserting = self._writer.send_insert(statement, FORMAT)
                try:
                    inserting.append(data)
                    inserting.finish()
                finally:
                    inserting.cancel()
            except RuntimeError as error:
                raise error_of(str(error)) from None

    def select(self, sql: str, parameters: Parameters | None = None) -> list[list[Any]]:
        """See `Store.select`."""
        with self._reader() as reader:
            answer = _run(lambda: reader.query(sql, FORMAT, params=bound(parameters)))
            return _decode_lines(answer.bytes() or b"")

    def execute(self, sql: str, parameters: Parameters | None = None) -> None:
        """See `Store.execute`."""
        with self._write:
            self._check_open()
            _run(lambda: self._writer.query(sql, FORMAT, params=bound(parameters)))

    def ping(self) -> None:
        """See `Store.ping`."""
        self.select("SELECT 1")

    def close(self) -> None:
        """See `Store.close`."""
        with self._write:
            if self._closed:
                return
            self._closed = True
        for _ in range(self._reader_count):
            self._readers.get().close()  # waits until the reader is given back
        self._writer.close()
        os.close(self._lock_file)

    @contextmanager
    def _reader(self) -> Iterator[Any]:
        self._check_open()
        reader = self._readers.get()
        try:
            yield reader
        finally:
            self._readers.put(reader)

    def _check_open(self) -> None:
        if self._closed:
            raise StoreError("the store is closed")

    def _report_detached_parts(self) -> None:
        """Say what the engine set aside at start: parts that a crash or the disk has torn."""
        found = self.select(
            "SELECT table, name, coalesce(reason, '') FROM system.detached_parts ORDER BY ALL"
        )
        for table, name, reason in found:
            log.warning("part of the store is damaged", table=table, part=name, reason=reason)


def insert_statement(table: Table, token: str | None) -> str:
    """The INSERT of encoded rows; both store kinds send the same."""
    settings: dict[str, object] = dict(INSERT_SETTINGS)
    if token is not None:
        if not token.replace("-", "").isalnum():
            raise ValueError(f"not a token: {token!r}")
        settings["insert_deduplication_token"] = f"'{token}'"
    listed = ", ".join(f"{name} = {value}" for name, value in settings.items())
    return f"INSERT INTO {table} ({', '.join(COLUMNS[table])}) SETTINGS {listed}"


def _connect() -> Callable[[str], Any]:
    """The connect function of chDB; imported late."""
    from chdb.state.sqlitelike import connect  # noqa: PLC0415 - see the class

    found: Callable[[str], Any] = connect
    return found


def _run(query: Callable[[], T]) -> T:
    try:
        return query()
    except RuntimeError as error:
        raise error_of(str(error)) from None


def _lock(path: Path) -> int:
    """Own the directory for as long as the process lives; the file says who does."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        owner = os.read(descriptor, 20).decode(errors="replace").strip()
        os.close(descriptor)
        raise StoreError(
            f"{path.parent} is in use by process {owner}: only one process may open a store"
        ) from None
    os.truncate(descriptor, 0)
    os.write(descriptor, f"{os.getpid()}\n".encode())
    return descriptor
