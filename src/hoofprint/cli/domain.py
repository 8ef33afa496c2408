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

    def work(session: Any) -> dict[str, Any]:
        user = owner_named(session, owner)
        return wire(create_domain(session, new, user.id, time.time()), Role.OWNER)

    with opened_records(data_dir) as records:
        print_json(records.write(work))


@domain.command("list")
@click.option("--owner", help="Only the domains that this e-mail address's user reaches.")
@data_dir_option
def list_(owner: str | None, data_dir: str | None) -> None:
    """Print every domain as a line of JSON."""
    from hoofprint.management.domains import wire
    from hoofprint.management.reach import all_domains, domains_of
    from hoofprint.management.users import owner_named
    from hoofprint.model.principal import Principal

    def work(session: Any) -> list[dict[str, Any]]:
        if owner is None:
            reached = all_domains(session)
        else:
            user = owner_named(session, owner)
            caller = Principal(client_id="", scopes={}, user_id=user.id)
            reached = domains_of(session, caller)
        return [wire(record, role) for record, role in reached]

    with opened_records(data_dir) as records:
        for shown in records.read(work):
            print_json(shown)
