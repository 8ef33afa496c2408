"""The browser script and the demo pages that carry it, as files."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest

from hoofprint.api.demo import PAGES
from hoofprint.management.demo import FILE
from hoofprint.tracker.build import ALL, BUILDS, build

from .world import World


@pytest.mark.parametrize("name", list(BUILDS))
def test_the_script_is_served_under_every_name(world: World, name: str) -> None:
    answer = world.send("GET", f"/{name}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=3600"
    assert answer.text == build(BUILDS[name])


def test_a_browser_that_has_this_version_gets_a_304(world: World) -> None:
    tag = world.send("GET", "/pa.js").headers["etag"]
    answer = world.send("GET", "/pa.js", headers={"if-none-match": f'W/"x", {tag}'})
    assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)
    assert world.send("GET", "/pa.js", headers={"if-none-match": '"x"'}).status_code == 200


def test_it_is_packed_for_those_who_take_it(world: World) -> None:
    packed = world.send("GET", "/pa.js", headers={"accept-encoding": "br, gzip"})
    plain = world.send("GET", "/pa.js", headers={"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"])


def test_the_whole_script_fits_in_a_kilobyte_and_a_half() -> None:
    assert len(gzip.compress(build(ALL).encode())) < 1536


def test_a_build_holds_only_its_parts() -> None:
    views, events, sessions = (build(frozenset({part})) for part in ("views", "events", "sessions"))
    assert '"hit"' in views
    assert "sendBeacon" not in views
    assert "sendBeacon" in events
    assert '"hit"' not in events
    assert '"session"' in sessions
    assert '"hit"' not in sessions
    assert "enable-sessions" not in sessions


def test_the_served_text_has_no_comments_or_indentation() -> None:
    for parts in BUILDS.values():
        for line in build(parts).splitlines():
            assert line == line.strip() != ""
            assert not line.startswith("//")


@pytest.fixture
def demo(world: World) -> World:
    path = Path(world.services.settings.data_dir) / FILE
    path.write_text(
        json.dumps(
            {
                "identification_code": world.cast.domain.identification_code,
                "hostname": world.cast.domain.hostname,
            }
        )
    )
    return world


def test_there_is_no_demo_without_its_file(world: World) -> None:
    answer = world.send("GET", "/demo")
    assert answer.status_code == 404
    assert set(answer.json()) == {"validation", "error", "context"}


@pytest.mark.parametrize("content", ["", "{", "[]", '{"hostname": "a"}'])
def test_there_is_no_demo_with_a_broken_file(world: World, content: str) -> None:
    (Path(world.services.settings.data_dir) / FILE).write_text(content)
    assert world.send("GET", "/demo").status_code == 404


def test_every_demo_page_carries_the_snippet_and_all_its_links_lead_somewhere(demo: World) -> None:
    links: set[str] = set()
    for page in PAGES:
        answer = demo.send("GET", page.path)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert f'data-code="{demo.cast.domain.identification_code}"' in answer.text
        assert f'data-dev="{demo.cast.domain.hostname}"' in answer.text
        links |= set(re.findall(r'href="(/[^"]*)"', answer.text))
    assert links == {page.path for page in PAGES}


def test_what_the_file_says_is_escaped(world: World) -> None:
    (Path(world.services.settings.data_dir) / FILE).write_text(
        json.dumps({"identification_code": '"><script>', "hostname": "<b>"})
    )
    text = world.send("GET", "/demo").text
    assert '"><script>' not in text.replace('/pa.js" id', "")
    assert "<b>" not in text
