"""A small ClickHouse-HTTP front over chDB, and the stores that the contract is held against."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from hoofprint.errors import StoreError
from hoofprint.store.clustered import ClusteredStore
from hoofprint.store.embedded import EmbeddedStore
from hoofprint.store.engine import Connection, connect
from hoofprint.store.limits import QueryLimits
from hoofprint.store.pool import Pool
from hoofprint.store.port import Store, Table

DATABASE = "front"
NOT_SETTINGS = {
    *("query", "database", "default_format", "query_id", "session_id", "buffer_size"),
    *("wait_end_of_query", "client_protocol_version", "enable_http_compression"),
    *("send_progress_in_http_headers", "http_headers_progress_interval_ms"),
}
FORMAT = re.compile(r"\bFORMAT\s+(\w+)\s*;?\s*$", re.IGNORECASE)
INLINE = re.compile(rb"\s*(INSERT\s.*?)\bFORMAT\s+(\w+)\s*?\n", re.IGNORECASE | re.DOTALL)


def run(connection: Connection, sql: str, data: bytes, bound: dict[str, str]) -> tuple[bytes, str]:
    """What a statement gives, and its format."""
    found = FORMAT.search(sql)
    encoding = found[1] if found else "TabSeparated"
    sql = sql[: found.start()] if found else sql
    if data:
        connection.insert(sql, encoding, data)
        return b"", encoding
    return connection.query(sql, encoding, bound), encoding


@contextmanager
def settings(connection: Connection, changes: dict[str, str]) -> Iterator[None]:
    """The settings of one request, taken back after it."""
    changed: list[str] = []
    try:
        for name, value in changes.items():
            quoted = value.replace("\\", "\\\\").replace("'", "\\'")
            connection.query(f"SET {name} = '{quoted}'")
            changed.append(name)
        yield
    finally:
        for name in changed:
            connection.query(f"SET {name} = DEFAULT")


class Handler(BaseHTTPRequestHandler):
    """One request of a ClickHouse client."""

    protocol_version = "HTTP/1.1"
    pool: Pool[Connection]

    def do_GET(self) -> None:
        if urlsplit(self.path).path == "/ping":
            self.reply(200, b"Ok.\n", {})
        else:
            self.answer(b"")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self.answer(body)

    def answer(self, body: bytes) -> None:
        fields = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
        kind = self.headers.get("content-type", "")
        if kind.startswith("multipart/form-data"):
            fields |= form(kind, body)
            body = b""
        sql = fields.get("query", "")
        inline = INLINE.match(body)
        if not sql and inline:
            sql, body = f"{inline[1].decode()} FORMAT {inline[2].decode()}", body[inline.end() :]
        elif not sql:
            sql, body = body.decode(), b""
        bound = {k[len("param_") :]: v for k, v in fields.items() if k.startswith("param_")}
        changes = {
            k: v for k, v in fields.items() if k not in NOT_SETTINGS and not k.startswith("param_")
        }
        try:
            with self.pool.lend() as connection, settings(connection, changes):
                data, encoding = run(connection, sql, body, bound)
        except StoreError as error:
            text = str(error)
            code = re.search(r"Code: (\d+)", text)
            number = code[1] if code else "0"
            self.reply(500, text.encode(), {"X-ClickHouse-Exception-Code": number})
        else:
            headers = {"X-ClickHouse-Format": encoding} if data else {}
            self.reply(200, data, headers)

    def reply(self, status: int, data: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"X-ClickHouse-Summary": "{}", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name it has there
        """Say nothing."""


def form(kind: str, body: bytes) -> dict[str, str]:
    """The fields of a form."""
    message = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
    fields: dict[str, str] = {}
    for part in message.walk():
        name = part.get_param("name", header="content-disposition")
        value = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(value, bytes):
            fields[name] = value.decode()
    return fields


@pytest.fixture(scope="session")
def front(_embedded: EmbeddedStore) -> Iterator[str]:
    """The address of a ClickHouse server with an empty database."""
    path = _embedded.path
    _embedded.execute(f"CREATE DATABASE IF NOT EXISTS {DATABASE}")
    connections = [connect(path, {}) for _ in range(3)]
    for connection in connections:
        connection.query(f"USE {DATABASE}")
    Handler.pool = pool = Pool(connections)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/{DATABASE}"
    server.shutdown()
    thread.join()
    server.server_close()
    pool.close()
    for connection in connections:
        connection.close()


@pytest.fixture(scope="session")
def _clustered(front: str) -> Iterator[ClusteredStore]:
    store = ClusteredStore(front, QueryLimits())
    store.migrate()
    yield store
    store.close()


@pytest.fixture(params=["embedded", "clustered"])
def contracted(request: pytest.FixtureRequest, store: EmbeddedStore) -> Store:
    """Each kind of store in turn, migrated and empty."""
    if request.param == "embedded":
        return store
    clustered: ClusteredStore = request.getfixturevalue("_clustered")
    for table in Table:
        clustered.execute(f"TRUNCATE TABLE {table}")
    return clustered
