"""The npm package `pirsch-sdk`, as it is published, sends and reads."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from .programs import needs, needs_package
from .server import BROWSER, HOSTNAME, Account, Instance, eventually, opened

pytestmark = pytest.mark.xdist_group("e2e")

PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)
GEO = Path(sys.prefix) / "share" / "hoofprint" / "geo"
BRITAIN = "gb" if any(GEO.glob("*.mmdb")) else ""


class Client:
    """The client with one sort of credentials."""

    def __init__(self, instance: Instance, **credentials: str) -> None:
        self._node = needs("node")
        self._directory = needs_package("pirsch-sdk")
        self._config = {
            "baseUrl": instance.url,
            "timeout": 30_000,
            "hostname": HOSTNAME,
            **credentials,
        }

    def call(self, *calls: tuple[object, ...]) -> list[dict[str, Any]]:
        """What each call answered."""
        done = subprocess.run(
            [self._node, "sdk.js"],
            cwd=self._directory,
            input=json.dumps({"config": self._config, "calls": calls}),
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        answers: list[dict[str, Any]] = json.loads(done.stdout)
        return answers


def visitor(number: int, path: str, agent: str = BROWSER, **fields: object) -> dict[str, object]:
    """What the client calls a hit."""
    known = {
        "url": f"https://{HOSTNAME}{path}",
        "ip": f"81.2.69.{number}",
        "user_agent": agent,
        "accept_language": "en-GB,en;q=0.9",
        "screen_width": 1920,
        "screen_height": 1080,
    }
    return known | fields


class World:
    """An instance that runs for all tests of this file, and clients for it."""

    def __init__(self, instance: Instance) -> None:
        account = instance.account
        self.instance = instance
        self.oauth = Client(
            instance, clientId=account.client_id, clientSecret=account.client_secret
        )
        self.key = Client(instance, accessToken=account.access_key)

    def read(self, *methods: tuple[Any, ...] | str) -> list[Any]:
        """Results of the client's methods for the days around today, each with its own filter."""
        now = datetime.now(UTC)
        filter_ = {
            "id": self.instance.account.domain_id,
            "from": (now - timedelta(days=1)).isoformat(),
            "to": (now + timedelta(days=1)).isoformat(),
        }
        calls = [(m, {}) if isinstance(m, str) else m for m in methods]
        answers = self.oauth.call(*((name, filter_ | more) for name, more in calls))
        return [answer.get("result", answer) for answer in answers]


@pytest.fixture(scope="module")
def world(
    tmp_path_factory: pytest.TempPathFactory, furnished: tuple[Path, Account]
) -> Iterator[World]:
    """Two visitors: one came by server-side hits in batches, one on a phone with an access key."""
    needs("node")
    needs_package("pirsch-sdk")
    with opened(tmp_path_factory.mktemp("sdk"), *furnished) as instance:
        instance.start()
        made = World(instance)
        send(made)
        yield made


def send(world: World) -> None:
    """Every method that sends, with the OAuth client and with the access key."""
    began = datetime.now(UTC) - timedelta(minutes=5)

    def at(seconds: int) -> str:
        return (began + timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")

    first = visitor(142, "/", referrer="https://www.google.com/", title="Home")
    phone = visitor(160, "/pricing", PHONE, title="Pricing")
    sent = world.oauth.call(
        (
            "batchHits",
            [
                first | {"time": at(0)},
                visitor(142, "/pricing", title="Pricing", tags={"author": "J", "n": 4})
                | {"time": at(20)},
            ],
        ),
        (
            "batchEvents",
            [
                {
                    "name": "Sign up",
                    "hit": visitor(142, "/pricing"),
                    "time": at(30),
                    "duration": 12,
                    "meta": {"plan": "Trot", "price": 4, "yearly": True},
                }
            ],
        ),
        ("batchSessions", [visitor(142, "/pricing") | {"time": at(60)}]),
    )
    sent += world.key.call(
        ("hit", phone),
        ("event", "Sign up", phone, 8, {"plan": "Canter", "price": 11}),
        ("session", phone),
    )
    assert sent == [{"result": None}] * 6
    eventually(lambda: world.instance.ask("/total")["views"], lambda views: views == 3)


def test_the_client_reads_totals_and_series(world: World) -> None:
    total, days, hours, growth, active = world.read(
        "totalVisitors", "visitors", "timeOfDay", "growth", "activeVisitors"
    )
    whole = {"visitors": 2, "views": 3, "sessions": 2, "bounces": 0, "bounce_rate": 0, "cr": 1}
    assert total.items() >= whole.items()
    assert [len(days), sum(day["views"] for day in days)] == [3, 3]
    assert [row["hour"] for row in hours] == list(range(24))
    assert sum(row["views"] for row in hours) == 3
    assert (growth["visitors_growth"], growth["bounces_growth"]) == (1, 0)
    assert active["visitors"] == 2
    assert {page["path"]: page["visitors"] for page in active["stats"]} == {"/pricing": 2, "/": 1}


def test_the_client_reads_breakdowns(world: World) -> None:
    """Two visitors, so that each value has one or both of them."""
    wanted: dict[str, tuple[str, dict[str, int]]] = {
        "referrer": ("referrer_name", {"": 1, "Google": 1}),
        "country": ("country_code", {BRITAIN: 2}),
        "languages": ("language", {"en": 2}),
        "browser": ("browser", {"Chrome": 1, "Safari": 1}),
        "browserVersions": ("browser_version", {"140.0": 1, "18.5": 1}),
        "os": ("os", {"Windows": 1, "iOS": 1}),
        "osVersions": ("os_version", {"10": 1, "18.5": 1}),
        "screen": ("screen_class", {"Full HD": 2}),
        "utmSource": ("utm_source", {"": 2}),
    }
    for (method, (field, counts)), rows in zip(wanted.items(), world.read(*wanted), strict=True):
        assert {row[field]: row["visitors"] for row in rows} == counts, method


def test_the_client_reads_pages(world: World) -> None:
    pages, entries, exits = world.read(
        ("pages", {"include_avg_time_on_page": True}), "entryPages", "exitPages"
    )
    seen = {row["path"]: (row["views"], row["average_time_spent_seconds"]) for row in pages}
    assert seen == {"/": (1, 20), "/pricing": (2, 0)}
    assert {row["path"]: row["entries"] for row in entries} == {"/": 1, "/pricing": 1}
    assert [(row["path"], row["exits"], row["exit_rate"]) for row in exits] == [("/pricing", 2, 1)]


def test_the_client_reads_events_and_their_metadata(world: World) -> None:
    [event], plans = world.read(
        "events", ("eventMetadata", {"event": "Sign up", "event_meta_key": "plan"})
    )
    assert (event["name"], event["count"], event["visitors"]) == ("Sign up", 2, 2)
    assert event["meta_keys"] == ["plan", "price", "yearly"]
    assert event["average_duration_seconds"] == 10
    assert {row["meta_value"]: row["count"] for row in plans} == {"Canter": 1, "Trot": 1}


def test_the_clients_filters_reach_the_server(world: World) -> None:
    """Its many unset parameters are left out, and its values of metadata and tags are scalars."""
    filters: tuple[dict[str, object], ...] = (
        {"browser": "Safari"},
        {"path": "/"},
        {"pattern": "^/pri"},
        {"event": "Sign up", "event_meta": {"price": 4}},
        {"tags": {"n": 4}},
        {"referrer_name": "!Google", "scale": "month", "tz": "Asia/Tokyo"},
    )
    totals = world.read(*(("totalVisitors", filter_) for filter_ in filters))
    assert [total["visitors"] for total in totals] == [1, 1, 2, 1, 1, 1]
    [pages] = world.read(("pages", {"sort": "path", "direction": "asc", "limit": 1, "offset": 1}))
    assert [page["path"] for page in pages] == ["/pricing"]


def test_what_the_client_sent_became_two_sessions(world: World) -> None:
    """The client has no method for the list of sessions."""
    desk, phone = world.instance.ask("/session/list")
    assert (desk["entry_path"], desk["exit_path"], desk["page_views"]) == ("/", "/pricing", 2)
    assert (desk["duration_seconds"], desk["extended"], desk["desktop"]) == (60, 1, True)
    assert (phone["entry_title"], phone["extended"], phone["mobile"]) == ("Pricing", 1, True)


def test_the_client_finds_its_domain(world: World) -> None:
    [answer] = world.oauth.call(("domain",))
    account = world.instance.account
    assert answer["result"]["id"] == account.domain_id
    assert answer["result"]["identification_code"] == account.code


def test_the_client_understands_refusals(world: World) -> None:
    """A missing field, an access key that reads, a wrong secret, a domain that is not its own."""
    today = datetime.now(UTC).isoformat()
    filter_ = {"id": "elsewhere0", "from": today, "to": today}
    incomplete, reading = world.key.call(("hit", {}), ("totalVisitors", filter_))
    assert incomplete["error"]["code"] == 400
    assert set(incomplete["error"]["data"]["validation"]) == {"url", "ip", "user_agent"}
    assert reading["error"]["name"] == "PirschInvalidAccessModeApiError"
    wrong = Client(world.instance, clientId=world.instance.account.client_id, clientSecret="x" * 64)
    [refused] = wrong.call(("hit", visitor(1, "/")))
    assert refused["error"]["code"] == 401
    [foreign] = world.oauth.call(("totalVisitors", filter_))
    assert foreign["error"]["code"] == 404
