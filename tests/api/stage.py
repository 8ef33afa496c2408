"""An account with one object of every kind, made again once something of it has been deleted."""

from __future__ import annotations

from sqlalchemy.orm import Session

from hoofprint.management.clients import NewClient, create_client
from hoofprint.management.domains import NewDomain, create_domain
from hoofprint.management.links import Link, create_link
from hoofprint.management.tokens import LIFETIME_SECONDS
from hoofprint.management.users import NewUser, create_user
from hoofprint.model.principal import Scope
from hoofprint.model.role import Role
from hoofprint.records.moments import moment
from hoofprint.records.tables import ClientType, MemberRecord

from .walk import API, STEPS, filled, rows
from .world import NOW, World

EVERYTHING = {scope.value: "w" for scope in Scope}
READING = {"statistics": "r", "domains": "r", "billing": "r"}
MADE = (
    "link",
    "alternative",
    "client",
    "report",
    "webhook",
    "filter",
    "view",
    "goal",
    "funnel",
    "organization",
)


class Stage:
    """Real ids and bearers of every sort; nobody but this account has them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.ids: dict[str, str] = {}
        self.bearers: dict[str, str | None] = {}
        self._built = 0
        self._rows = rows()
        self.build()

    def build(self) -> None:
        """Everything anew, of another account."""
        self._built += 1
        managed = self.world.services.settings_of_domains._transactions._records
        self.ids, self.bearers = managed.write(self._account)
        for step in STEPS:
            if step.keep in MADE:
                row = self._rows[step.row]
                body = filled(row.request, step, self.ids)
                bearer = self.bearers["user"]
                answer = self.world.send(row.method, API + row.path, json=body, bearer=bearer)
                assert answer.status_code == 200, (step, answer.text)
                made = answer.json()
                self.ids[step.keep] = (made[0] if isinstance(made, list) else made)["id"]

    def _account(self, session: Session) -> tuple[dict[str, str], dict[str, str | None]]:
        user = create_user(session, NewUser(f"stage{self._built}@example.com", "x"), NOW)
        session.flush()
        domain = create_domain(session, NewDomain("example.com", "UTC"), user.id, NOW)
        session.flush()
        tokens = self.world.services.exchange._tokens

        def token(scopes: dict[str, str], at: float = NOW, **of: str) -> str:
            made = create_client(session, NewClient(ClientType.OAUTH, scopes=scopes, **of), NOW)
            return tokens.issue(made.record.client_id, at)[0]

        oauth = NewClient(ClientType.OAUTH, domain_id=domain.id, scopes=EVERYTHING)
        issued = create_client(session, oauth, NOW)
        key = NewClient(ClientType.TOKEN, domain_id=domain.id)
        friend = create_user(session, NewUser(f"friend{self._built}@example.com", "x"), NOW)
        session.flush()
        times = {"def_time": moment(NOW), "mod_time": moment(NOW)}
        member = MemberRecord(domain_id=domain.id, user_id=friend.id, role=Role.VIEWER, **times)
        session.add(member)
        session.flush()
        ids = {
            "member": member.id,
            "domain": domain.id,
            "code": domain.identification_code,
            "client_id": issued.record.client_id,
            "client_secret": issued.secret,
            "access": create_link(session, domain.id, Link("a guest"), NOW).code,
        }
        bearers = {
            "user": token(EVERYTHING, user_id=user.id),
            "domain": token(EVERYTHING, domain_id=domain.id),
            "reading user": token(READING, user_id=user.id),
            "key": create_client(session, key, NOW).secret,
            "expired": token(EVERYTHING, NOW - LIFETIME_SECONDS, user_id=user.id),
            "nonsense": "x.y.z",
            "nobody": None,
        }
        return ids, bearers
