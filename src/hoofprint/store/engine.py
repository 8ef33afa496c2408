"""Connections to chDB, which is imported when the first one is opened."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from hoofprint.errors import StoreError
from hoofprint.store.failures import failure
from hoofprint.store.limits import Settings

MEGABYTE = 1024 * 1024
SERVER: Settings = {
    "mark_cache_size": 64 * MEGABYTE,
    "primary_index_cache_size": 64 * MEGABYTE,
    "index_mark_cache_size": 8 * MEGABYTE,
    "query_condition_cache_size": 16 * MEGABYTE,
    "compiled_expression_cache_size": 16 * MEGABYTE,
}
"""Settings of the engine as a whole; the first connection of a process decides them."""

_opening = threading.Lock()


class Connection:
    """One connection; used by one thread at a time."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def query(
        self, sql: str, output: str = "Null", parameters: dict[str, str] | None = None
    ) -> bytes:
        """Run a statement; what it gives in the output format. Raises StoreError."""
        try:
            result: bytes = self._connection.query(sql, output, params=parameters).bytes()
        except RuntimeError as error:
            raise failure(str(error)) from None
        return result

    def insert(self, sql: str, encoding: str, data: bytes) -> None:
        """Insert encoded rows as one block. Raises StoreError, and nothing was stored."""
        inserter = None
        try:
            inserter = self._connection.send_insert(sql, encoding)
            inserter.append(data)
            inserter.finish()
        except RuntimeError as error:
            if inserter is not None:
                inserter.cancel()
            raise failure(str(error)) from None

    def close(self) -> None:
        """Close; harmless the second time."""
        self._connection.close()


def connect(path: Path, settings: Settings, cache_bytes: int = 0) -> Connection:
    """A connection to the data in `path`, with settings for all of its statements.

    Unpacked columns take up to `cache_bytes`, but at most half of the machine's memory. Raises
    StoreError.
    """
    with _opening:
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, ())
        try:
            from chdb.state import sqlitelike  # noqa: PLC0415 - 200 MB that not everything needs

            server = SERVER | {"uncompressed_cache_size": cache_bytes}
            found = sqlitelike.connect(f"{path}?{urlencode(server)}")
        except RuntimeError as error:
            raise StoreError(f"the store in {path} cannot be opened: {error}") from None
        finally:
            _restore_signals(mask)
    connection = Connection(found)
    if settings:
        changes = ", ".join(f"{name} = '{value}'" for name, value in settings.items())
        connection.query(f"SET {changes}")
    return connection


def _restore_signals(mask: set[signal.Signals | int]) -> None:
    """Take back what the engine does to the signals of the process.

    Opening it blocks SIGPIPE in the calling thread, which the programs we start would inherit, and
    makes SIGTSTP (Ctrl-Z) print stack traces instead of suspending. Its handlers for crashes (SEGV,
    BUS, ILL, FPE, ABRT, SYS, TRAP) and its real-time signals stay; it never touches SIGINT, SIGTERM
    and SIGHUP.
    """
    signal.pthread_sigmask(signal.SIG_SETMASK, mask)
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTSTP, signal.getsignal(signal.SIGTSTP))
