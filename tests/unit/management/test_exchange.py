from __future__ import annotations

import asyncio

import pytest

from hoofprint.errors import TooManyRequests, Unauthenticated
from hoofprint.management.exchange import Exchange
from hoofprint.management.tokens import Tokens
from hoofprint.management.windows import SlidingWindow
from hoofprint.records.tables import ClientType

from .world import Clock, World


@pytest.fixture
def exchange(world: World, tokens: Tokens) -> Exchange:
    return Exchange(world.records, tokens, world.clock)


def test_the_right_secret_gets_a_token_for_an_hour(
    world: World, exchange: Exchange, tokens: Tokens
) -> None:
    issued = world.client(world.user("ada"))
    token = asyncio.run(exchange.exchange(issued.record.client_id, issued.secret))
    claims = tokens.verify(token.access_token, world.clock())
    assert claims.client_id == issued.record.client_id
    assert token.expires_at == "2023-11-14T23:13:20.000000Z"


def test_wrong_credentials_are_refused(world: World, exchange: Exchange) -> None:
    ada = world.user("ada")
    issued, other = world.client(ada), world.client(ada)
    for client_id, secret in [
        (issued.record.client_id, other.secret),
        (issued.record.client_id, ""),
        (issued.record.client_id, issued.record.secret_hash),
        (issued.record.client_id, "\ud800"),
        ("x" * 32, issued.secret),
        ("", ""),
        ("\0" * 32, issued.secret),
        ("\ud800", issued.secret),
        ("x" * 1_000_000, issued.secret),
    ]:
        with pytest.raises(Unauthenticated):
            asyncio.run(exchange.exchange(client_id, secret))


def test_an_access_key_can_not_be_exchanged(world: World, exchange: Exchange) -> None:
    issued = world.client(world.user("ada"), ClientType.TOKEN)
    with pytest.raises(Unauthenticated):
        asyncio.run(exchange.exchange(issued.record.client_id, issued.secret))


def test_ten_wrong_secrets_a_minute_are_enough(world: World, exchange: Exchange) -> None:
    ada = world.user("ada")
    issued, other = world.client(ada), world.client(ada)

    def wrong(client_id: str) -> None:
        asyncio.run(exchange.exchange(client_id, "wrong"))

    for _ in range(10):
        with pytest.raises(Unauthenticated):
            wrong(issued.record.client_id)
        world.clock.now += 1
    with pytest.raises(TooManyRequests) as raised:
        wrong(issued.record.client_id)
    assert raised.value.retry_after == 50
    with pytest.raises(Unauthenticated):
        wrong(other.record.client_id)
    world.clock.now += raised.value.retry_after
    with pytest.raises(Unauthenticated):
        wrong(issued.record.client_id)


def test_nobody_can_lock_a_client_out(world: World, exchange: Exchange) -> None:
    issued = world.client(world.user("ada"))
    for _ in range(20):
        with pytest.raises((Unauthenticated, TooManyRequests)):
            asyncio.run(exchange.exchange(issued.record.client_id, "wrong"))
    assert asyncio.run(exchange.exchange(issued.record.client_id, issued.secret)).access_token


def test_a_window_slides(clock: Clock) -> None:
    """Not a fixed minute: the oldest of the last few leaves it after 60 seconds."""
    window = SlidingWindow(2, 60, clock)
    window.note("a")
    clock.now += 50
    window.note("a")
    clock.now += 9.5
    with pytest.raises(TooManyRequests) as raised:
        window.note("a")
    assert raised.value.retry_after == 1
    clock.now += 0.5
    window.note("a")
    with pytest.raises(TooManyRequests):
        window.note("a")


def test_a_window_forgets_the_quiet_ones_first(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hoofprint.management.windows.MOST_KEYS", 2)
    window = SlidingWindow(1, 60, clock)
    for key in ("a", "b"):
        window.note(key)
    with pytest.raises(TooManyRequests):
        window.note("a")
    window.note("c")
    with pytest.raises(TooManyRequests):
        window.note("a")
    window.note("b")
