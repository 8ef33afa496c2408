"""Country, region and city from MMDB files (`rules.md` 1.5)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import maxminddb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from hoofprint.ingest.geo import NOWHERE, GeoReader, Place, open_geo

from .steps import mmdb

V4, V6 = "81.2.69.142", "2a02:2e0::1"


class FakeReader:
    """A database that has one record, whatever is asked."""

    def __init__(self, record: object) -> None:
        self.record = record
        self.asked = 0
        self.closed = False

    def get(self, _: str) -> object:
        self.asked += 1
        if isinstance(self.record, Exception):
            raise self.record
        return self.record

    def close(self) -> None:
        self.closed = True


def geo_of(fake: FakeReader) -> GeoReader:
    return GeoReader({4: cast("maxminddb.Reader", fake)})


def place_of(record: object) -> Place:
    return geo_of(FakeReader(record)).place(V4)


def flat(country: str, region: str = "", city: str = "") -> dict[str, Any]:
    return {"country_code": country, "state1": region, "city": city}


def nested(
    country: str | None, regions: list[tuple[str, str]] | None = None, city: str | None = None
) -> dict[str, Any]:
    found: dict[str, Any] = {"country": {"iso_code": country, "names": {"en": "A country"}}}
    if regions:
        found["subdivisions"] = [{"iso_code": i, "names": {"de": "X", "en": n}} for i, n in regions]
    if city:
        found["city"] = {"geoname_id": 1, "names": {"de": "Übersetzt", "en": city}}
    return found


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (flat("GB", "England", "London"), Place("gb", "England", "London")),
        (flat("DE", "Lower Saxony", "Hanover (Buchholz)"), Place("de", "Lower Saxony", "Hanover")),
        (flat("CH", "Zurich", "Zurich (Kreis 1) (Hochschulen)"), Place("ch", "Zurich", "Zurich")),
        (flat("CH", "Zurich", "Zurich (Zurich (Kreis 1))"), Place("ch", "Zurich", "Zurich")),
        (flat("US", "California", "Cupertino"), Place("us", "California", "Cupertino (CA)")),
        (flat("US", "New York", "New York (Queens)"), Place("us", "New York", "New York (NY)")),
        (flat("US", "California"), Place("us", "California", "")),
        (flat("US", "Atlantis", "Poseidonis"), Place("us", "Atlantis", "Poseidonis")),
        (flat("GE", "Georgia", "Tbilisi"), Place("ge", "Georgia", "Tbilisi")),
        (flat(""), NOWHERE),
        ({}, NOWHERE),
        ({"country_code": None, "state1": None, "city": None}, NOWHERE),
        (None, NOWHERE),
        ("text", NOWHERE),
        (ValueError("an IPv6 address in an IPv4 database"), NOWHERE),
        (maxminddb.InvalidDatabaseError("torn"), NOWHERE),
    ],
)
def test_a_record_gives_lower_case_country_region_and_a_city_without_district(
    record: object, expected: Place
) -> None:
    """A city of the US, and only of the US, gets the code of its state."""
    assert place_of(record) == expected


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (nested("GB", [("ENG", "England")], "London"), Place("gb", "England", "London")),
        (nested("US", [("TX", "Texas")], "Austin"), Place("us", "Texas", "Austin (TX)")),
        (nested("US", [("TX", "Texas")]), Place("us", "Texas", "")),
        (nested("US", None, "Austin"), Place("us", "", "Austin")),
        (nested("GB", [("ENG", "England"), ("KEN", "Kent")]), Place("gb", "England", "")),
        (nested("DE"), Place("de", "", "")),
        (nested(None), NOWHERE),
        ({"country": {}, "subdivisions": [], "city": {}}, NOWHERE),
        ({"country": {"iso_code": "FR"}, "city": {"names": {"fr": "Nice"}}}, Place("fr", "", "")),
        ({"country": {"iso_code": "FR"}, "city": {"names": None}}, Place("fr", "", "")),
    ],
)
def test_the_nested_form_of_maxmind_gives_the_same(record: object, expected: Place) -> None:
    assert place_of(record) == expected


@given(st.text(max_size=200), st.text(max_size=200), st.text(max_size=200))
def test_a_place_is_never_too_long(country: str, region: str, city: str) -> None:
    found = place_of(flat(country, region, city))
    assert len(found.country) <= 2
    assert max(len(found.region), len(found.city)) <= 100


@pytest.mark.parametrize("ip", ["", V6])
def test_without_an_address_or_a_file_for_its_version_the_place_is_empty(ip: str) -> None:
    fake = FakeReader(flat("GB"))
    assert geo_of(fake).place(ip) == NOWHERE
    assert fake.asked == 0


def test_closing_releases_the_files() -> None:
    fake = FakeReader(None)
    geo_of(fake).close()
    assert fake.closed


def written(directory: Path, **records: Mapping[str, Any]) -> Path:
    """A directory with files by name (`_` stands for `-`), each with a record for everything."""
    for name, record in records.items():
        version, network = (6, "2000::/3") if name.endswith("ipv6") else (4, "64.0.0.0/2")
        mmdb.write(directory / f"{name.replace('_', '-')}.mmdb", version, {network: record})
    return directory


def test_each_version_has_its_file(tmp_path: Path) -> None:
    written(tmp_path, city_ipv4=flat("GB", "England", "London"), city_ipv6=nested("DE"))
    with capture_logs() as logs:
        geo = open_geo(tmp_path)
    assert geo.place(V4) == Place("gb", "England", "London")
    assert geo.place(V6) == Place("de")
    assert geo.place("8.8.8.8") == geo.place("fd00::1") == NOWHERE
    assert logs == []
    geo.close()


def test_a_file_of_the_operators_own_replaces_the_installed_one(tmp_path: Path) -> None:
    written(tmp_path, dbip_city_ipv4=flat("GB"), dbip_city_ipv6=flat("GB"), zzz=nested("NZ"))
    geo = open_geo(tmp_path)
    assert geo.place(V4) == Place("nz")
    assert geo.place(V6) == NOWHERE
    geo.close()


def test_a_broken_file_is_passed_over_and_named_in_one_warning(tmp_path: Path) -> None:
    written(tmp_path, city_ipv4=flat("GB"), city_ipv6=flat("GB"))
    (tmp_path / "own.mmdb").write_bytes(b"not a database")
    with capture_logs() as logs:
        geo = open_geo(tmp_path)
    assert geo.place(V4) == geo.place(V6) == Place("gb")
    assert [log["log_level"] for log in logs] == ["warning"]
    assert all("own.mmdb" in problem for problem in logs[0]["problems"])
    geo.close()


@pytest.mark.parametrize("directory", [".", "missing"])
def test_without_files_all_places_are_empty_and_one_warning_says_so(
    tmp_path: Path, directory: str
) -> None:
    with capture_logs() as logs:
        geo = open_geo(tmp_path / directory)
    assert geo.place(V4) == NOWHERE
    assert [log["log_level"] for log in logs] == ["warning"]


@pytest.mark.parametrize(
    ("ip", "country"),
    [
        ("8.8.8.8", "us"),
        (V4, "gb"),
        ("141.20.1.1", "de"),
        ("129.132.1.1", "ch"),
        ("2a02:2e0:3fe:1001:302::", "de"),
        ("2001:200::1", "jp"),
    ],
)
def test_the_installed_files_know_well_known_addresses(
    installed_geo: GeoReader, ip: str, country: str
) -> None:
    found = installed_geo.place(ip)
    assert found.country == country
    assert found.region
    assert found.city
    assert "(" not in found.city or found.country == "us"


def test_the_installed_files_name_the_state_of_a_city_of_the_us(installed_geo: GeoReader) -> None:
    assert installed_geo.place("8.8.8.8") == Place("us", "California", "Mountain View (CA)")


PRIVATE = (
    "10.0.0.1 172.16.0.1 192.168.1.1 127.0.0.1 100.64.0.1 169.254.1.1 0.0.0.0 224.0.0.1"
    " 255.255.255.255 ::1 fe80::1 fd00::1 ff02::1 ::"
)


@pytest.mark.parametrize("ip", PRIVATE.split())
def test_a_private_address_has_no_place(installed_geo: GeoReader, ip: str) -> None:
    assert installed_geo.place(ip) == NOWHERE
