"""What tests of several folders share: one fact store in each test process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hoofprint.store.embedded import EmbeddedStore
from hoofprint.store.port import Table


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
