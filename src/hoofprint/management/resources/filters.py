"""Traffic filters: what a domain does not count (`api.md`, Managing Traffic Filters)."""

from __future__ import annotations

import ipaddress
import re

from hoofprint.errors import Invalid
from hoofprint.management.hostnames import read_pattern
from hoofprint.management.patterns import mistake_in, regex_of
from hoofprint.management.resource import Columns, Field, Resource, Sent
from hoofprint.records.tables import FilterType, TrafficFilterRecord
from hoofprint.records.tables.resources import URL_LENGTH

_COUNTRY = re.compile(r"[a-z]{2}")


def _columns(sent: Sent) -> list[Columns]:
    kind, text = FilterType(sent.values["type"]), sent.values["filter"]
    return [{**sent.values, "filter": _read(kind, text)}]


def _read(kind: FilterType, text: str) -> str:
    """A filter as it is kept. Raises Invalid."""
    match kind:
        case FilterType.IP:
            try:
                network = ipaddress.ip_network(text, strict=False)
            except ValueError:
                raise Invalid({"filter": "is not an IP address or network"}) from None
            return str(network.network_address if network.num_addresses == 1 else network)
        case FilterType.COUNTRY:
            if _COUNTRY.fullmatch(text.lower()):
                return text.lower()
            raise Invalid({"filter": "is not a country like de (ISO 3166-1 alpha-2)"})
        case FilterType.PAGE:
            if mistake := mistake_in(regex_of(text)):
                raise Invalid({"filter": mistake})
            return text
        case FilterType.HOSTNAME:
            if hostname := read_pattern(text):
                return hostname
            raise Invalid({"filter": "is not a hostname like example.com or *.example.com"})


FILTERS = Resource(
    name="traffic filter",
    plural="traffic filters",
    path="/api/v1/filter",
    record=TrafficFilterRecord,
    fields=(
        Field("type", required=True, one_of=tuple(FilterType)),
        Field("description"),
        Field(
            "filter",
            about="An address or network, a country, a path pattern as goals have it, or a "
            "hostname; once there is one of these, other hostnames are not counted.",
            required=True,
            longest=URL_LENGTH,
        ),
    ),
    shown=("type", "description", "filter"),
    columns=_columns,
    searched=("description", "filter"),
)
