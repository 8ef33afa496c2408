"""What the tests of management share: empty records of each kind and a clock that obeys."""

from __future__ import annotations

import pytest

from hoofprint.management.signing import signing_key
from hoofprint.management.tokens import Tokens
from hoofprint.records.engine import Records

from .world import Clock, World


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def world(records: Records, clock: Clock) -> World:
    return World(records, clock)


@pytest.fixture(scope="session")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Tokens:
    """One key for all tests: making it takes a while."""
    return Tokens(signing_key(tmp_path_factory.mktemp("key")))
