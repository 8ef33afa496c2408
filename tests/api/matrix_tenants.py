"""Tenants with everything that one can have, and a stage that is as it was after every request."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.orm import Session

from hoofprint.management.accounts.logins import Device, open_login
from hoofprint.management.accounts.second_factor import factor_of
from hoofprint.management.clients import NewClient, create_client
from hoofprint.management.links import Link, create_link
from hoofprint.model.role import Role
from hoofprint.records.moments import moment
from hoofprint.records.tables import (
    ClientType,
    DomainRecord,
    ImportRecord,
    ImportState,
    LoginRecord,
    SecondFactorRecord,
    UserRecord,
)

from .matrix_things import (
    CLIENT_ID,
    CODE,
    CUSTOM,
    DOMAIN,
    EMAIL,
    EVERY,
    FACTOR,
    HOSTNAME,
    IMAGE,
    IMAGE_OWNER,
    INVITATION,
    INVITED,
    LINK,
    LOGIN,
    MADE,
    MEMBER,
    OFFER,
    OFFERED,
    ORGANIZATION,
    ORGANIZATION_INVITATION,
    ORGANIZATION_MEMBER,
    ORGANIZATION_VIEWERS_PLACE,
    PASSWORD,
    SAVED,
    SECRET,
    SUBDOMAIN,
    THEME,
    URL,
    VIEWERS_PLACE,
    Sent,
    Thing,
    filled,
)
from .pictures import FORM, form, picture
from .teamwork import DOMAIN as DOMAIN_PATH
from .teamwork import INVITATION as INVITATION_PATH
from .teamwork import MEMBER as MEMBER_PATH
from .teamwork import ORGANIZATION as ORGANIZATION_PATH
from .teamwork import OWNER as OWNER_PATH
from .teamwork import Office, Person
from .world import NOW

OK = 200
PICTURE = picture()
GUEST = "guest@matrix.example"
PEOPLE: dict[str, tuple[Role | None, Role | None]] = {
    "owner": (Role.OWNER, Role.ADMIN),
    "chief": (None, Role.OWNER),
    "admin": (Role.ADMIN, None),
    "viewer": (Role.VIEWER, None),
    "organization admin": (None, Role.ADMIN),
    "organization viewer": (None, Role.VIEWER),
    "raised": (Role.ADMIN, Role.VIEWER),
    "lowered": (Role.VIEWER, Role.ADMIN),
}
"""What a tenant's people were made: on the domain and in the organization that it belongs to."""


@dataclass(frozen=True)
class Tenant:
    """Somebody with a domain in an organization, with all that belongs to them.

    `texts` has what requests name by the names of things. `sibling_id` is a second domain of the
    same owner. `codes` are those of links: one that opens the domain, one that has ended.
    """

    people: dict[str, Person]
    sibling_id: str
    texts: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, thing: Thing) -> str:
        return self.texts[thing.name]


def make_tenant(office: Office, name: str) -> Tenant:
    """A tenant with an object of every kind, made by requests as far as there are any."""
    people = {role: office.person(role.replace(" ", "-")) for role in PEOPLE}
    owner, chief = people["owner"], people["chief"]
    hostname = f"{name}.example"
    made = Tenant(people, office.domain(owner, f"second-{hostname}"))
    domain_id, organization_id = office.domain(owner, hostname), office.organization(chief)
    domain = office(owner, "GET", DOMAIN_PATH, id=domain_id)
    client = NewClient(ClientType.OAUTH, domain_id=domain_id)
    issued = office.records.write(lambda s: create_client(s, client, NOW))
    for thing, text in (
        *((DOMAIN, domain_id), (ORGANIZATION, organization_id), (OFFER, domain_id)),
        *((SUBDOMAIN, domain["subdomain"]), (CODE, domain["identification_code"])),
        *((HOSTNAME, hostname), (URL, f"https://{hostname}/")),
        *((CLIENT_ID, issued.record.client_id), (SECRET, issued.secret)),
    ):
        made.texts[thing.name] = text
    _seat(office, made)
    office(owner, "POST", f"{ORGANIZATION_PATH}/domain", filled(_JOINED, made.texts))
    maker = office.token(dict(EVERY), user_id=owner.id)
    for thing in MADE:
        answer = office(maker, "POST", thing.path, filled(thing.body, made.texts))
        made.texts[thing.name] = (answer[0] if isinstance(answer, list) else answer)["id"]
    for method, path, sent in SAVED:
        office(owner, method, path, filled(sent, made.texts))
    office(owner, "PUT", OWNER_PATH, {"domain_id": domain_id, "email": EMAIL})
    _link(office, made)
    _dress(office, made, maker)
    return made


_JOINED: Sent = {"id": ORGANIZATION, "domain_id": DOMAIN}


def _seat(office: Office, made: Tenant) -> None:
    """Give the people their roles, and have further ones: a member and a guest of each place."""
    owner, chief = made.people["owner"], made.people["chief"]
    extra = office.person("extra")
    ids = made.texts
    for place, host, column, thing, named in (
        ("id", owner, 0, DOMAIN, "domain_id"),
        ("organization_id", chief, 1, ORGANIZATION, "organization_id"),
    ):
        joined = {
            name: office.join(host, made.people[name], roles[column] or "", **{place: made[thing]})
            for name, roles in PEOPLE.items()
            if roles[column] not in {None, Role.OWNER}
        }
        member = office.join(host, extra, **{place: made[thing]})
        office(host, "POST", MEMBER_PATH, {place: made[thing], "emails": [GUEST]})
        [invitation] = office(host, "GET", INVITATION_PATH, **{named: made[thing]})
        if thing is DOMAIN:
            ids[VIEWERS_PLACE.name] = joined["viewer"]
            ids[MEMBER.name], ids[INVITATION.name] = member, invitation["id"]
        else:
            ids[ORGANIZATION_VIEWERS_PLACE.name] = joined["organization viewer"]
            ids[ORGANIZATION_MEMBER.name] = member
            ids[ORGANIZATION_INVITATION.name] = invitation["id"]


def _link(office: Office, made: Tenant) -> None:
    listed = office(made.people["owner"], "GET", f"{DOMAIN_PATH}/link", domain_id=made[DOMAIN])
    made.codes["valid"] = next(one["code"] for one in listed if one["id"] == made[LINK])
    ended = Link("", moment(NOW))
    made.codes["ended"] = office.records.write(
        lambda s: create_link(s, made[DOMAIN], ended, NOW).code
    )


def _dress(office: Office, made: Tenant, bearer: str) -> None:
    """Give a theme, the domain and the owner pictures, and the domain a host and an import."""

    def upload(path: str, data: Sent, **files: bytes) -> Any:
        content = form(filled(data, made.texts), **files)
        answer = office.world.send("POST", f"/api/v1{path}", content, headers=FORM, bearer=bearer)
        assert answer.status_code == OK, answer.text
        return answer.json()

    new: Sent = {"name": "Ours", "organization_id": ORGANIZATION}
    made.texts[THEME.name] = upload("/theme", new, logo_light=PICTURE)["id"]
    upload("/domain/theme", {"domain_id": DOMAIN}, logo_light=PICTURE)
    _, _, image_owner, image = upload("/user/picture", {}, file=PICTURE)["picture"].split("/")
    made.texts.update({IMAGE_OWNER.name: image_owner, IMAGE.name: image})
    host = f"stats.{made[HOSTNAME]}"
    made.texts[CUSTOM.name] = host

    def be_found(session: Session) -> None:
        domain = session.get_one(DomainRecord, made[DOMAIN])
        domain.custom_domain = host
        domain.google_user_id = "google"
        done = ImportState.DONE.value
        times = {"def_time": moment(NOW), "mod_time": moment(NOW)}
        session.add(ImportRecord(domain_id=domain.id, type="fathom", state=done, **times))

    office.records.write(be_found)


def invite(office: Office, host: Person, guest: Tenant) -> None:
    """Somebody else invites a tenant's owner to one domain, and offers the owner another one."""
    owner = guest.people["owner"]
    place, offered = office.domain(host, "inviting.example"), office.domain(host, "offered.example")
    office(host, "POST", MEMBER_PATH, {"id": place, "emails": [owner.email]})
    office(host, "PUT", OWNER_PATH, {"domain_id": offered, "email": owner.email})
    [invitation] = office(owner, "GET", INVITATION_PATH)
    guest.texts.update({INVITED.name: invitation["id"], OFFERED.name: offered})


def secure(office: Office, tenant: Tenant, *others: Person) -> None:
    """Give people a password, and a second factor that waits; the owner is logged in, too."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    owner = tenant.people["owner"]

    def work(session: Session) -> str:
        for person in (*tenant.people.values(), *others):
            user = session.get_one(UserRecord, person.id)
            user.password_hash = quick
            times = {"def_time": moment(NOW), "mod_time": moment(NOW)}
            if factor_of(session, person.id) is None:
                session.add(SecondFactorRecord(user_id=person.id, secret=FACTOR, **times))
        open_login(session, session.get_one(UserRecord, owner.id), Device(), NOW)
        session.flush()
        return session.scalars(select(LoginRecord.id).filter_by(user_id=owner.id)).one()

    tenant.texts[LOGIN.name] = office.records.write(work)


Dump = dict[str, list[tuple[Any, ...]]]


class Stage:
    """An instance with records of its own, which are put back after each request.

    `house` is the tenant whose things are asked for, `strangers` one that has nothing to do with
    it. `rows` has the ids of all rows of the house by table.
    """

    def __init__(self, office: Office, file: Path) -> None:
        self.office = office
        self._file = sqlite3.connect(file, isolation_level=None)
        self._file.execute("PRAGMA synchronous = OFF")
        self._kept = sqlite3.connect(":memory:")
        self.operator = office.person("operator")  # whoever is first
        self.strangers = make_tenant(office, "strangers")
        secure(office, self.strangers, self.operator)
        before = self.dump()
        self.house = make_tenant(office, "house")
        secure(office, self.house)
        self.rows = {
            table: [str(row[0]) for row in rows if row not in before[table]]
            for table, rows in self.dump().items()
        }
        host = office.person("host")
        for guest in (self.house, self.strangers):
            invite(office, host, guest)
        self.keep()

    def keep(self) -> None:
        """Let everything be put back to what it is now."""
        self._file.backup(self._kept)
        self._seen = self._version()
        self._forget()

    def written(self) -> bool:
        """Whether anything was written since the records were put back."""
        return self._version() != self._seen

    def put_back(self) -> bool:
        """Put the records back; whether anything was written since the last time."""
        written = self.written()
        if written:
            self._restore()
        return written

    def dump(self) -> Dump:
        """All rows of all tables, each beginning with its id."""
        names = "SELECT name FROM sqlite_master WHERE type = 'table'"
        return {
            name: self._file.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall()  # noqa: S608
            for (name,) in self._file.execute(names).fetchall()
        }

    @contextmanager
    def altered(self, sql: str, *values: str) -> Iterator[None]:
        """Change the records behind the application's back, and put them back to that meanwhile."""
        before, self._kept = self._kept, sqlite3.connect(":memory:")
        self._file.execute("PRAGMA foreign_keys = ON")
        self._file.execute(sql, values)
        self.keep()
        try:
            yield
        finally:
            self._kept.close()
            self._kept = before
            self._restore()

    def close(self) -> None:
        """Close the files."""
        self._file.close()
        self._kept.close()

    def _restore(self) -> None:
        self._kept.backup(self._file)
        self._seen = self._version()
        self._forget()

    def _forget(self) -> None:
        self.office.world.services.directory.forget()

    def _version(self) -> int:
        """Another number after every transaction of others that wrote something."""
        return int(self._file.execute("PRAGMA data_version").fetchone()[0])
