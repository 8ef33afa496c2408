"""`hoofprint user`: accounts."""

from __future__ import annotations

import sys
import time

import click

from hoofprint.cli.common import data_dir_option, opened_records, print_json


@click.group()
def user() -> None:
    """Create and list accounts."""


@user.command("create")
@click.option("--email", required=True, help="The e-mail address to log in with.")
@click.option("--password", help="At least 8 characters; read from standard input if left out.")
@click.option("--full-name", default="", help="The person's name.")
@data_dir_option
def create(email: str, password: str | None, full_name: str, data_dir: str | None) -> None:
    """Create an account and print it as JSON."""
    from hoofprint.management.users import create_user, prepare, wire_user

    new = prepare(email, _read_password() if password is None else password, full_name)
    with opened_records(data_dir) as records:
        created = records.write(lambda session: create_user(session, new, time.time()))
    print_json(wire_user(created))


@user.command("list")
@data_dir_option
def list_(data_dir: str | None) -> None:
    """Print every account as a line of JSON."""
    from hoofprint.management.users import list_users, wire_user

    with opened_records(data_dir) as records:
        for found in records.read(list_users):
            print_json(wire_user(found))


def _read_password() -> str:
    """Asked for twice on a terminal; else the first line that is piped in."""
    if sys.stdin.isatty():
        typed: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
        return typed
    return sys.stdin.readline().rstrip("\r\n")
