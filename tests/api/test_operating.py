"""Health, readiness and metrics."""

from __future__ import annotations

from prometheus_client.parser import text_string_to_metric_families

from hoofprint.model.reasons import DropReason

from .world import BROWSER, World

HIT = {"url": "https://example.com/a", "ip": "81.2.69.142", "user_agent": BROWSER}


def samples(world: World) -> dict[tuple[str, str], float]:
    """Every sample by name and the value of its first label."""
    answer = world.send("GET", "/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    return {
        (sample.name, next(iter(sample.labels.values()), "")): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_a_live_server_says_so(world: World) -> None:
    answer = world.send("GET", "/health/live")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_a_server_is_ready_when_all_its_parts_are(world: World) -> None:
    answer = world.send("GET", "/health/ready")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "parts": {"store": "ok", "records": "ok"},
        "spool_lag": 0,
    }


def test_a_server_with_a_sick_part_is_not_ready_but_live(world: World) -> None:
    unready = world.but(readiness=lambda: {"store": "ok", "records": "gone"})
    answer = unready.send("GET", "/health/ready")
    assert answer.status_code == 503
    assert answer.json()["parts"] == {"store": "ok", "records": "gone"}
    assert unready.send("GET", "/health/live").status_code == 200


def test_requests_are_counted_by_kind_and_outcome(world: World) -> None:
    world.send("POST", "/api/v1/hit/batch", json=[HIT, HIT], bearer=world.cast.access_key)
    bot = {**HIT, "user_agent": "Googlebot/2.1 (+http://www.google.com/bot.html)"}
    world.send("POST", "/api/v1/hit", json=bot, bearer=world.cast.access_key)
    world.send("POST", "/api/v1/hit", json={}, bearer=world.cast.access_key)
    found = samples(world)
    assert found["hoofprint_received_total", "hit"] == 3
    assert found["hoofprint_received_total", "event"] == 0
    assert found["hoofprint_accepted_total", ""] == 2
    assert found["hoofprint_dropped_total", "bot"] == 1
    assert found["hoofprint_dropped_total", "page_view_limit"] == 0
    assert found["hoofprint_refused_total", "400"] == 1


def test_every_drop_reason_has_a_sample(world: World) -> None:
    found = samples(world)
    assert all(("hoofprint_dropped_total", reason.value) in found for reason in DropReason)


def test_lag_and_times_are_shown(world: World) -> None:
    metrics = world.services.metrics
    metrics.watch_lag(lambda: 42)
    metrics.flushed(0.02)
    metrics.queried(0.2)
    metrics.dropped(DropReason.PAGE_VIEW_LIMIT, 3)
    found = samples(world)
    assert found["hoofprint_spool_lag", ""] == 42
    assert found["hoofprint_flush_seconds_count", ""] == 1
    assert found["hoofprint_query_seconds_sum", ""] == 0.2
    assert found["hoofprint_dropped_total", "page_view_limit"] == 3
