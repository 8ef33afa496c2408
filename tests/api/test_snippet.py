"""The browser script's endpoints (clients.md section 4, rules.md 1.3)."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from hoofprint.model.arrival import Arrival, Dropped, Kind
from hoofprint.model.reasons import DropReason

from .world import NOW, World


def query(world: World, **more: str) -> str:
    fields = {
        "nc": "1777900000123",
        "code": world.cast.domain.identification_code,
        "url": "https://example.com/blog/a?x=1",
        **more,
    }
    return urlencode(fields)


def event(world: World, **more: Any) -> bytes:
    fields = {
        "identification_code": world.cast.domain.identification_code,
        "url": "https://example.com/blog/a",
        "title": "A & B",
        "referrer": "https://news.example/",
        "screen_width": 1920,
        "screen_height": None,
        "tags": {"author": "J"},
        "event_name": "Signed up",
        "event_duration": 3,
        "event_meta": {"plan": "a"},
        "non_interactive": True,
        **more,
    }
    return json.dumps(fields).encode()


def arrival(world: World) -> Arrival:
    [record] = world.spool.records
    assert isinstance(record, Arrival)
    return record


def test_a_page_view_is_an_empty_200_that_nobody_caches(world: World) -> None:
    answer = world.send(
        "GET", "/hit?" + query(world, t="Ä title", ref="https://news.example/", w="1920", tag_a="1")
    )
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["access-control-allow-origin"] == "*"
    found = arrival(world)
    assert (found.kind, found.path, found.title, found.time) == (
        Kind.HIT,
        "/blog/a",
        "Ä title",
        int(NOW),
    )
    assert (found.visit.referrer, found.visit.screen_class) == ("https://news.example", "Full HD")
    assert (found.tag_keys, found.tag_values) == (["a"], ["1"])
    assert found.visit.browser == "Chrome"


def test_an_event_is_read_from_a_plain_text_body(world: World) -> None:
    answer = world.send("POST", "/event", event(world), headers={"content-type": "text/plain"})
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["access-control-allow-origin"] == "*"
    found = arrival(world)
    assert (found.kind, found.event_name, found.event_duration) == (Kind.EVENT, "Signed up", 3)
    assert (found.title, found.non_interactive) == ("A & B", True)
    assert dict(zip(found.meta_keys, found.meta_values, strict=True)) == {
        "plan": "a",
        "author": "J",
    }


def test_percent_encoded_values_of_older_scripts_are_decoded(world: World) -> None:
    body = event(
        world,
        url=quote("https://example.com/ä?b=c", safe=""),
        title=quote("100 % wool", safe=""),
        referrer=quote("https://news.example/x", safe=""),
    )
    assert world.send("POST", "/event", body).status_code == 200
    found = arrival(world)
    assert (found.path, found.title) == ("/ä", "100 % wool")
    assert found.visit.referrer == "https://news.example/x"


def test_a_plain_title_is_not_decoded(world: World) -> None:
    assert world.send("POST", "/event", event(world, title="100%25 wool")).status_code == 200
    assert arrival(world).title == "100%25 wool"


def test_a_keep_alive_names_its_url(world: World) -> None:
    answer = world.send("POST", "/session?" + query(world))
    assert (answer.status_code, arrival(world).kind) == (200, Kind.KEEP_ALIVE)
    world.spool.records.clear()
    code = world.cast.domain.identification_code
    answer = world.send("POST", f"/session?code={code}")
    assert answer.status_code == 400
    assert set(answer.json()["validation"]) == {"url"}


@pytest.mark.parametrize("code", ["", "x" * 32, "\u00e4"])
def test_an_unknown_code_is_a_401(world: World, code: str) -> None:
    for answer in (
        world.send("GET", "/hit?" + query(world, code=code)),
        world.send("POST", "/session?" + query(world, code=code)),
        world.send("POST", "/event", event(world, identification_code=code)),
    ):
        assert answer.status_code == 401
        assert answer.headers["access-control-allow-origin"] == "*"
    assert world.spool.records == []


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("https://example.com/", 200),
        ("https://www.example.com/", 200),
        ("https://EXAMPLE.com:8443/", 200),
        ("https://shop.example.org/", 200),
        ("https://example.com.evil.example/", 400),
        ("https://sub.example.com/", 400),
        ("https://other.example/", 400),
        ("nonsense", 400),
    ],
)
def test_the_urls_hostname_must_be_the_domains(world: World, url: str, status: int) -> None:
    for answer in (
        world.send("GET", "/hit?" + query(world, url=url)),
        world.send("POST", "/session?" + query(world, url=url)),
        world.send("POST", "/event", event(world, url=url)),
    ):
        assert answer.status_code == status
        if status == 400:
            assert set(answer.json()["validation"]) == {"url"}
    assert len(world.spool.records) == (3 if status == 200 else 0)


def test_disabled_scripts_are_a_403(world: World) -> None:
    code, url = (
        world.cast.scriptless.identification_code,
        f"https://{world.cast.scriptless.hostname}/",
    )
    for answer in (
        world.send("GET", "/hit?" + query(world, code=code, url=url)),
        world.send("POST", "/session?" + query(world, code=code, url=url)),
        world.send("POST", "/event", event(world, identification_code=code, url=url)),
    ):
        assert answer.status_code == 403
    assert world.spool.records == []


def test_every_failing_field_is_named_in_the_scripts_words(world: World) -> None:
    answer = world.send("GET", "/hit?" + query(world, url="", w="wide", h="1"))
    assert answer.status_code == 400
    assert set(answer.json()["validation"]) == {"url", "w"}
    answer = world.send("POST", "/event", event(world, event_name="", event_meta={"a": []}, url=5))
    assert set(answer.json()["validation"]) == {"event_name", "event_meta", "url"}


@pytest.mark.parametrize("path", ["/hit", "/event", "/session"])
def test_a_preflight_is_answered_for_every_origin(world: World, path: str) -> None:
    answer = world.send("OPTIONS", path, headers={"origin": "https://example.com"})
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "POST" in answer.headers["access-control-allow-methods"]


@pytest.mark.parametrize("path", ["/api/v1/hit", "/api/v1/token", "/api/v1/domain"])
def test_nothing_else_is_open_to_other_origins(world: World, path: str) -> None:
    for method in ("OPTIONS", "POST", "GET"):
        answer = world.send(method, path, headers={"origin": "https://example.com"})
        assert "access-control-allow-origin" not in answer.headers


def test_the_script_cannot_choose_who_its_visitor_is(world: World) -> None:
    """Address, user agent and time are the connection's; the bot filter stays on."""
    body = event(world, ip="9.9.9.9", user_agent=5, time="2020-01-01T00:00:00Z")
    assert world.send("POST", "/event", body).status_code == 200
    plain = world.send("POST", "/event", event(world))
    assert plain.status_code == 200
    first, second = world.spool.records
    assert isinstance(first, Arrival)
    assert isinstance(second, Arrival)
    assert (first.visitor_id, first.time) == (second.visitor_id, int(NOW))
    bot = {"user-agent": "Googlebot/2.1 (+http://www.google.com/bot.html)"}
    world.send("POST", "/event", event(world, disable_bot_filter=True), headers=bot)
    assert isinstance(world.spool.records[-1], Dropped)


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"purpose": "prefetch"}, DropReason.PREFETCH),
        ({"x-moz": "prefetch"}, DropReason.PREFETCH),
        ({"x-purpose": "preview"}, DropReason.PREFETCH),
        ({"user-agent": ""}, DropReason.USER_AGENT),
    ],
)
def test_the_browsers_headers_reach_the_filters(
    world: World, headers: dict[str, str], reason: DropReason
) -> None:
    assert world.send("GET", "/hit?" + query(world), headers=headers).status_code == 200
    [record] = world.spool.records
    assert isinstance(record, Dropped)
    assert record.reason is reason


def test_the_referer_header_is_not_the_pages_referrer(world: World) -> None:
    headers = {
        "referer": "https://elsewhere.example/",
        "accept-language": "de-DE,de;q=0.9",
        "sec-ch-ua-platform": '"macOS"',
    }
    assert world.send("GET", "/hit?" + query(world), headers=headers).status_code == 200
    visit = arrival(world).visit
    assert (visit.referrer, visit.language, visit.os) == ("", "de", "Mac")


def test_proxy_headers_of_a_stranger_do_not_count(world: World) -> None:
    world.send("GET", "/hit?" + query(world), headers={"x-forwarded-for": "9.9.9.9"})
    world.send("GET", "/hit?" + query(world))
    first, second = world.spool.records
    assert isinstance(first, Arrival)
    assert isinstance(second, Arrival)
    assert first.visitor_id == second.visitor_id


def test_proxy_headers_of_a_trusted_proxy_do(world: World) -> None:
    for forwarded in ("9.9.9.9", "8.8.8.8", "9.9.9.9"):
        headers = {"x-forwarded-for": forwarded}
        world.send("GET", "/hit?" + query(world), headers=headers, peer="10.1.2.3")
    ids = [r.visitor_id for r in world.spool.records if isinstance(r, Arrival)]
    assert ids[0] == ids[2] != ids[1]


def test_a_connection_without_an_address_is_no_mistake(world: World) -> None:
    """Behind a Unix socket a proxy's word is all there is, and it may be missing."""
    assert world.send("GET", "/hit?" + query(world), peer="").status_code == 200


def test_a_full_spool_is_a_503_for_the_script_too(world: World) -> None:
    world.spool.full = True
    answer = world.send("GET", "/hit?" + query(world))
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (503, "*")
