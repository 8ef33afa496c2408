"""How far the spool has been counted, and the one batch that may be on its way into the store.

The journal is a single file. Before a batch is stored its encoded rows are written here; after the
store holds them all one byte marks it as done. A crash in between is mended by storing the same
bytes under the same deduplication token again: nothing is computed twice, nothing is stored twice.
"""

from __future__ import annotations

import os
import struct
from pathlib import Path
from zlib import crc32

import msgspec
from msgspec import Struct

from hoofprint.errors import SpoolCorrupt
from hoofprint.spool.segment import sync_directory

FILE_NAME = "journal"
_MAGIC = b"HOOFJRN1"
_PREFIX = struct.Struct("<8sBI")
"""Magic, 1 when done, CRC-32 of the rest."""
_DONE_OFFSET = len(_MAGIC)


class Block(Struct, frozen=True, array_like=True):
    """Encoded rows of one table."""

    table: str
    rows: int
    data: bytes


class Batch(Struct, frozen=True, array_like=True):
    """What the records from `start` up to `end` add to the store."""

    start: int
    end: int
    blocks: list[Block]

    @property
    def token(self) -> str:
        """The deduplication token of the batch's inserts."""
        return f"{self.start}-{self.end}"


class Journal:
    """The last batch of a spool; used by one thread.

    `position` is the first record that has not been counted, None for a new spool. `pending` is a
    batch of which the store may hold a part: it must be stored and marked done first.
    """

    def __init__(self, directory: Path) -> None:
        self._path = directory / FILE_NAME
        self.position: int | None = None
        self.pending: Batch | None = None
        try:
            data = self._path.read_bytes()
        except FileNotFoundError:
            return
        batch, done = self._decode(data)
        if done:
            self.position = batch.end
        else:
            self.position, self.pending = batch.start, batch

    def begin(self, batch: Batch) -> None:
        """Write a batch down, durably. Raises OSError; the journal is then as before."""
        body = msgspec.msgpack.encode(batch)
        partial = self._path.with_suffix(".new")
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            with os.fdopen(descriptor, "wb", closefd=False) as file:
                file.write(_PREFIX.pack(_MAGIC, 0, crc32(body)))
                file.write(body)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        partial.rename(self._path)
        sync_directory(self._path.parent)
        self.position, self.pending = batch.start, batch

    def done(self) -> None:
        """Mark the pending batch as stored, durably. Raises OSError."""
        if self.pending is None:
            return
        descriptor = os.open(self._path, os.O_WRONLY)
        try:
            os.pwrite(descriptor, b"\x01", _DONE_OFFSET)
            os.fdatasync(descriptor)
        finally:
            os.close(descriptor)
        self.position, self.pending = self.pending.end, None

    def _decode(self, data: bytes) -> tuple[Batch, bool]:
        body = data[_PREFIX.size :]
        if len(data) >= _PREFIX.size:
            magic, done, checksum = _PREFIX.unpack_from(data)
            if magic == _MAGIC and crc32(body) == checksum:
                return msgspec.msgpack.decode(body, type=Batch), bool(done)
        raise SpoolCorrupt(
            f"{self._path} is damaged, so it is unknown how far the spool has been counted; "
            "restore the file, or move the spool directory away to start with an empty one"
        )
