"""Answers that hold everywhere: paths, methods, crashes, counting (clients.md section 3)."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from hoofprint.api.errors import refusal
from hoofprint.errors import (
    DnsFailed,
    Forbidden,
    HoofprintError,
    HungUp,
    Invalid,
    MailNotSent,
    MailRefused,
    NotFound,
    QueryTooLarge,
    QueryTooSlow,
    SettingsError,
    SpoolCorrupt,
    SpoolFull,
    StoreError,
    TooBusy,
    TooLarge,
    TooManyRequests,
    Unauthenticated,
    Unavailable,
    UnknownHost,
)

from .world import BROWSER, World

SHAPE = {"validation", "error", "context"}
HIT = {"url": "https://example.com/a", "ip": "81.2.69.142", "user_agent": BROWSER}


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Invalid({"a": "b"}), 400),
        (Unauthenticated(), 401),
        (Forbidden(), 403),
        (NotFound(), 404),
        (TooLarge(), 413),
        (TooManyRequests(7, 10), 429),
        (Unavailable(), 503),
        (SpoolFull(), 503),
        (DnsFailed("secret"), 503),
        (UnknownHost(), 404),
        (TooBusy(), 503),
        (HungUp(), 499),
        (QueryTooLarge(), 400),
        (QueryTooSlow(), 503),
        (StoreError("SELECT secret"), 500),
        (SpoolCorrupt("/secret/path"), 500),
        (MailNotSent("secret"), 500),
        (MailRefused("secret"), 500),
        (SettingsError("secret"), 500),
        (ZeroDivisionError("secret"), 500),
    ],
)
def test_every_error_has_a_status_and_tells_no_secrets(error: Exception, status: int) -> None:
    refused = refusal(error)
    assert refused.status == status
    assert set(refused.body) == SHAPE
    assert "secret" not in str(refused.body).lower()
    assert refused.body["validation"] or refused.body["error"]


def test_every_error_of_the_tree_is_listed_in_that_test() -> None:
    def below(kind: type[HoofprintError]) -> set[type[HoofprintError]]:
        return {kind}.union(*(below(child) for child in kind.__subclasses__()))

    listed = {
        type(case[0])
        for case in test_every_error_has_a_status_and_tells_no_secrets.pytestmark[0].args[1]  # type: ignore[attr-defined]
    }
    assert below(HoofprintError) - {HoofprintError} <= listed


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (TooManyRequests(7, 10), b"7"),
        (Unavailable(), b"1"),
        (SpoolFull(), b"1"),
        (TooBusy(), b"5"),
        (QueryTooSlow(), b"30"),
    ],
)
def test_what_may_be_tried_again_says_when(error: Exception, seconds: bytes) -> None:
    assert (b"retry-after", seconds) in refusal(error).headers


@pytest.mark.parametrize("error", [QueryTooLarge(), QueryTooSlow()])
def test_a_question_that_takes_too_much_is_told_what_to_narrow(error: Exception) -> None:
    [text] = refusal(error).messages
    assert "shorter period" in text
    assert "filter" in text


@pytest.mark.parametrize(
    "path", ["/api", "/api/v1", "/api/v1/hits", "/api/v1/hit/batch/x", "/api/v2/hit", "/x%20y"]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_unknown_path_is_a_404_in_the_error_shape(world: World, method: str, path: str) -> None:
    answer = world.send(method, path)
    assert answer.status_code == 404
    assert set(answer.json()) == SHAPE


def test_the_instance_itself_has_no_page_at_its_root_yet(world: World) -> None:
    """The dashboards of others have one there, under their own hosts."""
    answer = world.send("GET", "/")
    assert answer.status_code == 404
    assert set(answer.json()) == SHAPE


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/api/v1/hit", "POST"),
        ("PUT", "/api/v1/hit/batch", "POST"),
        ("DELETE", "/api/v1/event", "POST"),
        ("HEAD", "/api/v1/session", "POST"),
        ("OPTIONS", "/api/v1/hit", "POST"),
        ("POST", "/hit", "GET"),
        ("GET", "/event", "POST"),
        ("GET", "/session", "POST"),
        ("GET", "/api/v1/token", "POST"),
        ("POST", "/health/live", "GET"),
        ("DELETE", "/pa.js", "GET"),
    ],
)
def test_a_wrong_method_is_a_405_that_says_which_is_right(
    world: World, method: str, path: str, allowed: str
) -> None:
    answer = world.send(method, path)
    assert answer.status_code == 405
    assert allowed in answer.headers["allow"]
    if method != "HEAD":
        assert set(answer.json()) == SHAPE


@pytest.mark.parametrize(
    "path", ["//api/v1/hit", "/api//v1///hit", "/api/v1/hit/", "//api/v1/hit//"]
)
def test_doubled_and_trailing_slashes_count_as_one(world: World, path: str) -> None:
    assert world.send("POST", path, json=HIT, bearer=world.cast.access_key).status_code == 200
    assert len(world.spool.records) == 1


def test_doubled_slashes_count_as_one_behind_collection_too(world: World) -> None:
    assert world.send("GET", "/health//live").status_code == 200
    assert world.send("GET", "//pa.js").status_code == 200


@pytest.mark.parametrize("path", ["/health/live", "/pa.js", "/metrics"])
def test_what_can_be_read_can_be_asked_for_its_head(world: World, path: str) -> None:
    assert world.send("HEAD", path).status_code == 200


def test_a_crash_is_a_500_without_details_logged_once_without_the_visitor(world: World) -> None:
    world.spool.crash = ValueError(f"cannot store 81.2.69.142 {BROWSER}")
    with capture_logs() as logs:
        answer = world.send("POST", "/api/v1/hit", json=HIT, bearer=world.cast.access_key)
    assert answer.status_code == 500
    assert set(answer.json()) == SHAPE
    [line] = logs
    assert (line["event"], line["type"], line["path"]) == ("crashed", "ValueError", "/api/v1/hit")
    assert "submit" in line["traceback"]
    for secret in ("81.2.69.142", "Mozilla", "example.com", world.cast.access_key):
        assert secret not in str(line)
        assert secret not in answer.text


def test_a_crash_behind_the_framework_is_answered_and_logged_the_same(world: World) -> None:
    def broken() -> dict[str, str]:
        raise ValueError("a secret")

    with capture_logs() as logs:
        answer = world.but(readiness=broken).send("GET", "/health/ready")
    assert answer.status_code == 500
    assert set(answer.json()) == SHAPE
    [line] = logs
    assert (line["event"], line["type"], line["path"]) == ("crashed", "ValueError", "/health/ready")
    assert "a secret" not in str(line).replace('ValueError("a secret")', "")
    assert "secret" not in answer.text


def test_refusals_are_counted_by_status(world: World) -> None:
    world.send("POST", "/api/v1/hit", json={}, bearer=world.cast.access_key)
    world.send("POST", "/api/v1/hit", json=HIT)
    world.send("GET", "/nowhere")
    world.send("GET", "/api/v1/hit")
    world.send("POST", "/api/v1/hit", json=HIT, bearer=world.cast.access_key)
    assert dict(world.services.metrics.refusals) == {400: 1, 401: 1, 404: 1, 405: 1}


def test_the_openapi_document_is_served(world: World) -> None:
    answer = world.send("GET", "/api/v1/openapi.json")
    assert answer.status_code == 200
    assert "/api/v1/token" in answer.json()["paths"]
