"""Conversion goals on the wire: documented fields, every refusal, who may."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from .managing import MANAGED, Desk, Managed, is_documented
from .world import World

PATH = "/api/v1/goal"
EVERYTHING = {
    "name": " Checkout ",
    "path_pattern": "/checkout/**",
    "event_name": "event",
    "event_meta_key": "currency",
    "event_meta_value": "USD",
    "custom_metric_key": "amount",
    "custom_metric_type": "float",
    "tags": {"author": "Ada", "year": 2026},
    "visitors": 123,
    "cr": 1.23,
    "custom_metric_total_goal": 346,
    "custom_metric_avg_goal": 95.3,
    "delete_reached": False,
    "email_reached": True,
}
NOTHING: dict[str, Any] = {
    **dict.fromkeys(("path_pattern", "pattern", "event_name", "event_meta_key")),
    **dict.fromkeys(("event_meta_value", "custom_metric_key", "custom_metric_type")),
    "tags": {},
    **dict.fromkeys(("visitor_goal", "cr_goal")),
    **dict.fromkeys(("custom_metric_total_goal", "custom_metric_avg_goal")),
    "delete_reached": False,
    "email_reached": False,
}


@pytest.fixture
def desk(world: World, managed: Managed) -> Iterator[Desk]:
    desk = Desk(world, managed, PATH)
    yield desk
    desk.clear()


def test_a_goal_lives_from_its_creation_to_its_end(desk: Desk) -> None:
    made = desk.create(**EVERYTHING)
    assert is_documented(made, "POST", PATH, tags={})
    assert made == {
        "id": made["id"],
        "def_time": "2026-05-04T13:06:40.500000Z",
        "mod_time": "2026-05-04T13:06:40.500000Z",
        "domain_id": desk.domain_id,
        "name": "Checkout",
        "path_pattern": "/checkout/**",
        "pattern": "(?i)^/checkout/.*$",
        "event_name": "event",
        "event_meta_key": "currency",
        "event_meta_value": "USD",
        "custom_metric_key": "amount",
        "custom_metric_type": "float",
        "tags": {"author": "Ada", "year": "2026"},
        "visitor_goal": 123,
        "cr_goal": 1.23,
        "custom_metric_total_goal": 346,
        "custom_metric_avg_goal": 95.3,
        "delete_reached": False,
        "email_reached": True,
    }
    assert len(made["id"]) == 10
    assert desk.list() == [made]
    changed = {"id": made["id"], "domain_id": desk.domain_id, "name": "B", "event_name": "x"}
    same = {name: made[name] for name in ("id", "def_time", "mod_time", "domain_id")}
    expected = same | NOTHING | {"name": "B", "event_name": "x"}
    assert desk("PUT", json=changed) == expected
    assert desk.list() == [expected]
    assert desk("DELETE", id=made["id"]) is None
    assert desk.list() == []


def test_what_was_read_can_be_sent_back(desk: Desk) -> None:
    """Targets have other names in answers; both are understood."""
    made = desk.create(**EVERYTHING)
    assert desk("PUT", json=made) == made


def test_goals_are_listed_the_oldest_first_with_nulls_for_what_is_not_set(desk: Desk) -> None:
    made = [desk.create(name=name, path_pattern="/a") for name in ("one", "two")]
    assert sorted(desk.list(), key=lambda goal: goal["id"]) == sorted(made, key=lambda g: g["id"])
    assert {n: v for n, v in made[0].items() if n in NOTHING} == NOTHING | {
        "path_pattern": "/a",
        "pattern": "(?i)^/a$",
    }


@pytest.mark.parametrize(
    "fields",
    [
        {"path_pattern": "/a", "visitors": 0, "cr": 0, "custom_metric_total_goal": 0},
        {"path_pattern": "/a", "event_name": "", "event_meta_key": None, "tags": []},
        {"path_pattern": "/a", "visitors": None, "cr": "", "delete_reached": None, "x": 1},
    ],
)
def test_nought_null_and_empty_are_not_set(desk: Desk, fields: dict[str, Any]) -> None:
    made = desk.create(name="A", **fields)
    assert {n: v for n, v in made.items() if n in NOTHING} == NOTHING | {
        "path_pattern": "/a",
        "pattern": "(?i)^/a$",
    }


@pytest.mark.parametrize(
    "fields", [{"path_pattern": "^/a"}, {"event_name": "Buy"}, {"tags": {"author": "Ada"}}]
)
def test_a_page_an_event_or_tags_are_enough(desk: Desk, fields: dict[str, Any]) -> None:
    assert desk.create(name="A", **fields)["name"] == "A"


REQUIRED, ONE_OF = "is required", "one of path_pattern, event_name is required"
NUMBER, FLAG, TEXT = "must be a number", "must be true or false", "must be a text"
LONG = "must have at most 2000 characters, none NUL"
LONG_NAME = "must have at most 200 characters, none NUL"


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, {"name": REQUIRED, "path_pattern": ONE_OF, "event_name": ONE_OF}),
        (
            {"name": 7, "path_pattern": [], "event_name": {}, "tags": "x", "delete_reached": 1},
            {
                **dict.fromkeys(("name", "path_pattern", "event_name"), TEXT),
                "tags": "must be an object of texts, numbers and booleans",
                "delete_reached": FLAG,
            },
        ),
        (
            {
                "name": "x" * 201,
                "path_pattern": "^/(a",
                "visitors": "many",
                "cr": True,
                "custom_metric_total_goal": [],
                "email_reached": "yes",
            },
            {
                "name": LONG_NAME,
                "path_pattern": "is not a regular expression (RE2): missing ): ^/(a",
                **dict.fromkeys(("visitors", "cr", "custom_metric_total_goal"), NUMBER),
                "email_reached": FLAG,
            },
        ),
        (
            {"name": "A", "path_pattern": "/a", "event_meta_key": "k", "custom_metric_type": "x"},
            {
                "event_name": "is required beside event_meta_key",
                "custom_metric_type": "must be integer or float",
                "custom_metric_key": "is required beside a type or a target of it",
            },
        ),
        (
            {"name": "A", "event_name": "b", "event_meta_value": "v", "custom_metric_key": "k"},
            {
                "event_meta_key": "is required beside event_meta_value",
                "custom_metric_type": "is required beside custom_metric_key",
            },
        ),
        (
            {"name": "A", "event_name": "b", "custom_metric_avg_goal": 1},
            {"custom_metric_key": "is required beside a type or a target of it"},
        ),
        (
            {"name": "A", "event_name": "b", "visitors": -1, "cr": 100.5},
            {"visitors": "must not be negative", "cr": "must be a percentage, at most 100"},
        ),
        (
            {"name": "A", "event_name": "b", "visitors": 1.5, "cr": -1},
            {"visitors": "must be a whole number below 2^53", "cr": "must not be negative"},
        ),
        ({"name": "A\0", "event_name": "b\0"}, None),
        ({"name": "A", "event_name": "b" * 201}, {"event_name": LONG_NAME}),
        ({"name": "A", "path_pattern": "/" + "." * 1500}, {"path_pattern": LONG}),
        (
            {"name": "A", "tags": {f"k{n}": "v" for n in range(21)}},
            {"tags": "must be at most 20"},
        ),
        ({"name": "A", "tags": {" ": "v"}}, None),
    ],
)
def test_everything_that_is_wrong_is_named_at_once(
    desk: Desk, fields: dict[str, Any], wrong: dict[str, str] | None
) -> None:
    """Nothing is stored then."""
    here = {"domain_id": desk.domain_id}
    found = desk.refused("POST", here | fields)
    assert found == wrong or (wrong is None and found)
    assert desk.refused("POST", fields) == {"domain_id": REQUIRED} | found
    both = {"domain_id": REQUIRED, "id": REQUIRED}
    assert desk.refused("PUT", fields) == both | found
    assert desk.list() == []


def test_parameters_that_are_missing_are_named(desk: Desk) -> None:
    assert desk.refused("GET") == {"id": REQUIRED}
    assert desk.refused("DELETE", id=" ") == {"id": REQUIRED}
    assert desk.refused("POST", [1]) == {}


@pytest.mark.parametrize(
    ("regex", "sample", "match"),
    [
        ("(?i)^/regular/expression/[^/]*$", "/regular/expression/example", True),
        ("(?i)^/regular/expression/[^/]*$", "/regular/expression/a/b", False),
        ("b", "/abc", True),
        ("^$", "", True),
    ],
)
def test_a_regular_expression_can_be_tried(
    desk: Desk, regex: str, sample: str, match: bool
) -> None:
    tried = desk("POST", PATH + "/regex", json={"regex": regex, "sample": sample})
    assert tried == {"match": match}


def test_a_regular_expression_that_is_none_is_refused_with_the_reason(desk: Desk) -> None:
    def refused(**body: Any) -> dict[str, str]:
        return desk.refused("POST", body, path=PATH + "/regex")

    reason = "is not a regular expression (RE2): "
    assert refused(regex="/(a", sample="/a") == {"regex": reason + "missing ): /(a"}
    assert refused(regex="**") == {"regex": reason + "no argument for repetition operator: *"}
    assert refused(sample=[]) == {"regex": REQUIRED, "sample": TEXT}
    assert desk.status("POST", {"regex": "a"}, desk.managed["reading"], PATH + "/regex") == 200
    assert desk.status("POST", {"regex": "a"}, None, PATH + "/regex") == 401
    assert desk.status("POST", {"regex": "a"}, desk.managed["key"], PATH + "/regex") == 403


def test_goals_of_others_do_not_exist(desk: Desk) -> None:
    """Neither for those who may change another domain, nor with another domain's id."""
    made = desk.create(**EVERYTHING)
    own = {"id": made["id"], "domain_id": desk.domain_id, **EVERYTHING}
    for bearer in (desk.managed["stranger"], desk.managed["sibling"]):
        assert desk.status("PUT", own, bearer) == 404
        assert desk.status("DELETE", None, bearer, f"{PATH}?id={made['id']}") == 404
        assert desk.status("GET", None, bearer, f"{PATH}?id={desk.domain_id}") == 404
        assert desk.status("POST", own, bearer) == 404
    for other in (desk.managed.sibling_id, "A" * 10, "x", "ä" * 10):
        assert desk.status("PUT", own | {"domain_id": other}, desk.managed["changing"]) == 404
        assert desk.status("PUT", own | {"id": other}, desk.managed["changing"]) == 404
        assert desk.status("DELETE", None, desk.managed["changing"], f"{PATH}?id={other}") == 404
    # The owner may change both domains; still the goal belongs to one of them.
    moved = own | {"domain_id": desk.managed.sibling_id}
    assert desk.status("PUT", moved, desk.managed["owner"]) == 404
    assert desk.status("PUT", own, desk.managed["owner"]) == 200
    assert desk.list() == [made]


@pytest.mark.parametrize("who", MANAGED)
def test_who_may_read_and_who_may_change(desk: Desk, who: str) -> None:
    """`clients.md` section 2: scopes and roles."""
    made = desk.create(**EVERYTHING)
    own = {"id": made["id"], "domain_id": desk.domain_id, **EVERYTHING}
    bearer, reads, changes = desk.managed.who(who)
    assert desk.status("GET", None, bearer, f"{PATH}?id={desk.domain_id}") == reads
    assert desk.status("POST", own, bearer) == changes
    assert desk.status("PUT", own, bearer) == changes
    assert desk.status("DELETE", None, bearer, f"{PATH}?id={made['id']}") == changes


def test_a_goal_ends_with_its_domain(desk: Desk) -> None:
    desk.create(**EVERYTHING)
    assert desk.managed.deleted_with("goals", desk.domain_id) == 1


def test_a_new_goal_counts_at_once(desk: Desk) -> None:
    made = desk.create(name="A", path_pattern="/a")
    query = urlencode({"id": desk.domain_id, "from": "2026-05-01", "to": "2026-05-02"})
    path = f"/api/v1/statistics/goals?{query}"
    nothing = {"visitors": 0, "views": 0, "cr": 0}
    assert desk("GET", path) == [{"page_goal": made, "stats": nothing}]
    desk("DELETE", id=made["id"])
    assert desk("GET", path) == []


def test_the_document_is_the_one_that_is_served() -> None:
    example = json.loads(Path(__file__).with_name("endpoints_goals.json").read_text())
    assert {(entry["method"], entry["path"]) for entry in example} == {
        *((method, PATH) for method in ("GET", "POST", "PUT", "DELETE")),
        ("POST", PATH + "/regex"),
        *((method, "/api/v1/funnel") for method in ("GET", "POST", "DELETE")),
    }
