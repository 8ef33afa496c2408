"""Hosts: pages belong to the instance or to a dashboard, everything else is served under any."""

from __future__ import annotations

from typing import Any

import pytest

from hoofprint.api.host import read_host
from hoofprint.errors import SettingsError
from hoofprint.management.hosts import Hosts, Named, hosts_of
from hoofprint.management.links import Link, create_link
from hoofprint.records.engine import Records
from hoofprint.records.moments import moment
from hoofprint.records.tables import DomainRecord
from hoofprint.settings import Settings

from .pictures import picture
from .theming import OF_DOMAIN, Studio
from .world import NOW

BASE = "boards.stats.example"


def ask(studio: Studio, host: str, path: str = "/", **more: Any) -> Any:
    forwarded = {"x-forwarded-host": more.pop("forwarded")} if "forwarded" in more else {}
    return studio.world.send("GET", path, headers={"host": host} | forwarded, **more)


@pytest.fixture
def board(studio: Studio) -> str:
    """The host of the own domain's dashboard."""
    return f"{studio.domain(studio.own_id)['subdomain']}.{BASE}"


def change(records: Records, domain_id: str, **columns: Any) -> None:
    def work(session: Any) -> None:
        domain = session.get_one(DomainRecord, domain_id)
        for name, value in columns.items():
            setattr(domain, name, value)

    records.write(work)


def open_to_all(studio: Studio, records: Records, **columns: Any) -> None:
    change(records, studio.own_id, public=True, **columns)
    studio.world.services.directory.forget()


def test_a_private_dashboard_tells_no_numbers_and_where_to_sign_in(
    studio: Studio, board: str
) -> None:
    answer = ask(studio, board)
    assert answer.status_code == 403
    assert answer.headers["content-type"].startswith("text/html")
    assert "This dashboard is private." in answer.text
    assert 'href="https://stats.example/login"' in answer.text
    assert "dashboard.js" not in answer.text
    assert studio.domain(studio.own_id)["identification_code"] not in answer.text


def test_a_public_dashboard_is_served_under_all_of_its_hosts(
    studio: Studio, board: str, records: Records
) -> None:
    custom = f"stats.{studio.domain(studio.own_id)['hostname']}"
    open_to_all(studio, records, custom_domain=custom, display_name="Tack & <b>Bridle</b>")
    for host in (board, board.upper(), f"{board}:8400", f"{board}.", custom, f"{custom}:443"):
        answer = ask(studio, host)
        assert answer.status_code == 200, host
        assert "<title>Tack &amp; &lt;b&gt;Bridle&lt;/b&gt;</title>" in answer.text
        assert f'data-id="{studio.own_id}"' in answer.text
        assert "dashboard.js" in answer.text


def test_pages_may_load_nothing_that_is_not_from_their_host(
    studio: Studio, board: str, records: Records
) -> None:
    """No script or style is in the page itself, and everything that it names is served."""
    open_to_all(studio, records)
    answer = ask(studio, board)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "<style" not in answer.text
    assert " style=" not in answer.text
    named = [part.split('"')[0] for part in answer.text.split('src="')[1:]]
    named += [
        part.split('"')[0]
        for part in answer.text.split('href="')[1:]
        if not part.startswith("data")
    ]
    assert len(named) == 3
    for path in named:
        served = ask(studio, board, path)
        assert served.status_code == 200, path
        kind = "text/javascript" if ".js" in path else "text/css"
        assert served.headers["content-type"].startswith(kind)
        assert served.headers["x-content-type-options"] == "nosniff"


def test_a_link_opens_the_dashboard_of_its_domain_only(
    studio: Studio, board: str, records: Records
) -> None:
    def link(domain_id: str, until: float | None) -> str:
        valid = Link("", None if until is None else moment(until))
        return records.write(lambda s: create_link(s, domain_id, valid, NOW)).code

    assert ask(studio, board, f"/?access={link(studio.own_id, NOW + 1)}").status_code == 200
    for code in (link(studio.shared_id, None), link(studio.own_id, NOW), "x", "y" * 32):
        answer = ask(studio, board, f"/?access={code}")
        assert answer.status_code == 403
        assert "not valid" in answer.text


def test_a_dashboard_wears_its_theme(studio: Studio, board: str) -> None:
    """Only colours and lengths get into the style sheet, and only paths of pictures into a page."""
    settings = {
        "primary_color": "#123456",
        "background_color": "#fff",
        "background_color_dark": "#000",
    }
    data = {
        "domain_id": studio.own_id,
        "settings": settings | {"border_radius": "3px", "evil": "</style>"},
    }
    looks = studio.upload(OF_DOMAIN, data, logo_light=picture(), favicon=picture()).json()
    page = ask(studio, board).text
    for name in ("logo_light", "favicon"):
        assert f'"{looks["theme_settings"][name]}"' in page
    css = ask(studio, board, "/dashboard/theme.css").text
    light, dark = css.split("@media (prefers-color-scheme: dark)")
    assert "--primary: #123456;" in light
    assert "--radius: 3px;" in light
    assert "--background: #fff;" in light
    assert "--background: #000;" in dark
    assert "--primary" not in dark
    assert "style>" not in css


def test_what_came_into_the_records_on_another_way_cannot_leave_a_style_or_a_page(
    studio: Studio, board: str, records: Records
) -> None:
    evil = {
        "primary_color": "red;} body {background: url(https://evil.example)",
        "border_radius": "1px}",
        "logo_light": 'x" onerror="alert(1)',
        "favicon": "javascript:alert(1)",
    }
    change(records, studio.own_id, theme_settings=evil)
    studio.world.services.directory.forget()
    page, css = ask(studio, board).text, ask(studio, board, "/dashboard/theme.css").text
    assert "alert" not in page
    assert "<img" not in page
    assert "evil" not in css
    assert "--" not in css


def test_under_other_hosts_there_are_no_pages(studio: Studio) -> None:
    for host in ("other.example", f"nobody.{BASE}", f"a.b.{BASE}", "stats.example.evil.example"):
        for path in ("/", "/demo", "/dashboard/theme.css"):
            answer = ask(studio, host, path)
            assert answer.status_code == 404
            assert answer.headers["content-type"].startswith("text/html")
            assert "There is no dashboard here." in answer.text
        assert ask(studio, host, "/dashboard/dashboard.css").status_code == 200


def test_the_api_collection_and_scripts_are_served_under_any_host(
    studio: Studio, board: str, records: Records
) -> None:
    open_to_all(studio, records)
    code = studio.domain(studio.own_id)["identification_code"]
    hostname = studio.domain(studio.own_id)["hostname"]
    day = "&from=2026-05-01&to=2026-05-02"
    for host in ("other.example", board, "stats.example"):
        for path in (
            "/pa.js",
            "/health/live",
            "/api/v1/openapi.json",
            f"/api/v1/domain?id={studio.own_id}",
            f"/api/v1/statistics/total?id={studio.own_id}{day}",
            f"/hit?code={code}&url=https://{hostname}/",
        ):
            assert ask(studio, host, path).status_code == 200, (host, path)


def test_under_its_own_hosts_the_instance_is_itself(studio: Studio) -> None:
    for host in (
        "stats.example",
        "STATS.example:443",
        BASE,
        "localhost:8400",
        "10.1.2.3",
        "[::1]:80",
    ):
        answer = ask(studio, host)
        assert answer.status_code == 404
        assert answer.json()["error"] == ["not found"]


def test_only_trusted_proxies_say_which_host_was_asked(
    studio: Studio, board: str, records: Records
) -> None:
    """Of several forwarded hosts the last one is the proxy's own word."""
    open_to_all(studio, records)
    proxy = "10.1.2.3"
    assert ask(studio, "inside:80", forwarded=board, peer=proxy).status_code == 200
    assert ask(studio, "inside", forwarded=f"evil.example, {board}", peer=proxy).status_code == 200
    assert ask(studio, "inside", forwarded=board).status_code == 404
    assert ask(studio, board, forwarded="other.example").status_code == 200
    assert ask(studio, board, forwarded="other.example", peer=proxy).status_code == 404


def test_pages_follow_changes(studio: Studio, board: str) -> None:
    assert ask(studio, board).status_code == 403
    studio.send("POST", "/api/v1/domain/public", {"domain_id": studio.own_id})
    assert ask(studio, board).status_code == 200
    renamed = {"domain_id": studio.own_id, "subdomain": f"moved-{studio.own_id.lower()}"}
    studio.send("POST", "/api/v1/domain/subdomain", renamed)
    assert ask(studio, board).status_code == 404
    assert ask(studio, f"{renamed['subdomain']}.{BASE}").status_code == 200


def test_without_an_address_of_its_own_the_instance_is_every_other_host() -> None:
    hosts = hosts_of(Settings(base_host="Boards.localhost"))
    assert hosts == Hosts("localhost", "boards.localhost", named=False)
    assert hosts.answers("anything.example")
    assert not hosts.answers("x.boards.localhost")
    assert hosts.dashboard("x.boards.localhost") == Named("x")
    assert hosts.dashboard("a.example") == Named("a.example", custom=True)
    assert hosts_of(Settings()).dashboard("x.boards.localhost") == Named(
        "x.boards.localhost", custom=True
    )


@pytest.mark.parametrize("base", ["https://a.example", "a b", "10.0.0.1", "a.example:80"])
def test_a_base_host_that_is_no_hostname_is_refused_at_start(base: str) -> None:
    with pytest.raises(SettingsError, match="base_host"):
        hosts_of(Settings(base_host=base))


@pytest.mark.parametrize(
    ("header", "host"),
    [
        *(("A.example", "a.example"), ("a.example:80", "a.example"), ("a.example.", "a.example")),
        *(("[::1]:8400", "::1"), ("[::1]", "::1"), ("", ""), (" a ", "a"), (":80", "")),
    ],
)
def test_a_host_header_is_read_without_its_port(header: str, host: str) -> None:
    assert read_host(header) == host
