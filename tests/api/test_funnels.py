"""Funnels on the wire: documented fields, every refusal, who may."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from .managing import DOCUMENTED, MANAGED, Desk, Managed, is_documented
from .world import World

PATH = "/api/v1/funnel"
FILTER: dict[str, Any] = {
    "path": ["/a", "!/b"],
    "entry_path": ["~/"],
    "exit_path": ["^c"],
    "path_pattern": ["/blog/**", "!/blog/*/draft", "^/x"],
    "path_regex": ["(?i)^/blog/.*$", "!(?i)^/blog/[^/]*/draft$", "^/x"],
    **{
        name: [name]
        for name in (
            *("language", "country", "region", "city", "referrer", "referrer_name"),
            *("os", "os_version", "browser", "browser_version"),
        )
    },
    "platform": "desktop",
    **{
        name: [name, "null"]
        for name in (
            *("screen_class", "utm_source", "utm_medium", "utm_campaign"),
            *("utm_content", "utm_term"),
        )
    },
    "tags": {"author": "Ada", "year": "2026"},
    "tag": ["author"],
    "event_name": ["Buy", "Sign up"],
    "event_meta_key": ["plan"],
    "event_meta": {"amount": "9.5", "gift": "true"},
}
"""All fields of a step's filter as answers show them, in the documented order."""
EMPTY: dict[str, Any] = {
    name: {} if name in {"tags", "event_meta"} else "" if name == "platform" else []
    for name in FILTER
}
TWO = [{"name": "One", "filter": {"path": ["/a"]}}, {"name": "Two", "filter": {}}]


@pytest.fixture
def desk(world: World, managed: Managed) -> Iterator[Desk]:
    desk = Desk(world, managed, PATH)
    yield desk
    desk.clear()


def test_a_funnel_lives_from_its_creation_to_its_end(desk: Desk) -> None:
    made = desk.create(name=" Way ", steps=[{"name": "One", "filter": FILTER}, TWO[1]])
    assert is_documented(made, "POST", PATH)
    time = dict.fromkeys(("def_time", "mod_time"), "2026-05-04T13:06:40.500000Z")
    step_ids = [step["id"] for step in made["steps"]]
    assert made == {
        "id": made["id"],
        **time,
        "domain_id": desk.domain_id,
        "name": "Way",
        "steps": [
            {"id": id_, **time, "funnel_id": made["id"], "name": name, "step": n, "filter": wanted}
            for n, (id_, name, wanted) in enumerate(
                zip(step_ids, ("One", "Two"), (FILTER, EMPTY), strict=True)
            )
        ],
    }
    [documented] = DOCUMENTED["GET", PATH]
    [listed] = desk.list()
    assert listed == made
    assert list(listed) == list(documented)
    assert list(listed["steps"][0]) == list(documented["steps"][0])
    assert list(listed["steps"][0]["filter"]) == list(documented["steps"][0]["filter"])
    assert len({made["id"], *step_ids}) == 3
    assert desk("DELETE", id=made["id"]) is None
    assert desk.list() == []


def test_a_funnel_with_an_id_is_decided_anew(desk: Desk) -> None:
    """Steps that are still there keep their ids, in the new order of what is sent."""
    made = desk.create(name="A", steps=TWO)
    ids = [step["id"] for step in made["steps"]]
    longer = [{"name": name, "filter": {"country": [name]}} for name in ("x", "y", "z")]
    for steps in (longer, longer[1:], longer):
        saved = desk.create(id=made["id"], name="B", steps=steps)
        assert (saved["id"], saved["name"]) == (made["id"], "B")
        assert [step["step"] for step in saved["steps"]] == list(range(len(steps)))
        found = [(step["name"], step["filter"]["country"]) for step in saved["steps"]]
        assert found == [(step["name"], [step["name"]]) for step in steps]
        assert [step["id"] for step in saved["steps"]][:2] == ids
        assert desk.list() == [saved]


def test_what_was_read_can_be_sent_back(desk: Desk) -> None:
    made = desk.create(name="A", steps=[{"name": "One", "filter": FILTER}, *TWO])
    assert desk("POST", json=made) == made


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"path": "/a"}, {"path": ["/a"]}),
        ({"path": ["/a", "", " "], "tags": [], "platform": None}, {"path": ["/a"]}),
        (
            {"os_version": [11, 10.5], "tags": {"n": 1}},
            {"os_version": ["11", "10.5"], "tags": {"n": "1"}},
        ),
        ({"path_regex": ["^/a", "!b"]}, {"path_regex": ["^/a", "!b"]}),
        (
            {"path_pattern": ["/a*"], "path_regex": ["of old"]},
            {"path_pattern": ["/a*"], "path_regex": ["(?i)^/a[^/]*$"]},
        ),
        ({"unknown": 1}, {}),
        (None, {}),
        ([], {}),
    ],
)
def test_a_filter_may_be_written_in_many_ways(desk: Desk, given: Any, kept: dict[str, Any]) -> None:
    made = desk.create(name="A", steps=[{"name": "One", "filter": given}, TWO[1]])
    assert made["steps"][0]["filter"] == EMPTY | kept


REQUIRED, TEXT, TEXTS = "is required", "must be a text", "must be a list of texts"
COUNT = "must be 2 to 8"
NAME = "must have at most 200 characters, none NUL"


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, {"name": REQUIRED, "steps": COUNT}),
        ({"name": 1, "steps": {}}, {"name": TEXT, "steps": "must be a list"}),
        ({"name": "A", "steps": TWO[:1]}, {"steps": COUNT}),
        ({"name": "A", "steps": [TWO[0]] * 9}, {"steps": COUNT}),
        (
            {"name": "x" * 201, "steps": [1, {"name": "", "filter": "x"}]},
            {
                "name": NAME,
                "steps[0]": "must be an object",
                "steps[0].name": REQUIRED,
                "steps[1].name": REQUIRED,
                "steps[1].filter": "must be an object",
            },
        ),
        (
            {
                "name": "A",
                "steps": [
                    {"name": "B", "filter": {"path": [{}], "platform": [], "tags": 1}},
                    {
                        "name": "\0",
                        "filter": {"path_pattern": ["/a", "^("], "event_meta": {"a": 1}},
                    },
                    {"name": "C", "filter": {"path_regex": ["!a", "!["], "tag": ["x"] * 101}},
                    {"name": "D", "filter": {"event_meta_key": "k", "city": "\0"}},
                ],
            },
            {
                "steps[0].filter.path": TEXTS,
                "steps[0].filter.platform": TEXT,
                "steps[0].filter.tags": "must be an object of texts, numbers and booleans",
                "steps[1].name": NAME,
                "steps[1].filter.path_pattern": "is not a regular expression (RE2): missing ): ^(",
                "steps[1].filter.event_name": "is required beside event_meta_key and event_meta",
                "steps[2].filter.path_regex": "is not a regular expression (RE2): missing ]: [",
                "steps[2].filter.tag": "must be at most 100",
                "steps[3].filter.event_name": "is required beside event_meta_key and event_meta",
                "steps[3].filter.city": "must have at most 2000 characters each, none NUL",
            },
        ),
    ],
)
def test_everything_that_is_wrong_is_named_at_once(
    desk: Desk, fields: dict[str, Any], wrong: dict[str, str]
) -> None:
    """Nothing is stored then."""
    assert desk.refused("POST", {"domain_id": desk.domain_id} | fields) == wrong
    assert (
        desk.refused("POST", {"id": []} | fields)
        == {
            "domain_id": REQUIRED,
            "id": TEXT,
        }
        | wrong
    )
    assert desk.list() == []


def test_parameters_that_are_missing_are_named(desk: Desk) -> None:
    assert desk.refused("GET") == {"id": REQUIRED}
    assert desk.refused("DELETE", id=" ") == {"id": REQUIRED}
    answer = desk.world.send("PUT", PATH, json={}, bearer=desk.managed["changing"])
    assert answer.status_code == 405


def test_funnels_of_others_do_not_exist(desk: Desk) -> None:
    """Neither for those who may change another domain, nor with another domain's id."""
    made = desk.create(name="A", steps=TWO)
    own = {"id": made["id"], "domain_id": desk.domain_id, "name": "A", "steps": TWO}
    for bearer in (desk.managed["stranger"], desk.managed["sibling"]):
        assert desk.status("POST", own, bearer) == 404
        assert desk.status("POST", own | {"id": ""}, bearer) == 404
        assert desk.status("DELETE", None, bearer, f"{PATH}?id={made['id']}") == 404
        assert desk.status("GET", None, bearer, f"{PATH}?id={desk.domain_id}") == 404
    for other in (desk.managed.sibling_id, "A" * 10, "x", "ä" * 10):
        assert desk.status("POST", own | {"domain_id": other}, desk.managed["changing"]) == 404
        assert desk.status("POST", own | {"id": other}, desk.managed["changing"]) == 404
    moved = own | {"domain_id": desk.managed.sibling_id}
    assert desk.status("POST", moved, desk.managed["owner"]) == 404
    assert desk.list() == [made]


@pytest.mark.parametrize("who", MANAGED)
def test_who_may_read_and_who_may_change(desk: Desk, who: str) -> None:
    """`clients.md` section 2: scopes and roles."""
    made = desk.create(name="A", steps=TWO)
    own = {"domain_id": desk.domain_id, "name": "A", "steps": TWO}
    bearer, reads, changes = desk.managed.who(who)
    assert desk.status("GET", None, bearer, f"{PATH}?id={desk.domain_id}") == reads
    assert desk.status("POST", own, bearer) == changes
    assert desk.status("POST", own | {"id": made["id"]}, bearer) == changes
    assert desk.status("DELETE", None, bearer, f"{PATH}?id={made['id']}") == changes


def test_a_funnel_and_its_steps_end_with_its_domain(desk: Desk) -> None:
    desk.create(name="A", steps=TWO)
    assert desk.managed.deleted_with("funnels", desk.domain_id) == 1
    assert desk.managed.deleted_with("funnel_steps", desk.domain_id) == 2


def test_a_domain_shows_the_statistics_of_its_own_funnels_only(desk: Desk) -> None:
    made = desk.create(name="A", steps=[{"name": "One", "filter": FILTER}, TWO[1]])

    def path(domain_id: str, funnel_id: str) -> str:
        days = {"from": "2026-05-01", "to": "2026-05-02"}
        query = urlencode({"id": domain_id, "funnel_id": funnel_id, **days})
        return f"/api/v1/statistics/funnel?{query}"

    found = desk("GET", path(desk.domain_id, made["id"]))
    assert found["definition"] == made
    assert [row["visitors"] for row in found["data"]] == [0, 0]
    owner = desk.managed["owner"]
    assert desk.status("GET", None, owner, path(desk.domain_id, made["id"])) == 200
    assert desk.status("GET", None, owner, path(desk.managed.sibling_id, made["id"])) == 404
    for unknown in ("A" * 10, "x", "ä" * 10):
        assert desk.status("GET", None, owner, path(desk.domain_id, unknown)) == 404
    desk("DELETE", id=made["id"])
    assert desk.status("GET", None, owner, path(desk.domain_id, made["id"])) == 404
