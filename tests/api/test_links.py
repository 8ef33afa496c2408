"""Access links and the public flag on the wire; what is changed counts at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from hoofprint.management.clients import NewClient, create_client
from hoofprint.management.tokens import Tokens
from hoofprint.records.engine import Records
from hoofprint.records.tables import ClientType

from .world import NOW, Cast, World

PATH = "/api/v1/domain/link"
LISTED = ["id", "def_time", "mod_time", "domain_id", "code", "description", "valid_until"]
CREATED = LISTED[:-1]
"""The API document shows no end in the answer to a new link."""


class Desk:
    """Asks as a domain client that may change its domain."""

    def __init__(self, world: World, token: str) -> None:
        self.world = world
        self.token = token
        self.domain_id = world.cast.domain.id
        self._others: set[str] = set()
        self._others = {link["id"] for link in self.list()}

    def __call__(self, method: str, path: str = PATH, json: Any = None, **query: str) -> Any:
        answer = self.world.send(method, f"{path}?{urlencode(query)}", json=json, bearer=self.token)
        assert answer.status_code == 200, answer.text
        return answer.json() if answer.content else None

    def create(self, **fields: Any) -> Any:
        return self("POST", json={"domain_id": self.domain_id, **fields})

    def list(self) -> Any:
        """The links of the domain that no other test has made."""
        found = self("GET", domain_id=self.domain_id)
        return [link for link in found if link["id"] not in self._others]

    def refused(self, method: str, json: Any = None, **query: str) -> dict[str, str]:
        """What is wrong with the fields of a request."""
        path = f"{PATH}?{urlencode(query)}"
        answer = self.world.send(method, path, json=json, bearer=self.token)
        assert answer.status_code == 400, answer.text
        wrong: dict[str, str] = answer.json()["validation"]
        return wrong

    def opens(self, code: str, path: str = "/api/v1/statistics/total") -> int:
        """What somebody with only a code is answered."""
        query = {"from": "2026-05-01", "to": "2026-05-02", "access": code}
        if path.startswith("/api/v1/statistics"):
            query["id"] = self.domain_id
        return self.world.send("GET", f"{path}?{urlencode(query)}").status_code


@pytest.fixture(scope="module")
def managing_token(records: Records, tokens: Tokens, actors: Cast) -> str:
    new = NewClient(ClientType.OAUTH, domain_id=actors.domain.id, scopes={"domains": "w"})
    made = records.write(lambda s: create_client(s, new, NOW))
    return tokens.issue(made.record.client_id, NOW)[0]


@pytest.fixture
def desk(world: World, managing_token: str) -> Iterator[Desk]:
    """The domain has none of these links before and after a test, and is private."""
    desk = Desk(world, managing_token)
    yield desk
    for link in desk.list():
        desk("DELETE", id=link["id"])


def test_a_link_lives_from_its_creation_to_its_end(desk: Desk) -> None:
    made = desk.create(description="for Bob", valid_until="2026-06-01T00:00:00.000000Z")
    assert list(made) == CREATED
    assert (made["domain_id"], made["description"]) == (desk.domain_id, "for Bob")
    assert made["def_time"] == made["mod_time"] == "2026-05-04T13:06:40.500000Z"
    [listed] = desk.list()
    assert list(listed) == LISTED
    assert listed == made | {"valid_until": "2026-06-01T00:00:00.000000Z"}
    again = {"id": made["id"], "description": "for Carl", "valid_until": None}
    assert desk("PUT", json=again) is None
    [listed] = desk.list()
    assert listed == made | {"description": "for Carl", "valid_until": None}
    assert desk("DELETE", id=made["id"]) is None
    assert desk.list() == []


def test_a_code_opens_statistics_and_the_domain_and_every_change_counts_at_once(
    desk: Desk,
) -> None:
    made = desk.create()
    code = made["code"]

    def answers() -> list[int]:
        return [desk.opens(code), desk.opens(code, "/api/v1/domain")]

    assert answers() == [200, 200]
    desk("PUT", json={"id": made["id"], "valid_until": "2026-05-04T13:06:40.5Z"})
    assert answers() == [401, 401]
    desk("PUT", json={"id": made["id"], "valid_until": "2026-05-04T13:06:41Z"})
    assert answers() == [200, 200]
    desk("DELETE", id=made["id"])
    assert answers() == [401, 401]


def test_a_code_opens_nothing_else(desk: Desk) -> None:
    code = desk.create()["code"]
    query = urlencode({"domain_id": desk.domain_id, "id": desk.domain_id, "access": code})
    for method, path in (
        ("GET", PATH),
        ("POST", PATH),
        ("PUT", PATH),
        ("DELETE", PATH),
        ("POST", "/api/v1/domain/public"),
        ("POST", "/api/v1/hit"),
    ):
        assert desk.world.send(method, f"{path}?{query}", json={}).status_code == 401, path


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("2024-10-01T00:00:00.000000Z", "2024-10-01T00:00:00.000000Z"),
        ("2024-10-01T02:00:00+02:00", "2024-10-01T00:00:00.000000Z"),
        ("2024-10-01T00:00:00", "2024-10-01T00:00:00.000000Z"),
        (" 2024-10-01T00:00:00.5Z ", "2024-10-01T00:00:00.500000Z"),
        ("0001-01-01T00:00:00Z", None),
        ("", None),
        (None, None),
    ],
)
def test_the_end_may_be_spelled_in_many_ways(
    desk: Desk, given: str | None, kept: str | None
) -> None:
    desk.create(valid_until=given)
    assert [link["valid_until"] for link in desk.list()] == [kept]


def test_everything_that_is_wrong_is_named_at_once(desk: Desk) -> None:
    time = "must be a time like 2024-10-01T00:00:00Z"
    bad = {"description": 7, "valid_until": "tomorrow"}
    wrong = {"description": "must be a text", "valid_until": time}
    assert desk.refused("POST", bad) == {"domain_id": "is required"} | wrong
    assert desk.refused("PUT", bad | {"id": []}) == {"id": "must be a text"} | wrong
    assert desk.refused("GET") == {"domain_id": "is required"}
    assert desk.refused("DELETE", id=" ") == {"id": "is required"}
    assert desk.refused("POST", [1]) == {}
    late = {"domain_id": desk.domain_id, "valid_until": "9999-12-31T23:59:59-23:00"}
    assert desk.refused("POST", late) == {"valid_until": time}


def test_unknown_fields_and_a_missing_content_type_do_not_matter(desk: Desk) -> None:
    content = f'{{"domain_id": "{desk.domain_id}", "x": 1}}'.encode()
    headers = {"content-type": "text/plain"}
    answer = desk.world.send("POST", PATH, content, bearer=desk.token, headers=headers)
    assert answer.status_code == 200


def test_who_may_not_manage_is_told_so(desk: Desk) -> None:
    cast, send = desk.world.cast, desk.world.send
    made = desk.create()
    query = urlencode({"domain_id": desk.domain_id, "id": made["id"]})
    body = {"domain_id": desk.domain_id, "id": made["id"]}
    for method in ("GET", "POST", "PUT", "DELETE"):
        for bearer, status in (
            (None, 401),
            (cast.expired_token, 401),
            (cast.access_key, 403),
            (cast.scoped["statistics"], 403),
            (cast.user_token, 403 if method != "GET" else 200),
            (cast.domain_token, 403 if method != "GET" else 200),
        ):
            answer = send(method, f"{PATH}?{query}", json=body, bearer=bearer)
            assert answer.status_code == status, (method, bearer)


def test_the_public_flag_is_toggled_and_counts_at_once(desk: Desk) -> None:
    query = urlencode({"id": desk.domain_id, "from": "2026-05-01", "to": "2026-05-02"})
    body = {"domain_id": desk.domain_id}

    def without_token() -> list[int]:
        paths = (f"/api/v1/statistics/total?{query}", f"/api/v1/domain?{query}")
        return [desk.world.send("GET", path).status_code for path in paths]

    assert without_token() == [401, 401]
    assert desk("POST", "/api/v1/domain/public", body) == body
    assert without_token() == [200, 200]
    assert desk("POST", "/api/v1/domain/public", body) == body
    assert without_token() == [401, 401]


def test_only_who_may_change_the_domain_makes_it_public(desk: Desk) -> None:
    cast, send = desk.world.cast, desk.world.send
    own, other = {"domain_id": desk.domain_id}, {"domain_id": cast.sibling.id}
    for bearer, body, status in (
        (None, own, 401),
        (cast.access_key, own, 403),
        (cast.domain_token, own, 403),
        (desk.token, other, 404),
        (desk.token, {"domain_id": "x" * 10}, 404),
        (desk.token, {}, 400),
    ):
        answer = send("POST", "/api/v1/domain/public", json=body, bearer=bearer)
        assert answer.status_code == status, body
