"""Servers for tests: a furnished data directory is made once, and copied for each instance."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.nodeid import NodeId

from .server import Account, Instance, furnish, opened


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep groups on one worker: xdist 3.8 writes them where pytest 9.2 no longer looks."""
    if config.getoption("loadgroup", default=False):
        for item in items:
            for mark in item.iter_markers("xdist_group"):
                if "@" not in item.nodeid:
                    item._id = NodeId.parse(f"{item.nodeid}@{mark.args[0]}")


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Account]:
    """A data directory with an account, and that account."""
    data = tmp_path_factory.mktemp("furnished") / "data"
    return data, furnish(data)


@pytest.fixture
def instance(tmp_path: Path, furnished: tuple[Path, Account]) -> Iterator[Instance]:
    """An instance of its own for a test; nothing is started yet."""
    with opened(tmp_path, *furnished) as made:
        yield made


@pytest.fixture(scope="session")
def running(
    tmp_path_factory: pytest.TempPathFactory, furnished: tuple[Path, Account]
) -> Iterator[Instance]:
    """An instance with the settings as they come, for tests that leave it running."""
    with opened(tmp_path_factory.mktemp("running"), *furnished) as instance:
        instance.start(flush_seconds=1.0)
        yield instance
