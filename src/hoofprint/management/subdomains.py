"""Subdomains: the name a dashboard is served under, made from the hostname if nobody chose one."""

from __future__ import annotations

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from hoofprint.management.hostnames import bare
from hoofprint.records.ids import random_text
from hoofprint.records.tables import DomainRecord
from hoofprint.records.tables.domains import SUBDOMAIN_LENGTH

FORM = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")
RESERVED = frozenset({"www", "api", "app", "dashboard", "admin", "mail", "static", "status"})
"""Names that the instance may need for itself."""
TRIES = 20
WRONG_SUBDOMAIN = "must be letters, digits and hyphens, at most 63, and not reserved"


def read_subdomain(text: str) -> str | None:
    """What somebody typed as a subdomain, in lower case; None if it can't be one."""
    name = text.strip().lower()
    fits = FORM.fullmatch(name) and len(name) <= SUBDOMAIN_LENGTH and name not in RESERVED
    return name if fits else None


def is_taken(session: Session, subdomain: str) -> bool:
    """Whether a domain has it."""
    return session.scalar(select(DomainRecord.id).filter_by(subdomain=subdomain)) is not None


def free_subdomain(session: Session, hostname: str) -> str:
    """A subdomain that nobody has: `shop-example` for `www.shop.example.com`, with a number."""
    labels = bare(hostname).split(".")
    name = "-".join(labels[:-1] or labels)
    name = re.sub(r"[^a-z0-9-]+", "-", name)[: SUBDOMAIN_LENGTH - 10].strip("-") or "site"
    candidates = [name, *(f"{name}-{n}" for n in range(2, TRIES))]
    for candidate in candidates:
        if candidate not in RESERVED and not is_taken(session, candidate):
            return candidate
    return f"{name}-{random_text(8).lower()}"
