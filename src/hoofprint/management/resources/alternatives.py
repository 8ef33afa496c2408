"""Alternative domains: further hostnames that a domain counts (`api.md`)."""

from __future__ import annotations

from sqlalchemy import select

from hoofprint.errors import Invalid
from hoofprint.management.hostnames import bare, read_pattern
from hoofprint.management.resource import Columns, Field, Resource, Sent
from hoofprint.records.tables import HostnameRecord
from hoofprint.records.tables.record import HOSTNAME_LENGTH


def _columns(sent: Sent) -> list[Columns]:
    hostname = read_pattern(sent.values["hostname"])
    if hostname is None:
        raise Invalid({"hostname": "is not a hostname like blog.example.com or *.example.com"})
    if bare(hostname) == bare(sent.domain.hostname):
        raise Invalid({"hostname": "is the domain's own hostname"})
    same = select(HostnameRecord).filter_by(domain_id=sent.domain.id, hostname=hostname)
    found = sent.session.scalar(same)
    if found is not None and found is not sent.before:
        raise Invalid({"hostname": "is there already"})
    return [{"hostname": hostname}]


ALTERNATIVES = Resource(
    name="alternative domain",
    plural="alternative domains",
    path="/api/v1/domain/alternative",
    record=HostnameRecord,
    fields=(
        Field(
            "hostname",
            about="`*` stands for any characters.",
            required=True,
            longest=HOSTNAME_LENGTH,
        ),
    ),
    shown=("hostname",),
    columns=_columns,
    changed_by="PUT",
    silent=True,
    searched=("hostname",),
)
