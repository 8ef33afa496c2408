"""People with browsers, at an instance of their own whose clock obeys and whose mails are read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pyotp
from msgspec.structs import replace
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from hoofprint.errors import NotFound
from hoofprint.management.access import Access
from hoofprint.management.accounts.parts import open_accounts
from hoofprint.management.accounts.ports import AccountOptions, Joining
from hoofprint.management.accounts.sign_up import setup_code
from hoofprint.management.directory import Directory
from hoofprint.management.transactions import Transactions
from hoofprint.management.users import create_user, prepare
from hoofprint.pages.routes import page_routes
from hoofprint.records.engine import Records
from hoofprint.records.tables import AuditRecord, CodeRecord, MailRecord, UserRecord

from .world import BROWSER, NOW, World

API = "/api/v1/account"
EMAIL, PASSWORD = "ada@example.com", "correct horse"
PUBLIC = "https://stats.example.com"


class Town:
    """One instance. `kinds` of it differ in their settings, and share the records and the clock."""

    def __init__(self, world: World, records: Records, clock: Clock) -> None:
        self.records = records
        self.clock = clock
        self.joined: list[str] = []
        self.invitations: dict[str, str] = {}
        self._world = world
        self._kinds: dict[str, World] = {}

    def world(self, **settings: Any) -> World:
        """The instance with settings of its own; made once."""
        key = repr(sorted(settings.items()))
        if key not in self._kinds:
            self._kinds[key] = self._made(settings)
        return self._kinds[key]

    def _made(self, given: dict[str, Any]) -> World:
        services = self._world.services
        settings = replace(services.settings, **given)
        directory = Directory(self.records, self.clock, services.directory._tokens)
        transactions = Transactions(self.records, self.clock, directory.forget)
        options = AccountOptions(
            settings.public_url, settings.sign_up, settings.rate_limit_security
        )
        joining = Joining(
            lambda _, code: self.invitations.get(code),
            lambda _session, user, _now: self.joined.append(user.email),
            self._accept,
        )
        accounts = open_accounts(transactions, options, joining)
        made = self._world.but(
            settings=settings,
            clock=self.clock,
            directory=directory,
            access=Access(directory, accounts.logins.seen),
            accounts=accounts,
        )
        return World(made.services, made.cast, made.spool, made.runner, page_routes())

    def _accept(self, _session: Session, user: UserRecord, code: str, _now: float) -> None:
        if self.invitations.get(code) != user.email:
            raise NotFound
        del self.invitations[code]

    def begin(self) -> None:
        """Nobody has an account, and nothing of before is remembered."""
        self.clock.now += 1e6
        self.joined.clear()
        self.invitations.clear()

        def work(session: Session) -> None:
            for table in (UserRecord, CodeRecord, MailRecord, AuditRecord):
                session.execute(delete(table))

        self.records.write(work)
        for world in self._kinds.values():
            world.services.directory.forget()

    def settle(self, email: str = EMAIL, password: str = PASSWORD) -> str:
        """Somebody has an account; its id."""
        new = prepare(email, password)
        return self.records.write(lambda s: create_user(s, new, self.clock())).id

    def user(self, email: str = EMAIL) -> UserRecord | None:
        wanted = select(UserRecord).where(UserRecord.email == email)
        return self.records.read(lambda s: s.scalar(wanted))

    def setup_code(self) -> str:
        found = self.records.write(lambda s: setup_code(s, self.clock()))
        assert found
        return found

    def mails(self, to: str = EMAIL) -> list[MailRecord]:
        """What was written to an address, the oldest first."""
        mine = select(MailRecord).where(MailRecord.recipient == to)
        ordered = mine.order_by(MailRecord.def_time)
        return list(self.records.read(lambda s: s.scalars(ordered).all()))

    def link(self, to: str = EMAIL) -> str:
        """The link in the last mail to an address."""
        found = re.search(r"https?://\S+", self.mails(to)[-1].text)
        assert found
        return found[0]

    def code(self, to: str = EMAIL) -> str:
        """The code in it."""
        return parse_qs(urlsplit(self.link(to)).query)["code"][0]

    def unsent(self) -> None:
        """What the outbox does without a mail server."""
        self.records.write(lambda s: s.execute(update(MailRecord).values(state="unsent")))

    def browser(self, **settings: Any) -> Browser:
        return Browser(self.world(**settings))


class Clock:
    """A clock that stands still until it is told."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


class Browser:
    """Keeps cookies, and knows what a page's forms carry. `csrf` is the token of its login."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.cookies: dict[str, str] = {}
        self.set: dict[str, Any] = {}
        self.csrf = ""
        self.peer = "81.2.69.142"

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        fields = {"user-agent": BROWSER} | dict(headers or {})
        if self.cookies:
            fields["cookie"] = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        answer = self.world.send(method, path, content, json=body, headers=fields, peer=self.peer)
        for line in answer.headers.get_list("set-cookie"):
            for name, morsel in SimpleCookie(line).items():
                self.set[name] = morsel
                if morsel.value:
                    self.cookies[name] = morsel.value
                else:
                    self.cookies.pop(name, None)
        return answer

    def __call__(self, method: str, path: str, **body: Any) -> httpx.Response:
        """A request of our own pages to the API."""
        headers = {"x-csrf-token": self.csrf, "sec-fetch-site": "same-origin"}
        return self.send(method, path, body or None, headers=headers)

    def log_in(self, email: str = EMAIL, password: str = PASSWORD) -> httpx.Response:
        answer = self("POST", f"{API}/login", email=email, password=password)
        if answer.status_code == 200:
            self.csrf = answer.json()["csrf_token"] or ""
        return answer

    def get(self, path: str) -> httpx.Response:
        return self.send("GET", path)

    def post(
        self,
        path: str,
        form: httpx.Response,
        headers: Mapping[str, str] | None = None,
        **typed: str,
    ) -> httpx.Response:
        """Send a form of a page that was shown."""
        carried = hidden(form) if "<form" in form.text else {}
        content = urlencode(carried | typed).encode()
        given = {"content-type": "application/x-www-form-urlencoded", "origin": "null"}
        return self.send("POST", path, content=content, headers=given | dict(headers or {}))

    @property
    def token(self) -> str:
        return self.cookies.get("hoofprint", "")


def hidden(page: httpx.Response) -> dict[str, str]:
    """The hidden fields of a page's forms."""
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))


def wrong(answer: httpx.Response) -> set[str]:
    """The fields that a refusal names."""
    assert answer.status_code == 400, answer.text
    assert list(answer.json()) == ["validation", "error", "context"]
    return set(answer.json()["validation"])


def enrol(town: Town, browser: Browser) -> tuple[pyotp.TOTP, list[str]]:
    """Ask for codes at logins from now on: the app, and the recovery codes."""
    begun = browser("POST", f"{API}/totp", password=PASSWORD).json()
    app = pyotp.TOTP(begun["secret"])
    answer = browser("PUT", f"{API}/totp", code=app.at(int(town.clock())))
    assert answer.status_code == 200, answer.text
    town.clock.now += 60
    return app, answer.json()["recovery_codes"]
