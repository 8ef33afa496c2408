"""Required fields (`rules.md` 1.3): a missing one is a 400 that names it."""

from __future__ import annotations

from typing import Any

import pytest

from hoofprint.ingest.hit import Hit
from hoofprint.ingest.problems import problems
from hoofprint.model.arrival import Kind

from .steps.sample import hit

MISSING = "is missing"
NO_URL = "is not an absolute http or https url"
NO_ADDRESS = "is not an IP address"


@pytest.mark.parametrize("kind", [Kind.HIT, Kind.KEEP_ALIVE])
def test_url_address_and_user_agent_are_enough_for_a_hit_and_a_keep_alive(kind: Kind) -> None:
    assert problems(kind, hit()) == {}


def test_an_event_needs_a_name_too() -> None:
    assert problems(Kind.EVENT, hit(event_name="Signup")) == {}
    assert problems(Kind.EVENT, hit()) == {"event_name": MISSING}


@pytest.mark.parametrize("kind", [Kind.HIT, Kind.EVENT])
def test_all_failing_fields_are_named_at_once(kind: Kind) -> None:
    required = {"url": MISSING, "ip": MISSING, "user_agent": MISSING}
    named = {"event_name": MISSING} if kind is Kind.EVENT else {}
    assert problems(kind, Hit()) == required | named


def test_a_keep_alive_needs_no_url() -> None:
    assert problems(Kind.KEEP_ALIVE, Hit()) == {"ip": MISSING, "user_agent": MISSING}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"url": ""}, {"url": MISSING}),
        ({"url": "  "}, {"url": MISSING}),
        ({"url": "/page"}, {"url": NO_URL}),
        ({"url": "example.com/page"}, {"url": NO_URL}),
        ({"url": "//example.com/page"}, {"url": NO_URL}),
        ({"url": "ftp://example.com/"}, {"url": NO_URL}),
        ({"url": "javascript:alert(1)"}, {"url": NO_URL}),
        ({"url": "http://"}, {"url": NO_URL}),
        ({"url": "http://./"}, {"url": NO_URL}),
        ({"ip": " "}, {"ip": MISSING}),
        ({"ip": "localhost"}, {"ip": NO_ADDRESS}),
        ({"ip": "1.2.3.456"}, {"ip": NO_ADDRESS}),
        ({"user_agent": "\t"}, {"user_agent": MISSING}),
        ({"event_name": " "}, {"event_name": MISSING}),
    ],
)
def test_a_blank_or_senseless_field_fails(fields: dict[str, Any], expected: dict[str, str]) -> None:
    assert problems(Kind.EVENT, hit(**{"event_name": "Signup", **fields})) == expected


@pytest.mark.parametrize("ip", ["8.8.8.8:1234", "[2001:4860:4860::8888]:80", "10.0.0.1, 8.8.8.8"])
def test_an_address_may_have_a_port_or_be_a_list(ip: str) -> None:
    assert problems(Kind.HIT, hit(ip=ip)) == {}


def test_a_user_agent_that_will_be_dropped_is_no_problem() -> None:
    assert problems(Kind.HIT, hit(user_agent="x")) == {}
