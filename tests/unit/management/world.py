"""Records with people, domains and clients in them, and a clock that obeys."""

from __future__ import annotations

from sqlalchemy.orm import Session

from hoofprint.management.clients import IssuedClient, NewClient, create_client
from hoofprint.management.domains import NewDomain, create_domain
from hoofprint.management.links import Link, create_link
from hoofprint.management.users import NewUser, create_user
from hoofprint.model.role import Role
from hoofprint.records.engine import Records
from hoofprint.records.ids import new_code
from hoofprint.records.moments import moment
from hoofprint.records.tables import (
    ClientType,
    DomainRecord,
    HostnameRecord,
    MemberRecord,
    OrganizationRecord,
    UserRecord,
)

NOW = 1_700_000_000.0


class Clock:
    """A clock that stands still until it is told."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


class World:
    """Short words for filling the records."""

    def __init__(self, records: Records, clock: Clock) -> None:
        self.records = records
        self.clock = clock

    def user(self, name: str) -> UserRecord:
        new = NewUser(f"{name}@example.com", "no hash")
        return self.records.write(lambda s: create_user(s, new, self.clock.now))

    def domain(
        self,
        owner: UserRecord,
        hostname: str = "example.com",
        *alternatives: str,
        public: bool = False,
    ) -> DomainRecord:
        self.clock.now += 0.001

        def work(session: Session) -> DomainRecord:
            new = NewDomain(hostname, "Europe/Berlin", public=public)
            record = create_domain(session, new, owner.id, self.clock.now)
            times = {"def_time": record.def_time, "mod_time": record.mod_time}
            for name in alternatives:
                session.add(HostnameRecord(domain_id=record.id, hostname=name, **times))
            return record

        return self.records.write(work)

    def organization(self, owner: UserRecord, *domains: DomainRecord) -> OrganizationRecord:
        self.clock.now += 0.001
        now = moment(self.clock.now)

        def work(session: Session) -> OrganizationRecord:
            made = OrganizationRecord(user_id=owner.id, name="Team", def_time=now, mod_time=now)
            session.add(made)
            session.flush()
            for domain in domains:
                session.get_one(DomainRecord, domain.id).organization_id = made.id
            return made

        return self.records.write(work)

    def member(
        self, place: DomainRecord | OrganizationRecord, user: UserRecord, role: Role
    ) -> None:
        kind = "domain_id" if isinstance(place, DomainRecord) else "organization_id"
        times = {"def_time": place.def_time, "mod_time": place.mod_time}
        member = MemberRecord(user_id=user.id, role=role, **{kind: place.id}, **times)
        self.records.write(lambda s: s.add(member))

    def many_domains(self, owner: UserRecord, other: UserRecord, count: int) -> None:
        """So many of `owner`, and as many of `other` that `owner` is a viewer of."""
        time = moment(self.clock.now)
        times = {"def_time": time, "mod_time": time}

        def work(session: Session) -> None:
            for user in (owner, other):
                names = [f"{new_code().lower()}.example" for _ in range(count)]
                made = [
                    DomainRecord(
                        user_id=user.id, hostname=name, subdomain=name[:20], timezone="UTC", **times
                    )
                    for name in names
                ]
                session.add_all(made)
            session.flush()
            session.add_all(
                MemberRecord(domain_id=one.id, user_id=owner.id, role=Role.VIEWER, **times)
                for one in made
            )

        self.records.write(work)

    def client(
        self,
        of: DomainRecord | UserRecord,
        kind: ClientType = ClientType.OAUTH,
        **scopes: str,
    ) -> IssuedClient:
        domain_id = of.id if isinstance(of, DomainRecord) else None
        user_id = of.id if isinstance(of, UserRecord) else None
        new = NewClient(kind, domain_id, user_id, scopes)
        return self.records.write(lambda s: create_client(s, new, self.clock.now))

    def link(self, domain: DomainRecord, valid_until: float | None = None) -> str:
        link = Link("a link", None if valid_until is None else moment(valid_until))
        now = self.clock.now
        return self.records.write(lambda s: create_link(s, domain.id, link, now).code)
