"""The server's HTTP protocol: uvicorn's own, with a shorter way for a collection request.

Nearly every request is one hit that comes in one piece, alone on its connection, and is answered
with a few ready bytes. Such a request needs no task, no event and no messages: its handler runs as
soon as it is read, and goes on when what it waits for is done. Whatever is unusual (a body in
several pieces, pipelining, `Expect`, `Connection: close`, HTTP/1.0, another path or method, a
client that does not read, an access log) is left to uvicorn and ASGI, where the answer is the same.

It relies on these parts of `uvicorn.protocols.http.httptools_impl.HttpToolsProtocol`: its parser's
callbacks; `on_message_begin`, which makes `scope`, `headers` and `url`; `on_headers_complete`,
which may come late because it looks at nothing that a later callback of the request changes; of
`cycle`, the newest request, only the public attributes of `Exchange` are used once all of it was
read; and `on_response_complete`, which does all that follows an answer. `tests/api/test_direct.py`
fails when one of them changes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, cast

import httptools
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)
from uvicorn.server import ServerState

from hoofprint.api.app import Front, Route
from hoofprint.api.asgi import Message, Reply, Scope


class DirectProtocol(HttpToolsProtocol):
    """One connection; the short way is open if the application is a `Front`."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        plain = not (self.access_log or self.root_path) and self.limit_concurrency is None
        self._front = self.app if plain and isinstance(self.app, Front) else None
        self._held: Route | None = None
        self._body = b""
        self._defaults: list[tuple[bytes, bytes]] = []
        self._default_lines = b""

    def data_received(self, data: bytes) -> None:
        """Read what came; a request whose end did not come with it is uvicorn's."""
        super().data_received(data)
        if self._held is not None:
            self._held = None
            if not self.transport.is_closing():
                super().on_headers_complete()
                super().on_body(self._body)

    def on_headers_complete(self) -> None:
        """Hold a request that may go the short way until its body is there."""
        self._held = self._route()
        if self._held is None:
            super().on_headers_complete()
        else:
            self._body = b""

    def on_body(self, body: bytes) -> None:
        """Keep a piece of the body."""
        if self._held is None:
            super().on_body(body)
        else:
            self._body += body

    def on_message_complete(self) -> None:
        """Begin to answer a request that was held."""
        route, self._held = self._held, None
        if route is None or self._front is None:
            super().on_message_complete()
            return
        exchange = Exchange(self, self._body)
        self.cycle = cast("RequestResponseCycle", exchange)
        scope = cast("Scope", self.scope)
        exchange.run(self._front.collect(route, scope, exchange.receive))

    def answer(self, exchange: Exchange, reply: Reply) -> None:
        """Write the answer to the request of an exchange."""
        exchange.response_complete = True
        if exchange.disconnected:
            return
        if not self.transport.is_closing():
            defaults = self.server_state.default_headers
            if defaults is not self._defaults:  # uvicorn makes them anew every second
                self._defaults = defaults
                self._default_lines = b"".join(b"%b: %b\r\n" % field for field in defaults)
            close = b"" if exchange.keep_alive else b"connection: close\r\n"
            head = STATUS_LINE[reply.status] + self._default_lines + reply.lines + close
            self.transport.write(head + b"\r\n" + reply.body["body"])
            if close:
                self.transport.close()
        self.on_response_complete()

    def _route(self) -> Route | None:
        """The route of a request that may go the short way; its scope is then complete."""
        if self._front is None:
            return None
        raw_path, mark, _ = self.url.partition(b"?")
        path = raw_path.decode("latin-1")
        route = self._front.routes.get(path)
        if (
            route is None
            or self.parser.get_method() != route.method.encode()
            or self.parser.get_http_version() != "1.1"
            or not self.parser.should_keep_alive()
            or self.expect_100_continue
            or not (self.cycle is None or self.cycle.response_complete)
            or self.flow.write_paused
        ):
            return None
        scope = self.scope
        scope["method"] = route.method
        scope["path"] = path
        scope["raw_path"] = raw_path
        scope["query_string"] = (mark and httptools.parse_url(self.url).query) or b""
        return route


class _Unheard:
    """Nobody waits for the event of an exchange."""

    def set(self) -> None:
        """Do nothing."""


class Exchange:
    """A request on the short way and its answer, in the place of uvicorn's cycle.

    It drives its handler as a task would, but is none: `asyncio.current_task()` doesn't know it,
    and what the handler does before it first waits is done at once.
    """

    __slots__ = (
        "_coroutine",
        "_message",
        "_protocol",
        "disconnected",
        "keep_alive",
        "response_complete",
    )
    message_event = _Unheard()

    def __init__(self, protocol: DirectProtocol, body: bytes) -> None:
        self._protocol = protocol
        self._message: Message = {"type": "http.request", "body": body, "more_body": False}
        self.disconnected = False
        self.keep_alive = True
        self.response_complete = False

    async def receive(self) -> Message:
        """The request's only message."""
        return self._message

    def run(self, coroutine: Coroutine[Any, Any, Reply]) -> None:
        """Answer with what the coroutine returns; it must raise nothing."""
        self._coroutine = coroutine
        self._step()

    def _step(self, _: object = None) -> None:
        try:
            awaited = self._coroutine.send(None)
        except StopIteration as end:
            self._protocol.answer(self, end.value)
        except asyncio.CancelledError:
            self._protocol.transport.close()
        else:
            if awaited is None:  # `asyncio.sleep(0)`
                self._protocol.loop.call_soon(self._step)
            else:
                awaited.add_done_callback(self._step)
