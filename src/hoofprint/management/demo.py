"""The demo's account, domain and client: what `hoofprint seed --demo` makes in one transaction."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy.orm import Session

from hoofprint.management.clients import NewClient, create_client
from hoofprint.management.domains import NewDomain, create_domain, domain_named, measured
from hoofprint.management.users import NewUser, create_user, find_user
from hoofprint.model.domain import Domain
from hoofprint.records.tables import ClientType

FILE = "demo.json"
"""Where in the data directory the command line leaves what the demo pages and a later run need."""


class DemoAccount(Struct, frozen=True):
    """A domain without traffic yet, and a client that reads and writes it."""

    domain: Domain
    client_id: str
    client_secret: str


def create_demo(session: Session, user: NewUser, domain: NewDomain, now: float) -> DemoAccount:
    """Make it anew: what an interrupted try left of the same account is removed first."""
    before = find_user(session, user.email)
    if before is not None:
        session.delete(before)
        session.flush()
    owner = create_user(session, user, now)
    session.flush()
    domain_id = create_domain(session, domain, owner.id, now).id
    client = create_client(session, NewClient(ClientType.OAUTH, domain_id=domain_id), now)
    made = measured(domain_named(session, domain_id))
    return DemoAccount(made, client.record.client_id, client.secret)
