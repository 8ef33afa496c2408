"""The command line: the commands, and how their errors are told."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

import hoofprint
from hoofprint.cli.client import client
from hoofprint.cli.domain import domain
from hoofprint.cli.imports import import_
from hoofprint.cli.seed import seed
from hoofprint.cli.serve import serve
from hoofprint.cli.user import user
from hoofprint.errors import HoofprintError, Invalid, SettingsError

BAD_INPUT = 2
FAILED = 1
INTERRUPTED = 130


@click.group()
@click.version_option(hoofprint.__version__, prog_name="hoofprint")
def cli() -> None:
    """Self-hosted, privacy-friendly web analytics."""


for command in (serve, user, domain, client, seed, import_):
    cli.add_command(command)


def run(arguments: Sequence[str]) -> int:
    """Run one command; returns the exit code. Errors are lines on standard error."""
    try:
        code = cli.main(list(arguments), prog_name="hoofprint", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return BAD_INPUT
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except (click.ClickException, HoofprintError, OSError) as error:
        lines, failure = explain(error)
        for line in lines:
            click.echo(" ".join(line.split()), err=True)
        return failure
    return code if isinstance(code, int) else 0


def explain(error: Exception) -> tuple[Sequence[str], int]:
    """What is said about an error, a line for each field, and its exit code."""
    match error:
        case Invalid():
            fields = [f"{field}: {message}" for field, message in error.fields.items()]
            return [*fields, *error.messages], BAD_INPUT
        case click.ClickException():
            return [error.format_message()], BAD_INPUT
        case SettingsError():
            return [str(error)], BAD_INPUT
        case _:
            return [str(error) or type(error).__name__], FAILED


def main() -> None:
    """The entry point of `hoofprint`."""
    sys.exit(run(sys.argv[1:]))
