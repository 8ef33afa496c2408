"""Country, region and city of the address (`rules.md` 1.5)."""

from __future__ import annotations

from pathlib import Path

import pytest

from hoofprint.ingest.geo import open_geo
from hoofprint.ingest.steps.place import step

from . import mmdb
from .sample import asked, done

HERE = {"country_code": "US", "state1": "Texas", "city": "Austin (Downtown)"}


@pytest.mark.parametrize(
    ("ip", "place"),
    [
        ("81.2.69.142", ("us", "Texas", "Austin (TX)")),
        ("10.0.0.1", ("", "", "")),
        ("2a02:2e0::1", ("", "", "")),
        ("", ("", "", "")),
    ],
)
def test_the_place_is_that_of_the_address_and_empty_if_unknown(
    tmp_path: Path, ip: str, place: tuple[str, str, str]
) -> None:
    mmdb.write(tmp_path / "city-ipv4.mmdb", 4, {"81.0.0.0/8": HERE})
    geo = open_geo(tmp_path)
    found = done(step(geo), asked(), ip=ip)
    assert (found["country"], found["region"], found["city"]) == place
    geo.close()
