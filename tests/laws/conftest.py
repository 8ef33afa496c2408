"""Sites, for every law about reports."""

from __future__ import annotations

import pytest

from hoofprint.store.embedded import EmbeddedStore

from .site import POSITIONS, MakeSite, Site


@pytest.fixture
def sites(store: EmbeddedStore) -> MakeSite:
    """Makes sites from arrivals."""
    return lambda arrivals: Site(store, arrivals, next(POSITIONS))
