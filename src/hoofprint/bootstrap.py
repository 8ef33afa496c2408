"""The only wiring: settings become a running application."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

import structlog

from hoofprint.api.app import Front
from hoofprint.api.asgi import App
from hoofprint.api.asking import Asking, AskingLimits
from hoofprint.api.metrics import Metrics
from hoofprint.api.services import Services
from hoofprint.errors import HoofprintError, StoreError
from hoofprint.importing import ImportParts, open_imports
from hoofprint.ingest.chain import Sources, standard_pipe
from hoofprint.ingest.geo import open_geo
from hoofprint.ingest.hit import Request
from hoofprint.ingest.pipe import Pipe
from hoofprint.jobs.daily import Daily
from hoofprint.jobs.deletion import DeletionJob, Told
from hoofprint.jobs.drain import Drain, DrainOptions
from hoofprint.jobs.outbox import Outbox
from hoofprint.mail.message import sender_of
from hoofprint.mail.smtp import MailServer, smtp
from hoofprint.management.access import Access
from hoofprint.management.accounts.ending import EndingBook
from hoofprint.management.accounts.parts import open_accounts
from hoofprint.management.accounts.ports import AccountOptions, Joining
from hoofprint.management.accounts.sweeping import Sweeping
from hoofprint.management.audit import Audit, keep_audit
from hoofprint.management.auto_join import AutoJoin
from hoofprint.management.billing import Billing
from hoofprint.management.custom_domains import CustomDomains, Proof
from hoofprint.management.deletions import DeletionBook, Deletions
from hoofprint.management.directory import Directory
from hoofprint.management.domain_life import DomainLife
from hoofprint.management.domain_settings import DomainSettings
from hoofprint.management.domain_themes import DomainThemes
from hoofprint.management.exchange import Exchange
from hoofprint.management.funnels import Funnels
from hoofprint.management.goals import Goals
from hoofprint.management.hosts import hosts_of
from hoofprint.management.images import Images
from hoofprint.management.invitations import Invitations
from hoofprint.management.links import Links
from hoofprint.management.listing import Domains
from hoofprint.management.mails import MailBook
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
from hoofprint.management.tokens import Tokens
from hoofprint.management.transactions import Transactions
from hoofprint.model.deletion import Deletion
from hoofprint.pages.routes import page_routes
from hoofprint.records.engine import Records, open_records
from hoofprint.records.visitor_keys import VisitorKeys
from hoofprint.resolver import txt_records
from hoofprint.sessions.memory import SessionsInMemory
from hoofprint.sessions.port import OpenSessions
from hoofprint.settings import Settings
from hoofprint.spool.spool import Spool
from hoofprint.store.answers import Answers, Memory
from hoofprint.store.eraser import Eraser
from hoofprint.store.port import Store
from hoofprint.store.recall import newest_activity, recall
from hoofprint.store.usage import usage_of
from hoofprint.store.writer import Writer
from hoofprint.store.writes import Writes

KEY_SWEEP_SECONDS = 60.0
OTHER_READERS = 2
"""Connections beside those of questions: the drain and the health check never wait for these."""
READY_LAG = 1_000_000
"""More records than this waiting to be counted make the server not ready."""

log = structlog.get_logger("hoofprint")
Clock = Callable[[], float]


@dataclass(frozen=True)
class Counting:
    """Everything between a request and its facts; a server and the seeder share it."""

    keys: VisitorKeys
    pipe: Pipe
    store: Store
    writes: Writes
    spool: Spool
    drain: Drain
    open_sessions: OpenSessions


@dataclass(frozen=True)
class Application:
    """One instance: its parts, and how to start and stop them."""

    settings: Settings
    asgi: App
    services: Services
    records: Records
    counting: Counting
    sweeper: _Sweeper
    deletion: DeletionJob
    outbox: Outbox
    daily: Daily
    importing: ImportParts

    def start(self) -> None:
        """Begin to count, to delete what is to be deleted, to send mails, to sweep.

        Raises Unavailable.
        """
        self.deletion.resume()
        self.importing.start()
        self.counting.drain.start()
        self.deletion.start()
        self.outbox.start()
        self.daily.start()
        self.sweeper.start()

    async def stop(self) -> None:
        """Make what was accepted durable, count it, close everything. Nothing is lost."""
        await self.counting.spool.quiesce()
        await asyncio.to_thread(self.close)

    def close(self) -> None:
        """`stop` for a caller without an event loop."""
        self.sweeper.stop()
        self.daily.stop()
        self.outbox.stop()
        self.deletion.stop()
        self.counting.drain.stop()
        self.importing.close()
        self.services.asking.close()
        self.counting.spool.release()
        self.counting.store.close()
        self.records.close()


class _Sweeper:
    """A thread that destroys visitor keys when their time has come."""

    def __init__(self, keys: VisitorKeys, clock: Clock) -> None:
        self._keys = keys
        self._clock = clock
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="keys")

    def start(self) -> None:
        """Begin to look once a minute."""
        self._thread.start()

    def stop(self) -> None:
        """End."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while True:
            try:
                for day in self._keys.destroy_expired(self._clock()):
                    log.info("visitor key destroyed", day=day)
            except OSError as error:
                log.error("visitor key not destroyed", error=str(error))  # noqa: TRY400
            if self._stopping.wait(KEY_SWEEP_SECONDS):
                return


def build(settings: Settings, clock: Clock = time.time) -> Application:
    """Open everything that the settings name; nothing runs yet.

    Raises HoofprintError, saying which part could not be opened.
    """
    settings.data_path.mkdir(parents=True, exist_ok=True, mode=0o700)
    metrics = Metrics()
    records = open_records(settings.records_url)
    records.upgrade()
    keep_audit(records, clock)
    key = signing_key(settings.data_path)
    tokens, hosts = Tokens(key), hosts_of(settings)
    directory = Directory(records, clock, tokens)
    counting = open_counting(settings, clock, metrics)
    metrics.watch_lag(lambda: counting.spool.lag)
    deletion = DeletionJob(
        DeletionBook(records, clock),
        Eraser(counting.store),
        counting.drain,
        Told(counting.open_sessions.forget, counting.writes.rewritten),
        time.monotonic,
    )
    transactions = Transactions(records, clock, directory.forget)
    joining = Joining()
    accounts = open_accounts(
        transactions,
        AccountOptions(settings.public_url, settings.sign_up, settings.rate_limit_security),
        joining,
    )
    importing = open_imports(settings, records, counting.store, clock, directory.forget)
    counting.writes.tell(importing.beginnings)

    def begin_deletion(wanted: Deletion) -> None:
        directory.forget()  # what was imported counts no more at once
        importing.job.wake()
        deletion.begin(wanted)

    services = Services(
        settings=settings,
        clock=clock,
        directory=directory,
        access=Access(directory, accounts.logins.seen),
        accounts=accounts,
        exchange=Exchange(records, tokens, clock, settings.rate_limit_security),
        domains=Domains(records, clock),
        links=Links(records, clock, directory.forget),
        deletions=Deletions(records, clock, lambda: counting.spool.end, begin_deletion),
        settings_of_domains=DomainSettings(transactions),
        goals=Goals(records, clock),
        managing=Managing(transactions),
        domain_life=DomainLife(transactions, lambda: counting.spool.end, begin_deletion),
        clients=OwnClients(transactions),
        snippets=Snippets(transactions),
        preferences=Preferences(transactions),
        billing=Billing(transactions, partial(usage_of, counting.store)),
        funnels=Funnels(records, clock),
        audit=Audit(transactions),
        imports=importing.imports,
        google=importing.google,
        uploads=importing.uploads,
        members=Members(transactions),
        invitations=Invitations(transactions, settings.public_url),
        organizations=Organizations(transactions, lambda: counting.spool.end, begin_deletion),
        organization_domains=OrganizationDomains(transactions),
        auto_join=AutoJoin(transactions),
        ownership=Ownership(transactions, settings.public_url),
        themes=Themes(transactions),
        domain_themes=DomainThemes(transactions),
        images=Images(transactions),
        portraits=Portraits(transactions),
        custom_domains=CustomDomains(transactions, txt_records(), Proof(key), hosts),
        hosts=hosts,
        store=counting.store,
        pipe=counting.pipe,
        spool=counting.spool,
        metrics=metrics,
        asking=open_asking(settings, counting.store, counting.writes, clock, metrics),
        readiness=lambda: _readiness(counting, records),
    )
    sweeper = _Sweeper(counting.keys, clock)
    outbox = open_outbox(settings, records, clock, metrics)
    ending = EndingBook(records, joining, lambda: counting.spool.end)
    sweeping = Sweeping(records, settings.audit_days)
    daily = Daily(ending.end_due, deletion.begin, sweeping.sweep, directory.forget, clock)
    front = Front(services, page_routes())
    front.prepare()
    return Application(
        settings, front, services, records, counting, sweeper, deletion, outbox, daily, importing
    )


def replay(settings: Settings, groups: Iterable[Sequence[Request]]) -> Iterator[int]:
    """Count requests of the past as if they had come in at their own times, group by group.

    Yields each group's number of requests. Needs the store for itself. Raises HoofprintError.
    """
    now = 0.0
    settings.data_path.mkdir(parents=True, exist_ok=True, mode=0o700)
    counting = open_counting(settings, lambda: now, Metrics())
    try:
        for group in groups:
            if group:
                now = float(group[-1].time)
                counting.spool.append([counting.pipe.refine(request) for request in group])
            if counting.spool.lag >= settings.flush_rows:
                counting.drain.count_all()
            yield len(group)
        counting.drain.count_all()
        counting.keys.destroy_expired(time.time())
    finally:
        counting.spool.release()
        counting.store.close()


def open_counting(settings: Settings, clock: Clock, metrics: Metrics) -> Counting:
    """The way from a request to its facts, without HTTP and without the records.

    `clock` also decides when open sessions leave memory: a seeder passes the time of its traffic.
    """
    store = open_store(settings)
    store.migrate()
    keys = VisitorKeys(settings.keys_path, settings.key_retention_minutes * 60)
    sessions = random.Random()  # noqa: S311 - an id tells sessions apart, it keeps no secret
    pipe = standard_pipe(
        Sources(
            identify=lambda at, ip, agent, domain: keys.identify(at, ip, agent, domain, clock()),
            draw=lambda: sessions.getrandbits(32),
            geo=open_geo(settings.geo_path),
        )
    )
    spool = Spool(
        settings.data_path / "spool",
        segment_bytes=settings.spool_segment_bytes,
        sync=settings.durability == "fsync",
    )
    open_sessions = SessionsInMemory(
        lambda wanted: recall(store, wanted), lambda: newest_activity(store), clock
    )
    writes = Writes()
    drain = Drain(
        spool,
        open_sessions,
        Writer(store, writes),
        DrainOptions(settings.flush_seconds, settings.flush_rows, settings.page_view_limit),
        metrics,
        time.monotonic,
    )
    return Counting(keys, pipe, store, writes, spool, drain, open_sessions)


def open_asking(
    settings: Settings, store: Store, writes: Writes, clock: Clock, metrics: Metrics
) -> Asking:
    """The way from a question to its answer; its numbers are shown by the metrics."""
    half = settings.query_cache_bytes // 2
    answers = Answers(
        store,
        None if settings.clickhouse_url else writes,  # a cluster has other writers
        clock,
        Memory(half, days_bytes=half),
        metrics,
    )
    asking = Asking(
        answers,
        AskingLimits(settings.store_readers, settings.query_seconds, settings.query_wait_seconds),
    )
    metrics.watch("kept_answers", "Answers to plans in memory", lambda: answers.kept)
    metrics.watch("kept_answers_bytes", "What they take", lambda: answers.kept_bytes)
    metrics.watch("questions_running", "Questions that run", lambda: asking.running)
    metrics.watch("questions_waiting", "Questions that wait", lambda: asking.waiting)
    return asking


def open_outbox(settings: Settings, records: Records, clock: Clock, metrics: Metrics) -> Outbox:
    """The way of mails to the mail server, if one is set. Raises SettingsError."""
    sender = sender_of(settings.mail_from, urlsplit(settings.public_url).hostname or "localhost")
    server = MailServer(
        settings.smtp_host,
        settings.smtp_port,
        settings.smtp_security,
        settings.smtp_user,
        settings.smtp_password,
        settings.smtp_timeout_seconds,
        sender.domain,
    )
    send = smtp(server) if settings.smtp_host else None
    outbox = Outbox(MailBook(records, clock), send, sender, clock)
    metrics.watch("mails_waiting", "Mails that wait to be sent", lambda: outbox.waiting)
    metrics.watch("mails_failed", "Mails that were given up", lambda: outbox.failed)
    return outbox


def open_store(settings: Settings) -> Store:
    """The fact store that the settings choose."""
    from hoofprint.store.limits import QueryLimits  # noqa: PLC0415 - chDB is imported late

    limits = QueryLimits(
        settings.query_memory_bytes, settings.query_seconds, settings.store_cache_bytes
    )
    readers = settings.store_readers + OTHER_READERS
    if settings.clickhouse_url:
        from hoofprint.store.clustered import ClusteredStore  # noqa: PLC0415 - only if used

        return ClusteredStore(settings.clickhouse_url, limits, readers)
    from hoofprint.store.embedded import EmbeddedStore  # noqa: PLC0415 - see above

    return EmbeddedStore(settings.data_path / "store", readers, limits)


def _readiness(counting: Counting, records: Records) -> Mapping[str, str]:
    """Of each part `ok` or what is wrong with it."""
    parts = {"store": "ok", "records": "ok", "spool": counting.drain.problem or "ok"}
    try:
        counting.store.ping()
    except StoreError as error:
        parts["store"] = str(error)
    try:
        records.ping()
    except HoofprintError as error:
        parts["records"] = str(error)
    if parts["spool"] == "ok" and counting.spool.lag > READY_LAG:
        parts["spool"] = f"{counting.spool.lag} records wait to be counted"
    return parts
