"""A domain of its own to manage things of, everybody who may ask, and the documented shapes."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import text
from sqlalchemy.orm import Session

from hoofprint.errors import NotFound
from hoofprint.management.clients import NewClient, create_client
from hoofprint.management.domains import NewDomain, create_domain
from hoofprint.management.tokens import LIFETIME_SECONDS, Tokens
from hoofprint.management.users import NewUser, create_user
from hoofprint.model.role import Role
from hoofprint.records.engine import Records
from hoofprint.records.moments import moment
from hoofprint.records.tables import ClientType, DomainRecord, MemberRecord

from .world import NOW, World

OK, WHO, MAY_NOT = 200, 401, 403
DOCUMENTED: dict[tuple[str, str], Any] = {
    (entry["method"], entry["path"]): entry["response"]
    for entry in json.loads(Path(__file__).with_name("endpoints_goals.json").read_text())
}
MANAGED: dict[str, tuple[int, int]] = {
    "nobody": (WHO, WHO),
    "expired": (WHO, WHO),
    "key": (MAY_NOT, MAY_NOT),
    "other_scopes": (MAY_NOT, MAY_NOT),
    "reading": (OK, MAY_NOT),
    "changing": (OK, OK),
    "owner": (OK, OK),
    "admin": (OK, OK),
    "viewer": (OK, MAY_NOT),
}
"""What each of them is answered when reading and when changing."""


@dataclass(frozen=True)
class Managed:
    """Two domains of an owner, and bearers: `changing`, `reading` are clients of the first domain.

    `sibling` is a client that may change the second one, `stranger` a user's without any domain.
    """

    records: Records
    domain_id: str
    sibling_id: str
    bearers: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.bearers[name]

    def who(self, name: str) -> tuple[str | None, int, int]:
        """Somebody's bearer, and what is answered when reading and when changing."""
        return self.bearers.get(name), *MANAGED[name]

    def deleted_with(self, table: str, domain_id: str) -> int:
        """How many rows of a table end with a domain; nothing is deleted really."""
        found: list[int] = []

        def work(session: Session) -> None:
            count = text(f"SELECT count(*) FROM {table}")  # noqa: S608 - a name of ours
            found.append(session.execute(count).scalar_one())
            session.delete(session.get_one(DomainRecord, domain_id))
            session.flush()
            found.append(session.execute(count).scalar_one())
            raise NotFound

        with contextlib.suppress(NotFound):
            self.records.write(work)
        return found[0] - found[1]


def arrange(records: Records, tokens: Tokens) -> Managed:
    """Everybody, in records that others use, too."""
    return records.write(lambda session: _arrange(session, records, tokens))


def _arrange(session: Session, records: Records, tokens: Tokens) -> Managed:
    users = {}
    for name in ("owner", "admin", "viewer", "stranger"):
        users[name] = create_user(session, NewUser(f"{name}@managed.example", "x"), NOW)
    session.flush()
    main, sibling = (
        create_domain(session, NewDomain(f"{name}.example", "UTC"), users["owner"].id, NOW).id
        for name in ("managed", "managed-sibling")
    )
    times = {"def_time": moment(NOW), "mod_time": moment(NOW)}
    for name, role in (("admin", Role.ADMIN), ("viewer", Role.VIEWER)):
        session.add(MemberRecord(domain_id=main, user_id=users[name].id, role=role, **times))

    def token(scopes: dict[str, str], at: float = NOW, **of: str) -> str:
        made = create_client(session, NewClient(ClientType.OAUTH, scopes=scopes, **of), NOW)
        return tokens.issue(made.record.client_id, at)[0]

    change = {"domains": "w", "statistics": "r"}
    others = {"hit": "w", "event": "w", "session": "w", "statistics": "r", "billing": "r"}
    key = create_client(session, NewClient(ClientType.TOKEN, domain_id=main), NOW).secret
    bearers = {
        "expired": token(change, NOW - LIFETIME_SECONDS, domain_id=main),
        "key": key,
        "other_scopes": token(others, domain_id=main),
        "reading": token({"domains": "r"}, domain_id=main),
        "changing": token(change, domain_id=main),
        "sibling": token(change, domain_id=sibling),
        **{name: token(change, user_id=user.id) for name, user in users.items()},
    }
    return Managed(records, main, sibling, bearers)


class Desk:
    """Asks as a domain client that may change its domain."""

    def __init__(self, world: World, managed: Managed, path: str) -> None:
        self.world = world
        self.managed = managed
        self.domain_id = managed.domain_id
        self.path = path

    def __call__(self, method: str, path: str | None = None, json: Any = None, **query: str) -> Any:
        path = f"{path or self.path}{'?' + urlencode(query) if query else ''}"
        answer = self.world.send(method, path, json=json, bearer=self.managed["changing"])
        assert answer.status_code == OK, answer.text
        return answer.json() if answer.content else None

    def create(self, **fields: Any) -> Any:
        return self("POST", json={"domain_id": self.domain_id, **fields})

    def list(self) -> Any:
        return self("GET", id=self.domain_id)

    def clear(self) -> None:
        for found in self.list():
            self("DELETE", id=found["id"])

    def status(self, method: str, json: Any, bearer: str | None, path: str | None = None) -> int:
        """What somebody is answered; a refusal has the documented shape and names no field."""
        answer = self.world.send(method, path or self.path, json=json, bearer=bearer)
        if answer.status_code != OK:
            body = answer.json()
            assert list(body) == ["validation", "error", "context"]
            assert (body["validation"], body["context"]) == ({}, {})
        return answer.status_code

    def refused(
        self, method: str, json: Any = None, path: str | None = None, **query: str
    ) -> dict[str, str]:
        """What is wrong with the fields of a request."""
        path = f"{path or self.path}?{urlencode(query)}"
        answer = self.world.send(method, path, json=json, bearer=self.managed["changing"])
        assert answer.status_code == 400, answer.text
        assert list(answer.json()) == ["validation", "error", "context"]
        wrong: dict[str, str] = answer.json()["validation"]
        return wrong


def is_documented(answer: Any, method: str, path: str, **later: Any) -> bool:
    """Whether an answer has the documented fields in their order, and those of later versions."""
    example = DOCUMENTED[method, path]
    shown = {name: value for name, value in answer.items() if name not in later}
    return list(shown) == list(example) and later.keys() <= answer.keys()
