"""`DELETE /api/v1/statistics` on the wire: kinds and dates, what is refused, who may."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlencode

import pytest

from hoofprint.management.clients import NewClient, create_client
from hoofprint.management.deletions import Deletions
from hoofprint.management.tokens import Tokens
from hoofprint.model.deletion import Deletion, DeletionKind
from hoofprint.records.engine import Records
from hoofprint.records.tables import ClientType, DeletionRecord

from .test_statistics import is_like
from .world import NOW, Cast, World

PATH = "/api/v1/statistics"
DATE = "must be a date like 2026-05-31"
FIRST_OF_MAY = 1_777_586_400
"""2026-05-01 00:00 in Berlin."""
DAY = 86_400
LISTED = {
    "id": "",
    "def_time": "",
    "mod_time": "",
    "domain_id": "",
    "requested_by": "",
    "kind": "",
    "from": "",
    "to": "",
    "state": "",
    "progress": 0.5,
    "error": "",
    "finished": None,
}


class Desk(NamedTuple):
    """An instance that notes which deletions begin, and a client that may ask for them."""

    world: World
    token: str
    begun: list[Deletion]

    @property
    def domain_id(self) -> str:
        return self.world.cast.domain.id

    def delete(self, json: Any = None, query: str = "", bearer: str | None = None) -> Any:
        return self.world.send(
            "DELETE", f"{PATH}?{query}", json=json, bearer=self.token if bearer is None else bearer
        )

    def fields(self, **fields: Any) -> dict[str, Any]:
        return {"id": self.domain_id, "from": "2026-05-01", "to": "2026-05-03", **fields}


@pytest.fixture
def desk(world: World, records: Records, tokens: Tokens, actors: Cast) -> Iterator[Desk]:
    new = NewClient(ClientType.OAUTH, domain_id=actors.domain.id, scopes={"domains": "w"})
    made = records.write(lambda s: create_client(s, new, NOW))
    begun: list[Deletion] = []
    deletions = Deletions(records, lambda: NOW, lambda: 42, begun.append)
    token = tokens.issue(made.record.client_id, NOW)[0]
    yield Desk(world.but(deletions=deletions), token, begun)
    records.write(lambda s: s.query(DeletionRecord).delete())


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ({}, DeletionKind.EVERYTHING),
        ({"kind": ""}, DeletionKind.EVERYTHING),
        ({"kind": None}, DeletionKind.EVERYTHING),
        ({"kind": "all"}, DeletionKind.ALL),
        ({"kind": "events"}, DeletionKind.EVENTS),
        ({"kind": "imported"}, DeletionKind.IMPORTED),
    ],
)
def test_a_deletion_is_answered_at_once_with_nothing(
    desk: Desk, given: dict[str, Any], kind: DeletionKind
) -> None:
    """The days are those of the domain's time zone, and both belong to it."""
    answer = desk.delete(desk.fields(**given))
    assert (answer.status_code, answer.content) == (200, b"")
    [begun] = desk.begun
    start, end = FIRST_OF_MAY, FIRST_OF_MAY + 3 * DAY
    assert begun == Deletion(begun.id, desk.domain_id, kind, start, end, 42)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026-05-03", "2026-05-01"),
        ("2026-05-01T00:00:00Z", "2026-05-03T22:00:00.000Z"),
    ],
)
def test_days_may_be_reversed_or_full_times(desk: Desk, first: str, last: str) -> None:
    assert desk.delete(desk.fields(**{"from": first, "to": last})).status_code == 200
    [begun] = desk.begun
    assert (begun.start, begun.end) == (FIRST_OF_MAY, FIRST_OF_MAY + 3 * DAY)


def test_a_client_that_sends_no_body_may_use_the_query(desk: Desk) -> None:
    query = urlencode(desk.fields(kind="events"))
    assert desk.delete(query=query).status_code == 200
    assert desk.begun[0].kind is DeletionKind.EVENTS


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"id": ""}, {"id": "is required"}),
        ({"from": None, "to": ""}, {"from": "is required", "to": "is required"}),
        ({"from": "yesterday", "to": "2026-02-30"}, {"from": DATE, "to": DATE}),
        ({"kind": "sessions"}, {"kind": "must be empty, all, events or imported"}),
        ({"kind": 1, "from": 2026}, {"kind": "must be a text", "from": "must be a text"}),
        (
            {"id": None, "kind": "x", "from": "x", "to": None},
            {
                "id": "is required",
                "kind": "must be empty, all, events or imported",
                "from": DATE,
                "to": "is required",
            },
        ),
    ],
)
def test_everything_that_is_wrong_is_named_and_nothing_is_deleted(
    desk: Desk, changes: dict[str, Any], wrong: dict[str, str]
) -> None:
    answer = desk.delete(desk.fields(**changes))
    assert (answer.status_code, answer.json()["validation"]) == (400, wrong)
    assert desk.begun == []


def test_a_body_that_is_no_object_is_refused(desk: Desk) -> None:
    assert desk.delete([desk.domain_id]).status_code == 400
    assert desk.delete().status_code == 400


def test_only_who_may_change_the_domain_may_delete(desk: Desk) -> None:
    cast = desk.world.cast
    for bearer, status in (
        ("", 401),
        (cast.expired_token, 401),
        (cast.access_key, 403),
        (cast.domain_token, 403),
        (cast.scoped["statistics"], 403),
        (cast.user_token, 403),
        (desk.token, 200),
    ):
        assert desk.delete(desk.fields(), bearer=bearer).status_code == status
    assert desk.delete(desk.fields(id=cast.sibling.id)).status_code == 404
    assert desk.delete(desk.fields(id="A" * 10)).status_code == 404
    assert len(desk.begun) == 1


def test_deletions_and_how_far_they_are_can_be_seen(desk: Desk) -> None:
    for kind in ("events", ""):
        desk.delete(desk.fields(kind=kind))
    path = f"{PATH}/deletion?id={desk.domain_id}"
    answer = desk.world.send("GET", path, bearer=desk.token)
    assert answer.status_code == 200
    assert is_like(answer.json(), [LISTED])
    assert {row["kind"] for row in answer.json()} == {"events", ""}
    assert {(row["from"], row["to"]) for row in answer.json()} == {("2026-05-01", "2026-05-03")}
    cast = desk.world.cast
    for bearer, status in ((None, 401), (cast.access_key, 403), (cast.domain_token, 200)):
        assert desk.world.send("GET", path, bearer=bearer).status_code == status
    for query, status in (("", 400), (f"?id={cast.sibling.id}", 404)):
        answer = desk.world.send("GET", f"{PATH}/deletion{query}", bearer=desk.token)
        assert answer.status_code == status
