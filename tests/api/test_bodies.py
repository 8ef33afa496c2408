"""Bodies nobody should send: malformed, broken, nested, huge."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hoofprint.api.asgi import Message, read_body
from hoofprint.errors import Invalid, TooLarge

from .world import World

PATHS = [f"/api/v1/{kind}{many}" for kind in ("hit", "event", "session") for many in ("", "/batch")]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "not valid JSON: Expecting value (character 0)"),
        (b"   ", "not valid JSON"),
        (b'{"url": ', "not valid JSON"),
        (b'[{"url": "a",}]', "(character 13)"),
        (b"{}{}", "Extra data (character 2)"),
        (b"url=a&ip=b", "not valid JSON"),
        (b'[{"screen_width": NaN}]', "NaN is no number"),
        (b'{"screen_width": Infinity}', "Infinity is no number"),
        (b'{"url": "\xff\xfe"}', "not valid UTF-8 (byte 9)"),
        (b'[{"url": "\xc3("}]', "not valid UTF-8 (byte 10)"),
        (b'{"a":' + b"[" * 200_000, "nested too deeply"),
        (b"[" * 200_000 + b"]" * 200_000, "nested too deeply"),
        (b"\x00\x01\x02", "not valid JSON"),
        (b"\x1f\x8b\x08\x00", "not valid UTF-8"),
    ],
)
def test_a_malformed_body_is_a_400_that_says_where(
    world: World, path: str, body: bytes, said: str
) -> None:
    answer = world.send("POST", path, body, bearer=world.cast.access_key)
    assert answer.status_code == 400
    told = answer.json()
    assert (told["validation"], told["context"]) == ({}, {})
    assert said in told["error"][0]
    assert world.spool.records == []


@pytest.mark.parametrize(
    "number", [b"1e400", b"-1e400", b"9" * 5000], ids=["exponent", "negative", "digits"]
)
def test_a_number_out_of_every_range_is_named(world: World, number: bytes) -> None:
    body = b'{"screen_width": ' + number + b', "tags": {"a": ' + number + b"}}"
    answer = world.send("POST", "/api/v1/hit", body, bearer=world.cast.access_key)
    assert answer.status_code == 400
    assert {"screen_width", "tags"} <= set(answer.json()["validation"])


@pytest.mark.parametrize("path", PATHS)
def test_ten_megabytes_are_a_413(world: World, path: str) -> None:
    body = b'{"title": "' + b"x" * 10 * 1024 * 1024 + b'"}'
    answer = world.send("POST", path, body, bearer=world.cast.access_key)
    assert answer.status_code == 413
    assert answer.json() == {
        "validation": {},
        "error": ["the body is too large"],
        "context": {},
    }
    assert world.spool.records == []


def test_a_chunked_body_is_refused_before_its_end(world: World) -> None:
    sent: list[int] = []

    def endless() -> Iterator[bytes]:
        while True:
            sent.append(1)
            yield b" " * 1024 * 1024

    class Chunks(list[bytes]):
        def __iter__(self) -> Iterator[bytes]:
            return endless()

    answer = world.send("POST", "/api/v1/hit", Chunks(), bearer=world.cast.access_key)
    assert answer.status_code == 413
    assert len(sent) < 12


def test_a_body_in_chunks_is_one_body(world: World) -> None:
    parts = [
        b'[{"url": "https://exam',
        b"",
        b'ple.com/", "ip": "1.2.3.4", "user_agent": "',
        b'x"}]',
    ]
    answer = world.send("POST", "/api/v1/hit/batch", parts, bearer=world.cast.access_key)
    assert answer.status_code == 200
    assert len(world.spool.records) == 1


def test_a_body_that_ends_early_is_not_taken(world: World) -> None:
    messages: list[Message] = [
        {"type": "http.request", "body": b"[]", "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive() -> Message:
        return messages.pop(0)

    with pytest.raises(Invalid, match="ended early"):
        world.runner.run(read_body(receive, 1000))


@pytest.mark.parametrize("sizes", [(1001,), (1000, 1), (500, 501, 0)])
def test_the_limit_is_exact(world: World, sizes: tuple[int, ...]) -> None:
    async def read(limit: int) -> bytes:
        left = list(sizes)

        async def receive() -> Message:
            return {"type": "http.request", "body": b"x" * left.pop(0), "more_body": bool(left)}

        return await read_body(receive, limit)

    assert len(world.runner.run(read(1001))) == 1001
    with pytest.raises(TooLarge):
        world.runner.run(read(1000))
