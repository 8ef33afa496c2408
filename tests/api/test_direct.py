"""The short way of a collection request: nobody can tell it from uvicorn's own.

The same bytes are sent to both over real connections. What comes back must be the same, whatever
was sent, and in whatever pieces.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress

import pytest
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from hoofprint.api.app import Front
from hoofprint.api.direct import DirectProtocol
from hoofprint.errors import SpoolFull
from hoofprint.model.arrival import Arrival, Dropped
from hoofprint.serving import http_server

from .world import World

END = b"GET /nowhere HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
HIT = b'{"url": "https://example.com/", "ip": "81.2.69.142", "user_agent": "Mozilla/5.0 (X11)"}'
PAGE_VIEW = b"GET /hit?code=%b&url=https%%3A%%2F%%2Fexample.com%%2Fa%%3Fb#c HTTP/1.1\r\n\r\n"


class Disk:
    """A spool that takes its time: until `synced` is set, then one turn of the loop."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self.records: list[Arrival | Dropped] = []
        self.waiting = 0
        self.full = False
        self.synced = asyncio.Event()

    async def submit(self, records: Sequence[Arrival | Dropped]) -> None:
        self.waiting += 1
        await self.synced.wait()
        await asyncio.sleep(0)
        self.waiting -= 1
        if self.full:
            raise SpoolFull("no space left")
        self.records += records


class Line:
    """One connection to a server of its own; `protocol` is the server's end of it."""

    def __init__(self, config: Config, state: ServerState, disk: Disk) -> None:
        self.config = config
        self.state = state
        self.disk = disk
        self.protocol: HttpToolsProtocol
        self.reader: asyncio.StreamReader
        self.writer: asyncio.StreamWriter

    def accept(self) -> HttpToolsProtocol:
        """The protocol of a new connection, as uvicorn's server makes it."""
        self.protocol = self.config.http_protocol_class(  # type: ignore[call-arg, assignment]
            config=self.config,
            server_state=self.state,
            app_state={},
            _loop=asyncio.get_running_loop(),
        )
        return self.protocol

    async def send(self, *pieces: bytes) -> None:
        """Send so that every piece is read by itself, as long as the server listens."""
        for piece in pieces:
            if not self.protocol.transport.is_closing():
                self.writer.write(piece)
                await self.turn()

    async def turn(self) -> None:
        """Let everybody do what they can do now."""
        await asyncio.sleep(0.002)

    async def until_waiting(self, count: int = 1) -> None:
        """Until so many requests wait for the disk."""
        while self.disk.waiting < count:
            await self.turn()


@asynccontextmanager
async def line(app: Front, disk: Disk, *, direct: bool = True) -> AsyncIterator[Line]:
    """A connection to an application, on the short way or on uvicorn's alone."""
    config = http_server(app)
    assert config.http is DirectProtocol
    if not direct:
        config.http = HttpToolsProtocol
    config.load()
    state = ServerState()
    state.default_headers = [(b"date", b"Mon, 04 May 2026 13:06:40 GMT")]
    opened = Line(config, state, disk)
    server = await asyncio.get_running_loop().create_server(opened.accept, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        opened.reader, opened.writer = await asyncio.open_connection("127.0.0.1", port)
        yield opened
        opened.writer.close()
        with suppress(ConnectionError):
            await opened.writer.wait_closed()
        await opened.turn()


def on_both_ways(
    world: World, use: Callable[[Line], Awaitable[bytes]]
) -> tuple[bytes, list[Arrival | Dropped], int]:
    """What a use of a connection heard, stored and counted, once it is the same on both ways."""
    disk = Disk()
    app = world.but(spool=disk).app

    async def once(*, direct: bool) -> tuple[bytes, list[Arrival | Dropped], int]:
        disk.clear()
        async with line(app, disk, direct=direct) as opened:
            heard = await asyncio.wait_for(use(opened), 10)
            return heard, disk.records, opened.state.total_requests

    (short, stored, counted), plain = (
        world.runner.run(once(direct=direct)) for direct in (True, False)
    )
    assert (short, len(stored), counted) == (plain[0], len(plain[1]), plain[2])
    return short, stored, counted


def post(world: World, body: bytes = HIT, *more: bytes, path: bytes = b"/api/v1/hit") -> bytes:
    """A request with an access key and these further header lines."""
    fields = [b"Authorization: Bearer " + world.cast.access_key.encode(), *more]
    if not any(field.startswith(b"Transfer-Encoding") for field in fields):
        fields.append(b"Content-Length: %d" % len(body))
    return b"POST %b HTTP/1.1\r\nHost: a\r\n%b\r\n\r\n%b" % (path, b"\r\n".join(fields), body)


def requests(world: World) -> dict[str, bytes]:
    """One of every sort, by what is special about it."""
    hit = post(world)
    code = world.cast.domain.identification_code.encode()
    return {
        "a hit": hit,
        "two pipelined": hit + hit,
        "pipelined with a refused one": post(world, b"{") + hit + post(world, b"["),
        "a batch": post(world, b"[" + HIT + b"]", path=b"/api/v1/hit/batch"),
        "a page view": PAGE_VIEW % code,
        "a page view without a code": PAGE_VIEW % b"",
        "a keep-alive of the script": b"POST /session?code=%b HTTP/1.1\r\n\r\n" % code,
        "a preflight": b"OPTIONS /event HTTP/1.1\r\n\r\n",
        "a wrong method": b"PUT /api/v1/hit HTTP/1.1\r\n\r\n",
        "HEAD": b"HEAD /hit?code=x HTTP/1.1\r\n\r\n",
        "no bearer": b"POST /api/v1/hit HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}",
        "an unknown bearer": hit.replace(b"Bearer ", b"Bearer x"),
        "an invalid field": post(world, b'{"url": 1}'),
        "no body": post(world, b""),
        "a doubled slash": post(world, path=b"//api/v1/hit"),
        "a trailing slash": post(world, path=b"/api/v1/hit/"),
        "an escaped path": post(world, path=b"/api/v1/h%69t"),
        "a whole url": post(world, path=b"http://example.com/api/v1/hit"),
        "a query nobody asked for": post(world, path=b"/api/v1/hit?a=b"),
        "a path that is no text": post(world, path=b"/api/v1/h\xefit"),
        "HTTP/1.0": hit.replace(b"HTTP/1.1", b"HTTP/1.0"),
        "HTTP/1.0, kept open": post(world, HIT, b"Connection: keep-alive").replace(
            b"/1.1", b"/1.0"
        ),
        "closing": post(world, HIT, b"Connection: close"),
        "expecting": post(world, HIT, b"Expect: 100-continue"),
        "upgrading": post(world, HIT, b"Connection: Upgrade", b"Upgrade: websocket"),
        "chunked": post(
            world,
            b"%x\r\n%b\r\n%x\r\n%b\r\n0\r\n\r\n" % (9, HIT[:9], len(HIT) - 9, HIT[9:]),
            b"Transfer-Encoding: chunked",
        ),
        "broken chunks": post(world, b"2\r\n{}\r\nzz\r\n", b"Transfer-Encoding: chunked"),
        "too large": post(world, b" " * 3_000_000),
        "no HTTP": b"hello\r\n\r\n",
    }


SORTS = """a hit|two pipelined|pipelined with a refused one|a batch|a page view
a page view without a code|a keep-alive of the script|a preflight|a wrong method|HEAD|no bearer
an unknown bearer|an invalid field|no body|a doubled slash|a trailing slash|an escaped path
a whole url|a query nobody asked for|a path that is no text|HTTP/1.0|HTTP/1.0, kept open|closing
expecting|upgrading|chunked|broken chunks|too large|no HTTP""".replace("\n", "|").split("|")


@pytest.mark.parametrize("cut", [None, 40, -5])
@pytest.mark.parametrize("sort", SORTS)
def test_every_request_is_answered_byte_for_byte_as_uvicorn_does(
    world: World, sort: str, cut: int | None
) -> None:
    """In one piece, or cut in its first line, its headers or its body."""
    sent = requests(world)[sort]

    async def use(opened: Line) -> bytes:
        opened.disk.synced.set()
        await opened.send(*((sent,) if cut is None else (sent[:cut], sent[cut:])))
        await opened.send(END)
        return await opened.reader.read(-1)

    heard, _, _ = on_both_ways(world, use)
    assert heard


def test_the_list_of_sorts_is_complete(world: World) -> None:
    assert list(requests(world)) == SORTS


def test_a_hit_needs_no_task_and_is_answered_only_when_it_is_durable(world: World) -> None:
    async def use() -> None:
        disk = Disk()
        async with line(world.but(spool=disk).app, disk) as opened:
            await opened.send(post(world))
            await opened.until_waiting()
            assert opened.state.tasks == set()
            assert opened.protocol.timeout_keep_alive_task is None
            opened.disk.synced.set()
            head = await opened.reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200 OK\r\ndate: Mon, 04 May 2026 13:06:40 GMT\r\n")
            assert len(opened.disk.records) == 1
            assert opened.protocol.timeout_keep_alive_task is not None

    world.runner.run(use())


def test_the_date_of_an_answer_is_that_of_the_second(world: World) -> None:
    async def use(opened: Line) -> bytes:
        opened.disk.synced.set()
        await opened.send(post(world))
        opened.state.default_headers = [(b"date", b"later"), (b"x-more", b"1")]
        await opened.send(post(world), END)
        return await opened.reader.read(-1)

    heard, _, _ = on_both_ways(world, use)
    assert heard.count(b"date: later\r\nx-more: 1\r\n") == 2


def test_a_full_disk_is_said_once_it_is_known(world: World) -> None:
    async def use(opened: Line) -> bytes:
        opened.disk.full = True
        await opened.send(post(world))
        await opened.until_waiting()
        opened.disk.synced.set()
        await opened.send(END)
        return await opened.reader.read(-1)

    heard, stored, _ = on_both_ways(world, use)
    assert heard.startswith(b"HTTP/1.1 503 ")
    assert stored == []


def test_what_is_pipelined_behind_a_waiting_hit_comes_after_it(world: World) -> None:
    async def use(opened: Line) -> bytes:
        await opened.send(post(world), b"OPTIONS /event HTTP/1.1\r\n\r\n", post(world), END)
        await opened.until_waiting()
        assert opened.disk.waiting == 1
        opened.disk.synced.set()
        return await opened.reader.read(-1)

    heard, stored, counted = on_both_ways(world, use)
    assert [part[:3] for part in heard.split(b"HTTP/1.1 ")[1:]] == [b"200", b"204", b"200", b"404"]
    assert (len(stored), counted) == (2, 4)


def test_a_hit_whose_client_has_left_is_counted_and_not_answered(world: World) -> None:
    async def use(opened: Line) -> bytes:
        await opened.send(post(world))
        await opened.until_waiting()
        opened.writer.transport.abort()
        await opened.turn()
        assert opened.state.connections == set()
        opened.disk.synced.set()
        await opened.turn()
        return b""

    _, stored, counted = on_both_ways(world, use)
    assert (len(stored), counted) == (1, 0)


def test_at_shutdown_a_waiting_hit_is_answered_and_its_connection_closed(world: World) -> None:
    async def use(opened: Line) -> bytes:
        await opened.send(post(world))
        await opened.until_waiting()
        opened.protocol.shutdown()
        await opened.turn()
        assert len(opened.state.connections) == 1
        opened.disk.synced.set()
        return await opened.reader.read(-1)

    heard, _, _ = on_both_ways(world, use)
    assert heard.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"connection: close\r\n" in heard


def test_at_shutdown_a_connection_between_two_hits_is_closed(world: World) -> None:
    async def use(opened: Line) -> bytes:
        opened.disk.synced.set()
        await opened.send(post(world))
        opened.protocol.shutdown()
        return await opened.reader.read(-1)

    on_both_ways(world, use)


def test_a_connection_that_stays_quiet_after_a_hit_is_closed_in_time(world: World) -> None:
    async def use(opened: Line) -> bytes:
        opened.protocol.timeout_keep_alive = 0
        opened.disk.synced.set()
        await opened.send(post(world))
        return await opened.reader.read(-1)

    heard, _, _ = on_both_ways(world, use)
    assert heard.startswith(b"HTTP/1.1 200 OK\r\n")


def test_a_cancelled_wait_closes_the_connection(world: World) -> None:
    async def use() -> None:
        disk = Disk()
        async with line(world.but(spool=disk).app, disk) as opened:
            waited = asyncio.get_running_loop().create_future()
            opened.disk.synced.wait = lambda: waited  # type: ignore[method-assign, assignment, return-value]
            await opened.send(post(world))
            await opened.until_waiting()
            waited.cancel()
            assert await opened.reader.read(-1) == b""

    world.runner.run(use())


@pytest.mark.parametrize("setting", ["access_log", "limit_concurrency", "root_path"])
def test_with_a_setting_that_only_uvicorn_serves_the_short_way_is_closed(
    world: World, setting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def use() -> None:
        disk = Disk()
        async with line(world.but(spool=disk).app, disk) as opened:
            if setting == "access_log":
                monkeypatch.setattr("logging.Logger.hasHandlers", lambda _: True)
            else:
                setattr(opened.config, setting, {"limit_concurrency": 9}.get(setting, "/below"))
            protocol = opened.accept()
            assert isinstance(protocol, DirectProtocol)
            assert protocol._front is None

    world.runner.run(use())
