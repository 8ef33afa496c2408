"""A real browser visits real pages with the snippet, and its visits arrive in the statistics."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from .programs import needs, needs_package
from .server import BROWSER, HOSTNAME, Account, Instance, eventually, opened

pytestmark = pytest.mark.xdist_group("e2e")

SIZES = {"desktop": (1280, 800), "phone": (390, 844)}

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A shop</title>
<link rel="icon" href="data:,">
<script defer src="{server}/pa.js" id="pianjs" data-code="{code}" data-dev="{hostname}"
        data-tag-author="Jo"></script></head>
<body><button onclick="pirsch('Buy', {{meta: {{item: 'Hat', price: 9.5}}}})">Buy</button></body>
</html>"""


def browse(*visits: dict[str, Any]) -> list[dict[str, Any]]:
    """What the browser tells of each visit; see `node/browse.js`."""
    # A headless browser says so in its user agent, and is dropped as the bot that it is.
    asked = {"executable": needs("chromium"), "agent": BROWSER, "visits": visits}
    done = subprocess.run(
        [needs("node"), "browse.js"],
        cwd=needs_package("playwright-core"),
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    return answers


@pytest.fixture(scope="module")
def site(
    tmp_path_factory: pytest.TempPathFactory, furnished: tuple[Path, Account]
) -> Iterator[Instance]:
    """An instance with the demo shop."""
    for program in ("node", "chromium"):
        needs(program)
    needs_package("playwright-core")
    with opened(tmp_path_factory.mktemp("browser"), *furnished) as instance:
        demo = {"identification_code": instance.account.code, "hostname": HOSTNAME}
        (instance.data / "demo.json").write_text(json.dumps(demo))
        instance.start()
        yield instance


@contextmanager
def served(text: str) -> Iterator[str]:
    """The address of a web server that has one page, whatever is asked for."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_visit_to_the_demo_shop_is_counted(site: Instance) -> None:
    """Its page view, and the event of a button; the browser says nothing is wrong."""
    cart = [["sent", "/hit?"], ["click", "Add to cart"], ["see", "Sent"], ["sent", "/event"]]
    [visit] = browse({"url": f"{site.url}/demo", "steps": cart})
    assert visit["errors"] == []
    assert all(f" {site.url}/" in asked or " data:" in asked for asked in visit["asked"])
    eventually(lambda: site.views().get("/demo"), lambda views: views == 1)
    [event] = eventually(lambda: site.ask("/events", path="/demo"), lambda events: events != [])
    assert (event["name"], event["count"], event["meta_keys"]) == ("Add to cart", 1, ["item"])
    [session] = site.ask("/session/list", entry_path="/demo")
    assert (session["page_views"], session["is_bounce"]) == (1, False)
    assert (session["browser"], session["os"]) == ("Chrome", "Windows")
    assert (session["screen_class"], session["desktop"]) == ("HD", True)
    assert session["entry_title"].startswith("Gear for slow, long rides")


def test_a_page_elsewhere_is_counted_under_the_name_that_data_dev_gives(site: Instance) -> None:
    """From another origin: page views also by `pushState`, and an event as a beacon."""
    text = PAGE.format(server=site.url, code=site.account.code, hostname=HOSTNAME)
    with served(text) as address:
        steps = [
            ["sent", "/hit?"],
            ["click", "Buy"],
            ["sent", "/event"],
            ["run", "history.pushState(0, '', '/shop/hats')"],
            ["sent", "hats"],
        ]
        [visit] = browse({"url": f"{address}/shop?utm_source=letter", "steps": steps})
    assert visit["errors"] == []
    eventually(lambda: site.views().get("/shop/hats"), lambda views: views == 1)
    assert site.views()["/shop"] == 1
    [event] = eventually(lambda: site.ask("/events", event="Buy"), lambda events: events != [])
    assert (event["count"], event["meta_keys"]) == (1, ["author", "item", "price"])
    [hostname] = site.ask("/hostname")
    assert hostname["hostname"] == HOSTNAME
    sources = {row["utm_source"]: row["visitors"] for row in site.ask("/utm/source")}
    assert sources["letter"] == 1


def test_the_demo_shop_fits_every_screen_without_an_error(site: Instance, tmp_path: Path) -> None:
    """On a desktop and a phone, in light and dark."""
    visits = [
        {
            "url": f"{site.url}/demo",
            "width": width,
            "height": height,
            "scheme": scheme,
            "steps": [["sent", "/hit?"]],
            "screenshot": str(tmp_path / f"{name}-{scheme}.png"),
        }
        for name, (width, height) in SIZES.items()
        for scheme in ("light", "dark")
    ]
    for visit, shown in zip(visits, browse(*visits), strict=True):
        assert shown["errors"] == [], visit
        assert shown["title"].endswith("Tack & Trail")
        assert shown["wide"] <= visit["width"], visit
    assert len({path.read_bytes() for path in tmp_path.glob("*.png")}) == len(visits)
