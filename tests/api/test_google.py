"""Google on the wire: an account is connected by consent, and a property of it is imported.

Google is a stand-in that speaks what it documents.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from msgspec.structs import replace
from sqlalchemy import select
from structlog.testing import capture_logs

from hoofprint.importing import ImportParts, open_imports
from hoofprint.jobs.importers import google as reports
from hoofprint.records.tables import DomainRecord, GoogleRecord, ImportRecord
from hoofprint.store.embedded import EmbeddedStore
from hoofprint.testing.google import REFRESH, GoogleServer

from .conftest import Parts
from .managing import MANAGED, MAY_NOT, Managed
from .test_imports import LATER
from .test_resources import DOCUMENTED
from .world import NOW, World

CONNECT, CALLBACK = "/api/v1/google/connect", "/api/v1/google/callback"
PROFILE, IMPORT = "/api/v1/google/import/profile", "/api/v1/google/import"
FIRST = date(2022, 1, 1)
DAYS = 9
WHO = {**MANAGED, "viewer": (MAY_NOT, MAY_NOT)}


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


def rows(dimensions: tuple[str, ...]) -> list[tuple[list[str], list[str]]]:
    """Two combinations of values a day; of the totals one."""
    values: dict[str, tuple[str, str]] = {
        "hostName": ("example.com", "(not set)"),
        "pagePath": ("/", "/a?b"),
        "landingPage": ("/", "(not set)"),
        "sessionSource": ("google", "(direct)"),
        "sessionMedium": ("organic", "(none)"),
        "countryId": ("DE", "(not set)"),
        "region": ("Bavaria", "(not set)"),
        "city": ("Munich", "(not set)"),
        "deviceCategory": ("desktop", "tablet"),
        "browser": ("Chrome", "Safari (in-app)"),
        "operatingSystem": ("Macintosh", "iOS"),
    }
    found = []
    for n in range(DAYS):
        day = f"{FIRST + timedelta(days=n):%Y%m%d}"
        if len(dimensions) == 1:
            found.append(([day], ["15", "20", "50", "12", "30.5"]))
            continue
        for place in range(2):
            texts = [values.get(name, ("(not set)",) * 2)[place] for name in dimensions[1:]]
            counts = (["10", "14", "30", "9", "30.5"], ["5", "6", "20", "3", "30.5"])[place]
            found.append(([day, *texts], counts))
    return found


class Desk(NamedTuple):
    """An instance with Google beside it, and clients that may ask."""

    world: World
    managed: Managed
    parts: ImportParts
    google: GoogleServer
    clock: Clock

    @property
    def domain_id(self) -> str:
        return self.managed.domain_id

    def ask(
        self, method: str, path: str, who: str = "owner", json: Any = None, **query: str
    ) -> Any:
        headers = {"cookie": query.pop("cookie")} if "cookie" in query else {}
        bearer = self.managed.bearers.get(who)
        return self.world.send(
            method, f"{path}?{urlencode(query)}", json=json, bearer=bearer, headers=headers
        )

    def begin(self, who: str = "owner") -> tuple[str, str]:
        """The state that Google gets, and the cookie of the browser."""
        answer = self.ask("GET", CONNECT, who, domain_id=self.domain_id)
        assert answer.status_code == 302, answer.text
        url = urlsplit(answer.headers["location"])
        [state] = parse_qs(url.query)["state"]
        return state, answer.headers["set-cookie"].partition(";")[0]

    def connect(self) -> None:
        self.google.codes.add("a-code")
        state, cookie = self.begin()
        answer = self.ask("GET", CALLBACK, "", state=state, code="a-code", cookie=cookie)
        assert answer.status_code == 200, answer.text

    def wanted(self, **fields: Any) -> dict[str, Any]:
        days = {"from": f"{FIRST}", "to": f"{FIRST + timedelta(days=DAYS - 1)}"}
        return {"domain_id": self.domain_id, "property": "4711", **days, **fields}

    def imported(self) -> Any:
        """The import of all days, once it has ended."""
        answer = self.ask("POST", IMPORT, json=self.wanted())
        assert answer.status_code == 200, answer.text
        self.parts.job.look()
        return self.ask("GET", f"{IMPORT}/job", domain_id=self.domain_id).json()

    def statistics(self, route: str) -> Any:
        asked = {"id": self.domain_id, "from": "2022-01-01", "to": "2022-01-31"}
        return self.ask("GET", f"/api/v1/statistics{route}", "changing", **asked).json()


@pytest.fixture
def desk(world: World, managed: Managed, parts: Parts, store: EmbeddedStore) -> Iterator[Desk]:
    clock = Clock()
    with GoogleServer(rows) as google:
        settings = replace(
            world.services.settings,
            google_client_id="an-id",
            google_client_secret="a-secret",
            google_base_url=google.url,
            base_url="https://stats.example.com/",
        )
        forget = parts.directory.forget
        opened = open_imports(settings, parts.records, store, clock, forget)
        here = world.but(
            settings=settings, imports=opened.imports, uploads=opened.uploads, google=opened.google
        )
        yield Desk(here, managed, opened, google, clock)
        opened.close()

    def clear(session: Any) -> None:
        session.query(ImportRecord).delete()
        session.query(GoogleRecord).delete()
        domain = session.get_one(DomainRecord, managed.domain_id)
        domain.imported, domain.imported_statistics = [], False
        domain.google_user_id = domain.google_user_email = None

    parts.records.write(clear)
    forget()


def test_an_account_is_connected_by_consent_and_disconnected(desk: Desk, parts: Parts) -> None:
    answer = desk.ask("GET", CONNECT, domain_id=desk.domain_id)
    url = urlsplit(answer.headers["location"])
    query = {name: value for name, [value] in parse_qs(url.query).items()}
    assert f"{url.scheme}://{url.netloc}{url.path}" == f"{desk.google.url}/o/oauth2/v2/auth"
    assert query.pop("state")
    assert query == {
        "client_id": "an-id",
        "redirect_uri": "https://stats.example.com/api/v1/google/callback",
        "response_type": "code",
        "scope": "openid email https://www.googleapis.com/auth/analytics.readonly",
        "access_type": "offline",
        "prompt": "consent",
    }
    cookie = answer.headers["set-cookie"].lower()
    assert all(part in cookie for part in ("httponly", "samesite=lax", "secure", CALLBACK))
    shown = desk.ask("GET", CONNECT, domain_id=desk.domain_id, redirect="false")
    assert (shown.status_code, list(shown.json())) == (200, ["url"])

    desk.connect()
    [domain] = desk.ask("GET", "/api/v1/domain", "changing").json()
    assert (domain["google_user_id"], domain["google_user_email"]) == (
        "1234567890",
        "ada@gmail.example",
    )
    kept = parts.records.read(lambda s: s.scalars(select(GoogleRecord)).one())
    assert REFRESH.encode() not in kept.token
    wanted = {"domain_id": desk.domain_id, "search": "google_callback"}
    audit = desk.ask("GET", "/api/v1/audit", "changing", **wanted).json()
    assert "google_callback" in {row["operation"] for row in audit}

    assert desk.ask("DELETE", CONNECT, domain_id=desk.domain_id).status_code == 200
    assert desk.google.revoked == [REFRESH]
    [domain] = desk.ask("GET", "/api/v1/domain", "changing").json()
    assert (domain["google_user_id"], domain["google_user_email"]) == (None, None)
    assert desk.ask("GET", PROFILE, domain_id=desk.domain_id).status_code == 400


def test_only_the_browser_that_asked_may_come_back_and_only_in_time(desk: Desk) -> None:
    """Else somebody could be made to connect the account of theirs to another's domain."""
    state, cookie = desk.begin()
    for given in (
        {"state": state, "code": "a-code"},
        {"state": state, "code": "a-code", "cookie": "hoofprint_google=another"},
        {"state": state[:-2] + "xx", "code": "a-code", "cookie": cookie},
        {"state": "", "code": "a-code", "cookie": cookie},
    ):
        assert desk.ask("GET", CALLBACK, "", **given).status_code == 401, given
    desk.clock.now += 901
    old = desk.ask("GET", CALLBACK, "", state=state, code="a-code", cookie=cookie)
    assert old.status_code == 401
    assert "/token" not in desk.google.requests


def test_a_consent_that_was_refused_or_a_wrong_code_connects_nothing(desk: Desk) -> None:
    state, cookie = desk.begin()
    refused = desk.ask("GET", CALLBACK, "", state=state, error="access_denied", cookie=cookie)
    wrong = desk.ask("GET", CALLBACK, "", state=state, code="wrong", cookie=cookie)
    assert (refused.status_code, wrong.status_code) == (400, 400)
    answer = desk.ask("GET", PROFILE, domain_id=desk.domain_id)
    assert answer.json()["validation"] == {"domain_id": "is not connected to a Google account"}


def test_properties_of_all_pages_are_listed(desk: Desk) -> None:
    desk.connect()
    listed = desk.ask("GET", PROFILE, domain_id=desk.domain_id).json()
    assert listed == [{"name": "Shop", "id": "4711"}, {"name": "Blog", "id": "4712"}]
    assert list(listed[0]) == list(DOCUMENTED["GET", PROFILE]["response"][0])


def test_a_property_is_imported_and_its_numbers_are_the_statistics(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "PAGE_ROWS", 4)
    desk.connect()
    answer = desk.ask("POST", IMPORT, json=desk.wanted(property="properties/4711"))
    assert list(answer.json()) == [*DOCUMENTED["POST", IMPORT]["response"], *LATER]
    wanted = {"type": "ga", "domain": "4711", "from": "2022-01-01", "to": "2022-01-09"}
    assert wanted.items() <= answer.json().items()
    assert answer.json()["google_user_email"] == "ada@gmail.example"
    desk.parts.job.look()
    ended = desk.ask("GET", f"{IMPORT}/job", domain_id=desk.domain_id).json()
    assert (ended["state"], ended["error"], ended["rows_broken"]) == ("done", "", 0)
    total = desk.statistics("/total")
    numbers = [total[name] for name in ("visitors", "sessions", "views", "bounces")]
    assert numbers == [DAYS * number for number in (15, 20, 50, 8)]
    assert [row["visitors"] for row in desk.statistics("/visitor")][:DAYS] == [15] * DAYS

    def shown(route: str, *names: str) -> list[Any]:
        return [tuple(row[name] for name in names) for row in desk.statistics(route)]

    assert shown("/referrer", "referrer_name", "visitors") == [("Google", 90), ("", 45)]
    assert shown("/channel", "channel", "visitors") == [("Organic Search", 90), ("Direct", 45)]
    assert shown("/utm/medium", "utm_medium", "visitors") == [("", 135)]
    assert shown("/city", "country_code", "region", "city", "visitors") == [
        ("de", "Bavaria", "Munich", 90),
        ("", "", "", 45),
    ]
    assert shown("/browser", "browser", "visitors") == [("Chrome", 90), ("Safari", 45)]
    assert shown("/os", "os", "visitors") == [("Mac", 90), ("iOS", 45)]
    assert shown("/page", "hostname", "path", "views") == [
        ("example.com", "/", 270),
        ("managed.example", "/a", 180),
    ]
    assert desk.statistics("/platform")["platform_mobile"] == 45


@pytest.mark.parametrize("refusals", [[(429, "0")], [(503, ""), (429, "")]])
def test_what_google_refuses_for_now_is_tried_again(
    desk: Desk, refusals: list[tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hoofprint.jobs.google.FIRST_PAUSE", 0.01)
    desk.connect()
    desk.google.refusals.extend(refusals)
    assert desk.imported()["state"] == "done"
    assert desk.statistics("/total")["visitors"] == 15 * DAYS


def test_an_access_token_that_has_ended_is_made_anew(desk: Desk) -> None:
    desk.connect()
    desk.ask("GET", PROFILE, domain_id=desk.domain_id)
    desk.google.valid.clear()
    assert desk.ask("GET", PROFILE, domain_id=desk.domain_id).status_code == 200
    assert desk.imported()["state"] == "done"


def test_an_import_that_google_refuses_fails_and_leaves_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hoofprint.jobs.google.FIRST_PAUSE", 0.001)
    desk.connect()
    desk.google.refusals += [(429, "")] * 5
    failed = desk.imported()
    assert (failed["state"], failed["error"]) == ("failed", "Google can't be asked now (429)")
    desk.google.refusals = [(400, "")]
    failed = desk.imported()
    assert failed["error"].startswith("Google refuses (400): Exhausted")
    desk.parts.asked[0]._access.clear()
    desk.google.refuses_refresh = True
    failed = desk.imported()
    assert "has to be connected again" in failed["error"]
    assert desk.statistics("/total")["visitors"] == 0


def test_no_token_is_answered_or_logged(desk: Desk) -> None:
    with capture_logs() as logs:
        desk.connect()
        texts = [str(desk.imported())]
        texts += [
            desk.ask("GET", path, "changing", domain_id=desk.domain_id).text
            for path in ("/api/v1/domain", PROFILE, f"{IMPORT}/job", "/api/v1/audit")
        ]
    for text in (*texts, *map(str, logs)):
        assert REFRESH not in text
        assert "access-" not in text
        assert "a-secret" not in text


def test_every_wrong_field_is_named(desk: Desk) -> None:
    def wrong(body: Any) -> Any:
        answer = desk.ask("POST", IMPORT, json=body)
        assert answer.status_code == 400, answer.text
        return answer.json()["validation"]

    required = dict.fromkeys(("from", "to", "domain_id", "property"), "is required")
    assert wrong({}) == required
    date_ = "must be a date like 2026-05-31"
    number = "must be the number of a Google Analytics 4 property"
    given = desk.wanted(property="UA-1", to="soon", **{"from": 1})
    assert wrong(given) == {"from": "must be a text", "to": date_, "property": number}
    assert wrong(desk.wanted()) == {"domain_id": "is not connected to a Google account"}


def test_without_a_client_at_google_nobody_can_connect(world: World, managed: Managed) -> None:
    path = f"{CONNECT}?domain_id={managed.domain_id}"
    answer = world.send("GET", path, bearer=managed["owner"])
    assert answer.status_code == 400
    assert "not set up" in answer.json()["error"][0]


def test_who_may_connect_and_import(desk: Desk) -> None:
    desk.connect()
    of = {"domain_id": desk.domain_id}
    for who, (reads, changes) in WHO.items():
        connecting = desk.ask("GET", CONNECT, who, redirect="false", **of).status_code
        assert connecting == changes, who
        assert desk.ask("GET", PROFILE, who, **of).status_code == reads, who
        assert desk.ask("POST", IMPORT, who, json=desk.wanted()).status_code == changes, who
        desk.ask("DELETE", "/api/v1/import", **of)
    for who in ("sibling", "stranger"):
        for method, path in (("GET", CONNECT), ("GET", PROFILE), ("DELETE", CONNECT)):
            assert desk.ask(method, path, who, **of).status_code == 404
        assert desk.ask("POST", IMPORT, who, json=desk.wanted()).status_code == 404
    assert desk.ask("DELETE", CONNECT, "viewer", **of).status_code == MAY_NOT
