"""The durable log between accepting and counting: append, group commit, read, trim."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import structlog

from hoofprint.errors import SpoolFull, Unavailable
from hoofprint.spool.frame import Record, encode_frame, encode_payload
from hoofprint.spool.journal import Batch, Journal
from hoofprint.spool.reader import SpoolReader
from hoofprint.spool.recent import Recent
from hoofprint.spool.segment import (
    SegmentWriter,
    first_of,
    path_of,
    recover,
    segments,
    sync_directory,
)

MOST_WAITING_BYTES = 256 * 1024 * 1024
"""More than this waiting for the disk is refused instead of kept in memory."""

QUICK_SECONDS = 0.003
"""A disk that takes no longer is waited for by the event loop itself.

To hand a group to a thread and back costs more than a quarter of what a hit costs at all.
"""

log = structlog.get_logger("hoofprint.spool")

_Encoded = tuple[bytes, Sequence[Record]]
_Waiting = tuple[_Encoded, "asyncio.Future[None]"]


class Spool:
    """An append-only log of arrivals and drops in one directory.

    Positions count records and only grow; a new spool begins at the current time in microseconds,
    so that positions never repeat, even after a spool was thrown away. `submit` belongs to the
    event loop, which waits for a quick disk itself and leaves a slow one to a thread; `read`,
    `begin`, `done` and `pending` to the one thread that counts.
    """

    def __init__(self, directory: Path, *, segment_bytes: int, sync: bool = True) -> None:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._directory = directory
        self._segment_bytes = segment_bytes
        self._sync = sync
        self._journal = Journal(directory)
        counted = self._journal.position
        existing = segments(directory)
        fresh = int(time.time() * 1_000_000) if counted is None else counted
        self._end = fresh
        size = 0
        path = path_of(directory, fresh)
        if existing:
            recovered = recover(existing[-1])
            if recovered.end >= (counted or 0):
                path, size, self._end = existing[-1], recovered.size, recovered.end
        self._first = first_of(existing[0]) if existing else self._end
        self._reader = SpoolReader(directory, self._first_unread())
        self._writer = SegmentWriter(path, size, sync=sync)
        self._recent = Recent()
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="spool")
        self._waiting: list[_Waiting] = []
        self._waiting_bytes = 0
        self._committing = False
        self._quick = True
        self._closed = False

    @property
    def end(self) -> int:
        """The position behind the last durable record."""
        return self._end

    @property
    def counted(self) -> int:
        """The position of the first record that is not known to be in the store."""
        return self._first if self._journal.position is None else self._journal.position

    @property
    def lag(self) -> int:
        """Records that were accepted but are not in the store yet."""
        return self._end - self.counted

    @property
    def lost(self) -> int:
        """Records that were lost to a damaged disk since the start; each loss is in the log."""
        return self._reader.lost

    @property
    def pending(self) -> Batch | None:
        """A batch that was begun before a crash and must be stored again."""
        return self._journal.pending

    def _first_unread(self) -> int:
        """The position of the first record that no batch holds yet."""
        if self._journal.pending is not None:
            return self._journal.pending.end
        return self.counted

    async def submit(self, records: Sequence[Record]) -> None:
        """Append the records of one request and return once they are durable.

        All of them are stored or none. Raises SpoolFull when the disk does not take them and
        Unavailable after `close`.
        """
        payload = encode_payload(records)
        if self._closed:
            raise Unavailable("the server is stopping")
        if self._waiting_bytes + len(payload) > MOST_WAITING_BYTES:
            raise SpoolFull("the disk is too slow for what comes in")
        loop = asyncio.get_running_loop()
        durable: asyncio.Future[None] = loop.create_future()
        self._waiting.append(((payload, records), durable))
        self._waiting_bytes += len(payload)
        if not self._committing:
            self._committing = True
            loop.call_soon(self._commit, loop)  # with what else comes in this turn of the loop
        await durable

    def append(self, records: Sequence[Record]) -> None:
        """Append records without an event loop (for the command line)."""
        self._write([(encode_payload(records), records)])

    def _commit(self, loop: asyncio.AbstractEventLoop) -> None:
        """Give everything that waits to the disk; what comes meanwhile is the next group."""
        group, self._waiting, self._waiting_bytes = self._waiting, [], 0
        frames = [encoded for encoded, _ in group]
        if self._quick:
            error: BaseException | None = None
            try:
                self._write(frames)
            except BaseException as failed:  # noqa: BLE001 - whoever waits hears of it
                error = failed
            self._committed(loop, group, error)
            return
        writing = self._executor.submit(self._write, frames)

        def written(future: Future[None]) -> None:
            loop.call_soon_threadsafe(self._committed, loop, group, future.exception())

        writing.add_done_callback(written)

    def _committed(
        self,
        loop: asyncio.AbstractEventLoop,
        group: list[_Waiting],
        error: BaseException | None,
    ) -> None:
        self._committing = bool(self._waiting)
        if self._waiting:
            self._commit(loop)
        for _, durable in group:
            if not durable.done():
                if error is None:
                    durable.set_result(None)
                else:
                    durable.set_exception(error)

    def _write(self, frames: list[_Encoded]) -> None:
        """Append frames to the newest segment; one thread at a time."""
        if self._writer.size >= self._segment_bytes or self._writer.broken:
            self._roll()
        end = self._end
        parts: list[bytes] = []
        for payload, records in frames:
            parts.append(encode_frame(end, len(records), payload))
            end += len(records)
        began = time.perf_counter()
        self._writer.append(b"".join(parts))
        self._quick = time.perf_counter() - began < QUICK_SECONDS
        for _, records in frames:
            self._recent.add(self._end, records)
            self._end += len(records)

    def _roll(self) -> None:
        try:
            writer = SegmentWriter(path_of(self._directory, self._end), 0, sync=self._sync)
        except OSError as error:
            raise SpoolFull(f"a spool segment could not be made: {error.strerror}") from error
        self._writer.close()
        self._writer = writer

    def read(self, limit: int) -> tuple[int, int, list[Record]]:
        """The next records to be counted, about `limit` of them, and the positions they span.

        `end - start` is more than the number of records only where a damaged disk lost some.
        """
        start = self._reader.position
        records = self._recent.take(start, limit)
        if records:
            self._reader.seek(start + len(records))
        else:
            records = self._reader.read(limit, self._end)
        return start, self._reader.position, records

    def rewind(self) -> None:
        """Read again from the first record that no batch holds yet."""
        self._reader.seek(self._first_unread())

    def begin(self, batch: Batch) -> None:
        """Write down what is about to be stored. Raises OSError."""
        self._journal.begin(batch)

    def done(self) -> None:
        """The store holds the pending batch: move on and remove segments behind it.

        Raises OSError.
        """
        self._journal.done()
        counted = self._journal.position or 0
        paths = segments(self._directory)
        gone = [path for path, following in pairwise(paths) if first_of(following) <= counted]
        for path in gone:
            path.unlink(missing_ok=True)
        if gone:
            sync_directory(self._directory)

    async def quiesce(self) -> None:
        """Refuse what comes from now on and wait until all that was taken is durable."""
        self._closed = True
        await asyncio.gather(*(durable for _, durable in self._waiting), return_exceptions=True)
        await asyncio.wrap_future(self._executor.submit(int))  # the group that is being written

    async def close(self) -> None:
        """`quiesce`, then release the files."""
        await self.quiesce()
        await asyncio.to_thread(self.release)

    def release(self) -> None:
        """Release the files."""
        self._closed = True
        self._executor.shutdown()
        self._writer.close()
        self._reader.close()
