"""`hoofprint domain`: measured sites."""

from __future__ import annotations

import time
from typing import Any

import click

from hoofprint.cli.common import data_dir_option, opened_records, print_json


@click.group()
def domain() -> None:
    """Create and list domains."""


@domain.command("create")
@click.option("--hostname", required=True, help="What is measured, like example.com.")
@click.option("--timezone", default="UTC", show_default=True, help="Like Europe/Berlin.")
@click.option("--owner", help="The owner's e-mail address; may be left out if there is one user.")
@click.option("--subdomain", default="", help="The dashboard's name; made from the hostname.")
@click.option("--display-name", default="", help="How the dashboard is titled.")
@click.option("--public", is_flag=True, help="Let everybody see the statistics.")
@data_dir_option
def create(owner: str | None, data_dir: str | None, **given: Any) -> None:
    """Create a domain and print it as JSON; it takes hits at once."""
    from hoofprint.management.domains import NewDomain, create_domain, wire
    from hoofprint.management.users import owner_named
    from hoofprint.model.role import Role

    new = NewDomain(**given)
    with opened_records(data_dir) as records:
        created = records.write(
            lambda session: create_domain(session, new, owner_named(session, owner).id, time.time())
        )
    print_json(wire(created, Role.OWNER))


@domain.command("list")
@click.option("--owner", help="Only the domains that this e-mail address's user reaches.")
@data_dir_option
def list_(owner: str | None, data_dir: str | None) -> None:
    """Print every domain as a line of JSON."""
    from hoofprint.management.domains import wire
    from hoofprint.management.reach import all_domains, domains_of
    from hoofprint.management.users import owner_named
    from hoofprint.model.principal import Principal

    with opened_records(data_dir) as records:
        if owner is None:
            reached = records.read(all_domains)
        else:
            user_id = records.read(lambda session: owner_named(session, owner).id)
            caller = Principal(client_id="", scopes={}, user_id=user_id)
            reached = records.read(lambda session: domains_of(session, caller))
    for record, role in reached:
        print_json(wire(record, role))
