"""Country, region and city of the address."""

from __future__ import annotations

from functools import lru_cache

from hoofprint.ingest.geo import GeoReader
from hoofprint.ingest.hit import Request
from hoofprint.ingest.pipe import Facts, Outcome, Step


def step(geo: GeoReader) -> Step:
    """The step on a reader of MMDB files."""

    @lru_cache(16_384)
    def found(ip: str) -> dict[str, str]:
        place = geo.place(ip)
        return {"country": place.country, "region": place.region, "city": place.city}

    def run(_: Request, facts: Facts) -> Outcome:
        return found(facts["ip"])

    return Step("place", run, needs=("ip",), gives=("country", "region", "city"))
