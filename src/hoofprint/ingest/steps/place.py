"""Country, region and city of the address."""

from __future__ import annotations

from hoofprint.ingest.geo import GeoReader
from hoofprint.ingest.hit import Request
from hoofprint.ingest.pipe import Outcome, Step


def step(geo: GeoReader) -> Step:
    """The step on a reader of MMDB files."""

    def run(_: Request, ip: str) -> Outcome:
        place = geo.place(ip)
        return place.country, place.region, place.city

    return Step("place", run, needs=("ip",), gives=("country", "region", "city"))
