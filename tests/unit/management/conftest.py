"""What the tests of management share: empty records in a real file and a clock that obeys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hoofprint.management.signing import signing_key
from hoofprint.management.tokens import Tokens
from hoofprint.records.engine import Records, open_records

from .world import Clock, World


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    records = open_records(f"sqlite:///{tmp_path}/records.sqlite3")
    records.upgrade()
    yield records
    records.close()


@pytest.fixture
def world(records: Records, clock: Clock) -> World:
    return World(records, clock)


@pytest.fixture(scope="session")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Tokens:
    """One key for all tests: making it takes a while."""
    return Tokens(signing_key(tmp_path_factory.mktemp("key")))
