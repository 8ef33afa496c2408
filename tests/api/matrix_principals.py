"""Everybody who may ask for the things of the house, and what they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from json import dumps
from typing import Any
from urllib.parse import urlencode

import httpx

from hoofprint.api.logged_in import LOGIN, csrf_token
from hoofprint.management.accounts.logins import Device, open_login
from hoofprint.management.clients import NewClient, create_client
from hoofprint.management.scopes import COLLECTING, POSSIBLE
from hoofprint.management.tokens import LIFETIME_SECONDS, Tokens
from hoofprint.records.ids import SECRET_LENGTH
from hoofprint.records.tables import ClientType, UserRecord

from .matrix_row import Row
from .matrix_tenants import Stage
from .matrix_things import (
    CHIEF,
    DOMAIN,
    EVERY,
    ITSELF,
    OPERATOR,
    SIBLING,
    STRANGE,
    STRANGER,
    filled,
)
from .teamwork import Person
from .world import NOW, World

SINGLE = [(scope, mode) for scope, modes in POSSIBLE.items() for mode in modes]


class Opens(Enum):
    """What the code of an access link opens."""

    NOTHING = auto()
    HERE = auto()
    ELSEWHERE = auto()


@dataclass(frozen=True)
class Who:
    """Somebody who asks: what is sent to show it, and what it means.

    `seat` is whom a client stands for, `person` whether that is a user. Without a client `scopes`
    is None. `wrong`: the credentials are none, and that is said whatever is asked for. `login`: a
    person who is logged in, whose cookie is among the `headers`; `foreign`: but it is not one of
    our own pages that asks.
    """

    name: str
    bearer: str | None = None
    code: str = ""
    seat: str = ""
    scopes: Mapping[str, str] | None = None
    person: bool = False
    wrong: bool = False
    opens: Opens = Opens.NOTHING
    login: bool = False
    foreign: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)


def everybody(stage: Stage, forger: Tokens) -> dict[str, Who]:
    """All of them by name; `forger` signs with a key of its own."""
    found = [*_strange(stage, forger), *_clients(stage), *_people(stage), *_guests(stage)]
    found += _logins(stage)
    by_name = {who.name: who for who in found}
    assert len(by_name) == len(found)
    return by_name


def ask(
    stage: Stage,
    row: Row,
    who: Who,
    texts: Mapping[str, str] | None = None,
    world: World | None = None,
) -> Any:
    """The answer to somebody's valid request of a row; `texts` are those of the house."""
    texts = texts or stage.house.texts
    query = filled(row.query, texts) | ({"access": who.code} if who.code else {})
    json: Any = row.json
    if isinstance(json, list):
        json = [filled(one, texts) for one in json]
    elif json is not None:
        json = filled(json, texts)
    path = row.path
    for name, text in filled(row.named, texts).items():
        path = path.replace(f"{{{name}:str}}", text)
    path = f"{path}?{urlencode(query)}" if query else path
    headers = {**who.headers, **filled(row.headers, texts)}
    world = world or stage.office.world
    if row.files:
        fields = {"data": dumps(json)} if json is not None else filled(row.fields, texts)
        form = httpx.Request("POST", path, data=fields, files=dict(row.files))
        headers["content-type"] = form.headers["content-type"]
        return world.send(row.method, path, form.read(), bearer=who.bearer, headers=headers)
    return world.send(row.method, path, json=json, bearer=who.bearer, headers=headers)


def client_of(stage: Stage, scopes: Mapping[str, str], **of: str) -> str:
    """The bearer of a new client of a domain or of a user."""
    return stage.office.token(dict(scopes), NOW, **of)


def _strange(stage: Stage, forger: Tokens) -> Iterator[Who]:
    """Whoever shows nothing, or nothing that is valid."""
    house = stage.house
    new = NewClient(ClientType.OAUTH, domain_id=house[DOMAIN], scopes=EVERY)
    made = stage.office.records.write(lambda s: create_client(s, new, NOW)).record
    expired = stage.office.token(dict(EVERY), NOW - LIFETIME_SECONDS, domain_id=house[DOMAIN])
    yield Who("nobody")
    yield Who("an empty bearer", "")
    yield Who("a wrong token", "a.b.c", wrong=True)
    yield Who("an unknown access key", "pa_" + "x" * 45, wrong=True)
    yield Who("an expired token", expired, wrong=True)
    yield Who("a forged token", forger.issue(made.client_id, NOW)[0], wrong=True)
    yield Who("an unknown client's token", stage.office.tokens.issue("x" * 32, NOW)[0], wrong=True)


def _clients(stage: Stage) -> Iterator[Who]:
    """The clients of domains, and access keys."""
    house, strangers = stage.house, stage.strangers
    here, sibling, strange = house[DOMAIN], house.sibling_id, strangers[DOMAIN]
    owner = house.people["owner"].id
    yield Who("the access key", stage.office.key(here), seat=ITSELF, scopes=COLLECTING)
    yield Who(
        *("the owner's access key", key_of(stage, owner)),
        seat="owner",
        scopes=COLLECTING,
        person=True,
    )
    for scope, mode in SINGLE:
        bearer = client_of(stage, {scope: mode}, domain_id=here)
        yield Who(f"the domain: {scope} {mode}", bearer, seat=ITSELF, scopes={scope: mode})
        bearer = client_of(stage, {scope: mode}, user_id=owner)
        scopes = {scope: mode}
        yield Who(f"the owner: {scope} {mode}", bearer, seat="owner", scopes=scopes, person=True)
    for seat, domain_id in ((ITSELF, here), (SIBLING, sibling), (STRANGE, strange)):
        bearer = client_of(stage, EVERY, domain_id=domain_id)
        yield Who(seat, bearer, seat=seat, scopes=EVERY)


def _people(stage: Stage) -> Iterator[Who]:
    """Clients of people; each may do all that there is, some besides less."""
    strangers = stage.strangers.people
    people = {**stage.house.people, STRANGER: strangers["owner"], CHIEF: strangers["chief"]}
    for seat, scopes, name in (
        *((seat, EVERY, seat) for seat in people),
        ("viewer", {"domains": "r"}, "viewer: domains r"),
        ("organization viewer", {"organizations": "w"}, "organization viewer: organizations w"),
        ("chief", {"domains": "w"}, "chief: domains w"),
        ("chief", {"organizations": "r"}, "chief: organizations r"),
    ):
        bearer = client_of(stage, scopes, user_id=people[seat].id)
        yield Who(name, bearer, seat=seat, scopes=scopes, person=True)


def _guests(stage: Stage) -> Iterator[Who]:
    """Whoever has the code of a link, alone or beside credentials."""
    house, strangers = stage.house, stage.strangers
    valid, ended = house.codes["valid"], house.codes["ended"]
    strange = strangers.codes["valid"]
    key = stage.office.key(house[DOMAIN])
    token = client_of(stage, {"statistics": "r"}, domain_id=house[DOMAIN])
    yield Who("a link", code=valid, opens=Opens.HERE)
    yield Who("an ended link", code=ended)
    yield Who("a link of another domain", code=strange, opens=Opens.ELSEWHERE)
    yield Who("an ended link of another domain", code=strangers.codes["ended"])
    yield Who("an unknown link", code="x" * 32)
    yield Who("a link beside a key", key, valid, ITSELF, COLLECTING, opens=Opens.HERE)
    yield Who("a link beside a wrong token", "a.b.c", valid, wrong=True, opens=Opens.HERE)
    yield Who("an ended link beside a client", token, ended, ITSELF, {"statistics": "r"})
    stranger = client_of(stage, EVERY, user_id=strangers.people["owner"].id)
    yield Who(
        *("a link beside a stranger's client", stranger, valid, STRANGER, EVERY, True),
        opens=Opens.HERE,
    )


def _logins(stage: Stage) -> Iterator[Who]:
    """Whoever has logged in with a browser, which sends a cookie and what belongs to it."""
    people = {**stage.house.people, STRANGER: stage.strangers.people["owner"]}
    people[OPERATOR] = stage.operator
    for seat in ("owner", "viewer", "organization admin", STRANGER, OPERATOR):
        login = Who(
            f"login: {seat}",
            seat=seat,
            scopes=EVERY,
            person=True,
            login=True,
            headers=cookie_of(logged_in(stage, people[seat])),
        )
        yield login
        if seat == "owner":
            no_token = {"cookie": login.headers["cookie"]}
            yield replace(login, name=f"{login.name}, no token", foreign=True, headers=no_token)
            strange = {**login.headers, "origin": "https://strange.example"}
            yield replace(login, name=f"{login.name}, elsewhere", foreign=True, headers=strange)
    yield Who("login: ended", headers=cookie_of("x" * SECRET_LENGTH))
    cookie = cookie_of(logged_in(stage, people["owner"]))
    yield Who("a wrong token beside a login", "a.b.c", wrong=True, headers=cookie)


def logged_in(stage: Stage, who: Person) -> str:
    """The token of a new login."""
    return stage.office.records.write(
        lambda s: open_login(s, s.get_one(UserRecord, who.id), Device(), NOW)
    )


def cookie_of(token: str) -> Mapping[str, str]:
    """What a browser with a login sends from our own pages."""
    return {"cookie": f"{LOGIN}={token}", "x-csrf-token": csrf_token(token)}


def key_of(stage: Stage, user_id: str) -> str:
    """An access key of a user."""
    new = NewClient(ClientType.TOKEN, user_id=user_id)
    return stage.office.records.write(lambda s: create_client(s, new, NOW).secret)
