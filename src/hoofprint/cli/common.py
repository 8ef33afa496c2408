"""What every command shares: where the data is, the opened records, and how it answers."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click
import msgspec

from hoofprint.settings import read_settings

if TYPE_CHECKING:
    from hoofprint.records.engine import Records

C = TypeVar("C", bound=Callable[..., Any])


def data_dir_option(command: C) -> C:
    """`--data-dir`; every other setting comes from the environment or the file."""
    return click.option(
        "--data-dir",
        metavar="DIRECTORY",
        help="Where the instance keeps its data (the setting data_dir).",
    )(command)


@contextmanager
def opened_records(data_dir: str | None) -> Iterator[Records]:
    """The management database, brought up to date; works beside a running server."""
    from hoofprint.records.engine import open_records

    records = open_records(read_settings({"data_dir": data_dir}).records_url)
    try:
        records.upgrade()
        yield records
    finally:
        records.close()


def print_json(answer: Mapping[str, Any]) -> None:
    """One object on one line of standard output."""
    sys.stdout.write(msgspec.json.encode(answer).decode() + "\n")
