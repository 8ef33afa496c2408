"""The pages: they work without scripts, load nothing, and take only forms that they have shown."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from hoofprint.pages.local import HOME, local_path
from hoofprint.records.tables import AuditRecord

from .people import API, EMAIL, PASSWORD, Browser, Town, enrol

EVIL = [
    *("//evil.example", "/\\evil.example", "\\\\evil.example", "https:evil.example"),
    *("https://evil.example", "https:/evil.example", "javascript:alert(1)", "evil.example"),
    *("/\t/evil.example", "/\n/evil.example", "\t//evil.example", " //evil.example", ""),
    *("/a\\b", "///evil.example", "http:///evil.example", "/\r\nSet-Cookie: a=b", "?next=x"),
]
OPEN = ("/login", "/reset", "/sign-up", "/confirm?code=x")


@pytest.mark.parametrize("wanted", EVIL)
def test_a_login_leads_to_no_other_host(wanted: str) -> None:
    assert local_path(wanted) == HOME


@pytest.mark.parametrize(
    ("wanted", "path"),
    [
        ("/account/outbox", "/account/outbox"),
        ("/a?b=c&d=%2F%2Fe#f", "/a?b=c&d=%2F%2Fe#f"),
        ("/%2f%2fevil.example", "/%2f%2fevil.example"),
        ("/ä", "/%C3%A4"),
        ("/x//y", "/x//y"),
    ],
)
def test_a_login_leads_to_the_page_that_was_wanted(wanted: str, path: str) -> None:
    assert local_path(wanted) == path


class Page(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self, answer: httpx.Response) -> None:
        super().__init__()
        self.inputs: list[dict[str, str | None]] = []
        self.labels: set[str | None] = set()
        self.forms: list[dict[str, str | None]] = []
        self.ids: list[str | None] = []
        self.tags: set[str] = set()
        self.loaded: list[str] = []
        self.feed(answer.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.add(tag)
        if "id" in found:
            self.ids.append(found["id"])
        if tag == "input" and found.get("type") != "hidden":
            self.inputs.append(found)
        if tag == "label":
            self.labels.add(found.get("for"))
        if tag == "form":
            self.forms.append(found)
        self.loaded += [f"{n}={found[n]}" for n in ("src", "style") if n in found]
        self.loaded += [str(n) for n, _ in attrs if n.startswith("on")]
        if tag == "link":
            self.loaded.append(str(found["href"]))


def everywhere(town: Town) -> list[httpx.Response]:
    """Every page there is."""
    stranger = town.browser(sign_up="open")
    pages = [stranger.get(f"/setup?code={town.setup_code()}")]
    town.settle()
    pages += [stranger.get(path) for path in OPEN]
    login = stranger.get("/login")
    pages.append(stranger.post("/login", login, email=EMAIL, password="wrong password"))
    town.browser()("POST", f"{API}/reset", email=EMAIL)
    pages.append(stranger.get(f"/reset?code={town.code()}"))
    pages += [stranger.get("/setup?code=x"), stranger.get("/reset?code=x")]
    town.unsent()
    ada = entered(town)
    account = ada.get(HOME)
    begun = ada.post(f"{HOME}/totp", account, password=PASSWORD)
    pages += [account, begun, ada.get("/logout"), ada.get(f"{HOME}/outbox")]
    ada.csrf = ada.get(API).json()["csrf_token"]
    enrol(town, ada)
    pages.append(ada.get(HOME))
    pages.append(stranger.post("/login", login, email=EMAIL, password=PASSWORD))
    return pages


def entered(town: Town) -> Browser:
    """Somebody who came in by the page."""
    browser = town.browser(sign_up="open")
    answer = browser.post("/login", browser.get("/login"), email=EMAIL, password=PASSWORD)
    assert answer.status_code == 303, answer.text
    return browser


def test_every_page_is_whole_and_guarded(town: Town) -> None:
    for answer in everywhere(town):
        page = Page(answer)
        where = re.search("<title>(.*)</title>", answer.text)
        assert answer.headers["referrer-policy"] == "no-referrer", where
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        policy = answer.headers["content-security-policy"]
        for part in ("default-src 'none'", "frame-ancestors 'none'", "form-action 'self'"):
            assert part in policy
        assert "unsafe" not in policy
        assert "script" not in page.tags
        assert all(found.startswith("data:image/svg+xml") for found in page.loaded), page.loaded
        assert len(page.ids) == len(set(page.ids)), where
        for field in page.inputs:
            assert field["id"] in page.labels, where
            assert field["autocomplete"], where
        for form in page.forms:
            assert form["method"] == "post"
        assert answer.text.count("<form") == answer.text.count('name="csrf"'), where
        assert 'lang="en"' in answer.text
        assert "width=device-width" in answer.text


def test_the_style_is_the_one_that_the_policy_allows(town: Town) -> None:
    import base64  # noqa: PLC0415 - used here only
    import hashlib  # noqa: PLC0415 - see above

    answer = town.browser().get("/login")
    style = re.search("<style>(.*)</style>", answer.text, re.DOTALL)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in answer.headers["content-security-policy"]


def test_the_first_account_is_made_by_the_page(town: Town) -> None:
    browser = town.browser()
    code = town.setup_code()
    form = browser.get(f"/setup?code={code}")
    answer = browser.post("/setup", form, email="x", password="short", full_name='"><script>')
    assert answer.status_code == 400
    assert answer.text.count('aria-invalid="true"') == 2
    assert "<script>" not in answer.text
    assert "short" not in answer.text
    answer = browser.post("/setup", form, email=EMAIL, password=PASSWORD)
    assert (answer.status_code, answer.headers["location"]) == (303, HOME)
    assert EMAIL in browser.get(HOME).text
    assert town.browser().get(f"/setup?code={code}").status_code == 400


def test_a_page_is_shown_after_the_login_that_it_asks_for(town: Town) -> None:
    town.settle()
    browser = town.browser()
    answer = browser.get(f"{HOME}/outbox")
    assert answer.headers["location"] == "/login?next=/account/outbox"
    form = browser.get(answer.headers["location"])
    answer = browser.post("/login", form, email=EMAIL, password=PASSWORD)
    assert answer.headers["location"] == f"{HOME}/outbox"
    assert browser.get("/login?next=//evil.example").headers["location"] == HOME


@pytest.mark.parametrize("wanted", ["//evil.example", "https:evil", "/\\evil.example"])
def test_a_form_leads_to_no_other_host(town: Town, wanted: str) -> None:
    town.settle()
    browser = town.browser()
    form = browser.get("/login")
    answer = browser.post("/login", form, email=EMAIL, password=PASSWORD, next=wanted)
    assert answer.headers["location"] == HOME


def test_a_wrong_login_keeps_the_address_and_forgets_the_password(town: Town) -> None:
    town.settle()
    browser = town.browser()
    answer = browser.post("/login", browser.get("/login"), email=EMAIL, password="not this one")
    assert answer.status_code == 401
    assert f'value="{EMAIL}"' in answer.text
    assert "not this one" not in answer.text
    unknown = browser.post("/login", browser.get("/login"), email="x@y.z", password="not this one")
    assert unknown.text.replace("x@y.z", EMAIL) == answer.text


def test_a_code_is_asked_for_on_a_page_of_its_own(town: Town) -> None:
    town.settle()
    ada = entered(town)
    account = ada.get(HOME)
    assert "otpauth" not in ada.post(f"{HOME}/totp", account, password="wrong password").text
    begun = ada.post(f"{HOME}/totp", account, password=PASSWORD)
    assert "<svg" in begun.text
    answer = ada.post(f"{HOME}/totp/confirm", begun, code="000000")
    assert (answer.status_code, "<svg" in answer.text) == (400, True)
    ada.csrf = ada.get(API).json()["csrf_token"]
    app, codes = enrol(town, ada)
    browser = town.browser()
    form = browser.get("/login?next=/account/outbox")
    step = browser.post("/login", form, email=EMAIL, password=PASSWORD)
    assert browser.token == ""
    again = browser.post("/login/code", step, code="000000")
    assert again.status_code == 400
    answer = browser.post("/login/code", again, code=app.at(int(town.clock())))
    assert answer.headers["location"] == "/account/outbox"
    step = browser.post("/login", town.browser().get("/login"), email=EMAIL, password=PASSWORD)
    assert step.status_code == 403  # a form of another browser
    browser = town.browser()
    step = browser.post("/login", browser.get("/login"), email=EMAIL, password=PASSWORD)
    assert browser.post("/login/code", step, code=codes[3]).status_code == 303


def test_everything_of_an_account_is_changed_by_its_page(town: Town) -> None:
    town.settle()
    ada = entered(town)
    other = entered(town)

    def change(path: str, **typed: Any) -> httpx.Response:
        return ada.post(f"{HOME}{path}", ada.get(HOME), **typed)

    answer = change("/name", full_name="Ada <b>")
    assert answer.headers["location"] == f"{HOME}?done=name"
    assert "The name is saved." in ada.get(answer.headers["location"]).text
    assert "Ada &lt;b&gt;" in ada.get(HOME).text
    wrong = change("/password", old_password="x", password="short")
    assert wrong.status_code == 400
    assert wrong.text.count('aria-invalid="true"') == 2
    assert change("/email", email="new@example.com", password=PASSWORD).status_code == 303
    login = re.search(r'name="id" value="(\w+)"', ada.get(HOME).text)
    assert login
    assert change("/logins/end", id=login[1]).status_code == 303
    assert other.get(HOME).headers["location"] == f"/login?next={HOME}"
    entered(town)
    assert change("/logins/others").status_code == 303
    done = change("/password", old_password=PASSWORD, password="another horse")
    assert done.headers["location"] == f"{HOME}?done=password"
    kept = town.records.read(lambda s: s.scalars(select(AuditRecord.operation)).all())
    assert {*kept} == {
        *("account_name", "account_email", "account_logins_end", "account_logins_others"),
        "account_password",
    }
    answer = change("/delete", password="another horse")
    assert "will be deleted" in answer.text
    assert ada.token == ""
    browser = town.browser()
    form = browser.get("/login")
    answer = browser.post("/login", form, email=EMAIL, password="another horse")
    assert answer.headers["location"] == f"{HOME}?done=kept"


def test_an_address_is_confirmed_by_the_page_and_not_by_following_the_link(town: Town) -> None:
    """Programs follow the links of mails before anybody reads them."""
    town.settle("first@example.com")
    browser = town.browser(sign_up="open")
    form = browser.get("/sign-up")
    answer = browser.post("/sign-up", form, email=EMAIL, password=PASSWORD)
    assert "Look into your mails" in answer.text
    answer = browser.post("/login", browser.get("/login"), email=EMAIL, password=PASSWORD)
    assert "/confirm/resend" in answer.text
    browser.post("/confirm/resend", answer)
    assert len(town.mails()) == 2
    path = town.link().removeprefix("http://localhost:8400")
    pages = [browser.get(path) for _ in range(2)]
    answer = browser.post("/confirm", pages[0], password="wrong password")
    assert answer.status_code == 400
    answer = browser.post("/confirm", pages[0], password=PASSWORD)
    assert answer.headers["location"] == HOME
    answer = browser.post("/confirm", browser.get(path), password=PASSWORD)
    assert "The link is wrong, too old, or was used already." in answer.text


def test_a_password_is_set_by_the_page(town: Town) -> None:
    town.settle()
    browser = town.browser()
    form = browser.get("/reset")
    known = browser.post("/reset", form, email=EMAIL)
    unknown = browser.post("/reset", form, email="nobody@example.com")
    assert known.text == unknown.text
    path = town.link().removeprefix("http://localhost:8400")
    form = browser.get(path)
    assert browser.post("/reset/set", form, password="short").status_code == 400
    answer = browser.post("/reset/set", form, password="another horse")
    assert "The password is set" in answer.text
    assert browser.get(path).status_code == 400
    assert browser.log_in(EMAIL, "another horse").status_code == 200


def test_sign_up_is_closed_unless_it_is_open_or_one_is_invited(town: Town) -> None:
    town.settle("first@example.com")
    browser = town.browser()
    assert browser.get("/sign-up").status_code == 403
    assert "/sign-up" not in browser.get("/login").text
    town.invitations["theirs"] = EMAIL
    form = browser.get("/sign-up?invitation=theirs")
    assert f'value="{EMAIL}"' in form.text
    answer = browser.post("/sign-up", form, email=EMAIL, password=PASSWORD)
    assert answer.headers["location"] == "/invitation?code=theirs"
    form = browser.get("/invitation?code=theirs")
    assert browser.post("/invitation", form).headers["location"] == f"{HOME}?done=joined"
    assert browser.post("/invitation", form).status_code == 404
    assert browser.get("/invitation?code=theirs").status_code == 400


def test_an_invitation_is_accepted_by_whom_it_is_for(town: Town) -> None:
    town.settle()
    town.settle("eve@example.com")
    town.invitations["theirs"] = EMAIL
    browser = town.browser()
    link = re.search(r'href="(/login[^"]*)"', browser.get("/invitation?code=theirs").text)
    assert link
    form = browser.get(link[1])
    answer = browser.post("/login", form, email=EMAIL, password=PASSWORD)
    assert answer.headers["location"] == "/invitation?code=theirs"
    eve = town.browser()
    eve.post("/login", eve.get("/login"), email="eve@example.com", password=PASSWORD)
    assert eve.post("/invitation", eve.get("/invitation?code=theirs")).status_code == 404
    assert eve.send("GET", "/invitation?code=%22%3E%3Cb").status_code == 400
    form = browser.get("/invitation?code=theirs")
    assert browser.post("/invitation", form).status_code == 303


def test_logging_out_is_a_form(town: Town) -> None:
    town.settle()
    ada = entered(town)
    token = ada.token
    assert ada.get("/logout").status_code == 200
    assert ada.get(HOME).status_code == 200
    assert ada.post("/logout", ada.get(HOME)).headers["location"] == "/login"
    ada.cookies["hoofprint"] = token
    assert ada.get(HOME).status_code == 303


FORMS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("/login", {"email": EMAIL, "password": PASSWORD}),
    ("/logout", {}),
    (f"{HOME}/name", {"full_name": "x"}),
    (f"{HOME}/delete", {"password": PASSWORD}),
    (f"{HOME}/totp", {"password": PASSWORD}),
    (f"{HOME}/logins/others", {}),
    ("/sign-up", {"email": "b@example.com", "password": PASSWORD}),
    ("/reset", {"email": EMAIL}),
    ("/setup", {"email": EMAIL, "password": PASSWORD}),
)


@pytest.mark.parametrize(("path", "typed"), FORMS, ids=[path for path, _ in FORMS])
def test_no_form_is_taken_that_was_not_shown_to_this_browser(
    town: Town, path: str, typed: dict[str, Any]
) -> None:
    town.settle()
    ada = entered(town)
    form = ada.get(HOME)
    sites: list[dict[str, str]] = [
        {"sec-fetch-site": "cross-site"},
        {"origin": "https://evil.example"},
    ]
    for headers in sites:
        assert ada.post(path, form, headers=headers, **typed).status_code == 403
    for token in ("", "x" * 64, town.browser().get("/login").text[:64]):
        assert ada.post(path, form, **typed | {"csrf": token}).status_code == 403
    stranger = town.browser()
    assert stranger.post(path, form, **typed).status_code == 403
    assert ada.get(HOME).status_code == 200


def test_a_form_that_is_too_large_or_no_form_is_refused(town: Town) -> None:
    browser = town.browser()
    form = browser.get("/login")
    assert browser.post("/login", form, email="x" * 20_000).status_code == 413
    assert browser.send("POST", "/login", content=b"\xff\xfe{]").status_code == 403


def test_too_many_tries_are_a_page_too(town: Town) -> None:
    town.settle()
    browser = town.browser(rate_limit_security=1)
    form = browser.get("/login")
    typed: dict[str, Any] = {"email": EMAIL, "password": "not this one"}
    assert browser.post("/login", form, **typed).status_code == 401
    answer = browser.post("/login", form, **typed)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")
    assert "Please wait 60 seconds" in answer.text
    assert answer.headers["content-type"].startswith("text/html")


def test_the_outbox_is_for_the_operator(town: Town) -> None:
    town.settle()
    town.settle("bob@example.com")
    bob = town.browser()
    bob.post("/login", bob.get("/login"), email="bob@example.com", password=PASSWORD)
    bob.post("/reset", bob.get(HOME), email="bob@example.com")
    town.unsent()
    ada = entered(town)
    assert town.code("bob@example.com") in ada.get(f"{HOME}/outbox").text
    assert f"{HOME}/outbox" not in bob.get(HOME).text
    assert bob.get(f"{HOME}/outbox").status_code == 403
