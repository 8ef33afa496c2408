"""One's own account: changed only by who is logged in and knows the password; its week of grace."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hoofprint.management.access import RIGHTS, Action
from hoofprint.management.accounts.ending import GRACE_SECONDS, EndingBook
from hoofprint.management.accounts.ports import Joining
from hoofprint.management.domains import NewDomain, create_domain
from hoofprint.model.role import Role
from hoofprint.records.moments import moment
from hoofprint.records.tables import (
    AuditRecord,
    DeletionRecord,
    DomainRecord,
    LoginRecord,
    MemberRecord,
    UserRecord,
)

from .managing import MANAGED, Managed
from .people import API, EMAIL, PASSWORD, Browser, Town, enrol, wrong
from .world import World

NEW = {"email": "new@example.com", "password": PASSWORD}
ENDPOINTS: tuple[tuple[str, str, Any], ...] = (
    ("GET", API, None),
    ("PUT", API, {"full_name": "x"}),
    ("DELETE", API, {"password": PASSWORD}),
    ("PUT", f"{API}/password", {"old_password": PASSWORD, "password": "another horse"}),
    ("PUT", f"{API}/email", NEW),
    ("POST", f"{API}/totp", {"password": PASSWORD}),
    ("PUT", f"{API}/totp", {"code": "1"}),
    ("DELETE", f"{API}/totp", {"password": PASSWORD}),
    ("GET", f"{API}/logins", None),
    ("DELETE", f"{API}/logins?id=x", None),
    ("DELETE", f"{API}/logins/others", None),
    ("GET", f"{API}/outbox", None),
)


@pytest.fixture
def ada(town: Town) -> Browser:
    """Somebody who is logged in."""
    town.settle()
    browser = town.browser()
    browser.log_in()
    return browser


def test_no_program_reads_or_changes_an_account(world: World, managed: Managed) -> None:
    """Also not one of the account's own clients with every scope."""
    for who in sorted(MANAGED):
        bearer, reading, _ = managed.who(who)
        for method, path, body in ENDPOINTS:
            answer = world.send(method, path, json=body, bearer=bearer)
            assert answer.status_code == (401 if reading == 401 else 403), (who, path)
            assert list(answer.json()) == ["validation", "error", "context"]
    for action in (Action.READ_ACCOUNT, Action.CHANGE_ACCOUNT, Action.READ_OUTBOX):
        assert RIGHTS[action].login


def test_no_cache_keeps_what_holds_a_secret(ada: Browser) -> None:
    answers = [
        ada.get(API),
        ada("POST", f"{API}/totp", password=PASSWORD),
        ada.get(f"{API}/outbox"),
        ada.log_in(),
    ]
    assert {answer.headers["cache-control"] for answer in answers} == {"no-store"}


def test_the_name_changes(ada: Browser) -> None:
    assert ada("PUT", API, full_name=" Ada ").json()["full_name"] == "Ada"
    assert wrong(ada("PUT", API, full_name="n" * 201)) == {"full_name"}


def test_another_password_asks_for_the_old_one_and_ends_other_logins(
    town: Town, ada: Browser
) -> None:
    other = town.browser()
    other.log_in()
    body = {"old_password": "wrong password", "password": "short"}
    assert wrong(ada("PUT", f"{API}/password", **body)) == {"old_password", "password"}
    body = {"old_password": PASSWORD, "password": "another horse"}
    assert ada("PUT", f"{API}/password", **body).status_code == 200
    assert (ada.get(API).status_code, other.get(API).status_code) == (200, 401)
    assert other.log_in().status_code == 401
    assert other.log_in(EMAIL, "another horse").status_code == 200
    assert [mail.kind for mail in town.mails()] == ["password"]


def test_a_password_is_what_was_typed_with_its_spaces(town: Town, ada: Browser) -> None:
    body = {"old_password": PASSWORD, "password": "  with spaces  "}
    ada("PUT", f"{API}/password", **body)
    assert town.browser().log_in(EMAIL, "with spaces").status_code == 401
    assert town.browser().log_in(EMAIL, "  with spaces  ").status_code == 200


def test_an_address_changes_when_its_link_was_followed_and_the_old_one_is_told(
    town: Town, ada: Browser
) -> None:
    body = {"email": "nobody", "password": "wrong password"}
    assert wrong(ada("PUT", f"{API}/email", **body)) == {"email", "password"}
    assert ada("PUT", f"{API}/email", **NEW).status_code == 200
    assert ada.get(API).json()["email"] == EMAIL
    code = town.code("new@example.com")
    answer = ada("POST", f"{API}/confirm", code=code, password=PASSWORD)
    assert answer.status_code == 200
    assert ada.get(API).json()["email"] == "new@example.com"
    assert [mail.kind for mail in town.mails()] == ["email"]
    assert "new@example.com" not in town.mails()[0].text
    assert wrong(ada("POST", f"{API}/confirm", code=code, password=PASSWORD)) == {"code"}


def test_an_address_of_somebody_else_is_not_told_and_not_taken(town: Town, ada: Browser) -> None:
    town.settle("new@example.com")
    assert ada("PUT", f"{API}/email", **NEW).status_code == 200
    assert [mail.kind for mail in town.mails("new@example.com")] == ["exists"]


def test_an_address_that_was_taken_meanwhile_stays_where_it_is(town: Town, ada: Browser) -> None:
    ada("PUT", f"{API}/email", **NEW)
    code = town.code("new@example.com")
    town.settle("new@example.com")
    assert wrong(ada("POST", f"{API}/confirm", code=code, password=PASSWORD)) == {"email"}


def test_the_second_factor_is_on_once_a_code_was_right_and_off_with_the_password(
    town: Town, ada: Browser
) -> None:
    assert wrong(ada("PUT", f"{API}/totp", code="000000")) == {"code"}
    assert wrong(ada("POST", f"{API}/totp", password="wrong password")) == {"password"}
    begun = ada("POST", f"{API}/totp", password=PASSWORD).json()
    assert list(begun) == ["secret", "uri", "qr"]
    assert begun["uri"].startswith("otpauth://totp/Hoofprint:ada%40example.com?secret=")
    assert begun["qr"].startswith("<svg")
    assert wrong(ada("PUT", f"{API}/totp", code="000000")) == {"code"}
    assert not ada.get(API).json()["second_factor"]
    enrol(town, ada)
    found = ada.get(API).json()
    assert (found["second_factor"], found["recovery_codes"]) == (True, 10)
    answer = ada("POST", f"{API}/totp", password=PASSWORD)
    assert (answer.status_code, answer.json()["error"]) == (
        400,
        ["the second factor is on already"],
    )
    assert wrong(ada("DELETE", f"{API}/totp", password="wrong password")) == {"password"}
    assert ada("DELETE", f"{API}/totp", password=PASSWORD).status_code == 200
    found = ada.get(API).json()
    assert (found["second_factor"], found["recovery_codes"]) == (False, 0)
    assert town.browser().log_in().json()["logged_in"]


def test_one_sees_and_ends_ones_own_logins(town: Town, ada: Browser) -> None:
    town.clock.now += 120
    other = town.browser()
    other.log_in()
    town.clock.now += 120
    found = ada.get(f"{API}/logins").json()
    assert [one["current"] for one in found] == [True, False]
    assert {*found[0]} == {
        *("id", "def_time", "mod_time", "seen", "ends", "browser", "os", "current")
    }
    assert (found[0]["browser"], found[0]["os"]) == ("Chrome", "Windows")
    assert ada("DELETE", f"{API}/logins?id={found[1]['id']}").status_code == 200
    assert (ada.get(API).status_code, other.get(API).status_code) == (200, 401)
    other.log_in()
    assert ada("DELETE", f"{API}/logins/others").status_code == 200
    assert (ada.get(API).status_code, other.get(API).status_code) == (200, 401)


def test_nobody_ends_a_login_of_somebody_else(town: Town, ada: Browser) -> None:
    town.settle("eve@example.com")
    eve = town.browser()
    eve.log_in("eve@example.com")
    mine = ada.get(f"{API}/logins").json()[0]["id"]
    answers = [eve("DELETE", f"{API}/logins?id={each}") for each in (mine, "A" * 10, "x")]
    assert {(a.status_code, a.content) for a in answers} == {(404, answers[0].content)}
    eve("DELETE", f"{API}/logins/others")
    assert ada.get(API).status_code == 200


def test_of_a_login_no_address_and_no_user_agent_is_kept() -> None:
    columns = {column.name for column in LoginRecord.__table__.columns}
    assert columns == {
        *("id", "def_time", "mod_time", "user_id", "token_hash", "browser", "system"),
        *("seen", "ends"),
    }


def test_when_a_login_was_used_is_known_to_a_minute(town: Town, ada: Browser) -> None:
    def seen() -> str:
        return str(ada.get(f"{API}/logins").json()[0]["seen"])

    first = seen()
    town.clock.now += 59
    assert seen() == first
    town.clock.now += 1
    assert seen() > first


def test_logging_out_ends_the_login_and_takes_the_cookie(ada: Browser) -> None:
    token = ada.token
    assert ada("POST", f"{API}/logout").status_code == 200
    assert ada.cookies == {}
    ada.cookies["hoofprint"] = token
    assert ada.get(API).status_code == 401


def test_changes_are_written_down_with_who_made_them(town: Town, ada: Browser) -> None:
    ada("PUT", API, full_name="Ada")
    body = {"old_password": PASSWORD, "password": "another horse"}
    ada("PUT", f"{API}/password", **body)
    kept = town.records.read(lambda s: s.scalars(select(AuditRecord)).all())
    assert [one.operation for one in kept] == ["account_change", "account_password"]
    user = town.user()
    assert user is not None
    assert {one.user_id for one in kept} == {user.id}
    assert all(one.client_id.startswith("login:") for one in kept)
    assert kept[0].object_id == user.id


def test_the_operator_sees_mails_that_were_not_sent_and_nobody_else(
    town: Town, ada: Browser
) -> None:
    town.settle("bob@example.com")
    bob = town.browser()
    bob.log_in("bob@example.com")
    bob("POST", f"{API}/reset", email="bob@example.com")
    assert ada.get(f"{API}/outbox").json() == []
    town.unsent()
    [mail] = ada.get(f"{API}/outbox").json()
    assert mail["recipient"] == "bob@example.com"
    assert town.code("bob@example.com") in mail["text"]
    assert bob.get(f"{API}/outbox").status_code == 403


Owned = Callable[[str], DomainRecord]


@pytest.fixture
def own(town: Town) -> Owned:
    def own(hostname: str) -> DomainRecord:
        user = town.user()
        assert user is not None
        new = NewDomain(hostname, "UTC")
        return town.records.write(lambda s: create_domain(s, new, user.id, town.clock()))

    return own


def ended(town: Town) -> list[str]:
    """The domains whose facts go, now that whatever is due has ended."""
    book = EndingBook(town.records, Joining(), lambda: 4711)
    return [deletion.domain_id for deletion in book.end_due(town.clock())]


def test_an_account_ends_a_week_later_with_its_domains(
    town: Town, ada: Browser, own: Owned
) -> None:
    domain = own("example.com")
    assert wrong(ada("DELETE", API, password="wrong password")) == {"password"}
    answer = ada("DELETE", API, password=PASSWORD)
    assert answer.status_code == 200
    assert ada.cookies == {}
    user = town.user()
    assert user is not None
    assert user.ends == moment(town.clock() + GRACE_SECONDS)
    assert [mail.kind for mail in town.mails()] == ["ending"]
    town.clock.now += GRACE_SECONDS - 1
    assert ended(town) == []
    town.clock.now += 1
    assert ended(town) == [domain.id]
    assert town.user() is None
    wanted = select(DeletionRecord).where(DeletionRecord.domain_id == domain.id)
    deletion = town.records.read(lambda s: s.scalars(wanted).one())
    assert (deletion.kind, deletion.position) == ("", 4711)
    assert town.records.read(lambda s: s.get(DomainRecord, domain.id)) is None
    assert ended(town) == []


def test_a_login_within_the_week_keeps_the_account(town: Town, ada: Browser, own: Owned) -> None:
    own("example.com")
    ada("DELETE", API, password=PASSWORD)
    assert ada.get(API).status_code == 401
    town.clock.now += GRACE_SECONDS - 1
    assert ada.log_in().json()["kept"]
    town.clock.now += 10
    assert ended(town) == []
    assert ada.get(API).json()["ends"] is None
    assert not ada.log_in().json()["kept"]


def test_who_logs_in_at_the_last_moment_keeps_the_account(town: Town, ada: Browser) -> None:
    """The job has found the account already, and looks again before it ends it."""
    ada("DELETE", API, password=PASSWORD)
    town.clock.now += GRACE_SECONDS

    def position() -> int:
        assert ada.log_in().json()["kept"]
        return 4711

    assert EndingBook(town.records, Joining(), position).end_due(town.clock()) == []
    assert ada.get(API).json()["ends"] is None


def test_an_account_that_owns_what_others_use_does_not_end(
    town: Town, ada: Browser, own: Owned
) -> None:
    domain = own("shared.example")
    bob = town.settle("bob@example.com")
    times = {"def_time": domain.def_time, "mod_time": domain.mod_time}
    member = MemberRecord(domain_id=domain.id, user_id=bob, role=Role.VIEWER, **times)
    town.records.write(lambda s: s.add(member))
    answer = ada("DELETE", API, password=PASSWORD)
    assert answer.status_code == 400
    assert "shared.example" in answer.json()["error"][0]

    def came_later(session: Session) -> None:
        session.get_one(UserRecord, domain.user_id).ends = moment(town.clock())

    town.records.write(came_later)
    assert ended(town) == []
    assert town.user() is not None
