"""CSV files in the zips of others: streamed, within limits, whatever a zip says of itself."""

from __future__ import annotations

import csv
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from io import BufferedReader
from pathlib import Path, PurePosixPath
from typing import IO, Self

from msgspec import Struct

from hoofprint.errors import Invalid
from hoofprint.jobs.importers.reading import Broken, Columns, Item, Unreadable
from hoofprint.model.imported import ImportedRow

MOST_ENTRIES = 200
MOST_BYTES = 4 * 1024**3
"""So large all files may be once they are unpacked."""
READ_BYTES = 256 * 1024
LONGEST_LINE = 64 * 1024
"""In bytes; no line of such files is near it."""
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)
"""What reading a zip raises that is damaged, encrypted, or packed in a way that nobody uses."""

Read = Callable[[Columns], ImportedRow]
"""What a row becomes; raises Unreadable."""


class Format(Struct, frozen=True):
    """A kind of archive: which of its files are read, by the pattern of their names, and how.

    `needs` are the columns without which a file can't be read; a file has one of each group.
    """

    files: Mapping[str, Read]
    needs: tuple[tuple[str, ...], ...]


class Limits(Struct, frozen=True):
    """How much of an archive is read before it is refused."""

    entries: int = MOST_ENTRIES
    size: int = MOST_BYTES


class Archive:
    """The rows of an archive that has a format; used in a `with`.

    Opening it raises Invalid when it is no zip, has none of the files or too many, or says itself
    that it is too large. Reading raises Invalid when it is damaged, or larger than it said.
    """

    def __init__(self, file: Path, form: Format, limits: Limits = Limits()) -> None:  # noqa: B008 - frozen
        self._limits = limits
        self._format = form
        self._read = 0
        try:
            self._zip = zipfile.ZipFile(file)
        except _DAMAGED as error:
            raise Invalid({}, f"is no zip file that can be read: {error}") from None
        try:
            self._files = self._found()
        except BaseException:
            self._zip.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def count(self) -> int:
        """How many lines its files have below their headers."""
        lines = 0
        for entry, _ in self._files:
            with self._opened(entry) as file:
                lines += max(sum(1 for _ in self._raw_lines(file)) - 1, 0)
        self._read = 0
        return lines

    def rows(self) -> Iterator[Item]:
        """Every row of its files."""
        for entry, read in self._files:
            with self._opened(entry) as file:
                yield from self._rows_of(_name(entry), file, read)

    def _found(self) -> list[tuple[zipfile.ZipInfo, Read]]:
        entries = self._zip.infolist()
        if len(entries) > self._limits.entries:
            raise Invalid({}, f"has more than {self._limits.entries} files")
        found = [
            (entry, read)
            for pattern, read in self._format.files.items()
            for entry in entries
            if not entry.is_dir() and not entry.filename.startswith("__MACOSX/")
            if PurePosixPath(_name(entry).lower()).match(pattern)
        ]
        if not found:
            raise Invalid({}, f"has none of the files {', '.join(self._format.files)}")
        if sum(entry.file_size for entry, _ in found) > self._limits.size:
            raise Invalid({}, self._too_large())
        return found

    def _too_large(self) -> str:
        return f"is larger than {self._limits.size} bytes when it is unpacked"

    def _opened(self, entry: zipfile.ZipInfo) -> IO[bytes]:
        try:
            return BufferedReader(self._zip.open(entry), READ_BYTES)  # type: ignore[type-var]
        except _DAMAGED as error:
            raise Invalid({}, f"{_name(entry)} can't be read: {error}") from None

    def _lines(self, file: IO[bytes]) -> Iterator[str]:
        return (line.decode("utf-8", "replace") for line in self._raw_lines(file))

    def _raw_lines(self, file: IO[bytes]) -> Iterator[bytes]:
        """Lines, within the limits. Raises Invalid."""
        while True:
            try:
                line = file.readline(LONGEST_LINE)
            except _DAMAGED as error:
                raise Invalid({}, f"is damaged: {error}") from None
            if not line:
                return
            self._read += len(line)
            if self._read > self._limits.size:
                raise Invalid({}, self._too_large())
            if len(line) == LONGEST_LINE:
                raise Invalid({}, f"has a line of more than {LONGEST_LINE} bytes")
            yield line

    def _rows_of(self, name: str, file: IO[bytes], read: Read) -> Iterator[Item]:
        lines = csv.reader(self._lines(file))
        header: list[str] | None = None
        while True:
            try:
                cells = next(lines)
            except StopIteration:
                return
            except csv.Error as error:
                yield Broken(name, lines.line_num, str(error))
                continue
            if header is None:
                header = [cell.removeprefix("\ufeff").strip().lower() for cell in cells]
                if missing := self._missing(header):
                    yield Broken(name, 0, f"has no column {missing}")
                    return
            elif cells:
                yield _item(name, lines.line_num, header, cells, read)

    def _missing(self, header: list[str]) -> str:
        """The first column that is not there and must be."""
        for group in self._format.needs:
            if not set(group) & set(header):
                return " or ".join(group)
        return ""


def _item(name: str, line: int, header: list[str], cells: list[str], read: Read) -> Item:
    if len(cells) != len(header):
        return Broken(name, line, f"has {len(cells)} values, not {len(header)}")
    try:
        return read(dict(zip(header, cells, strict=True)))
    except Unreadable as error:
        return Broken(name, line, str(error))


def _name(entry: zipfile.ZipInfo) -> str:
    return PurePosixPath(entry.filename.replace("\\", "/")).name
