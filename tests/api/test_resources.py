"""The regular resources of domains on the wire: documented fields, every refusal, who may."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hoofprint.management.resource import Resource
from hoofprint.management.resources import RESOURCES
from hoofprint.management.resources.reports import OPTIONS
from hoofprint.management.resources.views import LATER

from .managing import MANAGED, Desk, Managed
from .world import World

DOCUMENTED: dict[tuple[str, str], dict[str, Any]] = {
    (entry["method"], entry["path"]): entry
    for entry in json.loads(Path(__file__).with_name("endpoints_management.json").read_text())
}
LATER_FIELDS = {"/api/v1/report": set(OPTIONS), "/api/v1/view": set(LATER)}
"""What `rules.md` adds to the documented answers."""
VALID: dict[str, dict[str, Any]] = {
    "/api/v1/domain/alternative": {"hostname": "shop.example.com"},
    "/api/v1/report": {"emails": ["a@example.com"], "interval": 1},
    "/api/v1/webhook": {"event": "Sale", "endpoint": "https://example.com/hook"},
    "/api/v1/filter": {"type": "ip", "filter": "10.0.0.0/8"},
    "/api/v1/view": {"name": "Mine", "path": ["/a"]},
}
BY_PATH = {resource.path: resource for resource in RESOURCES}


class Shelf(Desk):
    """Manages the objects of one resource."""

    def __init__(self, world: World, managed: Managed, resource: Resource) -> None:
        super().__init__(world, managed, resource.path)
        self.resource = resource
        self.valid = VALID[resource.path]

    def list(self, **query: str) -> Any:
        return self("GET", **{self.resource.listed_by: self.domain_id}, **query)

    def create(self, **fields: Any) -> Any:
        """The first of the new objects."""
        made = super().create(**(fields or self.valid))
        return made[0] if self.resource.several else made

    def documented(self, method: str) -> dict[str, Any]:
        """A documented request for the domain, without an id."""
        request = dict(DOCUMENTED[method, self.path]["request"])
        request.pop("id", None)
        return request | {"domain_id": self.domain_id}


@pytest.fixture(params=RESOURCES, ids=lambda resource: resource.path)
def shelf(request: pytest.FixtureRequest, world: World, managed: Managed) -> Iterator[Shelf]:
    shelf = Shelf(world, managed, request.param)
    yield shelf
    shelf.clear()


@pytest.fixture
def shelf_of(world: World, managed: Managed) -> Iterator[Any]:
    made: list[Shelf] = []

    def open_shelf(path: str) -> Shelf:
        made.append(Shelf(world, managed, BY_PATH[path]))
        return made[-1]

    yield open_shelf
    for shelf in made:
        shelf.clear()


def like(answer: dict[str, Any], example: dict[str, Any], later: set[str]) -> None:
    """Documented fields in their order, then those of later versions; types where not null."""
    assert list(answer) == [*example, *(name for name in answer if name in later)]
    for name, value in example.items():
        if value is not None and answer[name] is not None:
            assert type(answer[name]) is type(value), name


def test_the_documented_requests_are_answered_as_documented(shelf: Shelf) -> None:
    later = LATER_FIELDS.get(shelf.path, set())
    made = shelf("POST", json=shelf.documented("POST"))
    example = DOCUMENTED["POST", shelf.path]["response"]
    if shelf.resource.several:
        assert len(made) == len(shelf.documented("POST")["emails"])
        [made, *_], [example, *_] = made, example
    like(made, example, later)
    [listed] = [one for one in shelf.list() if one["id"] == made["id"]]
    like(listed, DOCUMENTED["GET", shelf.path]["response"][0], later)
    assert listed == made
    if shelf.resource.changed_by == "PUT":
        entry = DOCUMENTED["PUT", shelf.path]
        changed = shelf("PUT", json=entry["request"] | {"id": made["id"]})
        if entry["response"] is None:
            assert changed is None
        else:
            like(changed, entry["response"], later)
    else:
        changed = shelf("POST", json=shelf.documented("POST") | {"id": made["id"]})
        assert changed == made
    assert shelf("DELETE", id=made["id"]) is None
    assert made["id"] not in {one["id"] for one in shelf.list()}


def test_objects_are_listed_the_oldest_first_and_searched_by_what_they_are_called(
    shelf: Shelf,
) -> None:
    made = shelf.create()
    assert shelf.list() == [made]
    [name, *_] = [made[field] for field in shelf.resource.searched if made[field]]
    assert shelf.list(search=f" {name.upper()[1:]} ") == [made]
    assert shelf.list(search="not in it") == []


def test_objects_of_others_do_not_exist(shelf: Shelf) -> None:
    """Neither for those who may change another domain, nor with another domain's id."""
    made = shelf.create()
    own = {"id": made["id"], "domain_id": shelf.domain_id, **shelf.valid}
    changing, by = shelf.resource.changed_by, shelf.resource.listed_by
    for bearer in (shelf.managed["stranger"], shelf.managed["sibling"]):
        assert shelf.status(changing, own, bearer) == 404
        assert shelf.status("DELETE", None, bearer, f"{shelf.path}?id={made['id']}") == 404
        assert shelf.status("GET", None, bearer, f"{shelf.path}?{by}={shelf.domain_id}") == 404
        new = {"domain_id": shelf.domain_id, **shelf.valid}
        assert shelf.status("POST", new, bearer) == 404
    for other in (shelf.managed.sibling_id, "A" * 10, "x", "ä" * 10):
        mine = shelf.managed["changing"]
        assert shelf.status(changing, own | {"id": other}, mine) == 404
        assert shelf.status("DELETE", None, mine, f"{shelf.path}?id={other}") == 404
    if changing == "POST":
        moved = own | {"domain_id": shelf.managed.sibling_id}
        assert shelf.status("POST", moved, shelf.managed["owner"]) == 404
    assert shelf.list() == [made]


@pytest.mark.parametrize("who", MANAGED)
def test_who_may_read_and_who_may_change(shelf: Shelf, who: str) -> None:
    """`clients.md` section 2: a viewer has own views and nothing else."""
    bearer, reads, changes = shelf.managed.who(who)
    if who == "viewer":
        reads = changes = 200 if shelf.resource.personal else 403
    path = f"{shelf.path}?{shelf.resource.listed_by}={shelf.domain_id}"
    assert shelf.status("GET", None, bearer, path) == reads
    new = {"domain_id": shelf.domain_id, **shelf.valid}
    answer = shelf.world.send("POST", shelf.path, json=new, bearer=bearer)
    assert answer.status_code == changes
    made = answer.json() if changes == 200 else shelf.create()
    made = made[0] if isinstance(made, list) else made
    own = {"id": made["id"], "domain_id": shelf.domain_id, **shelf.valid}
    assert shelf.status(shelf.resource.changed_by, own, bearer) == changes
    gone = shelf.status("DELETE", None, bearer, f"{shelf.path}?id={made['id']}")
    assert gone == changes


def test_objects_end_with_their_domain(shelf: Shelf) -> None:
    shelf.create()
    table = shelf.resource.record.__tablename__
    assert shelf.managed.deleted_with(table, shelf.domain_id) == 1


def test_every_field_that_is_wrong_is_named(shelf: Shelf) -> None:
    """All at once, and nothing is made."""
    fields = shelf.resource.fields
    wrong = {field.name: {"an": "object"} for field in fields}
    refused = shelf.refused("POST", json=wrong)
    assert set(refused) == {"domain_id", *wrong}
    required = {field.name for field in fields if field.required}
    assert set(shelf.refused("POST", json={})) == {"domain_id", *required}
    assert set(shelf.refused("GET")) == {shelf.resource.listed_by}
    assert set(shelf.refused("DELETE")) == {"id"}
    if shelf.resource.changed_by == "PUT":
        assert "id" in shelf.refused("PUT", json={})
    assert shelf.list() == []


@pytest.mark.parametrize(
    ("path", "fields", "wrong"),
    [
        ("/api/v1/domain/alternative", {"hostname": "https://a.example"}, "hostname"),
        ("/api/v1/domain/alternative", {"hostname": "WWW.managed.example"}, "hostname"),
        ("/api/v1/report", {"emails": ["a@example.com", "b"], "interval": 1}, "emails"),
        ("/api/v1/report", {"emails": [], "interval": 1}, "emails"),
        ("/api/v1/report", {"emails": ["a@example.com"], "interval": 5}, "interval"),
        ("/api/v1/report", {"emails": ["a@example.com"], "interval": 0.5}, "interval"),
        ("/api/v1/report", {"emails": ["a@example.com"], "link_to": "x"}, "link_to"),
        ("/api/v1/webhook", {"event": "a", "endpoint": "http://example.com"}, "endpoint"),
        ("/api/v1/webhook", {"event": "a", "endpoint": "https://u:p@example.com"}, "endpoint"),
        ("/api/v1/webhook", {"event": "a", "endpoint": "https://"}, "endpoint"),
        ("/api/v1/webhook", {"event": "a" * 201, "endpoint": "https://a.example"}, "event"),
        ("/api/v1/filter", {"type": "ip", "filter": "10.0.0.256"}, "filter"),
        ("/api/v1/filter", {"type": "country", "filter": "Germany"}, "filter"),
        ("/api/v1/filter", {"type": "page", "filter": "^(a"}, "filter"),
        ("/api/v1/filter", {"type": "hostname", "filter": "a/b"}, "filter"),
        ("/api/v1/filter", {"type": "colour", "filter": "red"}, "type"),
        ("/api/v1/view", {"name": "a\0b"}, "name"),
        ("/api/v1/view", {"name": "a", "session_id": 2**32}, "session_id"),
        ("/api/v1/view", {"name": "a", "compare": "never"}, "compare"),
    ],
)
def test_what_cannot_be_is_refused_and_named(
    shelf_of: Any, path: str, fields: dict[str, Any], wrong: str
) -> None:
    shelf = shelf_of(path)
    assert set(shelf.refused("POST", json={"domain_id": shelf.domain_id, **fields})) == {wrong}
    assert shelf.list() == []


@pytest.mark.parametrize(
    ("kind", "sent", "kept"),
    [
        ("ip", "89.56.99.71", "89.56.99.71"),
        ("ip", "10.1.2.3/8", "10.0.0.0/8"),
        ("ip", "2001:DB8::1", "2001:db8::1"),
        ("country", "DE", "de"),
        ("page", "/admin/**", "/admin/**"),
        ("hostname", "*.Example.com", "*.example.com"),
    ],
)
def test_filters_are_kept_in_one_spelling(shelf_of: Any, kind: str, sent: str, kept: str) -> None:
    assert shelf_of("/api/v1/filter").create(type=kind, filter=sent)["filter"] == kept


def test_a_hostname_is_there_once(shelf_of: Any) -> None:
    shelf = shelf_of("/api/v1/domain/alternative")
    made, other = shelf.create(hostname="a.example.com"), shelf.create(hostname="b.example.com")
    taken = {"domain_id": shelf.domain_id, "hostname": "A.example.com"}
    assert shelf.refused("POST", json=taken) == {"hostname": "is there already"}
    wrong = {"id": other["id"], "hostname": "a.example.com"}
    assert shelf.refused("PUT", json=wrong) == {"hostname": "is there already"}
    shelf("PUT", json={"id": made["id"], "hostname": "a.example.com"})


def test_saving_a_webhook_switches_it_on_again(shelf_of: Any) -> None:
    shelf = shelf_of("/api/v1/webhook")
    made = shelf.create()

    def switch_off(session: Any) -> None:
        session.get(shelf.resource.record, made["id"]).active = False

    shelf.managed.records.write(switch_off)
    assert [one["active"] for one in shelf.list()] == [False]
    assert shelf("POST", json={"id": made["id"], **shelf.valid})["active"] is True


def test_a_report_keeps_what_is_not_sent_again(shelf_of: Any) -> None:
    shelf = shelf_of("/api/v1/report")
    made = shelf.create(
        emails=["A@example.com"], interval=2, link_to="public", top_pages=False, reply_to="r@b.co"
    )
    assert (made["email"], made["top_pages"], made["summary"]) == ("a@example.com", False, True)
    same = shelf("PUT", json={"id": made["id"]})
    assert same == made
    changed = shelf("PUT", json={"id": made["id"], "interval": 4, "top_pages": True})
    assert changed["next_report"] == "2026-06-01T06:00:00.000000Z"
    assert (changed["link_to"], changed["top_pages"]) == ("public", True)


def test_views_are_everybodys_own(shelf_of: Any) -> None:
    """A domain client stands for the domain's owner."""
    shelf = shelf_of("/api/v1/view")
    made = shelf.create()
    path = f"{shelf.path}?domain_id={shelf.domain_id}"

    def seen(who: str) -> Any:
        return shelf.world.send("GET", path, bearer=shelf.managed[who]).json()

    assert seen("owner") == [made]
    assert seen("admin") == seen("viewer") == []
    own = {"id": made["id"], **shelf.valid}
    assert shelf.status("POST", own, shelf.managed["admin"]) == 404
    gone = f"{shelf.path}?id={made['id']}"
    assert shelf.status("DELETE", None, shelf.managed["viewer"], gone) == 404
