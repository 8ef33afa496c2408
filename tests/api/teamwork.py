"""People who share domains and organizations, each with a client, and who asks for what."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import count
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import select
from sqlalchemy.orm import Session

from hoofprint.management.clients import NewClient, create_client
from hoofprint.management.domains import NewDomain, create_domain
from hoofprint.management.tokens import LIFETIME_SECONDS, Tokens
from hoofprint.management.users import NewUser, create_user
from hoofprint.records.engine import Records
from hoofprint.records.tables import ClientType, MailRecord

from .world import NOW, World

DOMAIN, MEMBER, INVITATION = "/api/v1/domain", "/api/v1/member", "/api/v1/invitation"
ORGANIZATION, OWNER = "/api/v1/organization", "/api/v1/domain/owner"
ALL = {"domains": "w", "organizations": "w", "statistics": "r"}
CODE = re.compile(r"/invitation\?code=([A-Za-z0-9]{32})\b")
NUMBERS = count()


@dataclass(frozen=True)
class Person:
    """Somebody with an account, and the bearer of a client that may do everything for it."""

    id: str
    email: str
    bearer: str


class Office:
    """Where people and what they share are made; every one is new, so tests never meet."""

    def __init__(self, world: World, records: Records, tokens: Tokens) -> None:
        self.world = world
        self.records = records
        self.tokens = tokens

    def person(self, name: str = "ada", host: str = "team.example") -> Person:
        email = f"{name}-{next(NUMBERS)}@{host}"
        made = self.records.write(lambda s: create_user(s, NewUser(email, "x"), NOW))
        return Person(made.id, email, self.token(user_id=made.id))

    def people(self, *names: str) -> list[Person]:
        return [self.person(name) for name in names]

    def token(self, scopes: dict[str, str] | None = None, at: float = NOW, **of: str) -> str:
        """The bearer, issued then, of a new client with these scopes, or all of them."""
        new = NewClient(ClientType.OAUTH, scopes=ALL if scopes is None else scopes, **of)
        made = self.records.write(lambda s: create_client(s, new, NOW))
        return self.tokens.issue(made.record.client_id, at)[0]

    def expired(self, who: Person) -> str:
        """A bearer of somebody's that was valid an hour ago."""
        return self.token(at=NOW - LIFETIME_SECONDS, user_id=who.id)

    def key(self, domain_id: str) -> str:
        new = NewClient(ClientType.TOKEN, domain_id=domain_id)
        return self.records.write(lambda s: create_client(s, new, NOW).secret)

    def domain(self, owner: Person, hostname: str = "shared.example") -> str:
        new = NewDomain(hostname, "UTC")
        made = self.records.write(lambda s: create_domain(s, new, owner.id, NOW))
        self.world.services.directory.forget()
        return made.id

    def organization(self, owner: Person, *domains: str) -> str:
        made: str = self(owner, "POST", ORGANIZATION, {"name": "Team"})["id"]
        for domain_id in domains:
            self(owner, "POST", f"{ORGANIZATION}/domain", {"id": made, "domain_id": domain_id})
        return made

    def join(self, owner: Person, who: Person, role: str = "Viewer", **place: str) -> str:
        """The id of somebody's membership, by invitation; `place` is what a request names."""
        self(owner, "POST", MEMBER, {**place, "emails": [who.email]})
        for invitation in self(who, "GET", INVITATION):
            self(who, "POST", INVITATION, {"id": invitation["id"]})
        mine = [one for one in self(owner, "GET", MEMBER, **place) if one["user_id"] == who.id]
        member_id: str = mine[0]["id"]
        if role != "Viewer":
            self(owner, "PUT", MEMBER, {"id": member_id, "role": role})
        return member_id

    def __call__(
        self, who: Person | str | None, method: str, path: str, json: Any = None, **query: str
    ) -> Any:
        """What somebody is answered, who must be allowed to."""
        answer = self.ask(who, method, path, json, **query)
        assert answer.status_code == 200, answer.text
        return answer.json() if answer.content else None

    def status(
        self, who: Person | str | None, method: str, path: str, json: Any = None, **query: str
    ) -> int:
        """How somebody is answered; a refusal has the documented shape and names no field."""
        answer = self.ask(who, method, path, json, **query)
        if answer.status_code != 200:
            body = answer.json()
            assert list(body) == ["validation", "error", "context"]
            assert (body["validation"], body["context"]) == ({}, {}), answer.text
        return int(answer.status_code)

    def wrong(
        self, who: Person, method: str, path: str, json: Any = None, **query: str
    ) -> dict[str, str]:
        """What is wrong with the fields of a request."""
        answer = self.ask(who, method, path, json, **query)
        assert answer.status_code == 400, answer.text
        assert list(answer.json()) == ["validation", "error", "context"]
        found: dict[str, str] = answer.json()["validation"]
        return found

    def ask(
        self, who: Person | str | None, method: str, path: str, json: Any = None, **query: str
    ) -> Any:
        bearer = who.bearer if isinstance(who, Person) else who
        path = f"{path}?{urlencode(query)}" if query else path
        return self.world.send(method, path, json=json, bearer=bearer)

    def mails(self, address: str) -> list[MailRecord]:
        """What somebody was written, the oldest first."""
        wanted = select(MailRecord).filter_by(recipient=address).order_by(MailRecord.id)

        def work(session: Session) -> list[MailRecord]:
            return list(session.scalars(wanted))

        return self.records.read(work)

    def codes(self, address: str) -> set[str]:
        """The codes of invitations that somebody was sent."""
        return {CODE.findall(mail.text)[0] for mail in self.mails(address)}


def has_fields(answer: Any, example: Any, *ours: str) -> bool:
    """Whether an answer has the documented fields in their order, and then ours."""
    return list(answer) == [*example, *ours]
