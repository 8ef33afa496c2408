"""A segment of the spool: an append-only file of frames, named after its first position."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import structlog
from msgspec import Struct

from hoofprint.errors import SpoolFull
from hoofprint.spool.frame import resync, scan

SUFFIX = ".spool"

log = structlog.get_logger("hoofprint.spool")


def path_of(directory: Path, first: int) -> Path:
    """Where the segment that begins at a position lies; names sort by position."""
    return directory / f"{first:020d}{SUFFIX}"


def first_of(path: Path) -> int:
    """The position at which a segment begins."""
    return int(path.stem)


def segments(directory: Path) -> list[Path]:
    """All segments of a spool, oldest first."""
    return sorted(directory.glob(f"*{SUFFIX}"))


def sync_directory(directory: Path) -> None:
    """Make created, renamed and removed names of a directory durable."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class Recovered(Struct, frozen=True):
    """What a segment holds after a crash: the position behind its last record, and its length."""

    end: int
    size: int


def recover(path: Path) -> Recovered:
    """Find the last whole frame of the newest segment and cut what is behind it.

    Damage in front of a whole frame is left to the reader, which skips it. What is cut is kept
    beside the segment (`.torn`) for inspection; it was never acknowledged, unless the disk itself
    damaged it.
    """
    data = path.read_bytes()
    end, size = first_of(path), 0
    offset = 0
    while True:
        for frame in scan(data, offset):
            end, size = frame.first + frame.count, frame.end
        behind_damage = resync(data, size, end)
        if behind_damage is None:
            break
        offset = behind_damage.start
    torn = data[size:]
    if torn:
        if torn.strip(b"\0"):
            path.with_suffix(".torn").write_bytes(torn)
        log.warning("torn end of the spool cut", segment=path.name, bytes=len(torn))
        descriptor = os.open(path, os.O_WRONLY)
        try:
            os.ftruncate(descriptor, size)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    return Recovered(end, size)


class SegmentWriter:
    """Appends to one segment; used by one thread at a time."""

    def __init__(self, path: Path, size: int, *, sync: bool) -> None:
        self.path = path
        self.size = size
        self._sync = sync
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        sync_directory(path.parent)

    def append(self, data: bytes) -> None:
        """Write and, unless durability is relaxed, wait until the disk has it.

        Raises SpoolFull when the disk does not take it; then nothing of it stays in the segment.
        """
        try:
            written = os.write(self._descriptor, data)
            while written < len(data):
                written += os.write(self._descriptor, data[written:])
            if self._sync:
                os.fdatasync(self._descriptor)
        except OSError as error:
            self._undo()
            full = error.errno in (errno.ENOSPC, errno.EDQUOT)
            what = "the disk is full" if full else error.strerror
            raise SpoolFull(f"the spool could not be written: {what}") from error
        self.size += len(data)

    def _undo(self) -> None:
        try:
            os.ftruncate(self._descriptor, self.size)
            os.fsync(self._descriptor)
        except OSError as error:
            # A frame behind a torn one would not be found: this segment is over.
            log.error("a failed write was not taken back", error=str(error))  # noqa: TRY400
            self.size = -1

    @property
    def broken(self) -> bool:
        """Whether a failed write could not be taken back: nothing more may be appended."""
        return self.size < 0

    def close(self) -> None:
        """Release the file."""
        os.close(self._descriptor)
