"""Everything the HTTP side needs, handed over by the bootstrap in one frozen value."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from hoofprint.api.asking import Asking
from hoofprint.api.metrics import Metrics
from hoofprint.ingest.hit import Request
from hoofprint.management.access import Access
from hoofprint.management.accounts.parts import Accounts
from hoofprint.management.audit import Audit
from hoofprint.management.auto_join import AutoJoin
from hoofprint.management.billing import Billing
from hoofprint.management.custom_domains import CustomDomains
from hoofprint.management.deletions import Deletions
from hoofprint.management.directory import Directory
from hoofprint.management.domain_life import DomainLife
from hoofprint.management.domain_settings import DomainSettings
from hoofprint.management.domain_themes import DomainThemes
from hoofprint.management.exchange import Exchange
from hoofprint.management.funnels import Funnels
from hoofprint.management.goals import Goals
from hoofprint.management.google import GoogleAccounts
from hoofprint.management.hosts import Hosts
from hoofprint.management.images import Images
from hoofprint.management.imports import Imports
from hoofprint.management.invitations import Invitations
from hoofprint.management.links import Links
from hoofprint.management.listing import Domains
from hoofprint.management.members import Members
from hoofprint.management.organization_domains import OrganizationDomains
from hoofprint.management.organizations import Organizations
from hoofprint.management.own_clients import OwnClients
from hoofprint.management.ownership import Ownership
from hoofprint.management.portraits import Portraits
from hoofprint.management.preferences import Preferences
from hoofprint.management.resource import Managing
from hoofprint.management.snippets import Snippets
from hoofprint.management.themes import Themes
from hoofprint.model.arrival import Arrival, Dropped
from hoofprint.settings import Settings
from hoofprint.store.port import Store


class Refine(Protocol):
    """The ingest pipe as collection sees it."""

    def refine(self, request: Request) -> Arrival | Dropped:
        """What the request becomes; pure."""
        ...


class Uploads(Protocol):
    """Archives to import as the API sees them."""

    @property
    def directory(self) -> Path:
        """Where they are kept."""
        ...

    def check(self, file: str, kind: str) -> None:
        """Raise Invalid for one that can't be of its kind; blocks."""
        ...


class Accept(Protocol):
    """The spool as collection sees it."""

    async def submit(self, records: Sequence[Arrival | Dropped]) -> None:
        """Return when the records are durable. Raises SpoolFull."""
        ...


@dataclass(frozen=True)
class Services:
    """The parts behind the HTTP endpoints.

    `clock` tells Unix seconds. `readiness` says of each part `ok` or what is wrong with it; it may
    block and is called in a worker thread.
    """

    settings: Settings
    clock: Callable[[], float]
    directory: Directory
    access: Access
    accounts: Accounts
    exchange: Exchange
    domains: Domains
    links: Links
    deletions: Deletions
    settings_of_domains: DomainSettings
    goals: Goals
    managing: Managing
    domain_life: DomainLife
    clients: OwnClients
    snippets: Snippets
    preferences: Preferences
    billing: Billing
    funnels: Funnels
    audit: Audit
    imports: Imports
    google: GoogleAccounts
    uploads: Uploads
    members: Members
    invitations: Invitations
    organizations: Organizations
    organization_domains: OrganizationDomains
    auto_join: AutoJoin
    ownership: Ownership
    themes: Themes
    domain_themes: DomainThemes
    images: Images
    portraits: Portraits
    custom_domains: CustomDomains
    hosts: Hosts
    store: Store
    pipe: Refine
    spool: Accept
    metrics: Metrics
    asking: Asking
    readiness: Callable[[], Mapping[str, str]]
