"""Conversion goals on the wire: round trips, what is refused, and their statistics."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from hoofprint.management.clients import NewClient, create_client
from hoofprint.management.tokens import Tokens
from hoofprint.records.engine import Records
from hoofprint.records.tables import ClientType

from .test_statistics import DOCUMENTED, is_like
from .worked_site import open_site
from .world import NOW, Cast, World

PATH = "/api/v1/goal"
CREATED = {
    "name": "Sale",
    "path_pattern": "/shop/**",
    "event_name": "Buy",
    "event_meta_key": "currency",
    "event_meta_value": "USD",
    "custom_metric_key": "amount",
    "custom_metric_type": "float",
    "visitors": 123,
    "cr": 1.23,
    "custom_metric_total_goal": 346,
    "custom_metric_avg_goal": 95.3,
    "delete_reached": False,
    "email_reached": True,
}


class Desk:
    """Asks as a domain client that may change its domain."""

    def __init__(self, world: World, token: str) -> None:
        self.world, self.token = world, token
        self.domain_id = world.cast.domain.id

    def __call__(self, method: str, path: str = PATH, json: Any = None, **query: str) -> Any:
        answer = self.world.send(method, f"{path}?{urlencode(query)}", json=json, bearer=self.token)
        assert answer.status_code == 200, answer.text
        return answer.json() if answer.content else None

    def create(self, **fields: Any) -> Any:
        return self("POST", json={"domain_id": self.domain_id, **fields})

    def refused(self, method: str, json: Any, path: str = PATH, status: int = 400) -> Any:
        answer = self.world.send(method, path, json=json, bearer=self.token)
        assert answer.status_code == status, answer.text
        return answer.json()["validation"]


@pytest.fixture
def desk(world: World, records: Records, tokens: Tokens, actors: Cast) -> Iterator[Desk]:
    new = NewClient(ClientType.OAUTH, domain_id=actors.domain.id, scopes={"domains": "w"})
    made = records.write(lambda s: create_client(s, new, NOW))
    desk = Desk(world, tokens.issue(made.record.client_id, NOW)[0])
    yield desk
    for goal in desk("GET", id=desk.domain_id):
        desk("DELETE", id=goal["id"])


def test_a_goal_lives_from_its_creation_to_its_end(desk: Desk) -> None:
    made = desk.create(**CREATED)
    assert is_like(made, DOCUMENTED["/goals"][0]["page_goal"])
    assert made["pattern"] == "(?i)^/shop/.*$"
    assert (made["path_pattern"], made["visitor_goal"], made["cr_goal"]) == ("/shop/**", 123, 1.23)
    assert desk("GET", id=desk.domain_id) == [made]
    changed = desk("PUT", json={"id": made["id"], "name": "Read", "path_pattern": "/blog"})
    assert changed["id"] == made["id"]
    unset = (None, None, None, None, False)
    names = ("event_name", "custom_metric_type", "visitor_goal", "cr_goal", "email_reached")
    assert tuple(changed[name] for name in names) == unset
    assert desk("GET", id=desk.domain_id) == [changed]
    assert desk("DELETE", id=made["id"]) is None
    assert desk("GET", id=desk.domain_id) == []


def test_everything_that_is_wrong_is_named_at_once(desk: Desk) -> None:
    assert desk.refused("POST", {"domain_id": desk.domain_id}) == {"name": "is required"}
    wrong = desk.refused(
        "POST",
        {
            "domain_id": desk.domain_id,
            "name": "x" * 201,
            "event_meta_value": "v",
            "custom_metric_key": "k",
            "custom_metric_type": "decimal",
            "cr": -1,
        },
    )
    assert set(wrong) == {
        *("name", "path_pattern", "event_meta_value", "custom_metric_key"),
        *("custom_metric_type", "cr_goal"),
    }
    typed = {"domain_id": desk.domain_id, "name": "x", "path_pattern": "^(", "visitors": "1"}
    assert desk.refused("POST", typed) == {"visitors": "must be a number"}
    del typed["visitors"]
    assert "regular expression" in desk.refused("POST", typed)["path_pattern"]


def test_goals_of_others_do_not_exist(desk: Desk) -> None:
    others = desk.world.cast.sibling.id
    new = {"domain_id": others, "name": "x", "path_pattern": "/"}
    desk.refused("POST", new, status=404)
    desk.refused("PUT", {"id": "AAAAAAAAAA", "name": "x", "path_pattern": "/"}, status=404)
    desk.refused("DELETE", None, f"{PATH}?id=AAAAAAAAAA", status=404)
    desk.refused("GET", None, f"{PATH}?id={others}", status=404)


def test_a_regular_expression_can_be_tried(desk: Desk) -> None:
    asked = {"regex": "(?i)^/regular/[^/]*$", "sample": "/Regular/example"}
    assert desk("POST", f"{PATH}/regex", json=asked) == {"match": True}
    assert desk("POST", f"{PATH}/regex", json=asked | {"sample": "/"}) == {"match": False}
    assert "RE2" in desk.refused("POST", {"regex": "("}, f"{PATH}/regex")["regex"]


def test_statistics_of_goals_are_those_of_their_filters(desk: Desk, tmp_path: Path) -> None:
    read = desk.create(name="Blog", path_pattern="/blog*")
    plan = {"event_meta_key": "plan", "event_meta_value": "pro"}
    bought = desk.create(name="Pro", event_name="Buy", **plan)
    with open_site(desk.world, desk.world.services.store, tmp_path / "spool") as site:
        assert site.ask("/goals", "") == [
            # Ann1, Ann3, Ben1, Eve1, Ann4, Ben2: seven page views of five visitors
            {"page_goal": read, "stats": {"visitors": 5, "views": 7, "cr": 0.5}},
            # Dee1 with both of her page views
            {"page_goal": bought, "stats": {"visitors": 1, "views": 2, "cr": 0.1}},
        ]
        [only] = site.ask("/goals", "search=pro&country=de")
        assert only["stats"] == {"visitors": 1, "views": 2, "cr": 0.1}
        assert site.ask("/goals", "sort=name&direction=asc&limit=1")[0]["page_goal"] == read
