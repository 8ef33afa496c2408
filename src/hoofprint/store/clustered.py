"""The fact store on ClickHouse servers, over HTTP: the same SQL, the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import clickhouse_connect
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError
from clickhouse_connect.driver.exceptions import Error as DriverError
from urllib3.exceptions import HTTPError

from hoofprint.errors import StoreError
from hoofprint.store.columns import COLUMNS
from hoofprint.store.failures import failure
from hoofprint.store.limits import INSERTING, READING, QueryLimits, Settings, once
from hoofprint.store.migrate import migrate
from hoofprint.store.parameters import plain_parameters
from hoofprint.store.pool import Pool
from hoofprint.store.port import Parameters, Row, Table
from hoofprint.store.rows import encode_rows
from hoofprint.store.wire import FORMAT, decode_rows

REQUESTS = 16
"""Requests at the same time, if nobody says how many."""
CONNECT_SECONDS = 5
PATIENCE_SECONDS = 10
"""How much longer than the limit of a statement its answer is waited for."""


class ClusteredStore:
    """A `store.port.Store` on the server at `url` (`http[s]://user:password@host:port/database`).

    So many `requests` are made at the same time. Raises StoreError if the server does not answer.
    """

    def __init__(
        self, url: str, limits: QueryLimits | None = None, requests: int = REQUESTS
    ) -> None:
        limits = limits or QueryLimits()
        self._reading: Settings = READING | limits.settings
        self._writing: Settings = INSERTING | {"max_memory_usage": limits.memory_bytes}
        try:
            self._client = _connect(url, limits.seconds)
        except (ClickHouseError, HTTPError, ValueError) as error:
            raise _refused(error) from None
        # The client may be used by several threads, as it has no session.
        self._requests = Pool([self._client] * requests)

    def migrate(self) -> list[str]:
        """Bring the schema up to date; returns the names of the migrations that were applied."""
        return migrate(self)

    def insert(self, table: Table, rows: Sequence[Row], token: str | None = None) -> None:
        """Append rows, durably, all or nothing; a token is stored once. Raises StoreError."""
        self.insert_encoded(table, encode_rows(rows), token)

    def insert_encoded(self, table: Table, data: bytes, token: str | None = None) -> None:
        """`insert` of rows that `store/rows.py:encode_rows` has encoded.

        When the connection breaks the driver tries once more: the token makes it harmless.
        """
        if not data:
            return
        with self._requests.lend() as client:
            try:
                settings = self._writing | once(token)
                client.raw_insert(table, COLUMNS[table], data, settings, FORMAT)
            except (ClickHouseError, HTTPError) as error:
                raise _refused(error) from None

    def select(self, sql: str, parameters: Parameters | None = None) -> list[list[Any]]:
        """Rows of a SELECT. Raises QueryTooLarge, QueryTooSlow or StoreError."""
        with self._requests.lend() as client:
            try:
                bound = plain_parameters(parameters)
                return decode_rows(client.raw_query(sql, bound, self._reading, FORMAT))
            except (ClickHouseError, HTTPError) as error:
                raise _refused(error) from None

    def execute(self, sql: str, parameters: Parameters | None = None) -> None:
        """Run a statement that returns no rows. Raises StoreError."""
        with self._requests.lend() as client:
            try:
                client.command(sql, plain_parameters(parameters), settings=self._writing)
            except (ClickHouseError, HTTPError) as error:
                raise _refused(error) from None

    def ping(self) -> None:
        """Raise StoreError when the server does not answer."""
        with self._requests.lend() as client:
            if not client.ping():
                raise StoreError("the ClickHouse server does not answer")

    def close(self) -> None:
        """Wait for running statements, then close."""
        self._requests.close()
        self._client.close()


def _connect(url: str, seconds: int) -> Client:
    return clickhouse_connect.get_client(
        dsn=url,
        secure=url.startswith("https:"),
        compress=False,
        autogenerate_session_id=False,
        connect_timeout=CONNECT_SECONDS,
        send_receive_timeout=seconds + PATIENCE_SECONDS,
        show_clickhouse_errors="scrub",
        dedicated_pool=True,
    )


def _refused(error: Exception) -> StoreError:
    code = error.code if isinstance(error, DriverError) else None
    return failure(str(error), code)
