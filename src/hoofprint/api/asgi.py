"""The few ASGI shapes that collection speaks directly: types, a body reader and ready answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any, NamedTuple

from hoofprint.errors import Invalid, TooLarge

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Header = tuple[bytes, bytes]

JSON = (b"content-type", b"application/json")


class Reply(NamedTuple):
    """A whole answer as the two messages ASGI wants; built once and sent many times.

    `lines` are its headers as they stand in HTTP/1.1.
    """

    start: Message
    body: Message
    lines: bytes

    @property
    def status(self) -> int:
        """The status code."""
        return int(self.start["status"])


Handler = Callable[[Scope, Receive], Awaitable[Reply]]
"""A collection endpoint: reads the request, answers, raises what `errors.py` can present."""


def reply(status: int, body: bytes = b"", headers: Iterable[Header] = ()) -> Reply:
    """An answer; a body is JSON."""
    fields = [*headers, (b"content-length", str(len(body)).encode())]
    if body:
        fields.append(JSON)
    return Reply(
        {"type": "http.response.start", "status": status, "headers": fields},
        {"type": "http.response.body", "body": body},
        b"".join(b"%b: %b\r\n" % field for field in fields),
    )


async def read_body(receive: Receive, limit: int) -> bytes:
    """The request's body, most often from the first message alone.

    Raises TooLarge as soon as more than `limit` bytes came, without waiting for the rest.
    """
    message = await receive()
    body: bytes = message.get("body", b"")
    if len(body) > limit:
        raise TooLarge
    if not message.get("more_body"):
        return body
    chunks = [body]
    size = len(body)
    while message.get("more_body"):
        message = await receive()
        if message["type"] != "http.request":
            raise Invalid({}, "the body ended early")
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > limit:
            raise TooLarge
        chunks.append(chunk)
    return b"".join(chunks)
