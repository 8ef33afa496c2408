"""What tests of several folders share: in each test process one fact store and one PostgreSQL."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from hoofprint.records.engine import Records, open_records
from hoofprint.records.tables import Record
from hoofprint.store.embedded import EmbeddedStore
from hoofprint.store.port import Table
from hoofprint.testing.postgres_server import PostgresServer, postgres_server, programs

DATABASES = ("sqlite", "postgresql")

settings.register_profile("default", deadline=None, max_examples=9)
settings.register_profile("more", deadline=None, max_examples=30)
settings.register_profile("thorough", deadline=None, max_examples=400)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture(scope="session")
def _embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedStore]:
    """The embedded store of this test process: opening a second one is not possible."""
    store = EmbeddedStore(tmp_path_factory.mktemp("store"), readers=2)
    store.migrate()
    yield store
    store.close()


@pytest.fixture
def store(_embedded: EmbeddedStore) -> EmbeddedStore:
    """The migrated embedded store of this test process, empty."""
    for table in Table:
        _embedded.execute(f"TRUNCATE TABLE {table}")
    return _embedded


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """The PostgreSQL of this test process; without one the test is skipped, or fails in CI."""
    binaries = programs()
    if binaries is None:
        missing = "PostgreSQL is not installed (apt-get install postgresql)"
        if os.environ.get("REQUIRE_ALL_TESTS") == "1":
            pytest.fail(f"{missing}, and REQUIRE_ALL_TESTS is set")
        pytest.skip(missing)
    with postgres_server(binaries) as server:
        yield server


@pytest.fixture(scope="session")
def _kept_records(postgres: PostgresServer) -> Iterator[Records]:
    """Records in PostgreSQL that tests use in turn: emptying them is quicker than making them."""
    opened = open_records(postgres.create())
    opened.upgrade()
    yield opened
    opened.close()


@pytest.fixture(params=DATABASES)
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without a table, of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/records.sqlite3"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.create()


@pytest.fixture(scope="session")
def _migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file that has its schema and no row; copying it is quicker than making it."""
    path = tmp_path_factory.mktemp("migrated") / "records.sqlite3"
    opened = open_records(f"sqlite:///{path}")
    opened.upgrade()
    opened.close()
    return path


@pytest.fixture(params=DATABASES)
def records(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Records]:
    """Records without a row, in a database of each kind."""
    if request.param == "sqlite":
        path = tmp_path / "records.sqlite3"
        shutil.copyfile(request.getfixturevalue("_migrated_file"), path)
        opened = open_records(f"sqlite:///{path}")
        yield opened
        opened.close()
        return
    kept: Records = request.getfixturevalue("_kept_records")
    tables = reversed(Record.metadata.sorted_tables)
    kept.write(lambda session: [session.execute(table.delete()) for table in tables])
    yield kept
