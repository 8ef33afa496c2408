"""What tests of several folders share: one fact store in each test process."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from hoofprint.store.embedded import EmbeddedStore
from hoofprint.store.port import Table

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
