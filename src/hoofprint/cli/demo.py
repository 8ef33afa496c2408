"""What is printed about the demo, and the file that remembers it."""

from __future__ import annotations

import os
import secrets
import time

import msgspec
from msgspec import Struct

from hoofprint.cli.common import opened_records
from hoofprint.management.demo import FILE, create_demo
from hoofprint.model.domain import Domain
from hoofprint.settings import Settings

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
    from hoofprint.management.domains import NewDomain
    from hoofprint.management.users import prepare as prepared

    password = secrets.token_urlsafe(12)
    user = prepared(EMAIL, password, "Demo")
    domain = NewDomain(HOSTNAME, TIMEZONE, display_name="Tack & Trail")
    with opened_records(data_dir) as records:
        made = records.write(lambda session: create_demo(session, user, domain, time.time()))
    demo = Demo(
        identification_code=made.domain.identification_code,
        hostname=made.domain.hostname,
        domain_id=made.domain.id,
        email=EMAIL,
        password=password,
        client_id=made.client_id,
        client_secret=made.client_secret,
    )
    return Account(made.domain, demo)


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
