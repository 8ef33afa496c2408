"""CSV files in a zip archive, made piece by piece: neither is ever in memory as a whole."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import msgspec

from hoofprint.query.report import Row

CSV = ".csv"
_FORMULA = re.compile(r"'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
"""The last four are the signs in full width."""
_PLAIN_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_json = msgspec.json.Encoder().encode


class Table(NamedTuple):
    """One file: its name without the ending, its rows in pieces, and the names of their fields.

    The names count if there is no row; else a row brings its own.
    """

    name: str
    pieces: Iterable[Sequence[Row]]
    fields: Sequence[str]


def archive(tables: Iterable[Table], at: datetime) -> Iterator[bytes]:
    """The bytes of a zip with a CSV file for each table, a piece of rows at a time.

    Files carry the time `at`. A single one may have 2 GiB before it is compressed, so that every
    program can open the archive; more raises RuntimeError.
    """
    sink = _Sink()
    with ZipFile(sink, "w") as zipped:
        for table in tables:
            entry = ZipInfo(table.name + CSV, at.timetuple()[:6])
            entry.compress_type = ZIP_DEFLATED
            with zipped.open(entry, "w") as file:
                for text in _lines(table):
                    file.write(text.encode())
                    yield sink.take()
    yield sink.take()


class _Sink:
    """What `ZipFile` writes to: it can't go back, so nothing has to be kept."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing: what is written waits for `take`."""

    def close(self) -> None:
        """Nothing: there is no file."""

    def take(self) -> bytes:
        """What was written since the last time."""
        taken = b"".join(self._parts)
        self._parts.clear()
        return taken


def _lines(table: Table) -> Iterator[str]:
    """The text of a CSV file (RFC 4180), the names of the fields first."""
    named = False
    for rows in table.pieces:
        buffer = io.StringIO(newline="")
        writer = csv.writer(buffer)
        if not named:
            writer.writerow(rows[0] if rows else table.fields)
            named = True
        writer.writerows([cell(value) for value in row.values()] for row in rows)
        yield buffer.getvalue()


def cell(value: Any) -> str | int | float:
    """A value of JSON as a cell: null is empty, lists and objects are JSON in a text."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return harmless(value)
        case int() | float():
            return value
        case _:
            return _json(value).decode()


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula.

    Visitors choose what paths, referrers and events are called, and programs run what begins with
    one of the signs. An apostrophe in front keeps them from it; texts that begin with apostrophes
    and a sign get one more, so that it can be taken away again without guessing. Texts that are
    plain numbers, also negative ones, stay as they are, and numbers never come here.
    """
    if _FORMULA.match(text) and not _PLAIN_NUMBER.fullmatch(text):
        return "'" + text
    return text
