"""Country, region and city of an address, from MMDB files."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import maxminddb
import structlog
from msgspec import Struct

from hoofprint.ingest.data import read_json
from hoofprint.ingest.text import cut

_LONGEST = 100
_DISTRICT = re.compile(r"\s*\(.*\)\s*$")

log = structlog.get_logger("hoofprint.ingest")


class Place(Struct, frozen=True):
    """Where an address is: lower-case ISO country code, region, city; unknown is empty."""

    country: str = ""
    region: str = ""
    city: str = ""


NOWHERE = Place()


class GeoReader:
    """Looks up addresses; `sources` are MMDB readers by IP version (4 and 6)."""

    def __init__(self, sources: dict[int, maxminddb.Reader]) -> None:
        self._sources = sources

    def close(self) -> None:
        """Release the files."""
        for source in self._sources.values():
            source.close()

    def place(self, ip: str) -> Place:
        """The place of an address, nowhere if it is private, unknown or none."""
        source = self._sources.get(6 if ":" in ip else 4)
        if source is None or not ip:
            return NOWHERE
        try:
            found = source.get(ip)
        except (ValueError, maxminddb.InvalidDatabaseError):
            return NOWHERE
        return self._read(found) if isinstance(found, dict) else NOWHERE

    def _read(self, found: dict[str, Any]) -> Place:
        """A record of DB-IP's flat form or of MaxMind's nested one."""
        if isinstance(found.get("country"), dict):
            country = str(found["country"].get("iso_code") or "")
            regions = found.get("subdivisions") or [{}]
            region = _english(regions[0])
            state = str(regions[0].get("iso_code") or "")
            city = _english(found.get("city") or {})
        else:
            country = str(found.get("country_code") or "")
            region = str(found.get("state1") or "")
            city = str(found.get("city") or "")
            state = ""
        return _place(country, region, city, state)


@lru_cache(4096)
def _place(country: str, region: str, city: str, state: str) -> Place:
    """A place by its English names; a city of the United States is told by its state too."""
    city = _DISTRICT.sub("", city)
    if country == "US" and city:
        state = state or _states().get(region, "")
        city = f"{city} ({state})" if state else city
    return Place(country.lower()[:2], cut(region, _LONGEST), cut(city, _LONGEST))


@cache
def _states() -> dict[str, str]:
    """The codes of the United States by name."""
    states: dict[str, str] = read_json("us_states.json")
    return states


def state_names() -> dict[str, str]:
    """The names of the states of the United States by their codes."""
    names: dict[str, str] = {}
    for name, code in _states().items():
        names.setdefault(code, name)
    return names


def _english(named: dict[str, Any]) -> str:
    names = named.get("names")
    return str(names.get("en") or "") if isinstance(names, dict) else ""


def open_geo(directory: Path) -> GeoReader:
    """The readers of a directory's `*.mmdb` files; without any, all places are empty.

    A file whose name holds `ipv4` or `ipv6` serves that version, any other file both, and before
    them: an operator's own file replaces what was installed. Logs one warning if there is none.
    """
    paths = sorted(directory.glob("*.mmdb"))
    own = [p for p in paths if "ipv4" not in p.name and "ipv6" not in p.name]
    sources: dict[int, maxminddb.Reader] = {}
    problems: list[str] = []
    for version in (4, 6):
        for path in [*own, *(p for p in paths if f"ipv{version}" in p.name)]:
            try:
                sources[version] = maxminddb.open_database(path, maxminddb.MODE_AUTO)
            except (OSError, ValueError, maxminddb.InvalidDatabaseError) as error:
                problems.append(f"{path.name}: {error}")
            else:
                break
    if len(sources) < 2 or problems:  # noqa: PLR2004 - two versions of IP
        log.warning(
            "places are missing: countries and cities stay empty; run `make install`"
            " or put an MMDB file into the directory",
            directory=str(directory),
            problems=problems,
        )
    return GeoReader(sources)
