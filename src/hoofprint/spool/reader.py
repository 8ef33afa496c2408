"""Reads the spool's records in order, from segment to segment."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

import structlog

from hoofprint.spool.frame import HEADER_BYTES, Frame, Record, decode_payload, resync, scan
from hoofprint.spool.segment import first_of, segments

CHUNK_BYTES = 4 * 1024 * 1024

log = structlog.get_logger("hoofprint.spool")


class SpoolReader:
    """A place in the spool that moves on; used by one thread.

    `position` is the next record to be read. A damaged stretch is skipped with an error in the log
    that says how many records it held, and counted in `lost`; its segment is kept as `.corrupt`.
    """

    def __init__(self, directory: Path, position: int) -> None:
        self.position = position
        self.lost = 0
        self._directory = directory
        self._file: BinaryIO | None = None
        self._path: Path | None = None
        self._offset = 0

    def read(self, limit: int, end: int) -> list[Record]:
        """At least one and about `limit` records (whole frames) from the position on.

        `end` is the position behind the last durable record; nothing at or behind it is returned.
        An empty list means that there is nothing to read.
        """
        records: list[Record] = []
        while self.position < end and len(records) < limit:
            if self._file is None and not self._open():
                break
            offset = self._offset
            self._read_frames(records, limit, end)
            if self._offset == offset and not self._move_on(end):
                break
        return records

    def seek(self, position: int) -> None:
        """Go on from another position."""
        self.close()
        self.position = position

    def close(self) -> None:
        """Release the open segment."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _open(self) -> bool:
        """Open the segment that holds the position, else the first one behind it."""
        paths = segments(self._directory)
        holding = [p for p in paths if first_of(p) <= self.position]
        path = holding[-1] if holding else next(iter(paths), None)
        if path is None:
            return False
        self._switch(path)
        return True

    def _switch(self, path: Path) -> None:
        self.close()
        self._file = path.open("rb", buffering=0)
        self._path = path
        self._offset = 0
        first = first_of(path)
        if first > self.position:
            self._lose(first - self.position, "records are missing in front of a segment")
            self.position = first

    def _read_frames(self, records: list[Record], limit: int, end: int) -> None:
        """Append the records of the frames at the offset, as far as they go."""
        size = CHUNK_BYTES
        following = self._following()
        bound = min(end, first_of(following)) if following else end
        while True:
            data = self._pread(self._offset, size)
            frame: Frame | None = None
            for frame in scan(data):
                if frame.first >= bound or len(records) >= limit:
                    return
                if frame.first + frame.count > self.position:
                    found = decode_payload(memoryview(data)[frame.start + HEADER_BYTES : frame.end])
                    if frame.first > self.position:
                        self._lose(frame.first - self.position, "records are missing in a segment")
                    records += found[max(0, self.position - frame.first) :]
                    self.position = frame.first + frame.count
                self._offset += frame.end - frame.start
            if frame is not None or len(data) < size:
                return
            size *= 2  # one frame is larger than what was read

    def _move_on(self, end: int) -> bool:
        """Nothing readable at the offset though records must follow: find where it goes on."""
        frame = resync(self._pread(self._offset, -1), 0, self.position)
        if frame is not None and frame.first < end:
            self._keep_corrupt()
            self._offset += frame.start
            return True
        following = self._following()
        if following is None:
            return False
        if first_of(following) > self.position:
            self._keep_corrupt()
        self._switch(following)
        return True

    def _following(self) -> Path | None:
        return next((p for p in segments(self._directory) if self._path and p > self._path), None)

    def _pread(self, offset: int, size: int) -> bytes:
        if self._file is None:
            return b""
        self._file.seek(offset)
        return self._file.read(size)

    def _keep_corrupt(self) -> None:
        if self._path is not None:
            kept = self._path.with_suffix(".corrupt")
            if not kept.exists():
                kept.hardlink_to(self._path)

    def _lose(self, count: int, what: str) -> None:
        self.lost += count
        log.error(what, segment=self._path.name if self._path else "", records=count)
