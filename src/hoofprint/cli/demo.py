"""The demo's account, domain and client, and the file that remembers them."""

from __future__ import annotations

import os
import secrets
import time
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from hoofprint.cli.common import opened_records
from hoofprint.model.domain import Domain
from hoofprint.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

FILE = "demo.json"
EMAIL = "demo@example.com"
HOSTNAME = "tack-and-trail.example"
TIMEZONE = "Europe/Berlin"


class Demo(Struct, frozen=True):
    """What is printed about the demo; `api/demo.py` reads the first two for its snippet."""

    identification_code: str
    hostname: str
    domain_id: str
    email: str
    password: str
    client_id: str
    client_secret: str
    requests: int = 0


class Account(Struct, frozen=True):
    """A demo that has no traffic yet."""

    domain: Domain
    demo: Demo

    def save(self, settings: Settings, requests: int) -> str:
        """Remember the demo, now that its traffic is counted; what to say about it.

        The file holds a password: only its owner may read it.
        """
        demo = msgspec.structs.replace(self.demo, requests=requests)
        partial = settings.data_path / f"{FILE}.new"
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(msgspec.json.encode(demo))
        partial.rename(settings.data_path / FILE)
        return describe(settings, demo)


def present(settings: Settings) -> str | None:
    """What to say about the demo that is there already; None without one."""
    try:
        demo = msgspec.json.decode((settings.data_path / FILE).read_bytes(), type=Demo)
    except (FileNotFoundError, msgspec.DecodeError):
        return None
    return describe(settings, demo)


def prepare(data_dir: str | None) -> Account:
    """Account, domain and client, made anew: an earlier try may have been interrupted."""
    from hoofprint.management.users import prepare as prepared

    password = secrets.token_urlsafe(12)
    new = prepared(EMAIL, password, "Demo")
    with opened_records(data_dir) as records:
        records.write(_forget)
        return records.write(lambda session: _make(session, new.password_hash, password))


def _forget(session: Session) -> None:
    """Remove what an interrupted try left."""
    from hoofprint.management.users import find_user

    user = find_user(session, EMAIL)
    if user is not None:
        session.delete(user)


def _make(session: Session, password_hash: str, password: str) -> Account:
    from hoofprint.management.clients import NewClient, create_client
    from hoofprint.management.domains import NewDomain, create_domain, domain_named, measured
    from hoofprint.management.users import NewUser, create_user
    from hoofprint.records.tables import ClientType

    now = time.time()
    user = create_user(session, NewUser(EMAIL, password_hash, "Demo"), now)
    session.flush()
    new = NewDomain(HOSTNAME, TIMEZONE, display_name="Tack & Trail")
    domain_id = create_domain(session, new, user.id, now).id
    domain = measured(domain_named(session, domain_id))
    client = create_client(session, NewClient(ClientType.OAUTH, domain_id=domain_id), now)
    demo = Demo(
        identification_code=domain.identification_code,
        hostname=domain.hostname,
        domain_id=domain_id,
        email=EMAIL,
        password=password,
        client_id=client.record.client_id,
        client_secret=client.secret,
    )
    return Account(domain, demo)


def describe(settings: Settings, demo: Demo) -> str:
    """What to try, on a few lines."""
    url = settings.public_url
    return f"""
  Hoofprint shows a made-up shop with {demo.requests:,} counted requests.

  Demo page   {url}/demo  (click around: it is counted within 2 seconds)
  API         {url}/api/v1
  Login       {demo.email}  password {demo.password}
  Domain id   {demo.domain_id}

  The visitors of today, by API:
    TOKEN=$(curl -s {url}/api/v1/token -d '{{"client_id": "{demo.client_id}", \
"client_secret": "{demo.client_secret}"}}' | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')
    curl -s "{url}/api/v1/statistics/total?id={demo.domain_id}&from=$(date +%F)&to=$(date +%F)" \
-H "Authorization: Bearer $TOKEN"
"""
