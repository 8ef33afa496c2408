"""Bodies of hits: some with few values that come again and again, some with none that do."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from random import Random

import msgspec

from hoofprint.testing.shop import SOURCES

VISITORS = 60_000
AGENTS = 2_000
PAGES = 5_000

_SYSTEMS = (
    "Windows NT 10.0; Win64; x64",
    "Macintosh; Intel Mac OS X 10_15_7",
    "X11; Linux x86_64",
    "Linux; Android 14; Pixel 8",
)


def agent(number: int) -> str:
    """A current browser's user agent; another number gives another one."""
    system = _SYSTEMS[number % len(_SYSTEMS)]
    build = f"{120 + number % 25}.0.{6000 + number // 25}.{number % 199}"
    return (
        f"Mozilla/5.0 ({system}) AppleWebKit/537.36 (KHTML, like Gecko) "
        f"Chrome/{build} Safari/537.36"
    )


def address(number: int) -> str:
    """A public address."""
    return f"{80 + number % 15}.{number // 15 % 256}.{number // 3840 % 256}.{1 + number % 250}"


def realistic(count: int, seed: int = 1) -> Iterator[bytes]:
    """Zipf's law over visitors, user agents and pages, as a busy site has them."""
    draw = Random(seed)
    pages, agents, people = (
        list(accumulate(1 / rank for rank in range(1, n + 1))) for n in (PAGES, AGENTS, VISITORS)
    )
    sources = list(accumulate(source.share for source in SOURCES))
    browsers = draw.choices(range(AGENTS), cum_weights=agents, k=VISITORS)
    for _ in range(count):
        [visitor] = draw.choices(range(VISITORS), cum_weights=people)
        [page] = draw.choices(range(PAGES), cum_weights=pages)
        [source] = draw.choices(SOURCES, cum_weights=sources)
        query = "?" + source.query.format(season="spring") if source.query else ""
        body = _hit(f"/page/{page}{query}", address(visitor), agent(browsers[visitor]), page)
        if source.referrer and draw.random() < 0.4:
            body["referrer"] = source.referrer
        yield msgspec.json.encode(body)


def distinct(count: int) -> Iterator[bytes]:
    """The worst case: no address, user agent or page ever comes again."""
    for number in range(count):
        body = _hit(f"/page/{number}", address(number * 7), agent(number * 13), number)
        body["referrer"] = f"https://site{number}.example/path/{number}"
        yield msgspec.json.encode(body)


def _hit(path: str, ip: str, user_agent: str, title: int) -> dict[str, object]:
    return {
        "url": f"https://example.com{path}",
        "ip": ip,
        "user_agent": user_agent,
        "accept_language": "de-DE,de;q=0.9,en;q=0.8",
        "title": f"Title of page {title}",
        "screen_width": 1920,
        "screen_height": 1080,
    }


def batches(bodies: Iterator[bytes], size: int) -> Iterator[bytes]:
    """The bodies, many in one request."""
    group: list[bytes] = []
    for body in bodies:
        group.append(body)
        if len(group) == size:
            yield b"[" + b",".join(group) + b"]"
            group = []
    if group:
        yield b"[" + b",".join(group) + b"]"
