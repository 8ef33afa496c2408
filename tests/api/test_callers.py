"""Who may send what, and which domain it is counted for (rules.md 1.3, clients.md 1 and 2)."""

from __future__ import annotations

from typing import Any

import pytest

from .world import BROWSER, World

HIT = {"url": "https://example.com/a", "ip": "81.2.69.142", "user_agent": BROWSER}
EVENT = {**HIT, "event_name": "x"}
KEEP_ALIVE = {"ip": "81.2.69.142", "user_agent": BROWSER}
BODIES: dict[str, Any] = {"hit": HIT, "event": EVENT, "session": KEEP_ALIVE}


def endpoints() -> list[tuple[str, str, Any]]:
    single = [(scope, f"/api/v1/{scope}", body) for scope, body in BODIES.items()]
    return single + [(scope, f"{path}/batch", [body]) for scope, path, body in single]


@pytest.mark.parametrize(("scope", "path", "body"), endpoints())
@pytest.mark.parametrize("bearer", [None, "", " ", "pa_" + "x" * 45, "a.b.c", "\xe4", "x" * 5000])
def test_missing_and_wrong_credentials_are_a_401(
    world: World, scope: str, path: str, body: Any, bearer: str | None
) -> None:
    answer = world.send("POST", path, json=body, bearer=bearer)
    assert answer.status_code == 401, scope
    assert answer.json() == {
        "validation": {},
        "error": ["the credentials are missing, wrong or expired"],
        "context": {},
    }
    assert world.spool.records == []


def test_an_empty_bearer_comes_before_a_faulty_body(world: World) -> None:
    """Clients first ask with an empty token and fetch one after the 401."""
    answer = world.send("POST", "/api/v1/hit", b"{", headers={"authorization": "Bearer"})
    assert answer.status_code == 401
    again = world.send("POST", "/api/v1/hit", json=HIT, bearer=world.cast.domain_token)
    assert again.status_code == 200


def test_the_scheme_is_not_case_sensitive_and_must_be_bearer(world: World) -> None:
    for scheme, status in (("bearer", 200), ("BEARER", 200), ("Basic", 401)):
        headers = {"authorization": f"{scheme} {world.cast.access_key}"}
        answer = world.send("POST", "/api/v1/hit", json=HIT, headers=headers)
        assert answer.status_code == status


def test_an_expired_token_is_a_401(world: World) -> None:
    answer = world.send("POST", "/api/v1/hit", json=HIT, bearer=world.cast.expired_token)
    assert answer.status_code == 401


@pytest.mark.parametrize(("scope", "path", "body"), endpoints())
@pytest.mark.parametrize("granted", ["hit", "event", "session", "statistics"])
def test_only_the_endpoints_own_scope_opens_it(
    world: World, scope: str, path: str, body: Any, granted: str
) -> None:
    answer = world.send("POST", path, json=body, bearer=world.cast.scoped[granted])
    assert answer.status_code == (200 if scope == granted else 403)
    assert len(world.spool.records) == (1 if scope == granted else 0)


@pytest.mark.parametrize(
    "url", ["https://example.com/", "https://elsewhere.example/", "http://[::1]:80/x"]
)
def test_a_domain_clients_hits_are_its_domains_whatever_the_hostname(
    world: World, url: str
) -> None:
    answer = world.send(
        "POST", "/api/v1/hit", json={**HIT, "url": url}, bearer=world.cast.access_key
    )
    assert answer.status_code == 200
    assert [r.domain_id for r in world.spool.records] == [world.cast.domain.id]


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://example.com/", "domain"),
        ("https://WWW.Example.com:8443/", "domain"),
        ("https://shop.example.org/", "domain"),
        ("https://other.example/", "sibling"),
    ],
)
def test_a_user_clients_hostname_chooses_the_domain(world: World, url: str, domain: str) -> None:
    answer = world.send(
        "POST", "/api/v1/hit", json={**HIT, "url": url}, bearer=world.cast.user_token
    )
    assert answer.status_code == 200, answer.text
    assert [r.domain_id for r in world.spool.records] == [getattr(world.cast, domain).id]


@pytest.mark.parametrize("url", ["https://unknown.example/", "https://notexample.com/", "nonsense"])
def test_a_user_clients_unknown_hostname_is_a_400_on_the_url(world: World, url: str) -> None:
    answer = world.send(
        "POST", "/api/v1/hit", json={**HIT, "url": url}, bearer=world.cast.user_token
    )
    assert answer.status_code == 400
    assert set(answer.json()["validation"]) == {"url"}
    assert world.spool.records == []


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({}, 400),
        ({"hostname": "example.com"}, 200),
        ({"hostname": "unknown.example"}, 400),
        ({"url": "https://example.com/x"}, 200),
    ],
)
def test_a_user_clients_keep_alive_must_name_its_domain(
    world: World, more: dict[str, str], status: int
) -> None:
    body = {**KEEP_ALIVE, **more}
    answer = world.send("POST", "/api/v1/session", json=body, bearer=world.cast.user_token)
    assert answer.status_code == status
    assert len(world.spool.records) == (1 if status == 200 else 0)


def test_an_access_key_reads_no_statistics(world: World) -> None:
    path = f"/api/v1/statistics/total?id={world.cast.domain.id}&from=2026-05-01&to=2026-05-02"
    answer = world.send("GET", path, bearer=world.cast.access_key)
    assert answer.status_code == 403
    assert set(answer.json()) == {"validation", "error", "context"}


def test_disabled_scripts_do_not_stop_clients(world: World) -> None:
    body = {**HIT, "url": f"https://{world.cast.scriptless.hostname}/"}
    answer = world.send("POST", "/api/v1/hit", json=body, bearer=world.cast.user_token)
    assert answer.status_code == 200
