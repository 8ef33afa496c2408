"""The real place data, where it is installed."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hoofprint.ingest.geo import GeoReader, open_geo

INSTALLED = Path(sys.prefix) / "share" / "hoofprint" / "geo"


@pytest.fixture(scope="session")
def installed_geo() -> Iterator[GeoReader]:
    """A reader of the installed files. Without them the test is skipped, or fails if required."""
    if len(list(INSTALLED.glob("*.mmdb"))) < 2:
        missing = f"the place data is not in {INSTALLED}: make install"
        if os.environ.get("REQUIRE_ALL_TESTS") == "1":
            pytest.fail(f"{missing}, and REQUIRE_ALL_TESTS is set")
        pytest.skip(missing)
    geo = open_geo(INSTALLED)
    yield geo
    geo.close()
