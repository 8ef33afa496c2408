"""`hoofprint user`: accounts."""

from __future__ import annotations

import sys
import time

import click

from hoofprint.cli.common import data_dir_option, opened_records, print_json


@click.group()
def user() -> None:
    """Create, list and rescue accounts."""


@user.command("create")
@click.option("--email", required=True, help="The e-mail address to log in with.")
@click.option("--password", help="At least 10 characters; read from standard input if left out.")
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


@user.command("password")
@click.option("--email", required=True, help="The account's e-mail address.")
@click.option("--password", help="At least 10 characters; read from standard input if left out.")
@data_dir_option
def password_(email: str, password: str | None, data_dir: str | None) -> None:
    """Set an account's password, end its logins, and print the account as JSON."""
    from hoofprint.management.accounts.operating import set_password
    from hoofprint.management.users import wire_user

    new = _read_password() if password is None else password
    with opened_records(data_dir) as records:
        print_json(wire_user(set_password(records, email, new, time.time())))


@user.command("totp-off")
@click.option("--email", required=True, help="The account's e-mail address.")
@data_dir_option
def totp_off(email: str, data_dir: str | None) -> None:
    """Ask an account for no codes at logins any more, and print it as JSON."""
    from hoofprint.management.accounts.operating import forget_second_factor
    from hoofprint.management.users import wire_user

    with opened_records(data_dir) as records:
        print_json(wire_user(forget_second_factor(records, email)))


def _read_password() -> str:
    """Asked for twice on a terminal; else the first line that is piped in."""
    if sys.stdin.isatty():
        typed: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
        return typed
    return sys.stdin.readline().rstrip("\r\n")
