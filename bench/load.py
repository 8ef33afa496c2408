"""Sends requests over a number of connections, each as soon as the one before is answered.

python -m bench.load PORT PATH BEARER CONNECTIONS [RATE] < bodies (MessagePack list of bytes)

With a rate no more than so many requests a second are sent. Prints JSON: seconds, requests,
failures, and latencies in milliseconds.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterator
from typing import cast

import msgspec
import uvloop


class _Connection(asyncio.Protocol):
    """One connection that works through requests of the common supply."""

    def __init__(
        self, supply: Iterator[tuple[float, bytes]], head: bytes, done: asyncio.Event
    ) -> None:
        self.latencies: list[float] = []
        self.failures = 0
        self._supply = supply
        self._head = head
        self._done = done
        self._began = 0.0
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._next()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        if self._buffer[9:12] != b"200":
            self.failures += 1
        self._buffer = b""
        self.latencies.append(time.perf_counter() - self._began)
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._done.set()

    def _next(self) -> None:
        due = next(self._supply, None)
        if due is None:
            self._transport.close()
            return
        at, body = due
        loop = asyncio.get_running_loop()
        if at > loop.time():
            loop.call_at(at, self._send, body)
        else:
            self._send(body)

    def _send(self, body: bytes) -> None:
        self._began = time.perf_counter()
        self._transport.write(b"%b%d\r\n\r\n%b" % (self._head, len(body), body))


async def _run(  # noqa: PLR0917 - the arguments of the command
    port: int, path: str, bearer: str, connections: int, rate: float, bodies: list[bytes]
) -> None:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {bearer}\r\n"
        "Content-Type: application/json\r\nContent-Length: "
    ).encode()
    loop = asyncio.get_running_loop()
    start = loop.time()
    supply = ((start + i / rate if rate else 0.0, body) for i, body in enumerate(bodies))
    ends = [asyncio.Event() for _ in range(connections)]
    began = time.perf_counter()
    opened = [
        await loop.create_connection(
            lambda end=end: _Connection(supply, head, end), "127.0.0.1", port
        )
        for end in ends
    ]
    await asyncio.gather(*(end.wait() for end in ends))
    seconds = time.perf_counter() - began
    latencies = sorted(x for _, connection in opened for x in connection.latencies)
    answer = {
        "seconds": seconds,
        "requests": len(latencies),
        "failures": sum(connection.failures for _, connection in opened),
        "p50": 1000 * latencies[len(latencies) // 2],
        "p99": 1000 * latencies[int(len(latencies) * 0.99)],
    }
    sys.stdout.write(msgspec.json.encode(answer).decode())


def main() -> None:
    """Read the bodies, send them, print what happened."""
    port, path, bearer, connections, *rate = sys.argv[1:]
    bodies = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=list[bytes])
    uvloop.run(
        _run(int(port), path, bearer, int(connections), float(rate[0]) if rate else 0.0, bodies)
    )


if __name__ == "__main__":
    main()
