"""`hoofprint client`: the credentials of programs."""

from __future__ import annotations

import time
from collections.abc import Sequence

import click

from hoofprint.cli.common import data_dir_option, opened_records, print_json
from hoofprint.errors import Invalid


@click.group()
def client() -> None:
    """Create and list clients."""


@client.command("create")
@click.option("--domain", "domain_id", metavar="ID", help="The id of the domain it belongs to.")
@click.option("--user", "email", metavar="EMAIL", help="The user it belongs to.")
@click.option(
    "--type",
    "kind",
    type=click.Choice(["oauth", "token"]),
    default="oauth",
    show_default=True,
    help="An id with a secret, or an access key that only writes.",
)
@click.option("--scope", "scopes", metavar="NAME=rw", multiple=True, help="May be repeated.")
@click.option("--description", default="", help="What it is for.")
@data_dir_option
def create(
    domain_id: str | None,
    email: str | None,
    *,
    kind: str,
    scopes: Sequence[str],
    description: str,
    data_dir: str | None,
) -> None:
    """Create a client and print it as JSON, with its secret, which is not shown again."""
    from hoofprint.management.clients import NewClient, create_client, owner_ids, wire_client
    from hoofprint.records.tables import ClientType

    if (domain_id is None) == (email is None):
        raise click.UsageError("one of --domain and --user is required")

    with opened_records(data_dir) as records:
        domain, user = records.read(lambda session: owner_ids(session, domain_id, email))
        new = NewClient(ClientType(kind), domain, user, _read_scopes(scopes), description)
        issued = records.write(lambda session: create_client(session, new, time.time()))
    answer = {**wire_client(issued.record), "client_secret": issued.secret}
    if kind == ClientType.TOKEN:
        answer["access_key"] = issued.secret
    print_json(answer)


@client.command("list")
@click.option("--domain", "domain_id", metavar="ID", help="Only those of this domain.")
@click.option("--user", "email", metavar="EMAIL", help="Only those of this user.")
@data_dir_option
def list_(domain_id: str | None, email: str | None, data_dir: str | None) -> None:
    """Print every client as a line of JSON, without secrets: nobody knows them."""
    from hoofprint.management.clients import list_clients, owner_ids, wire_client

    with opened_records(data_dir) as records:
        found = records.read(lambda s: list_clients(s, *owner_ids(s, domain_id, email)))
        for record in found:
            print_json(wire_client(record))


def _read_scopes(given: Sequence[str]) -> dict[str, str]:
    scopes: dict[str, str] = {}
    for text in given:
        name, equals, mode = text.partition("=")
        if not equals or not mode:
            raise Invalid({"scope": f"{text!r} is not NAME=r, NAME=w or NAME=rw"})
        scopes[name] = mode
    return scopes
