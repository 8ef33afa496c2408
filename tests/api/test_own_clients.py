"""Clients that clients manage: a secret is shown once, and nobody gives more than they have."""

from __future__ import annotations

from typing import Any

import pytest

from .managing import Managed
from .test_resources import DOCUMENTED
from .world import World

PATH = "/api/v1/client"
SCOPES = {"scope_hit": "w", "scope_statistics": "r", "scope_domains": "w"}


class Counter:
    """Where clients are made."""

    def __init__(self, world: World, managed: Managed) -> None:
        self.world = world
        self.managed = managed

    def __call__(self, method: str, json: Any = None, who: str = "owner", query: str = "") -> Any:
        bearer = self.managed.bearers.get(who)
        return self.world.send(method, PATH + query, json=json, bearer=bearer)

    def made(self, **fields: Any) -> Any:
        answer = self("POST", {"type": "oauth", "domain_id": self.managed.domain_id} | fields)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def listed(self, query: str) -> list[Any]:
        found: list[Any] = self("GET", query=query).json()
        return found


@pytest.fixture
def counter(world: World, managed: Managed) -> Counter:
    return Counter(world, managed)


def documented(answer: Any, method: str) -> bool:
    """Whether an answer has the documented fields; the type and the user are ours."""
    example = DOCUMENTED[method, PATH]["response"]
    example = example[0] if isinstance(example, list) else example
    return {*answer} - {"type", "user_id"} >= {*example} - {"client_secret"}


def test_a_client_lives_from_its_creation_to_its_end(counter: Counter) -> None:
    made = counter.made(description="Shop", **SCOPES)
    assert documented(made, "POST")
    assert (len(made["client_id"]), len(made["client_secret"])) == (32, 64)
    assert (made["scope_hit"], made["scope_event"], made["scope_domains"]) == ("w", "", "w")
    here = f"?id={counter.managed.domain_id}"
    [listed] = [one for one in counter.listed(here) if one["id"] == made["id"]]
    assert documented(listed, "GET")
    assert "client_secret" not in listed
    assert [one["id"] for one in counter.listed(f"{here}&search=sho")] == [made["id"]]

    login = {"client_id": made["client_id"], "client_secret": made["client_secret"]}
    token = counter.world.send("POST", "/api/v1/token", json=login).json()["access_token"]
    assert counter.world.send("GET", "/api/v1/domain", bearer=token).status_code == 200
    changed = counter("POST", {"id": made["id"], "description": "Web"}).json()
    assert (changed["description"], changed["scope_hit"]) == ("Web", "w")
    assert "client_secret" not in changed
    assert counter("DELETE", query=f"?id={made['id']}").status_code == 200
    assert counter.world.send("GET", "/api/v1/domain", bearer=token).status_code == 401
    assert counter("DELETE", query=f"?id={made['id']}").status_code == 404


def test_the_documented_request_makes_an_access_key_that_only_collects(counter: Counter) -> None:
    request = DOCUMENTED["POST", PATH]["request"]
    if "type" not in request:  # the document shows two requests for this path
        request = {"type": "token", "description": "...", **dict.fromkeys(SCOPES, "w")}
    made = counter.made(**request | {"type": "token", "domain_id": counter.managed.domain_id})
    assert made["client_secret"].startswith("pa_")
    assert made["scope_statistics"] == made["scope_domains"] == ""
    hit = {"url": "https://managed.example/", "ip": "8.8.8.8", "user_agent": "x" * 40}
    sent = counter.world.send("POST", "/api/v1/hit", json=hit, bearer=made["client_secret"])
    assert sent.status_code == 200
    counter("DELETE", query=f"?id={made['id']}")


def test_an_accounts_client_may_do_no_more_than_the_one_that_makes_it(counter: Counter) -> None:
    """The owner's client has `domains` w and `statistics` r."""
    answer = counter("POST", {"type": "oauth", **SCOPES})
    assert answer.status_code == 400
    assert set(answer.json()["validation"]) == {"scope_hit"}
    own = counter("POST", {"type": "oauth", "scope_statistics": "r", "scope_domains": "r"})
    made = own.json()
    assert made["domain_id"] is None
    assert made["id"] in {one["id"] for one in counter.listed("")}
    for who in ("admin", "stranger"):
        assert counter("DELETE", who=who, query=f"?id={made['id']}").status_code == 404
        assert counter("POST", {"id": made["id"]}, who).status_code == 404
    assert counter("DELETE", query=f"?id={made['id']}").status_code == 200


@pytest.mark.parametrize(
    ("who", "reads", "changes"),
    [
        ("nobody", 401, 401),
        ("key", 403, 403),
        ("other_scopes", 403, 403),
        ("reading", 200, 403),
        ("changing", 200, 403),
        ("admin", 200, 200),
        ("viewer", 403, 403),
        ("stranger", 404, 404),
        ("sibling", 404, 403),
    ],
)
def test_who_may_read_and_who_may_change(
    counter: Counter, who: str, reads: int, changes: int
) -> None:
    """A domain's own client makes no others: that needs a user client."""
    made = counter.made()
    here = f"?id={counter.managed.domain_id}"
    assert counter("GET", who=who, query=here).status_code == reads
    new = {"type": "oauth", "domain_id": counter.managed.domain_id}
    answer = counter("POST", new, who)
    assert answer.status_code == changes
    assert counter("POST", {"id": made["id"]}, who).status_code == changes
    assert counter("DELETE", who=who, query=f"?id={made['id']}").status_code == changes
    left = {one["id"] for one in counter.listed(here)} & {made["id"]}
    assert bool(left) is (changes != 200)
    for one in [*left, *([answer.json()["id"]] if changes == 200 else [])]:
        counter("DELETE", query=f"?id={one}")


def test_every_field_that_is_wrong_is_named(counter: Counter) -> None:
    def refused(**fields: Any) -> set[str]:
        answer = counter("POST", {"domain_id": counter.managed.domain_id, **fields})
        assert answer.status_code == 400
        return set(answer.json()["validation"])

    assert refused() == {"type"}
    assert refused(type="x", description=1, scope_hit="rwx") == {"type", "description", "scope_hit"}
    assert refused(type="oauth", scope_hit="x") == {"scope_hit"}
    assert refused(type="oauth", scope_hit="r") == {"scope_hit"}
