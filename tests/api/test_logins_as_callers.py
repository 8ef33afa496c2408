"""A login's cookie is as good as a client of its user, but only for requests of our own pages."""

from __future__ import annotations

from typing import Any

import pytest
from structlog.testing import capture_logs

from hoofprint.management.domains import NewDomain, create_domain
from hoofprint.model.principal import Scope

from .people import API, EMAIL, PASSWORD, PUBLIC, Browser, Town, enrol
from .world import BROWSER

DOMAIN, FAVORITE = "/api/v1/domain", "/api/v1/user/favorite"
OURS = {"sec-fetch-site": "same-origin"}


class Desk:
    """A person with a domain, at her browser."""

    def __init__(self, town: Town, browser: Browser) -> None:
        self.town = town
        self.browser = browser
        user_id = town.settle()
        new = NewDomain("example.com", "UTC")
        made = town.records.write(lambda s: create_domain(s, new, user_id, town.clock()))
        self.user_id, self.domain_id = user_id, made.id
        browser.log_in()

    def change(self, headers: dict[str, str], **body: Any) -> int:
        body = {"id": self.domain_id} | body
        return self.browser.send("POST", FAVORITE, body, headers=headers).status_code


@pytest.fixture
def desk(town: Town) -> Desk:
    return Desk(town, town.browser())


def test_the_public_api_takes_the_cookie_instead_of_a_token(desk: Desk) -> None:
    browser = desk.browser
    assert [one["id"] for one in browser.get(DOMAIN).json()] == [desk.domain_id]
    days = f"id={desk.domain_id}&from=2026-05-01&to=2026-05-02"
    assert browser.get(f"/api/v1/statistics/total?{days}").json()["visitors"] == 0
    assert browser.get(f"/api/v1/billing?{days}").status_code == 200
    made = browser("POST", DOMAIN, hostname="other.example", timezone="UTC")
    assert made.json()["user_id"] == desk.user_id
    hook = {"domain_id": desk.domain_id, "event": "x", "endpoint": "https://example.org/"}
    assert browser("POST", "/api/v1/webhook", **hook).status_code == 200


def test_a_login_has_every_scope_and_may_give_them(desk: Desk) -> None:
    scopes = {f"scope_{scope}": "w" for scope in Scope} | {
        "scope_statistics": "r",
        "scope_billing": "r",
    }
    made = desk.browser("POST", "/api/v1/client", type="oauth", description="x", **scopes)
    assert made.status_code == 200, made.text
    assert {made.json()[name] for name in scopes} == {"r", "w"}


def test_without_or_with_a_wrong_cookie_nobody_is_known(desk: Desk) -> None:
    for value in (None, "", "x", "A" * 64, "ä"):
        stranger = desk.town.browser()
        if value is not None:
            stranger.cookies["hoofprint"] = value
        assert stranger.get(DOMAIN).status_code == 401


def test_domains_of_others_are_not_there(desk: Desk) -> None:
    desk.town.settle("eve@example.com")
    eve = desk.town.browser()
    eve.log_in("eve@example.com")
    assert eve.get(DOMAIN).json() == []
    days = f"id={desk.domain_id}&from=2026-05-01&to=2026-05-02"
    assert eve.get(f"/api/v1/statistics/total?{days}").status_code == 404
    assert eve("POST", FAVORITE, id=desk.domain_id).status_code == 404
    assert eve("DELETE", f"{DOMAIN}?id={desk.domain_id}").status_code == 404


def test_a_header_counts_and_the_cookie_beside_it_does_not(desk: Desk) -> None:
    for header, status in (("Bearer pa_" + "x" * 45, 401), ("Basic x", 401), ("Bearer", 401)):
        answer = desk.browser.send("GET", DOMAIN, headers={"authorization": header})
        assert answer.status_code == status


def test_the_token_of_the_cookie_is_no_bearer(desk: Desk) -> None:
    header = {"authorization": f"Bearer {desk.browser.token}"}
    assert desk.town.browser().send("GET", DOMAIN, headers=header).status_code == 401


def test_a_change_needs_the_token_that_belongs_to_the_cookie(desk: Desk) -> None:
    right = {"x-csrf-token": desk.browser.csrf}
    assert desk.change(OURS | right) == 200
    assert desk.change(right) == 200  # an old browser tells nothing about sites
    other = desk.town.browser()
    other.log_in()
    for token in ("", "x", other.csrf, desk.browser.csrf.upper(), "ä"):
        assert desk.change(OURS | {"x-csrf-token": token}) == 403
    assert desk.change(OURS) == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "none"}, 200),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "https://test.evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "null", "sec-fetch-site": "same-origin"}, 200),
        ({"origin": "http://localhost:8400"}, 200),
        ({"origin": "http://test"}, 200),
        ({"origin": "http://test", "sec-fetch-site": "cross-site"}, 403),
    ],
)
def test_a_change_that_another_site_asks_for_is_refused(
    desk: Desk, headers: dict[str, str], status: int
) -> None:
    """Also with the right token: both are needed."""
    assert desk.change({"x-csrf-token": desk.browser.csrf} | headers) == status


def test_every_method_that_changes_something_is_guarded(desk: Desk) -> None:
    for method, path in (
        *(("POST", DOMAIN), ("DELETE", f"{DOMAIN}?id={desk.domain_id}")),
        *(("PUT", "/api/v1/goal"), ("DELETE", "/api/v1/statistics"), ("PUT", API)),
        *(("POST", f"{API}/logout"), ("DELETE", API), ("POST", "/api/v1/webhook")),
    ):
        assert desk.browser.send(method, path, {}, headers=OURS).status_code == 403, path


@pytest.mark.parametrize("path", ["login", "sign-up", "setup", "confirm", "reset", "login/code"])
def test_no_other_site_makes_a_browser_log_in(desk: Desk, path: str) -> None:
    """It would be the other site's account that the visitor then uses."""
    body = {"email": EMAIL, "password": PASSWORD, "code": "x" * 32, "challenge": "x"}
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}):
        answer = desk.town.browser().send("POST", f"{API}/{path}", body, headers=headers)
        assert answer.status_code == 403


def test_collection_ignores_cookies(desk: Desk) -> None:
    hit = {"url": "https://example.com/", "ip": "81.2.69.142", "user_agent": BROWSER}
    for path in ("hit", "event", "session"):
        answer = desk.browser("POST", f"/api/v1/{path}", **hit, event_name="x")
        assert answer.status_code == 401


def test_a_cookie_that_has_ended_closes_no_public_dashboard(desk: Desk) -> None:
    desk.browser("POST", f"{DOMAIN}/visibility", domain_id=desk.domain_id)
    desk.browser("POST", f"{DOMAIN}/public", domain_id=desk.domain_id, public=True)
    desk.town.clock.now += 8 * 86_400
    path = f"/api/v1/statistics/total?id={desk.domain_id}&from=2026-05-01&to=2026-05-02"
    assert desk.browser.get(DOMAIN).status_code == 401
    assert desk.browser.get(path).status_code == 200


def test_over_tls_only_the_cookie_that_no_other_host_can_set_counts(town: Town) -> None:
    town.settle()
    browser = town.browser(base_url=PUBLIC)
    browser.log_in()
    token = browser.cookies.pop("__Host-hoofprint")
    browser.cookies["hoofprint"] = token
    assert browser.get(API).status_code == 401


@pytest.mark.parametrize("path", ["/reset", "/sign-up", "/confirm/resend"])
def test_links_lead_to_the_instance_whatever_host_is_asked(town: Town, path: str) -> None:
    """Host header injection: the code must not be mailed as a link to somebody else."""
    town.settle("first@example.com")
    settings = {"base_url": f"{PUBLIC}/", "sign_up": "open"}
    browser = town.browser(**settings)
    browser("POST", f"{API}/sign-up", email=EMAIL, password=PASSWORD)
    evil = {"host": "evil.example", "x-forwarded-host": "evil.example", "x-forwarded-proto": "ftp"}
    body = {"email": EMAIL, "password": PASSWORD}
    browser.send("POST", f"{API}{path}", body, headers=evil)
    for mail in town.mails():
        assert "evil" not in mail.text + mail.html
        assert f"{PUBLIC}/" in mail.text
    assert town.link().startswith(f"{PUBLIC}/")


def told(answer: Any) -> list[str]:
    return [answer.headers.get(f"x-ratelimit-{name}", "") for name in ("limit", "remaining")]


def test_passwords_are_tried_so_often_for_an_account_wherever_it_comes_from(town: Town) -> None:
    town.settle()
    browser = town.browser(rate_limit_security=2)
    statuses = []
    for n, password in enumerate(("no such one", "no such one", PASSWORD)):
        browser.peer = f"192.0.2.{n}"
        answer = browser.log_in(EMAIL if n else EMAIL.upper(), password)
        statuses.append((answer.status_code, *told(answer)))
    assert statuses == [(401, "2", "1"), (401, "2", "0"), (429, "2", "0")]
    assert answer.headers["retry-after"] == "60"
    town.clock.now += 60
    assert browser.log_in().status_code == 200


def test_passwords_are_tried_so_often_from_an_address_whatever_account_it_names(
    town: Town,
) -> None:
    browser = town.browser(rate_limit_security=2)
    found = [browser.log_in(f"{n}@example.com", "no such one").status_code for n in range(3)]
    assert found == [401, 401, 429]
    browser.peer = "192.0.2.1"
    assert browser.log_in("9@example.com", "no such one").status_code == 401


def test_codes_of_the_app_are_tried_so_often_for_an_account(town: Town) -> None:
    town.settle()
    free = town.browser()
    free.log_in()
    enrol(town, free)
    browser = town.browser(rate_limit_security=2)
    challenge = free.log_in().json()["challenge"]
    found = []
    for n in range(3):
        browser.peer = f"192.0.2.{n}"
        answer = browser("POST", f"{API}/login/code", challenge=challenge, code="000000")
        found.append(answer.status_code)
    assert found == [400, 400, 429]


def test_the_password_of_a_login_that_was_stolen_is_tried_so_often(town: Town) -> None:
    town.settle()
    browser = town.browser(rate_limit_security=3)
    browser.log_in()
    browser.peer = "192.0.2.9"
    paths = (("DELETE", API), ("POST", f"{API}/totp"), ("DELETE", f"{API}/totp"))
    found = [browser(method, path, password="no such one").status_code for method, path in paths]
    assert found == [400, 400, 400]
    assert browser("PUT", f"{API}/email", email="x@y.z", password=PASSWORD).status_code == 429


def test_no_log_holds_a_secret(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    """Passwords, tokens, codes, addresses: of everything that was done here."""
    caplog.set_level("DEBUG")
    with capture_logs() as logs:
        desk = Desk(town, town.browser())
        _, recovery = enrol(town, desk.browser)
        begun = desk.browser.log_in().json()["challenge"]
        code = {"challenge": begun, "code": recovery[0]}
        desk.browser.csrf = desk.browser("POST", f"{API}/login/code", **code).json()["csrf_token"]
        desk.browser("POST", f"{API}/reset", email=EMAIL)
        reset = town.code()
        desk.browser("PUT", f"{API}/reset", code=reset, password="another horse")
        town.browser().log_in(EMAIL, "wrong password")
    said = str(logs) + caplog.text
    secrets = (PASSWORD, "another horse", "wrong password", desk.browser.token, begun, reset)
    for secret in (*secrets, *recovery, EMAIL):
        assert secret not in said
