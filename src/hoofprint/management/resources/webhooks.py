"""Webhooks: addresses that are told of a domain's events (`api.md`; `clients.md` section 5)."""

from __future__ import annotations

from urllib.parse import urlsplit

from hoofprint.errors import Invalid
from hoofprint.management.resource import Columns, Field, Resource, Sent
from hoofprint.records.tables import WebhookRecord
from hoofprint.records.tables.resources import NAME_LENGTH, URL_LENGTH


def _columns(sent: Sent) -> list[Columns]:
    """Whatever is saved is switched on again."""
    if not is_https(sent.values["endpoint"]):
        raise Invalid({"endpoint": "must be an https address without a user or password"})
    return [{**sent.values, "active": True, "failures": 0}]


def is_https(address: str) -> bool:
    """Whether an address may be posted to; whom it leads to is looked at before each delivery."""
    try:
        found = urlsplit(address)
        port = found.port
    except ValueError:
        return False
    plain = address.isascii() and address.isprintable() and " " not in address
    no_user = found.username is None and found.password is None
    return plain and no_user and found.scheme == "https" and bool(found.hostname) and port != 0


WEBHOOKS = Resource(
    name="webhook",
    plural="webhooks",
    path="/api/v1/webhook",
    record=WebhookRecord,
    fields=(
        Field("description"),
        Field("event", about="The name of the events.", required=True, longest=NAME_LENGTH),
        Field("endpoint", about="An https address.", required=True, longest=URL_LENGTH),
    ),
    shown=("description", "event", "endpoint", "active"),
    columns=_columns,
    searched=("description", "event", "endpoint"),
)
