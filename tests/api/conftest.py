"""The real application over real records; only the spool is a memory.

The records are in SQLite, or in PostgreSQL with TEST_RECORDS=postgresql (`make test-slow`).
"""

from __future__ import annotations

import asyncio
import os
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest
from argon2 import PasswordHasher
from sqlalchemy.orm import Session, selectinload

from hoofprint.api.metrics import Metrics
from hoofprint.api.services import Services
from hoofprint.bootstrap import open_asking
from hoofprint.importing import open_imports
from hoofprint.ingest.chain import Sources, standard_pipe
from hoofprint.ingest.geo import open_geo
from hoofprint.ingest.pipe import Pipe
from hoofprint.management import passwords
from hoofprint.management.access import Access
from hoofprint.management.accounts.parts import open_accounts
from hoofprint.management.accounts.ports import AccountOptions
from hoofprint.management.audit import Audit, keep_audit
from hoofprint.management.auto_join import AutoJoin
from hoofprint.management.billing import Billing
from hoofprint.management.clients import NewClient, create_client
from hoofprint.management.custom_domains import CustomDomains, Proof
from hoofprint.management.deletions import Deletions
from hoofprint.management.directory import Directory
from hoofprint.management.domain_life import DomainLife
from hoofprint.management.domain_settings import DomainSettings
from hoofprint.management.domain_themes import DomainThemes
from hoofprint.management.domains import NewDomain, create_domain, measured
from hoofprint.management.exchange import Exchange
from hoofprint.management.funnels import Funnels
from hoofprint.management.goals import Goals
from hoofprint.management.hosts import hosts_of
from hoofprint.management.images import Images
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
from hoofprint.management.signing import signing_key
from hoofprint.management.snippets import Snippets
from hoofprint.management.themes import Themes
from hoofprint.management.tokens import LIFETIME_SECONDS, Tokens
from hoofprint.management.transactions import Transactions
from hoofprint.management.users import NewUser, create_user
from hoofprint.model.domain import Domain
from hoofprint.records.engine import Records, open_records
from hoofprint.records.moments import moment
from hoofprint.records.tables import ClientType, DomainRecord, HostnameRecord
from hoofprint.settings import Settings
from hoofprint.store.embedded import EmbeddedStore
from hoofprint.store.port import Table
from hoofprint.store.usage import usage_of
from hoofprint.store.writes import Writes
from hoofprint.testing.postgres_server import PostgresServer

from .managing import Managed, arrange
from .matrix_principals import Who, everybody
from .matrix_tenants import Stage
from .people import Clock, Town
from .teamwork import Office
from .theming import Studio, open_studio
from .worked_goals import GOALS, store_goals
from .worked_site import Site, open_site
from .world import NOW, Cast, MemorySpool, World

READERS = 2
"""As many as the one store of a test process has."""
ALL = {"hit": "w", "event": "w", "session": "w", "statistics": "r", "domains": "r"}
PROOF = Proof(b"a secret of the instance")


async def nothing(_: str) -> Sequence[str]:
    """A DNS without any records."""
    return ()


@pytest.fixture(scope="session")
def records(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Records]:
    url = f"sqlite:///{tmp_path_factory.mktemp('records')}/records.sqlite3"
    if os.environ.get("TEST_RECORDS") == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres")
        url = server.create()
    opened = open_records(url)
    opened.upgrade()
    keep_audit(opened, lambda: NOW)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Tokens:
    return Tokens(signing_key(tmp_path_factory.mktemp("keys")))


@pytest.fixture(scope="session")
def actors(records: Records, tokens: Tokens) -> Cast:
    """An account with three domains, and every sort of credentials for them."""
    user = records.write(lambda s: create_user(s, NewUser("a@example.com", "x"), NOW)).id

    def domain(hostname: str) -> str:
        new = NewDomain(hostname, "Europe/Berlin")
        return records.write(lambda s: create_domain(s, new, user, NOW)).id

    def client(scopes: dict[str, str], **owner: str) -> tuple[str, str]:
        new = NewClient(ClientType.OAUTH, scopes=scopes, **owner)
        issued = records.write(lambda s: create_client(s, new, NOW))
        return issued.record.client_id, issued.secret

    def token(scopes: dict[str, str], **owner: str) -> str:
        return tokens.issue(client(scopes, **owner)[0], NOW)[0]

    main, sibling, scriptless = (
        domain(hostname) for hostname in ("example.com", "other.example", "quiet.example")
    )
    records.write(lambda s: _arrange(s, main, scriptless))
    key = NewClient(ClientType.TOKEN, domain_id=main)
    client_id, client_secret = client(ALL, domain_id=main)
    return Cast(
        user_id=user,
        domain=_seen(records, main),
        sibling=_seen(records, sibling),
        scriptless=_seen(records, scriptless),
        client_id=client_id,
        client_secret=client_secret,
        access_key=records.write(lambda s: create_client(s, key, NOW)).secret,
        domain_token=token(ALL, domain_id=main),
        user_token=token(ALL, user_id=user),
        expired_token=tokens.issue(client_id, NOW - LIFETIME_SECONDS)[0],
        scoped={scope: token({scope: mode}, domain_id=main) for scope, mode in ALL.items()},
    )


@pytest.fixture(scope="session")
def managed(records: Records, tokens: Tokens) -> Managed:
    """Two domains to manage things of, and everybody who may ask."""
    return arrange(records, tokens)


def _arrange(session: Session, main: str, scriptless: str) -> None:
    session.add(
        HostnameRecord(
            domain_id=main, hostname="*.example.org", def_time=moment(NOW), mod_time=moment(NOW)
        )
    )
    session.get_one(DomainRecord, scriptless).disable_scripts = True


def _seen(records: Records, domain_id: str) -> Domain:
    def find(session: Session) -> Domain:
        loaded = [selectinload(DomainRecord.hostnames)]
        return measured(session.get_one(DomainRecord, domain_id, options=loaded))

    return records.read(find)


@pytest.fixture(scope="session")
def directory(records: Records, tokens: Tokens) -> Directory:
    return Directory(records, lambda: NOW, tokens)


@pytest.fixture(scope="session")
def pipe() -> Pipe:
    """The real steps, without geo data; a visitor's id is a hash of address and user agent."""
    return standard_pipe(
        Sources(
            identify=lambda _, ip, agent, domain: zlib.crc32(f"{ip}|{agent}|{domain}".encode()),
            draw=lambda: 7,
            geo=open_geo(Path("nowhere")),
        )
    )


@pytest.fixture(scope="session")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as opened:
        yield opened


class Parts(NamedTuple):
    """What every instance of a test process shares."""

    records: Records
    tokens: Tokens
    actors: Cast
    directory: Directory
    pipe: Pipe
    runner: asyncio.Runner


@pytest.fixture(scope="session")
def parts(  # noqa: PLR0917 - an instance is put together from all of them
    records: Records,
    tokens: Tokens,
    actors: Cast,
    directory: Directory,
    pipe: Pipe,
    runner: asyncio.Runner,
) -> Parts:
    return Parts(records, tokens, actors, directory, pipe, runner)


@contextmanager
def instance(parts: Parts, store: EmbeddedStore, settings: Settings) -> Iterator[World]:
    """The services of one instance over a store."""
    records, directory = parts.records, parts.directory
    spool = MemorySpool()
    metrics = Metrics()
    asking = open_asking(settings, store, Writes(), lambda: NOW, metrics)
    transactions = Transactions(records, lambda: NOW, directory.forget)
    options = AccountOptions(settings.public_url, settings.sign_up, settings.rate_limit_security)
    accounts = open_accounts(transactions, options)
    importing = open_imports(settings, records, store, lambda: NOW, directory.forget)
    services = Services(
        settings=settings,
        clock=lambda: NOW,
        directory=directory,
        access=Access(directory, accounts.logins.seen),
        accounts=accounts,
        exchange=Exchange(records, parts.tokens, lambda: NOW),
        domains=Domains(records, lambda: NOW),
        links=Links(records, lambda: NOW, directory.forget),
        deletions=Deletions(records, lambda: NOW, lambda: 0, lambda _: None),
        settings_of_domains=DomainSettings(transactions),
        goals=Goals(records, lambda: NOW),
        managing=Managing(transactions),
        domain_life=DomainLife(transactions, lambda: 0, lambda _: None),
        clients=OwnClients(transactions),
        snippets=Snippets(transactions),
        preferences=Preferences(transactions),
        billing=Billing(transactions, partial(usage_of, store)),
        funnels=Funnels(records, lambda: NOW),
        audit=Audit(transactions),
        imports=importing.imports,
        google=importing.google,
        uploads=importing.uploads,
        members=Members(transactions),
        invitations=Invitations(transactions, settings.public_url),
        organizations=Organizations(transactions, lambda: 0, lambda _: None),
        organization_domains=OrganizationDomains(transactions),
        auto_join=AutoJoin(transactions),
        ownership=Ownership(transactions, settings.public_url),
        themes=Themes(transactions),
        domain_themes=DomainThemes(transactions),
        images=Images(transactions),
        portraits=Portraits(transactions),
        custom_domains=CustomDomains(transactions, nothing, PROOF, hosts_of(settings)),
        hosts=hosts_of(settings),
        store=store,
        pipe=parts.pipe,
        spool=spool,
        metrics=metrics,
        asking=asking,
        readiness=lambda: {"store": "ok", "records": "ok"},
    )
    yield World(services, parts.actors, spool, parts.runner)
    asking.close()
    importing.close()


@pytest.fixture
def world(parts: Parts, store: EmbeddedStore, tmp_path: Path) -> Iterator[World]:
    """An instance without any traffic yet; 10.0.0.0/8 are its proxies."""
    settings = Settings(
        data_dir=str(tmp_path),
        trusted_proxies=("10.0.0.0/8",),
        store_readers=READERS,
        rate_limit_configuration=0,
    )
    with instance(parts, store, settings) as opened:
        yield opened


@pytest.fixture
def either_world(
    parts: Parts, store: EmbeddedStore, tmp_path: Path, empty_database: str
) -> Iterator[World]:
    """An instance on records of its own, in a database of each kind."""
    own = open_records(empty_database)
    own.upgrade()
    keep_audit(own, lambda: NOW)
    known = Directory(own, lambda: NOW, parts.tokens)
    settings = Settings(data_dir=str(tmp_path), store_readers=READERS, rate_limit_configuration=0)
    with instance(parts._replace(records=own, directory=known), store, settings) as opened:
        yield opened
    own.close()


@pytest.fixture(scope="session")
def gallery(
    parts: Parts, _embedded: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """An instance that serves dashboards below a host; 10.0.0.0/8 are its proxies."""
    settings = Settings(
        data_dir=str(tmp_path_factory.mktemp("gallery")),
        store_readers=READERS,
        rate_limit_configuration=0,
        trusted_proxies=("10.0.0.0/8",),
        base_url="https://stats.example/",
        base_host="boards.stats.example",
    )
    with instance(parts, _embedded, settings) as world:
        yield world


@pytest.fixture
def studio(gallery: World, records: Records, tokens: Tokens) -> Studio:
    """People, an organization and domains of their own in the gallery."""
    return records.write(lambda session: open_studio(gallery, session, tokens))


@pytest.fixture(scope="session")
def office(
    parts: Parts, _embedded: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    """An instance for tests that make their own people; nothing is counted in it."""
    directory = tmp_path_factory.mktemp("office")
    settings = Settings(
        data_dir=str(directory),
        store_readers=READERS,
        rate_limit_configuration=0,
        base_url="https://stats.example/",
    )
    with instance(parts, _embedded, settings) as world:
        yield Office(world, parts.records, parts.tokens)


@pytest.fixture(scope="module")
def site(
    parts: Parts, _embedded: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """The counted stream of `worked_stream.py`, for modules without `store`, which empties it."""
    for table in Table:
        _embedded.execute(f"TRUNCATE TABLE {table}")
    directory = tmp_path_factory.mktemp("worked")
    settings = Settings(data_dir=str(directory), store_readers=READERS, rate_limit_configuration=0)
    here = parts.actors.domain.id
    parts.records.write(lambda s: store_goals(s, here, *GOALS))
    with (
        instance(parts, _embedded, settings) as world,
        open_site(world, _embedded, directory / "spool") as opened,
    ):
        yield opened


@pytest.fixture(scope="session")
def _town(
    parts: Parts, _embedded: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    directory = tmp_path_factory.mktemp("town")
    records = open_records(f"sqlite:///{directory}/records.sqlite3")
    records.upgrade()
    clock = Clock()
    keep_audit(records, clock)
    settings = Settings(
        data_dir=str(directory),
        store_readers=READERS,
        rate_limit_configuration=0,
        rate_limit_security=0,
    )
    own = parts._replace(records=records, directory=Directory(records, clock, parts.tokens))
    with instance(own, _embedded, settings) as world:
        yield Town(world, records, clock)
    records.close()


@pytest.fixture
def town(_town: Town, monkeypatch: pytest.MonkeyPatch) -> Town:
    """An instance without an account, whose passwords are hashed in a millisecond."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", quick)
    passwords._nobodys_hash.cache_clear()
    _town.begin()
    return _town


@pytest.fixture(scope="session")
def stage(
    parts: Parts, _embedded: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    """Two tenants with everything that there is, in records of their own."""
    directory = tmp_path_factory.mktemp("stage")
    demo = {"identification_code": "x" * 32, "hostname": "demo.example"}
    (directory / "demo.json").write_bytes(msgspec.json.encode(demo))
    file = directory / "records.sqlite3"
    own = open_records(f"sqlite:///{file}")
    own.upgrade()
    keep_audit(own, lambda: NOW)
    found = Directory(own, lambda: NOW, parts.tokens)
    settings = Settings(
        data_dir=str(directory),
        store_readers=READERS,
        rate_limit_configuration=0,
        rate_limit_security=0,
    )
    with instance(parts._replace(records=own, directory=found), _embedded, settings) as world:
        opened = Stage(Office(world, own, parts.tokens), file)
        yield opened
        opened.close()
    own.close()


@pytest.fixture(scope="session")
def principals(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Who]:
    """Everybody who may ask on the stage, by name."""
    found = everybody(stage, Tokens(signing_key(tmp_path_factory.mktemp("forger"))))
    stage.keep()
    return found
