"""What only PostgreSQL does to the records: it ends connections, and has several servers."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from hoofprint.errors import Invalid, SettingsError, Unavailable
from hoofprint.mail.mail import Mail
from hoofprint.management.directory import TTL_SECONDS, Directory
from hoofprint.management.domains import NewDomain, create_domain
from hoofprint.management.mails import MailBook, write_mail
from hoofprint.management.signing import signing_key
from hoofprint.management.tokens import Tokens
from hoofprint.management.users import NewUser, create_user
from hoofprint.records import engine
from hoofprint.records.engine import Records, open_records
from hoofprint.records.tables import DomainRecord, UserRecord
from hoofprint.testing.postgres_server import PostgresServer

NOW = 1_700_000_000.0
END_ALL = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'hoofprint'
"""
TAKE_ALL = """
import sys
from hoofprint.management.mails import MailBook
from hoofprint.records.engine import open_records
records = open_records(sys.argv[1])
book = MailBook(records, lambda: float(sys.argv[2]))
print("ready", flush=True)
sys.stdin.readline()
while (taken := book.take()) is not None:
    print(taken.id)
records.close()
"""


@pytest.fixture
def url(postgres: PostgresServer) -> str:
    """A database that has its schema."""
    made = postgres.create()
    opened = open_records(made)
    opened.upgrade()
    opened.close()
    return made


@pytest.fixture
def two(url: str) -> Iterator[tuple[Records, Records]]:
    """The records as two servers have them open."""
    both = open_records(url), open_records(url)
    yield both
    for records in both:
        records.close()


def account(session: Session, email: str = "ada@example.com") -> UserRecord:
    return create_user(session, NewUser(email, "no hash"), NOW)


def test_connections_that_were_ended_are_replaced_unnoticed(
    two: tuple[Records, Records], postgres: PostgresServer
) -> None:
    records, _ = two
    records.ping()
    postgres.execute(END_ALL)
    records.ping()
    records.write(account)


def test_without_its_server_the_records_are_unavailable_until_it_is_back(
    two: tuple[Records, Records], postgres: PostgresServer
) -> None:
    records, _ = two
    records.write(account)
    postgres.stop()
    try:
        with pytest.raises(Unavailable):
            records.ping()
        with pytest.raises(Unavailable):
            records.write(lambda s: account(s, "bob@example.com"))
    finally:
        postgres.start()
    assert records.read(lambda s: s.query(UserRecord.email).all()) == [("ada@example.com",)]


def test_a_transaction_that_loses_its_connection_leaves_nothing(
    two: tuple[Records, Records], postgres: PostgresServer
) -> None:
    records, _ = two

    def work(session: Session) -> None:
        account(session)
        session.flush()
        pid = session.execute(text("SELECT pg_backend_pid()")).scalar()
        postgres.execute(f"SELECT pg_terminate_backend({pid}, 5000)")

    with pytest.raises(Unavailable):
        records.write(work)
    assert records.read(lambda s: s.query(UserRecord).all()) == []


def test_what_does_not_fit_into_its_column_is_the_callers_mistake(
    two: tuple[Records, Records],
) -> None:
    def rename(session: Session, name: str) -> None:
        account(session).full_name = name

    for name in ("x" * 300, "a\0b"):
        with pytest.raises(Invalid, match="too long"):
            two[0].write(partial(rename, name=name))


def test_who_looks_first_and_writes_then_is_not_overtaken(two: tuple[Records, Records]) -> None:
    """Two servers find that a subdomain is free; the second one looks after the first has it."""
    owner = two[0].write(account).id
    barrier = threading.Barrier(2)
    outcomes: list[object] = []

    def create(records: Records) -> None:
        def work(session: Session) -> DomainRecord:
            return create_domain(session, NewDomain("example.com", "UTC", "shop"), owner, NOW)

        barrier.wait()
        try:
            outcomes.append(records.write(work).subdomain)
        except Invalid as error:
            outcomes.append(sorted(error.fields))

    threads = [threading.Thread(target=create, args=(records,)) for records in two]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes, key=str) == [["subdomain"], "shop"]


def test_a_writer_that_stands_still_does_not_stop_the_others_for_ever(
    two: tuple[Records, Records], monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = str(engine.BECOME_WRITER).replace(f"'{engine.BUSY_SECONDS}s'", "'100ms'", 1)
    monkeypatch.setattr(engine, "BECOME_WRITER", text(quick))

    def work(session: Session) -> None:
        account(session)
        with pytest.raises(Unavailable, match="lock timeout"):
            two[1].write(account)

    two[0].write(work)
    with pytest.raises(Invalid):
        two[1].write(account)


def test_two_processes_never_take_the_same_mail(two: tuple[Records, Records], url: str) -> None:
    mail = Mail("ada@example.org", "Hello", "Hello", "<p>Hello</p>", "test")
    for _ in range(60):
        two[0].write(lambda s: write_mail(s, mail, NOW))
    started = [
        subprocess.Popen(
            [sys.executable, "-c", TAKE_ALL, url, str(NOW + 1)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for process in started:
        assert process.stdout is not None
        process.stdout.readline()
    for process in started:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    taken = [process.communicate(timeout=60)[0].split() for process in started]
    assert all(taken), "one of them took nothing"
    assert len(set(taken[0] + taken[1])) == len(taken[0] + taken[1]) == 60
    assert MailBook(two[0], lambda: NOW + 1).take() is None


def test_what_one_server_changes_counts_at_the_other_within_ten_seconds(
    two: tuple[Records, Records], tmp_path_factory: pytest.TempPathFactory
) -> None:
    now = [NOW]
    tokens = Tokens(signing_key(tmp_path_factory.mktemp("key")))
    other = Directory(two[1], lambda: now[0], tokens)
    owner = two[0].write(account).id
    domain = two[0].write(lambda s: create_domain(s, NewDomain("example.com", "UTC"), owner, NOW))

    def codes(session: Session) -> None:
        session.get_one(DomainRecord, domain.id).identification_code = "b" * 32

    def known(code: str) -> Any:
        return asyncio.run(other.domain_by_code(code))

    assert known(domain.identification_code) is not None
    assert known("b" * 32) is None
    two[0].write(codes)
    now[0] += TTL_SECONDS
    assert TTL_SECONDS < 10
    assert known(domain.identification_code) is None
    assert known("b" * 32) is not None


def test_a_missing_driver_is_named_with_what_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(SettingsError, match=r"psycopg .*hoofprint\[postgresql\]"):
        open_records("postgresql+psycopg://host/name")


def test_what_the_url_says_about_waiting_counts(postgres: PostgresServer) -> None:
    records = open_records(f"{postgres.url()}&application_name=other")
    name = records.read(lambda s: s.execute(text("SHOW application_name")).scalar())
    records.close()
    assert name == "other"
