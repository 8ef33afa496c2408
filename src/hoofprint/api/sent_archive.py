"""Receives a form with a file (multipart): the file goes to the disk while it comes in."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO

from litestar.exceptions import ClientException
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from msgspec import Struct
from multipart import (
    MultipartError,
    MultipartSegment,
    ParserLimitReached,
    PushMultipartParser,
    parse_options_header,
)

from hoofprint.errors import HungUp, Invalid, TooLarge, Unavailable
from hoofprint.records.ids import new_code

FORM = "multipart/form-data"
LONGEST_FIELD = 4096
MOST_PARTS = 20
MARGIN = 64 * 1024
"""So many bytes may be around the file."""
WRITE_BYTES = 1024 * 1024
"""So much is written at once: in a thread, since a disk may be slow."""


class Upload(Struct, frozen=True):
    """A form: its texts by name, and the name of the file in the directory, empty without one."""

    fields: dict[str, str]
    file: str


@asynccontextmanager
async def received(
    content_type: str, chunks: AsyncIterator[bytes], directory: Path, most_bytes: int
) -> AsyncIterator[Upload]:
    """A form as it was sent; its file goes when anything is raised from here on.

    The file is the first part with a file's name, or called `file`. Raises Invalid for what is no
    such form, TooLarge for a file of more than `most_bytes`, Unavailable when the disk is full.
    """
    name = new_code()
    path = directory / name
    reader = _Reader(_boundary(content_type), most_bytes)
    try:
        with await asyncio.to_thread(_created, path) as file:
            await reader.read(chunks, file)
        yield Upload(reader.fields, name if reader.has_file else "")
    except BaseException as error:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise Unavailable(f"the file can't be kept: {error}") from error
        raise


def _created(path: Path) -> IO[bytes]:
    """A new file that only its owner may read."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _boundary(content_type: str) -> str:
    kind, options = parse_options_header(content_type)
    if kind != FORM or not options.get("boundary"):
        raise Invalid({}, f"expected a form ({FORM})")
    return str(options["boundary"])


class _Reader:
    """Takes a form apart."""

    def __init__(self, boundary: str, most_bytes: int) -> None:
        self.fields: dict[str, str] = {}
        self.has_file = False
        self._most = most_bytes
        self._size = 0
        self._in_file = False
        self._name = ""
        self._text = bytearray()
        self._pending = bytearray()
        self._parser = PushMultipartParser(boundary, max_segment_count=MOST_PARTS)

    async def read(self, chunks: AsyncIterator[bytes], file: IO[bytes]) -> None:
        """Read all of it; what is in the file is written."""
        received = 0
        try:
            async for chunk in chunks:
                received += len(chunk)
                if received > self._most + MARGIN:
                    raise TooLarge
                if chunk:
                    self._take(self._parser.parse(chunk))
                if len(self._pending) >= WRITE_BYTES:
                    await self._write(file)
            self._parser.close()
        except ParserLimitReached:
            raise TooLarge from None
        except MultipartError as error:
            raise Invalid({}, f"the form can't be read: {error}") from None
        except RequestEntityTooLarge:  # it says itself how large it is
            raise TooLarge from None
        except ClientException:
            raise HungUp from None
        await self._write(file)

    async def _write(self, file: IO[bytes]) -> None:
        pending, self._pending = self._pending, bytearray()
        await asyncio.to_thread(file.write, pending)

    def _take(self, events: Iterable[MultipartSegment | bytes | bytearray | None]) -> None:
        for event in events:
            if isinstance(event, MultipartSegment):
                self._begin(event)
            elif event is None:
                self._end()
            elif self._in_file:
                self._size += len(event)
                if self._size > self._most:
                    raise TooLarge
                self._pending += event
            else:
                self._text += event
                if len(self._text) > LONGEST_FIELD:
                    raise Invalid({self._name: f"must have at most {LONGEST_FIELD} bytes"})

    def _begin(self, part: MultipartSegment) -> None:
        self._name = part.name
        is_file = part.filename is not None or part.name == "file"
        self._in_file = is_file and not self.has_file
        self._text.clear()

    def _end(self) -> None:
        if self._in_file:
            self.has_file = True
            self._in_file = False
        else:
            self.fields.setdefault(self._name, self._text.decode("utf-8", "replace").strip())
