"""The answers of the single collection endpoints (rules.md 1.3, clients.md 3)."""

from __future__ import annotations

from typing import Any

import pytest

from hoofprint.model.arrival import Arrival, Dropped, Kind
from hoofprint.model.reasons import DropReason

from .world import BROWSER, NOW, World

HIT = {"url": "https://example.com/a?b=c", "ip": "81.2.69.142", "user_agent": BROWSER}
EVENT = {**HIT, "event_name": "Signed up"}
KEEP_ALIVE = {"ip": "81.2.69.142", "user_agent": BROWSER}

SINGLE = [
    ("/api/v1/hit", HIT, Kind.HIT),
    ("/api/v1/event", EVENT, Kind.EVENT),
    ("/api/v1/session", KEEP_ALIVE, Kind.KEEP_ALIVE),
]


def refused(world: World, path: str, body: Any) -> dict[str, str]:
    """The failing fields of a request that must be refused, and store nothing."""
    answer = world.send("POST", path, json=body, bearer=world.cast.access_key)
    assert answer.status_code == 400
    assert set(answer.json()) == {"validation", "error", "context"}
    assert world.spool.records == []
    return dict(answer.json()["validation"])


@pytest.mark.parametrize(("path", "body", "kind"), SINGLE)
def test_a_well_formed_request_is_an_empty_200_and_one_durable_record(
    world: World, path: str, body: dict[str, Any], kind: Kind
) -> None:
    answer = world.send("POST", path, json=body, bearer=world.cast.access_key)
    assert (answer.status_code, answer.content) == (200, b"")
    [record] = world.spool.records
    assert isinstance(record, Arrival)
    assert (record.kind, record.domain_id, record.time) == (kind, world.cast.domain.id, int(NOW))


def test_what_a_filter_drops_is_answered_the_same(world: World) -> None:
    body = {**HIT, "user_agent": "Googlebot/2.1 (+http://www.google.com/bot.html)"}
    answer = world.send("POST", "/api/v1/hit", json=body, bearer=world.cast.access_key)
    assert (answer.status_code, answer.content) == (200, b"")
    [record] = world.spool.records
    assert isinstance(record, Dropped)
    assert record.reason is DropReason.BOT


@pytest.mark.parametrize(
    ("path", "required"),
    [
        ("/api/v1/hit", {"url", "ip", "user_agent"}),
        ("/api/v1/event", {"url", "ip", "user_agent", "event_name"}),
        ("/api/v1/session", {"ip", "user_agent"}),
    ],
)
@pytest.mark.parametrize("empty", [{}, {"url": None, "ip": None}, {"user_agent": "", "url": ""}])
def test_every_missing_field_is_named(
    world: World, path: str, required: set[str], empty: dict[str, Any]
) -> None:
    assert set(refused(world, path, empty)) == required


def test_wrong_types_and_missing_fields_are_named_together(world: World) -> None:
    body = {"url": 5, "ip": "81.2.69.142", "tags": "x", "event_meta": {"a": [1]}, "event_name": ""}
    assert refused(world, "/api/v1/event", body) == {
        "url": "must be a text",
        "user_agent": refused(world, "/api/v1/event", body)["user_agent"],
        "event_name": refused(world, "/api/v1/event", body)["event_name"],
        "tags": "must be an object of texts, numbers and booleans",
        "event_meta": "must hold texts, numbers and booleans only, a is nested",
    }


@pytest.mark.parametrize("body", [[], "text", 5, True, [HIT]])
def test_a_body_that_is_no_object_is_refused(world: World, body: Any) -> None:
    answer = world.send("POST", "/api/v1/hit", json=body, bearer=world.cast.access_key)
    assert answer.status_code == 400
    assert answer.json() == {"validation": {}, "error": ["expected an object"], "context": {}}


@pytest.mark.parametrize(
    "more",
    [
        {"unknown": {"a": [1, 2]}},
        {"ip": "81.2.69.142:4711"},
        {"ip": "10.0.0.1, 81.2.69.142"},
        {"ip": ["81.2.69.142"]},
        {"tags": {"a": 1, "b": True, "c": 1.5, "d": None}},
        {"screen_width": "1920", "screen_height": None},
        {"screen_width": 1e300, "screen_height": -5},
        {"screen_width": 10**30},
        {"title": "x" * 100_000},
        {"title": "\u0000\ufffd\U0001f40e"},
        {"time": "not a time"},
        {"time": "1970-01-01T00:00:00Z"},
        {"time": 5},
        {"referrer": "%%%\u0001"},
        {"accept_language": "\U0001f40e"},
        {"disable_bot_filter": True},
    ],
)
def test_what_real_clients_send_is_taken(world: World, more: dict[str, Any]) -> None:
    answer = world.send("POST", "/api/v1/hit", json={**HIT, **more}, bearer=world.cast.access_key)
    assert answer.status_code == 200, answer.text
    [record] = world.spool.records
    assert isinstance(record, Arrival)
    assert record.time == int(NOW)


@pytest.mark.parametrize("duration", [0, "42", 42.9, 10**30, -5, 1e300])
def test_an_events_duration_is_any_number(world: World, duration: object) -> None:
    body = {**EVENT, "event_duration": duration, "event_meta": {"n": 9.5, "t": True}}
    answer = world.send("POST", "/api/v1/event", json=body, bearer=world.cast.access_key)
    assert answer.status_code == 200, answer.text
    [record] = world.spool.records
    assert isinstance(record, Arrival)
    assert 0 <= record.event_duration < 2**32
    assert dict(zip(record.meta_keys, record.meta_values, strict=True)) == {"n": "9.5", "t": "true"}


def test_no_content_type_is_demanded(world: World) -> None:
    for content_type in ("text/plain", "application/x-www-form-urlencoded", "nonsense"):
        answer = world.send(
            "POST",
            "/api/v1/session",
            b'{"ip": "81.2.69.142", "user_agent": "' + BROWSER.encode() + b'"}',
            bearer=world.cast.access_key,
            headers={"content-type": content_type},
        )
        assert answer.status_code == 200


def test_a_title_cut_inside_an_emoji_costs_no_hit(world: World) -> None:
    body = (
        b'{"url": "https://example.com/", "ip": "81.2.69.142", "title": "a\\ud83d",'
        b' "user_agent": "' + BROWSER.encode() + b'"}'
    )
    answer = world.send("POST", "/api/v1/hit", body, bearer=world.cast.access_key)
    assert answer.status_code == 200
    [record] = world.spool.records
    assert isinstance(record, Arrival)
    assert record.title == "a\ufffd"


def test_a_full_spool_is_a_503_that_says_when_to_retry(world: World) -> None:
    world.spool.full = True
    answer = world.send("POST", "/api/v1/hit", json=HIT, bearer=world.cast.access_key)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert answer.json() == {
        "validation": {},
        "error": ["nothing was accepted; try again"],
        "context": {},
    }
    assert world.services.metrics.accepted == 0
