"""`POST /token` and `GET /domain` over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from .world import BROWSER, World

HIT = {"url": "https://example.com/a", "ip": "81.2.69.142", "user_agent": BROWSER}


def credentials(world: World, **other: Any) -> dict[str, Any]:
    return {
        "client_id": world.cast.client_id,
        "client_secret": world.cast.client_secret,
        **other,
    }


def test_the_right_secret_gets_a_token_that_opens_the_api(world: World) -> None:
    answer = world.send("POST", "/api/v1/token", json=credentials(world, unknown=1))
    assert answer.status_code == 200
    token = answer.json()
    assert set(token) == {"access_token", "expires_at"}
    assert token["expires_at"].startswith("2026-05-04T14:06:40")
    assert token["expires_at"].endswith("Z")
    sent = world.send("POST", "/api/v1/hit", json=HIT, bearer=token["access_token"])
    assert sent.status_code == 200


def test_no_content_type_is_demanded_for_a_token(world: World) -> None:
    body = (
        f'{{"client_id": "{world.cast.client_id}", "client_secret": "{world.cast.client_secret}"}}'
    )
    headers = {"content-type": "text/plain"}
    answer = world.send("POST", "//api/v1/token", body.encode(), headers=headers)
    assert answer.status_code == 200


@pytest.mark.parametrize("other", [{"client_secret": "x" * 64}, {"client_id": "x" * 32}])
def test_wrong_credentials_are_a_401(world: World, other: dict[str, str]) -> None:
    answer = world.send("POST", "/api/v1/token", json=credentials(world, **other))
    assert answer.status_code == 401
    assert set(answer.json()) == {"validation", "error", "context"}


def test_guessing_secrets_is_limited(world: World) -> None:
    wrong = credentials(world, client_secret="x" * 64)
    for _ in range(10):
        assert world.send("POST", "/api/v1/token", json=wrong).status_code == 401
    answer = world.send("POST", "/api/v1/token", json=wrong)
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
    assert world.send("POST", "/api/v1/token", json=credentials(world)).status_code == 200


@pytest.mark.parametrize(
    ("body", "failing"),
    [
        ({}, {"client_id", "client_secret"}),
        ({"client_id": ""}, {"client_id", "client_secret"}),
        ({"client_id": 5, "client_secret": None}, {"client_id", "client_secret"}),
        ({"client_id": "x", "client_secret": ["y"]}, {"client_secret"}),
    ],
)
def test_every_missing_credential_is_named(
    world: World, body: dict[str, Any], failing: set[str]
) -> None:
    answer = world.send("POST", "/api/v1/token", json=body)
    assert answer.status_code == 400
    assert set(answer.json()["validation"]) == failing


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b"[" * 100_000, b"5"])
def test_a_malformed_body_is_a_400(world: World, body: bytes) -> None:
    answer = world.send("POST", "/api/v1/token", body)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_ten_megabytes_are_a_413(world: World) -> None:
    answer = world.send("POST", "/api/v1/token", b" " * 10 * 1024 * 1024)
    assert answer.status_code == 413
    assert set(answer.json()) == {"validation", "error", "context"}


def test_a_domain_client_sees_an_array_of_its_one_domain(world: World) -> None:
    for bearer in (world.cast.domain_token, world.cast.access_key, world.cast.scoped["hit"]):
        answer = world.send("GET", "/api/v1/domain", bearer=bearer)
        assert answer.status_code == 200
        [domain] = answer.json()
        assert (domain["id"], domain["hostname"]) == (world.cast.domain.id, "example.com")


def test_a_user_client_sees_all_its_domains(world: World) -> None:
    answer = world.send("GET", "/api/v1/domain", bearer=world.cast.user_token)
    assert sorted(domain["hostname"] for domain in answer.json()) == [
        "example.com",
        "other.example",
        "quiet.example",
    ]


def test_a_domain_asked_for_is_one_object(world: World) -> None:
    cast = world.cast
    path = f"/api/v1/domain?id={cast.sibling.id}"
    assert world.send("GET", path, bearer=cast.user_token).json()["hostname"] == "other.example"
    assert world.send("GET", path, bearer=cast.domain_token).status_code == 404
    assert world.send("GET", path).status_code == 401
    assert world.send("GET", "/api/v1/domain?id=&subdomain=").status_code == 401
