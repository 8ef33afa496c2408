"""No IP address and no user agent reaches a disk or a log, whatever is sent in whatever form."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import Any

import httpx
import pytest

from hoofprint.store.port import Table

from .load import VIEWS
from .server import HOSTNAME, Instance

pytestmark = pytest.mark.xdist_group("e2e")

MARK = "Quokka"
"""Part of every user agent that is sent, and of nothing else."""
AGENT = (
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    f"Chrome/140.0.7339.127 Safari/537.36 {MARK}/7.31"
)
BOT = f"Mozilla/5.0 (compatible; Googlebot/2.1; {MARK})"
BODY_BYTES = 65_536
PROXIES = ("cf-connecting-ip", "true-client-ip", "x-forwarded-for", "forwarded", "x-real-ip")
VISITORS = 4
"""Addresses of each kind on each way in: four packed bytes may be in a file by chance, once."""


@dataclass(frozen=True)
class Way:
    """A way for addresses to come in, with addresses that are sent on no other way."""

    name: str
    v4: tuple[IPv4Address, ...]
    v6: tuple[IPv6Address, ...]

    @property
    def addresses(self) -> tuple[str, ...]:
        return (*map(str, self.v4), *map(str, self.v6))


def ways() -> Iterator[Way]:
    """New ways, as many as are asked for."""
    for number in range(101, 250):
        numbers = range(VISITORS)
        yield Way(
            f"/way-{number}",
            tuple(IPv4Address(f"81.{number}.{37 + 41 * n}.{113 + 29 * n}") for n in numbers),
            tuple(IPv6Address(f"2a02:8{number}:4c1d:{n + 7:x}e5a::9b3f") for n in numbers),
        )


class Traffic:
    """Sends requests with addresses on one way after the other; `accepted` has a page for each."""

    def __init__(self, instance: Instance) -> None:
        self.used: list[Way] = []
        self.accepted: dict[str, int] = {}
        self._ways = ways()
        self._instance = instance
        self._bearer = {"authorization": f"Bearer {instance.account.access_key}"}

    def way(self) -> Way:
        """One that was not used yet."""
        self.used.append(next(self._ways))
        return self.used[-1]

    def post(self, path: str, body: object, status: int, **headers: str) -> None:
        """A request that is answered as expected."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        answer = self._instance.http.post(
            path, content=content, headers={**self._bearer, "user-agent": AGENT, **headers}
        )
        assert answer.status_code == status, (path, body, answer.text)
        assert MARK not in answer.text

    def api(self, path: str = "/hit", form: str = "{}", status: int = 200, **fields: Any) -> None:
        """The same request of a server-side client with each address of a new way, and a batch."""
        way = self.way()
        bodies: list[dict[str, Any]] = [
            {
                "url": f"https://{HOSTNAME}{way.name}",
                "ip": form.format(address),
                "user_agent": AGENT,
                "event_name": "Tap",
                **fields,
            }
            for address in way.addresses
        ]
        for body in bodies:
            self.post(f"/api/v1{path}", body, status)
        self.post(f"/api/v1{path}/batch", bodies, status)
        if status == 200:
            views = 1 if path == "/event" else 2  # only the event that begins a session has one
            self.accepted[way.name] = views * len(bodies)

    def browser(self, name: str, form: str, status: int = 200, **query: str) -> None:
        """The same request of the script with each address of a new way, by way of a proxy."""
        way = self.way()
        known = {"code": self._instance.account.code, "url": f"https://{HOSTNAME}{way.name}"}
        for address in way.addresses:
            headers = {name: form.format(address), "user-agent": AGENT}
            answer = self._instance.http.get("/hit", params=known | query, headers=headers)
            assert answer.status_code == status, answer.text
            event = {"identification_code": known["code"], "url": known["url"], "event_name": "Tap"}
            self.post("/event", event | query, status, **headers)
        if status == 200:
            self.accepted[way.name] = len(way.addresses)


def well_formed(traffic: Traffic) -> None:
    traffic.api()
    traffic.api("/event", event_meta={"a": "b"})
    traffic.api(form="10.0.0.1, {}")
    traffic.api(user_agent=BOT)
    traffic.api("/session")
    for path in (way.name for way in traffic.used[-2:]):
        del traffic.accepted[path]  # a bot's, and keep-alives without a session
    for name in PROXIES:
        traffic.browser(name, 'for="[{}]"' if name == "forwarded" else "{}")


def malformed(traffic: Traffic) -> None:
    traffic.api(status=400, url="")
    traffic.api(status=400, url=None, ip=None)
    traffic.api("/event", status=400, event_name="")
    traffic.api("/event", status=400, event_meta={"a": {"nested": AGENT}})
    traffic.api(form="{}/" + MARK, status=400)
    traffic.api(status=400, user_agent=[AGENT])
    traffic.api(status=400, screen_width=AGENT)
    traffic.browser("x-forwarded-for", "{}", status=400, url="https://elsewhere.example/")
    traffic.browser("x-real-ip", "{}", status=401, code="wrong", identification_code="wrong")
    for address in traffic.way().addresses:
        text = json.dumps({"ip": address, "user_agent": AGENT})
        for body in (text[:-1], text + "}", f"[{text}", text.encode("utf-16")):
            content = body if isinstance(body, bytes) else body.encode()
            traffic.post("/api/v1/hit", content, 400)
            traffic.post("/api/v1/event/batch", content, 400)
        traffic.post("/api/v1/hit", text.encode(), 401, authorization=f"Bearer {AGENT}")
        traffic.post("/api/v1/hit", text.encode() + b" " * BODY_BYTES, 413)
        traffic.post(f"/api/v1/{MARK}", text.encode(), 404, **{"x-forwarded-for": address})


def elsewhere(instance: Instance, way: Way) -> None:
    """Requests that count nothing, and bytes that are no request."""
    for address in way.addresses:
        headers = dict.fromkeys(PROXIES, address) | {"user-agent": AGENT}
        for path in ("/api/v1/statistics/page", "/demo", "/pa.js", "/metrics", f"/{MARK}"):
            instance.http.get(path, headers=headers, params={"ip": address, "id": MARK})
        for line in ("GET /hit HTTP/9.9", "GET /hit", f"{MARK} / HTTP/1.1", "\0\1"):
            said = f"{line}\r\nX-Real-IP: {address}\r\nUser-Agent: {AGENT}\r\n\r\n".encode()
            with (
                socket.create_connection(("127.0.0.1", instance.port)) as raw,
                suppress(ConnectionError),  # the server may hang up as soon as it has seen enough
            ):
                raw.sendall(said)
                raw.shutdown(socket.SHUT_WR)
                while raw.recv(4096):
                    pass


def from_the_peer_itself(instance: Instance) -> str:
    """A page view of the script whose connection comes from the address that is returned."""
    address = "127.94.183.61"
    with httpx.Client(transport=httpx.HTTPTransport(local_address=address)) as http:
        query = {"code": instance.account.code, "url": f"https://{HOSTNAME}/peer"}
        answer = http.get(f"{instance.url}/hit", params=query, headers={"user-agent": AGENT})
    assert answer.status_code == 200
    return address


def everything_written(instance: Instance) -> Mapping[Path, bytes]:
    """The content of every file that the instance may have made, and all files' names."""
    top = instance.data.parent
    paths = [path for path in top.rglob("*") if path.is_file()]
    names = "\n".join(str(path.relative_to(top)) for path in paths)
    return {path: path.read_bytes() for path in paths} | {Path("names"): names.encode()}


def texts(address: IPv4Address | IPv6Address) -> set[bytes]:
    """How an address may be written: a v4 address without its end, a v6 address short and long."""
    if isinstance(address, IPv4Address):
        return {str(address).rpartition(".")[0].encode() + b"."}
    return {str(address).encode(), address.exploded[:19].encode()}


def found_in(data: bytes, used: list[Way]) -> list[str]:
    """Which addresses and user agents some bytes hold, as text or packed."""
    lower = data.lower()
    found = [MARK] if MARK.lower().encode() in lower else []
    for way in used:
        every: tuple[IPv4Address | IPv6Address, ...] = (*way.v4, *way.v6)
        found += [str(a) for a in every if any(text in lower for text in texts(a))]
        for turn in (1, -1):
            found += [f"{a} packed" for a in way.v6 if a.packed[::turn] in data]
            if all(address.packed[::turn] in data for address in way.v4):
                found.append(f"{way.name} packed")
    return found


def test_no_address_and_no_user_agent_is_ever_written_down(instance: Instance) -> None:
    """Neither in the spool, the store, the records, the keys nor the log, at any time."""
    instance.start(
        flush_seconds=60,
        trusted_proxies="127.0.0.1",
        log_level="debug",
        max_body_bytes=BODY_BYTES,
    )
    traffic = Traffic(instance)
    well_formed(traffic)
    malformed(traffic)
    elsewhere(instance, traffic.way())
    peer = from_the_peer_itself(instance)
    traffic.accepted["/peer"] = 1

    spooled = everything_written(instance)
    assert any(b"/way-101" in data for path, data in spooled.items() if path.suffix == ".spool")
    instance.stop()  # now everything is counted
    counted = everything_written(instance)
    every_row = [f"SELECT * FROM {table}" for table in Table]  # noqa: S608 - names of our own
    views, *values = instance.facts(VIEWS, *every_row)
    assert dict(views) == traffic.accepted

    for files in (spooled, counted):
        data = b"\n".join(files.values())
        found = [*found_in(data, traffic.used), *([peer] if peer.encode() in data else [])]
        assert not found, (found, [str(p) for p, d in files.items() if found_in(d, traffic.used)])
    assert not found_in(json.dumps(values).encode(), traffic.used)
    numbers = {int(ip_address(a)) for way in traffic.used for a in way.addresses}
    assert not numbers & set(flat(values))


def flat(value: Any) -> Iterator[Any]:
    """The scalars inside lists of lists."""
    if isinstance(value, list):
        for part in value:
            yield from flat(part)
    else:
        yield value


@pytest.mark.parametrize(
    "leak",
    [
        b"81.102.78.142",
        b"2a02:8102:4c1d:8e5a::9b3f",
        IPv6Address("2a02:8102:4c1d:8e5a::9b3f").packed,
        b"".join(IPv4Address(f"81.102.{37 + 41 * n}.{113 + 29 * n}").packed for n in range(4)),
        AGENT.lower().encode(),
    ],
)
def test_the_search_finds_what_it_is_looking_for(leak: bytes) -> None:
    [first, second] = [way for way, _ in zip(ways(), range(2), strict=False)]
    assert found_in(b"\0something " + leak + b" else\xff", [first, second])
