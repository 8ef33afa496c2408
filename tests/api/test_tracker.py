"""What the browser script sends and when it is silent (clients.md section 4)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from hoofprint.tracker.build import BUILDS, build

NODE = shutil.which("node")
PAGE = Path(__file__).with_name("page.js")
pytestmark = pytest.mark.skipif(
    NODE is None and "REQUIRE_ALL_TESTS" not in os.environ,
    reason="the script needs Node.js to run in",
)


def visit(
    href: str = "https://example.com/a?b=c", file: str = "pa.js", **given: Any
) -> dict[str, Any]:
    """What a page with the script did."""
    assert NODE is not None
    page = {"script": build(BUILDS[file]), "href": href, **given}
    ran = subprocess.run(
        [NODE, str(PAGE)], input=json.dumps(page).encode(), capture_output=True, check=False
    )
    assert ran.returncode == 0, ran.stderr.decode()
    return dict(json.loads(ran.stdout))


def query(request: dict[str, Any]) -> dict[str, str]:
    return {k: v[0] for k, v in parse_qs(urlsplit(request["url"]).query).items()}


def pages(did: dict[str, Any]) -> list[str]:
    return [query(request)["url"] for request in did["sent"] if request["method"] == "GET"]


def test_a_page_view_goes_to_the_scripts_own_origin() -> None:
    [request] = visit(attributes={"data-tag-author": "J", "data-tag": "x, y"})["sent"]
    assert request["method"] == "GET"
    assert request["url"].startswith("https://stats.example/hit?nc=")
    sent = query(request)
    assert sent.pop("nc").isdigit()
    assert sent == {
        "code": "CODE",
        "url": "https://example.com/a?b=c",
        "t": "A title",
        "ref": "https://news.example/",
        "w": "1920",
        "h": "1080",
        "tag_author": "J",
        "tag_x": "1",
        "tag_y": "1",
    }


def test_an_event_is_a_beacon_with_everything_in_its_body() -> None:
    step = (
        "track('Sale', {duration: 1.6, meta: {n: 9.5, o: {a: 1}, t: true}, non_interactive: true})"
    )
    did = visit(steps=[step], attributes={"data-tag-author": "J", "data-disable-page-views": ""})
    assert did["settled"] == ["sent"]
    [request] = did["sent"]
    assert request == {
        "method": "BEACON",
        "url": "https://stats.example/event",
        "body": {
            "identification_code": "CODE",
            "url": "https://example.com/a?b=c",
            "title": "A title",
            "referrer": "https://news.example/",
            "screen_width": 1920,
            "screen_height": 1080,
            "tags": {"author": "J"},
            "event_name": "Sale",
            "event_duration": 2,
            "event_meta": {"n": 9.5, "o": '{"a":1}', "t": True},
            "non_interactive": True,
        },
    }


def test_an_event_without_a_name_or_that_the_browser_refuses_fails() -> None:
    assert visit(steps=["track()"])["settled"] == ["failed"]
    assert visit(steps=["track('x')"], deaf=True)["settled"] == ["failed"]


@pytest.mark.parametrize(
    ("href", "given"),
    [
        ("http://localhost:8400/demo", {}),
        ("http://127.0.0.1/demo", {}),
        ("http://127.1.2.3/demo", {}),
        ("http://[::1]/demo", {}),
        ("file:///home/index.html", {}),
        ("https://example.com/", {"optedOut": True}),
        ("http://localhost/", {"optedOut": True, "attributes": {"data-dev": "example.com"}}),
        ("http://localhost/", {"attributes": {"data-dev": "false"}}),
    ],
)
def test_nothing_is_sent_from_local_pages_or_for_who_opted_out(
    href: str, given: dict[str, Any]
) -> None:
    did = visit(href, steps=["track('x')", "history.pushState(0, 0, '/b')"], **given)
    assert (did["sent"], did["settled"]) == ([], ["sent"])


def test_data_dev_allows_localhost_and_rewrites_the_hostname() -> None:
    dev = {"data-dev": "example.com"}
    assert pages(visit("http://localhost:8400/demo?a=b", attributes=dev)) == [
        "http://example.com/demo?a=b"
    ]
    assert pages(visit("http://localhost:8400/x", attributes={"data-dev": ""})) == [
        "http://localhost:8400/x"
    ]


def test_a_prerendered_page_waits_until_it_is_shown() -> None:
    assert visit(prerendering=True, steps=["track('x')"])["sent"] == []
    shown = visit(prerendering=True, steps=["track('x')", "show()"])
    assert sorted(request["method"] for request in shown["sent"]) == ["BEACON", "GET"]
    assert shown["settled"] == ["sent"]


def test_moving_through_the_history_is_a_page_view() -> None:
    steps = ["history.pushState(0, 0, '/b')", "go('/c')", "go('/c#part')", "go('/a')"]
    root = "https://example.com"
    assert pages(visit(root + "/a", steps=steps)) == [root + p for p in ("/a", "/b", "/c", "/a")]
    off = {"data-disable-history": ""}
    assert pages(visit(root + "/a", steps=steps, attributes=off)) == [root + "/a"]


@pytest.mark.parametrize(
    ("attribute", "missing"),
    [
        ("data-disable-referrer", {"ref"}),
        ("data-disable-resolution", {"w", "h"}),
    ],
)
def test_what_is_switched_off_is_not_sent(attribute: str, missing: set[str]) -> None:
    [whole] = visit()["sent"]
    [part] = visit(attributes={attribute: ""})["sent"]
    assert set(query(whole)) - set(query(part)) == missing


def test_the_query_may_be_left_out() -> None:
    assert pages(visit(attributes={"data-disable-query": ""})) == ["https://example.com/a"]


def test_page_views_may_be_switched_off_without_the_events() -> None:
    did = visit(attributes={"data-disable-page-views": ""}, steps=["track('x')", "go('/b')"])
    assert [request["method"] for request in did["sent"]] == ["BEACON"]


def test_addresses_are_cut_to_1800_characters() -> None:
    [url] = pages(visit("https://example.com/" + "a" * 3000))
    assert len(url) == 1800


@pytest.mark.parametrize(
    ("attributes", "hit", "event"),
    [
        (
            {"data-endpoint": "https://e.example"},
            "https://e.example/hit",
            "https://e.example/event",
        ),
        ({"data-hit-endpoint": "/h"}, "/h", "https://stats.example/event"),
        (
            {"data-event-endpoint": "/e", "data-endpoint": "https://e.example"},
            "https://e.example/hit",
            "/e",
        ),
    ],
)
def test_endpoints_may_be_set(attributes: dict[str, str], hit: str, event: str) -> None:
    first, second = visit(attributes=attributes, steps=["track('x')"])["sent"]
    assert (first["url"].split("?")[0], second["url"]) == (hit, event)


def test_sessions_are_kept_alive_when_asked_to() -> None:
    assert visit()["intervals"] == []
    on = {"data-enable-sessions": "", "data-interval-ms": "30000"}
    did = visit(attributes=on, steps=["tick()"])
    assert did["intervals"] == [30000]
    request = did["sent"][-1]
    assert request["method"] == "POST"
    assert request["url"].startswith("https://stats.example/session?nc=")
    assert set(query(request)) == {"nc", "code", "url"}


@pytest.mark.parametrize(
    "name", ["pianjs", "pirschextendedjs", "pirschjs", "pirscheventsjs", "pirschsessionsjs"]
)
def test_a_tag_that_is_not_running_is_found_by_its_id(name: str) -> None:
    assert len(visit(detached=True, id=name)["sent"]) == 1


def test_without_a_tag_nothing_happens() -> None:
    assert visit(detached=True, id="another")["sent"] == []


@pytest.mark.parametrize(
    ("file", "methods"),
    [
        ("pa.js", ["GET", "BEACON"]),
        ("pirsch-extended.js", ["GET", "BEACON"]),
        ("pirsch.js", ["GET"]),
        ("pirsch-events.js", ["BEACON"]),
        ("pirsch-sessions.js", ["POST"]),
    ],
)
def test_the_older_files_do_their_part_alone(file: str, methods: list[str]) -> None:
    did = visit(file=file, steps=["window.pirsch && track('x')", "tick()"])
    assert [request["method"] for request in did["sent"]] == methods
