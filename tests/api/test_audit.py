"""The log of changes: every change that succeeded, by whom, and nothing of what it said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hoofprint.management.access import RIGHTS, Action
from hoofprint.model.role import Role
from hoofprint.records.tables import (
    AccessLinkRecord,
    AuditRecord,
    DomainRecord,
    FunnelRecord,
    GoalRecord,
    UserRecord,
    ViewRecord,
    WebhookRecord,
)

from .managing import MANAGED, MAY_NOT, OK, Desk, Managed
from .world import World

PATH = "/api/v1/audit"
FIELDS = [
    "id",
    "def_time",
    "mod_time",
    "domain_id",
    "user_id",
    "client_id",
    "operation",
    "object_id",
]
HOOK = {"event": "Buy", "endpoint": "https://hooks.example/secret-path", "description": "hush"}


@pytest.fixture
def desk(world: World, managed: Managed) -> Iterator[Desk]:
    """Others find the domain as it was before."""
    desk = Desk(world, managed, "/api/v1/webhook")
    yield desk

    def tidy_up(session: Session) -> None:
        for record in (WebhookRecord, GoalRecord, AccessLinkRecord, ViewRecord, FunnelRecord):
            session.execute(delete(record).where(record.domain_id == desk.domain_id))
        session.get_one(DomainRecord, desk.domain_id).timezone = "UTC"

    managed.records.write(tidy_up)
    world.services.directory.forget()


def changes(desk: Desk, who: str = "changing", **query: str) -> list[Any]:
    path = f"{PATH}?{urlencode({'domain_id': desk.domain_id} | query)}"
    answer = desk.world.send("GET", path, bearer=desk.managed[who])
    assert answer.status_code == OK, answer.text
    found: list[Any] = answer.json()
    return found


def of(desk: Desk, object_id: str) -> list[str]:
    """What was done to an object, the newest first."""
    return sorted(one["operation"] for one in changes(desk, search=object_id))


def test_what_is_created_changed_and_deleted_is_written_down(desk: Desk) -> None:
    made = desk.create(**HOOK)
    desk("POST", json={"id": made["id"], **HOOK, "description": "other"})
    desk("DELETE", id=made["id"])
    assert of(desk, made["id"]) == ["webhooks_delete", "webhooks_save", "webhooks_save"]
    [change, *_] = changes(desk, search=made["id"])
    assert list(change) == FIELDS
    assert (change["domain_id"], change["user_id"]) == (desk.domain_id, None)
    assert len(change["client_id"]) == 32


def test_a_change_names_whom_its_client_stands_for(desk: Desk) -> None:
    body = {"domain_id": desk.domain_id, **HOOK}
    answer = desk.world.send("POST", desk.path, json=body, bearer=desk.managed["admin"])
    [change] = changes(desk, search=answer.json()["id"])
    wanted = select(UserRecord.id).where(UserRecord.email == "admin@managed.example")
    assert change["user_id"] == desk.managed.records.read(lambda s: s.scalar(wanted))
    assert changes(desk, search=change["user_id"])
    assert changes(desk, search=change["client_id"])


@pytest.mark.parametrize(
    ("method", "path", "body", "operation"),
    [
        ("POST", "/api/v1/goal", {"name": "G", "path_pattern": "/g"}, "goals_create"),
        ("POST", "/api/v1/domain/link", {"description": "L"}, "links_create"),
        ("POST", "/api/v1/view", {"name": "V", "definition": {}}, "views_save"),
    ],
)
def test_every_family_of_endpoints_is_written_down(
    desk: Desk, method: str, path: str, body: dict[str, Any], operation: str
) -> None:
    made = desk(method, path, {"domain_id": desk.domain_id, **body})
    assert [one["operation"] for one in changes(desk, search=made["id"])] == [operation]


def test_a_changed_domain_is_the_object_itself(desk: Desk) -> None:
    body = {"domain_id": desk.domain_id, "timezone": "Europe/Paris"}
    desk("POST", "/api/v1/domain/timezone", body)
    assert {one["object_id"] for one in changes(desk, search="domains_timezone")} == {
        desk.domain_id
    }


def test_a_changed_funnel_is_the_object_and_not_one_of_its_steps(desk: Desk) -> None:
    steps = [{"name": name, "filter": {"path": [f"/{name}"]}} for name in ("a", "b", "c")]
    body = {"domain_id": desk.domain_id, "name": "F", "steps": steps}
    made = desk("POST", "/api/v1/funnel", body)
    desk("POST", "/api/v1/funnel", body | {"id": made["id"], "steps": steps[:2]})
    assert of(desk, made["id"]) == ["funnels_save", "funnels_save"]


def test_nothing_that_was_said_is_in_it(desk: Desk) -> None:
    made = desk.create(**HOOK)
    kept = desk.managed.records.read(lambda s: s.scalars(select(AuditRecord)).all())
    columns = {column.name for column in AuditRecord.__table__.columns}
    assert columns == {*FIELDS}
    said = json.dumps([[str(getattr(one, name)) for name in columns] for one in kept])
    for secret in (*HOOK.values(), desk.managed["changing"], "81.2.69.142"):
        assert secret not in said
    assert made["id"] in said


def test_what_was_refused_or_only_read_is_not_written_down(desk: Desk) -> None:
    before = len(changes(desk, limit="1000"))
    desk.refused("POST", {"domain_id": desk.domain_id})
    desk.status("POST", {"domain_id": desk.domain_id, **HOOK}, desk.managed["viewer"])
    desk("GET", domain_id=desk.domain_id)
    desk("POST", "/api/v1/goal/regex", {"regex": "^/x", "sample": "/x"})
    assert len(changes(desk, limit="1000")) == before


def test_a_change_that_was_written_by_nobodys_request_is_nobodys(desk: Desk) -> None:
    """A command or a job that writes later is not taken for the last request."""
    desk.create(**HOOK)
    before = len(changes(desk, limit="1000"))
    desk.managed.records.write(lambda s: s.get_one(UserRecord, desk.world.cast.user_id))
    assert len(changes(desk, limit="1000")) == before


def test_the_newest_come_first_in_pages(desk: Desk) -> None:
    for _ in range(3):
        desk.create(**HOOK)
    found = changes(desk, limit="1000")
    assert found == sorted(found, key=lambda one: one["def_time"], reverse=True)
    assert changes(desk, limit="2") == found[:2]
    assert changes(desk, limit="2", offset="1") == found[1:3]
    assert changes(desk, limit="0", search="WEBHOOKS_")
    assert changes(desk, search="%") == []


@pytest.mark.parametrize(
    "query", [{"limit": "1001"}, {"limit": "-1"}, {"offset": "x"}, {"domain_id": ""}]
)
def test_what_can_not_be_asked_is_named(desk: Desk, query: dict[str, str]) -> None:
    wrong = desk.refused("GET", None, PATH, **{"domain_id": desk.domain_id} | query)
    assert list(wrong) == list(query)


@pytest.mark.parametrize("who", sorted(MANAGED))
def test_owners_and_admins_read_it_and_nobody_else(desk: Desk, who: str) -> None:
    bearer, reading, _ = desk.managed.who(who)
    wanted = MAY_NOT if who == "viewer" else reading
    assert desk.status("GET", None, bearer, f"{PATH}?domain_id={desk.domain_id}") == wanted
    assert RIGHTS[Action.READ_AUDIT].role is Role.ADMIN


def test_a_domain_of_others_has_no_log_for_the_caller(desk: Desk) -> None:
    for domain_id in (desk.managed.sibling_id, "A" * 10, "x"):
        path = f"{PATH}?domain_id={domain_id}"
        assert desk.status("GET", None, desk.managed["changing"], path) == 404


def test_the_end_of_a_domain_is_written_down_and_outlives_it(desk: Desk) -> None:
    owner, send = desk.managed["owner"], desk.world.send
    new = {"hostname": "shortlived.example", "timezone": "UTC"}
    made = send("POST", "/api/v1/domain", json=new, bearer=owner).json()["id"]
    assert send("DELETE", f"/api/v1/domain?id={made}", bearer=owner).status_code == OK
    wanted = select(AuditRecord).where(AuditRecord.domain_id == made)
    kept = desk.managed.records.read(lambda s: s.scalars(wanted).all())
    assert {(one.operation, one.object_id) for one in kept} == {
        ("domains_create", made),
        ("domains_delete", made),
    }
