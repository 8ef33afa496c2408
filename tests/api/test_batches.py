"""Batches: one answer for all, times decide the order, nothing is stored of a faulty one."""

from __future__ import annotations

from typing import Any

import pytest

from hoofprint.model.arrival import Arrival, Kind

from .world import BROWSER, NOW, World

HIT = {"url": "https://example.com/a", "ip": "81.2.69.142", "user_agent": BROWSER}


def paths(world: World) -> list[tuple[str, int]]:
    return [(r.path, r.time - int(NOW)) for r in world.spool.records if isinstance(r, Arrival)]


def post(world: World, body: Any, path: str = "/api/v1/hit/batch") -> Any:
    return world.send("POST", path, json=body, bearer=world.cast.access_key)


def faults(world: World, body: Any, path: str = "/api/v1/hit/batch") -> dict[str, str]:
    answer = post(world, body, path)
    assert answer.status_code == 400
    assert world.spool.records == []
    return dict(answer.json()["validation"])


def at(path: str, time: str | None) -> dict[str, Any]:
    return {**HIT, "url": "https://example.com" + path, "time": time}


def test_items_are_counted_in_the_order_of_their_full_times(world: World) -> None:
    body = [
        at("/now", None),
        at("/late", "2026-05-04T13:06:00.900Z"),
        at("/early", "2026-05-04T13:06:00.100Z"),
        at("/same", "2026-05-04T13:06:00.100Z"),
        at("/zone", "2026-05-04T15:05:59+02:00"),
        at("/naive", "2026-05-04T13:05:58"),
        at("/zero", "0001-01-01T00:00:00Z"),
    ]
    assert post(world, body).status_code == 200
    assert paths(world) == [
        ("/naive", -42),
        ("/zone", -41),
        ("/early", -40),
        ("/same", -40),
        ("/late", -40),
        ("/now", 0),
        ("/zero", 0),
    ]


@pytest.mark.parametrize(
    ("path", "kind", "body"),
    [
        ("/api/v1/hit/batch", Kind.HIT, HIT),
        ("/api/v1/event/batch", Kind.EVENT, {**HIT, "event_name": "x"}),
        ("/api/v1/session/batch", Kind.KEEP_ALIVE, {"ip": "1.2.3.4", "user_agent": BROWSER}),
    ],
)
def test_every_kind_has_a_batch(world: World, path: str, kind: Kind, body: dict[str, Any]) -> None:
    answer = post(world, [body] * 3, path)
    assert (answer.status_code, answer.content) == (200, b"")
    assert [r.kind for r in world.spool.records if isinstance(r, Arrival)] == [kind] * 3


def test_every_failing_field_of_every_item_is_named_with_its_index(world: World) -> None:
    body = [
        HIT,
        {**HIT, "url": ""},
        {**HIT, "tags": 5, "screen_width": "wide"},
        {},
        {**HIT, "time": "2026-05-06T13:06:41Z"},
        {**HIT, "time": "1999-12-31T23:59:59Z"},
        {**HIT, "time": "tomorrow"},
    ]
    assert set(faults(world, body)) == {
        "[1].url",
        "[2].tags",
        "[2].screen_width",
        "[3].url",
        "[3].ip",
        "[3].user_agent",
        "[4].time",
        "[5].time",
        "[6].time",
    }


def test_missing_fields_of_well_typed_items_are_named_too(world: World) -> None:
    assert set(faults(world, [HIT, {"url": "https://example.com/"}])) == {
        "[1].ip",
        "[1].user_agent",
    }


def test_an_item_that_is_no_object_is_named(world: World) -> None:
    assert faults(world, [HIT, "text"])["[1]"] == "expected an object"


@pytest.mark.parametrize("body", [{}, HIT, "text", 5])
def test_a_batch_that_is_no_array_is_refused(world: World, body: Any) -> None:
    answer = post(world, body)
    assert answer.status_code == 400
    assert answer.json()["error"] == ["expected an array"]


@pytest.mark.parametrize("body", [[], None])
def test_an_empty_batch_is_well_formed(world: World, body: Any) -> None:
    answer = world.send(
        "POST",
        "/api/v1/hit/batch",
        b"[]" if body == [] else b"null",
        bearer=world.cast.access_key,
    )
    assert answer.status_code == 200
    assert world.spool.records == []


def test_a_thousand_items_are_taken_and_too_many_are_not(world: World) -> None:
    assert post(world, [HIT] * 1000).status_code == 200
    assert len(world.spool.records) == 1000
    most = world.services.settings.max_batch_items
    answer = post(world, [HIT] * (most + 1))
    assert answer.status_code == 400
    assert answer.json()["error"] == [f"a batch may hold at most {most} items"]
    assert len(world.spool.records) == 1000


def test_kindness_holds_for_items(world: World) -> None:
    body = [{**HIT, "screen_width": "1920"}, {**HIT, "ip": ["81.2.69.142"]}, {**HIT, "tags": []}]
    assert post(world, body).status_code == 200
    assert len(world.spool.records) == 3


def test_a_user_clients_items_each_find_their_domain(world: World) -> None:
    body = [HIT, {**HIT, "url": "https://other.example/x"}, HIT]
    answer = world.send("POST", "/api/v1/hit/batch", json=body, bearer=world.cast.user_token)
    assert answer.status_code == 200
    assert [r.domain_id for r in world.spool.records] == [
        world.cast.domain.id,
        world.cast.sibling.id,
        world.cast.domain.id,
    ]


def test_a_user_clients_unknown_hostnames_are_named_by_index(world: World) -> None:
    body = [HIT, {**HIT, "url": "https://unknown.example/x"}]
    answer = world.send("POST", "/api/v1/hit/batch", json=body, bearer=world.cast.user_token)
    assert answer.status_code == 400
    assert set(answer.json()["validation"]) == {"[1].url"}
    assert world.spool.records == []


def test_a_full_spool_takes_nothing_of_a_batch(world: World) -> None:
    world.spool.full = True
    assert post(world, [HIT, HIT]).status_code == 503
    assert world.services.metrics.accepted == 0
