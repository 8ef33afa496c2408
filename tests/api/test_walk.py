"""Every documented request outside of statistics succeeds and is answered as documented."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import httpx
import pytest
from sqlalchemy.orm import Session

from hoofprint.management.clients import NewClient, create_client
from hoofprint.management.custom_domains import CustomDomains
from hoofprint.management.domains import NewDomain, create_domain
from hoofprint.management.tokens import Tokens
from hoofprint.management.users import NewUser, create_user
from hoofprint.model.principal import Scope
from hoofprint.records.tables import ClientType

from . import pictures
from .conftest import PROOF
from .test_imports import BOUNDARY, form
from .walk import API, ELSEWHERE, SIGN_IN, STEPS, Step, differences, filled, rows
from .world import NOW, World

ROWS = rows()
LISTED = {ROWS[step.row].path: step for step in STEPS if step.row.startswith("GET ")}
"""How what was made at a path is listed."""
PEOPLE = ("/member", "/invitation", "/organization")
KEPT = {ROWS[step.row].path for step in STEPS if step.keep} - {"/domain", *PEOPLE}
"""Where something is made that has an id and a list; domains have a test file of their own."""


@dataclass
class Walker:
    """Somebody who sends the steps one after the other, as a client of a user or of a domain."""

    world: World
    ids: dict[str, str]
    kind: str
    guest: str
    bearer: str = ""

    def takes(self, step: Step) -> bool:
        """Whether a step is this one's, or of whom it has invited."""
        return step.only in ("", self.kind) or (step.only == "guest" and self.kind == "user")

    def go(self, step: Step) -> list[str]:
        """What is wrong with the answer to a step."""
        row = ROWS[step.row]
        answer = self.send(step)
        if answer.status_code != 200:
            return [f"{step.row} is answered {answer.status_code}: {answer.text}"]
        if row.response is None:
            return [f"{step.row} is answered {answer.text}"] if answer.content else []
        found = answer.json()
        if step is SIGN_IN:
            self.bearer = found["access_token"]
        if step.keep:
            self.ids[step.keep] = (found[-1] if isinstance(found, list) else found)["id"]
        return [f"{step.row}: {wrong}" for wrong in differences(found, row.response, row.path)]

    def lists(self, step: Step) -> bool:
        """Whether what a step made, changed or deleted is listed now."""
        [made] = {step.keep, step.id, *(of.get("id", "") for of in (step.query, step.data))} - {""}
        answer = self.send(LISTED[ROWS[step.row].path])
        return self.ids.get(made) in {one["id"] for one in answer.json()}

    def send(self, step: Step) -> httpx.Response:
        row = ROWS[step.row]
        body = filled(row.request, step, self.ids)
        named = {
            key: self.ids.get(of, "missing") if of[0] != "=" else of[1:]
            for key, of in step.query.items()
        }
        bearer = self.guest if step.only == "guest" else self.bearer
        path = API + row.path + (f"?{urlencode(named)}" if named else "")
        if step.archive:
            content = form({"domain": self.ids["domain"]}, step.archive)
            kind = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
            return self.world.send(row.method, path, content, bearer=bearer or None, headers=kind)
        if step.data:
            data = {k: self.ids[v] if k.endswith("id") else v for k, v in step.data.items()}
            content = pictures.form(data, **{name: pictures.picture() for name in step.files})
            return self.world.send(
                row.method, path, content, bearer=bearer or None, headers=pictures.FORM
            )
        return self.world.send(row.method, path, json=body, bearer=bearer or None)


@pytest.fixture(params=["user", "domain"])
def walker(request: pytest.FixtureRequest, either_world: World, tokens: Tokens) -> Walker:
    def arrange(session: Session) -> dict[str, str]:
        user = create_user(session, NewUser("walker@example.com", "x"), NOW)
        session.flush()
        guest = create_user(session, NewUser("member@foo.com", "x"), NOW)
        session.flush()
        ids = {"user_id": user.id}
        if request.param == "domain":
            domain = create_domain(session, NewDomain("example.com", "UTC"), user.id, NOW)
            session.flush()
            ids = {"domain_id": domain.id}
        scopes = {scope.value: "w" for scope in Scope}
        made = create_client(session, NewClient(ClientType.OAUTH, scopes=scopes, **ids), NOW)
        theirs = NewClient(ClientType.OAUTH, scopes=scopes, user_id=guest.id)
        invited = create_client(session, theirs, NOW)
        return {
            "client_id": made.record.client_id,
            "client_secret": made.secret,
            "guest": invited.record.client_id,
            "domain": ids.get("domain_id", ""),
        }

    transactions = either_world.services.settings_of_domains._transactions
    ids = transactions._records.write(arrange)

    async def proven(name: str) -> Sequence[str]:
        return [PROOF.value(ids["domain"], name.removeprefix("_hoofprint."))]

    custom = CustomDomains(transactions, proven, PROOF, either_world.services.hosts)
    guest = tokens.issue(ids["guest"], NOW)[0]
    return Walker(either_world.but(custom_domains=custom), ids, request.param, guest)


def test_every_documented_request_is_answered_as_documented(walker: Walker) -> None:
    wrong: list[str] = []
    for step in STEPS:
        if walker.takes(step):
            wrong += walker.go(step)
    assert wrong == [], "\n".join(wrong)


def test_what_is_made_and_changed_is_listed_and_what_is_deleted_is_not(walker: Walker) -> None:
    """The round trip of every kind of object, as a user's client and as a domain's."""
    for step in STEPS:
        if walker.takes(step):
            walker.go(step)
            row = ROWS[step.row]
            if row.path in KEPT and row.method != "GET":
                assert walker.lists(step) == (row.method != "DELETE"), step


def test_every_documented_request_is_a_step() -> None:
    assert sorted({step.row for step in STEPS} | {*ELSEWHERE}) == sorted(ROWS)
    assert {step.row for step in STEPS} & {*ELSEWHERE} == set()
