"""Everybody who may have to do with themes: people, an organization, their domains and clients."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from hoofprint.management.clients import NewClient, create_client
from hoofprint.management.domains import NewDomain, create_domain
from hoofprint.management.tokens import Tokens
from hoofprint.management.users import NewUser, create_user
from hoofprint.model.role import Role
from hoofprint.records.moments import moment
from hoofprint.records.tables import ClientType, MemberRecord, OrganizationRecord

from .pictures import FORM, form
from .world import NOW, World

THEME = "/api/v1/theme"
FILE = "/api/v1/theme/file"
OF_DOMAIN = "/api/v1/domain/theme"
OF_ORGANIZATION = "/api/v1/organization/theme"
SCOPES = {"themes": "w", "domains": "w", "organizations": "w", "statistics": "r"}
PEOPLE = ("owner", "head", "admin", "viewer", "stranger")


@dataclass(frozen=True)
class Studio:
    """`owner` has `own_id`, and `shared_id` in the organization of `head`.

    `admin` and `viewer` belong to the organization, `helper` is an admin of `own_id` only. `client`
    and `sibling` are clients of the two domains, `reading` may read, `other_scopes` no themes.
    """

    world: World
    own_id: str
    shared_id: str
    organization_id: str
    bearers: dict[str, str]

    def but(self, world: World) -> Studio:
        """The same before another instance."""
        return replace(self, world=world)

    def send(self, method: str, path: str, json: Any = None, who: str = "owner") -> Any:
        return self.world.send(method, path, json=json, bearer=self.bearers.get(who))

    def upload(self, path: str, data: Any, who: str = "owner", **files: bytes) -> Any:
        content = form(data, **files)
        bearer = self.bearers.get(who)
        return self.world.send("POST", path, content, headers=FORM, bearer=bearer)

    def theme(self, who: str = "owner", **fields: Any) -> Any:
        answer = self.send("POST", THEME, {"name": "Mine"} | fields, who)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def listed(self, query: str = "", who: str = "owner") -> list[str]:
        answer = self.send("GET", THEME + query, who=who)
        assert answer.status_code == 200, answer.text
        return [theme["id"] for theme in answer.json()]

    def domain(self, domain_id: str) -> Any:
        return self.send("GET", f"/api/v1/domain?id={domain_id}").json()

    def refused(self, answer: Any) -> Any:
        assert answer.status_code == 400, answer.text
        assert list(answer.json()) == ["validation", "error", "context"]
        return answer.json()["validation"]


_names = (f"studio{number}" for number in itertools.count())


def open_studio(world: World, session: Session, tokens: Tokens) -> Studio:
    """Everybody anew, under names that nobody has yet."""
    name = next(_names)
    users = {
        who: create_user(session, NewUser(f"{who}@{name}.example", "x"), NOW)
        for who in (*PEOPLE, "helper")
    }
    session.flush()
    times = {"def_time": moment(NOW), "mod_time": moment(NOW)}
    organization = OrganizationRecord(user_id=users["head"].id, name=name, **times)
    session.add(organization)
    session.flush()
    own, shared = (
        create_domain(session, NewDomain(f"{which}.{name}.example", "UTC"), users["owner"].id, NOW)
        for which in ("own", "shared")
    )
    shared.organization_id = organization.id
    own.subdomain, shared.subdomain = f"{name}-own", f"{name}-shared"
    for who, role in (("owner", Role.ADMIN), ("admin", Role.ADMIN), ("viewer", Role.VIEWER)):
        session.add(
            MemberRecord(organization_id=organization.id, user_id=users[who].id, role=role, **times)
        )
    helper = users["helper"].id
    session.add(MemberRecord(domain_id=own.id, user_id=helper, role=Role.ADMIN, **times))

    def token(scopes: dict[str, str], **of: str) -> str:
        made = create_client(session, NewClient(ClientType.OAUTH, scopes=scopes, **of), NOW)
        return tokens.issue(made.record.client_id, NOW)[0]

    none = {name: "w" for name in SCOPES if name != "themes"} | {"statistics": "r"}
    bearers = {who: token(SCOPES, user_id=user.id) for who, user in users.items()}
    bearers |= {
        "client": token(SCOPES, domain_id=own.id),
        "sibling": token(SCOPES, domain_id=shared.id),
        "reading": token({"themes": "r"}, user_id=users["owner"].id),
        "reading_client": token({"themes": "r"}, domain_id=own.id),
        "other_scopes": token(none, user_id=users["owner"].id),
        "key": create_client(session, NewClient(ClientType.TOKEN, domain_id=own.id), NOW).secret,
    }
    return Studio(world, own.id, shared.id, organization.id, bearers)
