"""Rate limits: so many requests to manage something, and so many wrong secrets, a minute."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from hoofprint.management.exchange import Exchange

from .conftest import Parts
from .managing import Managed
from .world import NOW, World

GOALS, TOKEN = "/api/v1/goal", "/api/v1/token"
PREFIX = "x-ratelimit-"


class Gate:
    """An instance with limits, at a time that obeys."""

    def __init__(self, world: World, managed: Managed, parts: Parts, **limits: int) -> None:
        self.now = NOW
        settings = replace(world.services.settings, **limits)
        wrong_secrets = settings.rate_limit_security
        exchange = Exchange(parts.records, parts.tokens, lambda: self.now, wrong_secrets)
        self.world = world.but(settings=settings, clock=lambda: self.now, exchange=exchange)
        self.managed = managed

    def list(self, who: str | None = "changing", path: str = GOALS) -> httpx.Response:
        bearer = None if who is None else self.managed[who]
        return self.world.send("GET", f"{path}?id={self.managed.domain_id}", bearer=bearer)

    def token(self, client_id: str, secret: str, **more: Any) -> int:
        body = {"client_id": client_id, "client_secret": secret}
        return self.world.send("POST", TOKEN, json=body, **more).status_code


Opened = Callable[..., Gate]


@pytest.fixture
def gate(world: World, managed: Managed, parts: Parts) -> Opened:
    def opened(**limits: int) -> Gate:
        return Gate(world, managed, parts, **limits)

    return opened


def told(answer: httpx.Response) -> list[str]:
    """The limit, what is left of it, and when there is more."""
    return [answer.headers.get(PREFIX + name, "") for name in ("limit", "remaining", "reset")]


def test_the_usual_limits_are_those_of_the_documents(world: World) -> None:
    fields = type(world.services.settings)()
    assert (fields.rate_limit_security, fields.rate_limit_configuration) == (10, 60)


def test_so_many_requests_a_minute_are_answered_and_the_next_is_not(gate: Opened) -> None:
    opened = gate(rate_limit_configuration=2)
    assert told(opened.list()) == ["2", "1", "60"]
    opened.now += 20
    assert told(opened.list()) == ["2", "0", "40"]
    answer = opened.list()
    assert answer.status_code == 429
    assert told(answer) == ["2", "0", "40"]
    assert answer.headers["retry-after"] == "40"
    assert answer.json() == {"validation": {}, "error": ["too many requests"], "context": {}}
    opened.now += 39.9
    assert opened.list().status_code == 429
    opened.now += 0.1
    answer = opened.list()
    assert (answer.status_code, told(answer)) == (200, ["2", "0", "20"])


def test_each_client_has_a_limit_of_its_own_for_all_it_manages(gate: Opened) -> None:
    opened = gate(rate_limit_configuration=1)
    assert opened.list("changing").status_code == 200
    assert opened.list("owner").status_code == 200
    for path in (GOALS, "/api/v1/domain", "/api/v1/webhook", "/api/v1/audit"):
        assert opened.list("changing", path).status_code == 429, path


def test_refusals_count_and_tell_the_limit_too(gate: Opened) -> None:
    opened = gate(rate_limit_configuration=2)
    answer = opened.list("stranger")
    assert (answer.status_code, told(answer)) == (404, ["2", "1", "60"])
    answer = opened.world.send("POST", GOALS, b"{", bearer=opened.managed["stranger"])
    assert (answer.status_code, told(answer)) == (400, ["2", "0", "60"])
    assert opened.list("stranger").status_code == 429


def test_nothing_is_changed_by_what_is_too_much(gate: Opened) -> None:
    opened = gate(rate_limit_configuration=1)
    opened.list()
    body = {"domain_id": opened.managed.domain_id, "name": "Too much", "path_pattern": "/x"}
    bearer = opened.managed["changing"]
    assert opened.world.send("POST", GOALS, json=body, bearer=bearer).status_code == 429
    assert "Too much" not in opened.list("owner").text


def test_statistics_collection_and_tokens_are_not_limited(gate: Opened) -> None:
    opened = gate(rate_limit_configuration=1)
    cast, send = opened.world.cast, opened.world.send
    query = f"id={cast.domain.id}&from=2026-05-01&to=2026-05-02"
    hit = {"url": "https://example.com/", "ip": "81.2.69.142", "user_agent": "x"}
    for _ in range(3):
        for answer in (
            send("GET", f"/api/v1/statistics/total?{query}", bearer=cast.domain_token),
            send("GET", f"/api/v1/statistics/deletion?{query}", bearer=cast.domain_token),
            send("POST", "/api/v1/hit", json=hit, bearer=cast.domain_token),
        ):
            assert (answer.status_code, told(answer)) == (200, ["", "", ""])
        assert opened.token(cast.client_id, cast.client_secret) == 200


def test_whoever_shows_no_credentials_is_not_counted(gate: Opened) -> None:
    opened = gate(rate_limit_configuration=1)
    for _ in range(3):
        answer = opened.list(None)
        assert (answer.status_code, told(answer)) == (401, ["", "", ""])


def test_a_limit_of_nothing_is_none(gate: Opened) -> None:
    opened = gate(rate_limit_configuration=0, rate_limit_security=0)
    assert all(opened.list().status_code == 200 for _ in range(100))
    assert told(opened.list()) == ["", "", ""]
    assert {opened.token("x" * 32, "wrong") for _ in range(30)} == {401}


def test_wrong_secrets_are_limited_for_a_client_wherever_they_come_from(gate: Opened) -> None:
    opened = gate(rate_limit_security=2)
    cast = opened.world.cast
    found = [opened.token(cast.client_id, "no", peer=f"192.0.2.{n}") for n in range(4)]
    assert found == [401, 401, 429, 429]
    assert opened.token(cast.client_id, cast.client_secret) == 200
    opened.now += 60
    assert opened.token(cast.client_id, "no") == 401


def test_wrong_secrets_are_limited_for_an_address_whatever_client_they_name(gate: Opened) -> None:
    opened = gate(rate_limit_security=2)
    assert [opened.token(f"{n:032}", "no") for n in range(4)] == [401, 401, 429, 429]
    assert opened.token("short", "no") == 429
    assert opened.token("5" * 32, "no", peer="192.0.2.1") == 401


def test_an_address_is_the_visitors_behind_a_proxy_and_a_network_of_ipv6(gate: Opened) -> None:
    opened = gate(rate_limit_security=1)
    for n, behind in enumerate(("8.8.8.8", "8.8.4.4")):
        headers = {"x-forwarded-for": behind}
        assert opened.token(f"{n:032}", "no", peer="10.0.0.1", headers=headers) == 401
    assert opened.token("7" * 32, "no", peer="2a02:8108:1:2::1") == 401
    assert opened.token("8" * 32, "no", peer="2a02:8108:1:2:ffff::9") == 429
    assert opened.token("9" * 32, "no", peer="2a02:8108:1:3::1") == 401


def test_a_refused_secret_says_when_to_come_back(gate: Opened) -> None:
    opened = gate(rate_limit_security=1)
    body = {"client_id": "x" * 32, "client_secret": "no"}
    opened.world.send("POST", TOKEN, json=body)
    answer = opened.world.send("POST", TOKEN, json=body)
    assert (answer.headers["retry-after"], told(answer)) == ("60", ["1", "0", "60"])
