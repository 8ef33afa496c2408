"""Domains on the wire: their beginning, what can be changed about them, and their end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from hoofprint.management.domain_settings import SETTINGS, Setting
from hoofprint.model.deletion import DeletionKind
from hoofprint.records.tables import AlertRecord, DeletionRecord, DomainRecord

from .managing import MANAGED, Desk, Managed
from .test_resources import DOCUMENTED
from .world import World

PATH = "/api/v1/domain"
NEW = {"hostname": "new.example", "subdomain": "brand-new", "timezone": "Europe/Berlin"}
VALID: dict[str, dict[str, Any]] = {
    "hostname": {"hostname": "other.example"},
    "subdomain": {"subdomain": "another-name"},
    "active": {"time": 123},
    "timezone": {"timezone": "Asia/Kolkata"},
    "metadata": {"metadata": {"a": [1, {"b": None}]}},
    "spike_threshold": {"threshold": 100},
    "warning_threshold": {"threshold": 5},
}
"""What is sent to change something, besides the domain's id."""


class Front(Desk):
    """Changes one domain, which is another one after each test."""

    def shown(self) -> dict[str, Any]:
        found: dict[str, Any] = self("GET", PATH)[0]
        return found

    def change(self, setting: Setting, **fields: Any) -> Any:
        sent = {setting.named_by: self.domain_id, **(fields or VALID.get(setting.name, {}))}
        return self(setting.method, setting.path, json=sent)


@pytest.fixture
def front(world: World, managed: Managed) -> Iterator[Front]:
    front = Front(world, managed, PATH)
    before = front.shown()
    yield front
    after = front.shown()

    def put_back(session: Any) -> None:
        record = session.get(DomainRecord, front.domain_id)
        for name, value in before.items():
            if after[name] != value and name not in {"mod_time", "metadata"}:
                setattr(record, name, value)
        record.notes = {}

    managed.records.write(put_back)
    world.services.directory.forget()


def named(name: str) -> Setting:
    [found] = [setting for setting in SETTINGS if setting.name == name]
    return found


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_the_documented_requests_are_answered_as_documented(front: Front, setting: Setting) -> None:
    entry = DOCUMENTED[setting.method, setting.path]
    sent = (entry["request"] or {}) | {setting.named_by: front.domain_id}
    answer = front(setting.method, setting.path, json=sent)
    expected = entry["response"]
    assert (answer and list(answer)) == (expected and list(expected))


@pytest.mark.parametrize("who", MANAGED)
@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_who_may_change_a_domain(front: Front, setting: Setting, who: str) -> None:
    bearer, _, changes = front.managed.who(who)
    changes = 403 if who == "viewer" else changes
    sent = {setting.named_by: front.domain_id, **VALID.get(setting.name, {})}
    assert front.status(setting.method, sent, bearer, setting.path) == changes
    for other in (front.managed.sibling_id, "A" * 10, "x"):
        strange = sent | {setting.named_by: other}
        mine = front.managed["changing"]
        assert front.status(setting.method, strange, mine, setting.path) == 404


def test_what_is_changed_is_shown(front: Front) -> None:
    for name in ("hostname", "subdomain", "timezone", "active", "metadata"):
        front.change(named(name))
    shown = front.shown()
    assert shown["hostname"] == "other.example"
    assert shown["subdomain"] == "another-name"
    assert shown["timezone"] == "Asia/Kolkata"
    assert shown["active_visitors_seconds"] == 123
    assert shown["metadata"] == {"a": [1, {"b": None}]}
    front.change(named("active"), time=0)
    assert front.shown()["active_visitors_seconds"] == 600


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("toggle_public", "public"),
        ("toggle_scripts", "disable_scripts"),
        ("toggle_title", "group_by_title"),
    ],
)
def test_a_toggle_is_taken_back_by_the_next_one(front: Front, name: str, field: str) -> None:
    before = front.shown()[field]
    front.change(named(name))
    assert front.shown()[field] is not before
    front.change(named(name))
    assert front.shown()[field] is before


def test_a_new_identification_code_replaces_the_old_one_at_once(front: Front) -> None:
    old = front.shown()["identification_code"]
    new = front.change(named("reset_code"))["identification_code"]
    assert new != old
    assert front.shown()["identification_code"] == new

    def takes(code: str) -> int:
        query = f"code={code}&url=https://managed.example/"
        return front.world.send(
            "GET", f"/hit?{query}", headers={"User-Agent": "x" * 40}
        ).status_code

    assert (takes(old), takes(new)) == (401, 200)


@pytest.mark.parametrize(
    ("name", "fields", "wrong"),
    [
        ("hostname", {"hostname": "https://a.example"}, "hostname"),
        ("hostname", {"hostname": ""}, "hostname"),
        ("subdomain", {"subdomain": "api"}, "subdomain"),
        ("subdomain", {"subdomain": "managed-sibling"}, "subdomain"),
        ("active", {"time": -1}, "time"),
        ("active", {"time": 86_401}, "time"),
        ("timezone", {"timezone": "Mars/Base"}, "timezone"),
        ("metadata", {"metadata": [1]}, "metadata"),
        ("metadata", {"metadata": {"a": "x" * 70_000}}, "metadata"),
        ("spike_threshold", {"threshold": 0}, "threshold"),
        ("warning_threshold", {"threshold": "many"}, "threshold"),
        ("warning_threshold", {}, "threshold"),
    ],
)
def test_what_cannot_be_is_refused_and_named(
    front: Front, name: str, fields: dict[str, Any], wrong: str
) -> None:
    setting, before = named(name), front.shown()
    sent = {setting.named_by: front.domain_id, **fields}
    assert set(front.refused(setting.method, json=sent, path=setting.path)) == {wrong}
    missing = front.refused(setting.method, json=fields, path=setting.path)
    assert set(missing) >= {setting.named_by}
    assert front.shown() == before


def test_a_domain_lives_from_its_creation_to_its_end(world: World, managed: Managed) -> None:
    """What belongs to it goes with it at once, its statistics in the background."""

    def ask(method: str, path: str = PATH, json: Any = None, who: str = "owner") -> Any:
        return world.send(method, path, json=json, bearer=managed[who])

    optional = {
        "public": True,
        "group_by_title": True,
        "active_visitors_seconds": 0,
        "disable_scripts": True,
        "display_name": " New ",
        "traffic_spike_threshold": 7,
        "traffic_warning_threshold_days": 0,
        "organization_id": None,
        "theme_id": None,
    }
    answer = ask("POST", json=NEW | optional)
    assert answer.status_code == 200, answer.text
    made = answer.json()
    assert list(made) == list(DOCUMENTED["POST", PATH]["response"])
    assert made == ask("GET", f"{PATH}?id={made['id']}").json()
    assert (made["hostname"], made["subdomain"]) == ("new.example", "brand-new")
    assert (made["user_role"], made["display_name"]) == ("Owner", "New")
    assert made["public"] is made["group_by_title"] is made["disable_scripts"] is True
    assert made["active_visitors_seconds"] == 600

    def alerts(session: Any) -> list[tuple[str, int, bool]]:
        found = session.query(AlertRecord).filter_by(domain_id=made["id"])
        return [(alert.kind, alert.threshold, alert.enabled) for alert in found]

    assert managed.records.read(alerts) == [("spike", 7, True)]
    assert ask("DELETE", f"{PATH}?id={made['id']}", who="stranger").status_code == 404
    assert ask("DELETE", f"{PATH}?id={made['id']}").status_code == 200
    assert ask("GET", f"{PATH}?id={made['id']}").status_code == 404
    assert managed.records.read(alerts) == []

    def deletions(session: Any) -> list[str]:
        return [d.kind for d in session.query(DeletionRecord).filter_by(domain_id=made["id"])]

    assert managed.records.read(deletions) == [DeletionKind.EVERYTHING]


def test_every_field_of_a_new_domain_that_is_wrong_is_named(world: World, managed: Managed) -> None:
    def refused(fields: Any) -> set[str]:
        answer = world.send("POST", PATH, json=fields, bearer=managed["owner"])
        assert answer.status_code == 400
        return set(answer.json()["validation"])

    assert refused({}) == {"hostname", "timezone"}
    bad = {"hostname": "a b", "timezone": "x", "subdomain": "www"}
    assert refused(bad) == set(bad)
    assert refused(NEW | {"subdomain": "managed"}) == {"subdomain"}
    assert refused(NEW | {"organization_id": "A" * 10, "theme_id": "B" * 10}) == {
        "organization_id",
        "theme_id",
    }
    assert refused(NEW | {"traffic_spike_threshold": -1}) == {"traffic_spike_threshold"}


@pytest.mark.parametrize("who", ["nobody", "key", "reading", "changing", "other_scopes"])
def test_only_a_user_client_that_may_change_domains_begins_and_ends_them(
    world: World, managed: Managed, who: str
) -> None:
    bearer = managed.bearers.get(who)
    expected = 401 if bearer is None else 403
    assert world.send("POST", PATH, json=NEW, bearer=bearer).status_code == expected
    path = f"{PATH}?id={managed.domain_id}"
    assert world.send("DELETE", path, bearer=bearer).status_code == expected


def test_preferences_are_ones_own(world: World, managed: Managed) -> None:
    def ask(path: str, json: Any = None, who: str = "viewer") -> int:
        return world.send(
            "POST", f"/api/v1/user/{path}", json=json, bearer=managed[who]
        ).status_code

    own, other = {"id": managed.domain_id}, {"id": managed.sibling_id}
    for path in ("favorite", "pin"):
        assert [ask(path, own), ask(path, own)] == [200, 200]
        assert ask(path, other) == 404
        assert ask(path, {"id": "x"}) == 404
        assert ask(path, {}) == 400
        assert ask(path, own, "changing") == 403
    for path in ("active", "fullwidth"):
        assert ask(path) == 200
        assert ask(path, None, "changing") == 403
        assert world.send("POST", f"/api/v1/user/{path}").status_code == 401


def test_snippets_are_as_usual_until_they_are_saved(world: World, managed: Managed) -> None:
    desk = Desk(world, managed, "/api/v1/domain/snippet")
    example = DOCUMENTED["GET", desk.path]["response"]
    usual = desk("GET", domain_id=desk.domain_id, type="session")
    assert list(usual) == list(example)
    assert (usual["id"], usual["dev"], usual["include"]) == ("", False, "")
    request = DOCUMENTED["POST", desk.path]["request"] | {"domain_id": desk.domain_id}
    for _ in range(2):
        assert desk("POST", json=request) is None
        saved = desk("GET", domain_id=desk.domain_id, type="page view")
        assert {name: saved[name] for name in request} == request
    assert len(saved["id"]) == 10
    assert desk("GET", domain_id=desk.domain_id, type="event")["id"] == ""
    assert set(desk.refused("GET", domain_id=desk.domain_id, type="x")) == {"type"}
    assert set(desk.refused("POST", json={})) == {"domain_id", "type"}
    assert desk.status("POST", request, managed["reading"]) == 403
    assert desk.status("POST", request, managed["stranger"]) == 404
    assert desk.status("POST", request, managed["viewer"]) == 403
