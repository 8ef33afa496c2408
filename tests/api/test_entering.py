"""Getting an account and getting in: what works, what doesn't, and what nobody is told."""

from __future__ import annotations

from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from hoofprint.api.logged_in import csrf_token
from hoofprint.management import passwords
from hoofprint.records.tables import CodeRecord, LoginRecord

from .people import API, EMAIL, PASSWORD, Town, enrol, wrong

NEW = {"email": EMAIL, "password": PASSWORD}
DAY, HOUR = 86_400.0, 3600.0


def logins(town: Town) -> list[LoginRecord]:
    return list(town.records.read(lambda s: s.scalars(select(LoginRecord)).all()))


def test_the_link_of_the_log_makes_the_first_account_once(town: Town) -> None:
    code = town.setup_code()
    browser = town.browser()
    answer = browser("POST", f"{API}/setup", code=code, full_name="Ada", **NEW)
    assert answer.status_code == 200
    assert answer.json()["logged_in"]
    assert answer.json()["csrf_token"] == csrf_token(browser.token)
    found = browser.get(API).json()
    assert (found["email"], found["full_name"], found["operator"]) == (EMAIL, "Ada", True)
    again = {"email": "eve@example.com", "password": PASSWORD}
    assert wrong(browser("POST", f"{API}/setup", code=code, **again)) == {"code"}


def test_each_start_has_another_link_and_there_is_none_once_there_is_an_account(
    town: Town,
) -> None:
    old, new = town.setup_code(), town.setup_code()
    kept = town.records.read(lambda s: s.scalars(select(CodeRecord.code_hash)).all())
    assert len(kept) == 1
    assert new not in kept[0]
    browser = town.browser()
    assert wrong(browser("POST", f"{API}/setup", code=old, **NEW)) == {"code"}
    town.settle("made@example.com")  # on the command line, meanwhile
    assert wrong(browser("POST", f"{API}/setup", code=new, **NEW)) == {"code"}
    with pytest.raises(AssertionError):
        town.setup_code()


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("123456789", "at least 10 characters"),
        ("ä" * 513, "at most 1024 bytes"),
        ("QWERTYuiop", "most common"),
        ("zzzzzzzzzzzz", "most common"),
        (EMAIL.upper(), "e-mail address"),
        ("", "required"),
    ],
)
def test_a_password_that_is_easily_guessed_is_refused(
    town: Town, password: str, problem: str
) -> None:
    answer = town.browser()(
        "POST", f"{API}/setup", code=town.setup_code(), email=EMAIL, password=password
    )
    assert wrong(answer) == {"password"}
    assert problem in answer.json()["validation"]["password"]


def test_every_wrong_field_is_named(town: Town) -> None:
    body: dict[str, Any] = {"email": "nobody", "password": "short", "full_name": "n" * 201}
    answer = town.browser()("POST", f"{API}/setup", code=town.setup_code(), **body)
    assert wrong(answer) == {"email", "password", "full_name"}
    assert wrong(town.browser()("POST", f"{API}/login")) == {"email", "password"}


def test_what_is_sent_further_changes_nothing(town: Town) -> None:
    """Mass assignment: who operates the instance isn't decided by who asks."""
    town.settle("first@example.com")
    browser = town.browser(sign_up="open")
    more: dict[str, Any] = {"operator": True, "id": "A" * 10, "user_id": "x", "confirmed": True}
    assert browser("POST", f"{API}/sign-up", **NEW, **more).status_code == 200
    user = town.user()
    assert user is not None
    assert (user.operator, user.confirmed) == (False, None)
    assert user.id != "A" * 10
    browser("POST", f"{API}/confirm", code=town.code(), password=PASSWORD)
    browser.log_in()
    assert not browser("PUT", API, full_name="Ada", **more).json()["operator"]


def test_a_login_has_a_token_of_its_own_that_only_the_browser_knows(town: Town) -> None:
    town.settle()
    browser = town.browser()
    answer = browser.log_in()
    assert answer.json() == {
        "logged_in": True,
        "challenge": None,
        "csrf_token": csrf_token(browser.token),
        "kept": False,
    }
    [login] = logins(town)
    assert len(browser.token) == 64
    assert browser.token not in str(login.__dict__)
    assert (login.browser, login.system) == ("Chrome", "Windows")


def test_the_token_of_before_the_login_is_worth_nothing_after_it(town: Town) -> None:
    """Session fixation: whoever planted a cookie does not know the one that counts."""
    town.settle()
    planted = "A" * 64
    browser = town.browser()
    browser.cookies["hoofprint"] = planted
    browser.csrf = csrf_token(planted)
    browser.log_in()
    assert browser.token != planted
    first = browser.token
    browser.log_in()
    assert browser.token not in {planted, first}
    for old in (planted, first):
        thief = town.browser()
        thief.cookies["hoofprint"] = old
        assert thief.get(API).status_code == 401
    assert len(logins(town)) == 1


@pytest.mark.parametrize(("url", "name"), [("", "hoofprint"), ("https", "__Host-hoofprint")])
def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(
    town: Town, url: str, name: str
) -> None:
    town.settle()
    browser = town.browser(base_url=f"{url}://stats.example.com" if url else "")
    browser.log_in()
    cookie = browser.set[name]
    assert (cookie["httponly"], cookie["samesite"].lower()) == (True, "lax")
    assert (cookie["path"], cookie["domain"]) == ("/", "")
    assert bool(cookie["secure"]) == bool(url)
    assert cookie["max-age"] == str(30 * 86_400)


def test_a_login_ends_after_a_week_of_rest_and_after_thirty_days(town: Town) -> None:
    town.settle()
    browser = town.browser()
    browser.log_in()
    for _ in range(4):
        town.clock.now += 7 * DAY - 1
        assert browser.get(API).status_code == 200
    town.clock.now += 3 * DAY
    assert browser.get(API).status_code == 401
    browser.log_in()
    town.clock.now += 7 * DAY
    assert browser.get(API).status_code == 401


def test_an_unknown_address_is_told_from_a_wrong_password_by_nothing(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same answer, and both compare a hash: they take as long."""
    town.settle()
    verified: list[str] = []
    real = passwords.verify

    def verify(password_hash: str, password: str) -> bool:
        verified.append(password_hash)
        return real(password_hash, password)

    monkeypatch.setattr(passwords, "verify", verify)
    answers = [
        town.browser().log_in(email, "wrong password") for email in (EMAIL, "nobody@example.com")
    ]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0].json() == answers[1].json()
    assert len(verified) == 2
    assert verified[0].split("$")[:4] == verified[1].split("$")[:4]


def test_nobody_gets_in_with_the_password_behind_the_hash_of_nobody(town: Town) -> None:
    town.settle()
    assert (
        town.browser().log_in("nobody@example.com", "nobody has this password").status_code == 401
    )


def test_a_hash_of_other_parameters_is_made_anew_at_the_next_login(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.settle()
    stronger = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", stronger)
    assert town.browser().log_in().status_code == 200
    user = town.user()
    assert user is not None
    assert "t=2" in user.password_hash
    assert town.browser().log_in().status_code == 200


def test_a_closed_instance_gives_no_accounts(town: Town) -> None:
    town.settle("first@example.com")
    assert town.browser()("POST", f"{API}/sign-up", **NEW).status_code == 403
    assert town.user() is None


def test_without_any_account_signing_up_makes_no_operator(town: Town) -> None:
    assert town.browser(sign_up="open")("POST", f"{API}/sign-up", **NEW).status_code == 403


def test_a_new_account_is_let_in_once_its_address_is_confirmed(town: Town) -> None:
    town.settle("first@example.com")
    browser = town.browser(sign_up="open")
    answer = browser("POST", f"{API}/sign-up", **NEW)
    assert (answer.status_code, answer.json()["logged_in"]) == (200, False)
    assert wrong(browser.log_in()) == {"email"}
    assert browser.log_in(EMAIL, "wrong password").status_code == 401
    assert town.joined == []
    code = town.code()
    refused = browser("POST", f"{API}/confirm", code=code, password="wrong password")
    assert wrong(refused) == {"password"}
    answer = browser("POST", f"{API}/confirm", code=code, password=PASSWORD)
    assert answer.json()["logged_in"]
    assert town.joined == [EMAIL]
    assert wrong(browser("POST", f"{API}/confirm", code=code, password=PASSWORD)) == {"code"}


def test_who_reads_the_mails_of_an_address_confirms_no_strangers_password(town: Town) -> None:
    """Somebody else signed up with it: following the link must not let them in."""
    town.settle("first@example.com")
    stranger = town.browser(sign_up="open")
    stranger("POST", f"{API}/sign-up", email=EMAIL, password="strangers own")
    owner = town.browser(sign_up="open")
    owner("POST", f"{API}/sign-up", **NEW)  # who asked last
    answer = owner("POST", f"{API}/confirm", code=town.code(), password=PASSWORD)
    assert answer.json()["logged_in"]
    assert stranger.log_in(EMAIL, "strangers own").status_code == 401


def test_a_link_works_for_a_day_and_can_be_had_again(town: Town) -> None:
    town.settle("first@example.com")
    browser = town.browser(sign_up="open")
    browser("POST", f"{API}/sign-up", **NEW)
    old = town.code()
    town.clock.now += DAY
    assert wrong(browser("POST", f"{API}/confirm", code=old, password=PASSWORD)) == {"code"}
    before = len(town.mails())
    assert browser("POST", f"{API}/confirm/resend", email=EMAIL).content == b""
    assert browser("POST", f"{API}/confirm/resend", email="x@example.com").content == b""
    assert len(town.mails()) == before + 1
    answer = browser("POST", f"{API}/confirm", code=town.code(), password=PASSWORD)
    assert answer.status_code == 200
    browser("POST", f"{API}/confirm/resend", email=EMAIL)
    assert len(town.mails()) == before + 1


def test_signing_up_tells_nothing_about_whether_an_address_has_an_account(town: Town) -> None:
    town.settle("first@example.com")
    town.settle()
    known = town.browser(sign_up="open")("POST", f"{API}/sign-up", **NEW)
    new = town.browser(sign_up="open")(
        "POST", f"{API}/sign-up", email="new@example.com", password=PASSWORD
    )
    assert (known.status_code, known.content) == (new.status_code, new.content)
    assert [mail.kind for mail in town.mails()] == ["exists"]
    assert [mail.kind for mail in town.mails("new@example.com")] == ["confirm"]


def test_who_is_invited_signs_up_while_others_may_not(town: Town) -> None:
    town.settle("first@example.com")
    town.invitations["theirs"] = EMAIL
    browser = town.browser()
    other = {"email": "eve@example.com", "password": PASSWORD, "invitation": "theirs"}
    assert wrong(browser("POST", f"{API}/sign-up", **other)) == {"email"}
    unknown = {**NEW, "invitation": "unknown"}
    assert browser("POST", f"{API}/sign-up", **unknown).status_code == 403
    answer = browser("POST", f"{API}/sign-up", **NEW, invitation="theirs")
    assert answer.json()["logged_in"]
    assert town.joined == [EMAIL]


def test_a_code_of_the_app_is_the_second_step(town: Town) -> None:
    town.settle()
    browser = town.browser()
    browser.log_in()
    app, _ = enrol(town, browser)
    other = town.browser()
    challenge = other.log_in().json()["challenge"]
    assert other.token == ""
    assert other.get(API).status_code == 401
    step = {"challenge": challenge, "code": "000000"}
    assert wrong(other("POST", f"{API}/login/code", **step)) == {"code"}
    step["code"] = app.at(int(town.clock()))
    assert other("POST", f"{API}/login/code", **step).json()["logged_in"]
    assert other.get(API).json()["second_factor"]
    assert other("POST", f"{API}/login/code", **step).status_code == 401


def test_no_code_is_taken_twice(town: Town) -> None:
    """Somebody who saw it being typed comes too late, also with the one of before."""
    town.settle()
    browser = town.browser()
    browser.log_in()
    app, _ = enrol(town, browser)
    code = app.at(int(town.clock()))
    earlier = app.at(int(town.clock()) - 30)
    challenges = [town.browser().log_in().json()["challenge"] for _ in range(3)]
    sent = [
        browser("POST", f"{API}/login/code", challenge=challenge, code=each).status_code
        for challenge, each in zip(challenges, (code, code, earlier), strict=True)
    ]
    assert sent == [200, 400, 400]


def test_a_clock_may_be_a_step_off_but_not_two(town: Town) -> None:
    town.settle()
    browser = town.browser()
    browser.log_in()
    app, _ = enrol(town, browser)
    found = []
    for steps in (-2, 2, -1, 1):
        challenge = browser.log_in().json()["challenge"]
        code = app.at(int(town.clock()) + 30 * steps)
        answer = browser("POST", f"{API}/login/code", challenge=challenge, code=code)
        found.append(answer.status_code)
    assert found == [400, 400, 200, 200]


def test_a_recovery_code_works_once_however_it_is_typed(town: Town) -> None:
    town.settle()
    browser = town.browser()
    browser.log_in()
    _, codes = enrol(town, browser)
    assert len(set(codes)) == 10
    typed = codes[0].upper().replace("-", " ")
    for status in (200, 400):
        challenge = town.browser().log_in().json()["challenge"]
        answer = browser("POST", f"{API}/login/code", challenge=challenge, code=typed)
        assert answer.status_code == status
    assert browser.get(API).json()["recovery_codes"] == 9


def test_the_second_step_must_follow_within_five_minutes(town: Town) -> None:
    town.settle()
    browser = town.browser()
    browser.log_in()
    app, _ = enrol(town, browser)
    challenge = town.browser().log_in().json()["challenge"]
    town.clock.now += 300
    code = app.at(int(town.clock()))
    for each in (challenge, "x" * 32, "short"):
        answer = browser("POST", f"{API}/login/code", challenge=each, code=code)
        assert answer.status_code == 401


def test_a_password_is_set_by_a_link_that_works_once_for_an_hour(town: Town) -> None:
    town.settle()
    logged_in = town.browser()
    logged_in.log_in()
    browser = town.browser()
    assert browser("POST", f"{API}/reset", email=EMAIL).content == b""
    code = town.code()
    assert wrong(browser("PUT", f"{API}/reset", code=code, password="short")) == {"password"}
    assert browser("PUT", f"{API}/reset", code=code, password="another horse").status_code == 200
    answer = browser("PUT", f"{API}/reset", code=code, password="third horse")
    assert wrong(answer) == {"code"}
    assert logged_in.get(API).status_code == 401
    assert browser.log_in().status_code == 401
    assert browser.log_in(EMAIL, "another horse").status_code == 200
    assert [mail.kind for mail in town.mails()] == ["reset", "password"]
    browser("POST", f"{API}/reset", email=EMAIL)
    late = town.code()
    town.clock.now += HOUR
    answer = browser("PUT", f"{API}/reset", code=late, password="third horse")
    assert wrong(answer) == {"code"}


def test_only_the_last_link_sets_a_password_and_none_after_it_changed(town: Town) -> None:
    town.settle()
    browser = town.browser()
    browser("POST", f"{API}/reset", email=EMAIL)
    first = town.code()
    town.clock.now += 1
    browser("POST", f"{API}/reset", email=EMAIL)
    answer = browser("PUT", f"{API}/reset", code=first, password="another horse")
    assert wrong(answer) == {"code"}
    second = town.code()
    browser.log_in()
    changed = {"old_password": PASSWORD, "password": "another horse"}
    assert browser("PUT", f"{API}/password", **changed).status_code == 200
    answer = browser("PUT", f"{API}/reset", code=second, password="third horse")
    assert wrong(answer) == {"code"}


def test_asking_for_a_link_tells_nothing_about_an_address(town: Town) -> None:
    """Both are answered before anybody looks."""
    town.settle()
    answers = [
        town.browser()("POST", f"{API}/reset", email=email)
        for email in (EMAIL, "nobody@example.com", "no address")
    ]
    assert {(a.status_code, a.content) for a in answers} == {(200, b"")}
    assert len(town.mails()) == 1
    assert town.mails("nobody@example.com") == []


def test_a_code_of_one_kind_is_none_of_another(town: Town) -> None:
    town.settle("first@example.com")
    browser = town.browser(sign_up="open")
    browser("POST", f"{API}/sign-up", **NEW)
    code = town.code()
    answer = browser("PUT", f"{API}/reset", code=code, password="another horse")
    assert wrong(answer) == {"code"}
    assert browser("POST", f"{API}/login/code", challenge=code, code="1").status_code == 401
