"""The spool: what was acknowledged is there after a crash, once and in order."""

from __future__ import annotations

import asyncio
import errno
import os
import threading
from pathlib import Path

import pytest

from hoofprint.errors import SpoolCorrupt, SpoolFull, Unavailable
from hoofprint.model.arrival import Arrival, Dropped, Kind, Visit
from hoofprint.model.reasons import DropReason
from hoofprint.spool import spool as spool_module
from hoofprint.spool.frame import encode_frame, encode_payload, scan
from hoofprint.spool.journal import Batch, Block, Journal
from hoofprint.spool.reader import SpoolReader
from hoofprint.spool.segment import segments
from hoofprint.spool.spool import Spool


def record(i: int) -> Arrival:
    return Arrival(
        Kind.HIT, "domain0001", 1_750_000_000 + i, i + 1, 0, i, "example.com", f"/{i}", "", Visit()
    )


def open_spool(directory: Path, segment_bytes: int = 1 << 20) -> Spool:
    return Spool(directory, segment_bytes=segment_bytes)


def fill(spool: Spool, count: int, *, first: int = 0, group: int = 1) -> None:
    for i in range(first, first + count, group):
        spool.append([record(i + j) for j in range(group)])


def paths_of(spool: Spool, limit: int = 1000) -> list[str]:
    found: list[str] = []
    while True:
        start, end, records = spool.read(limit)
        if start == end:
            return found
        found += [r.path for r in records if isinstance(r, Arrival)]


def expected(*numbers: int) -> list[str]:
    return [f"/{i}" for i in numbers]


def empty_batch(spool: Spool, start: int, end: int) -> None:
    spool.begin(Batch(start, end, []))
    spool.done()


def test_what_was_appended_is_read_in_order(tmp_path: Path) -> None:
    spool = open_spool(tmp_path)
    fill(spool, 25)
    spool.append([Dropped("domain0001", 5, DropReason.BOT)])
    assert spool.lag == 26
    assert paths_of(spool, limit=10) == expected(*range(25))
    spool.release()


@pytest.fixture(params=["quick", "slow"])
def disk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """A disk that the event loop waits for, or one that a thread does from the second group on."""
    monkeypatch.setattr(spool_module, "QUICK_SECONDS", {"quick": 60.0, "slow": -1.0}[request.param])
    return str(request.param)


@pytest.mark.usefixtures("disk")
def test_groups_of_concurrent_requests_are_durable_when_submit_returns(tmp_path: Path) -> None:
    async def submit_all() -> None:
        spool = open_spool(tmp_path)
        for group in range(4):
            await asyncio.gather(*(spool.submit([record(25 * group + i)]) for i in range(25)))
            assert spool.lag == 25 * (group + 1)
        await spool.close()

    asyncio.run(submit_all())
    spool = open_spool(tmp_path)
    assert sorted(paths_of(spool)) == sorted(expected(*range(100)))
    spool.release()


@pytest.mark.usefixtures("disk")
def test_everybody_in_a_group_hears_that_the_disk_is_full_and_the_next_group_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def submit_all() -> None:
        spool = open_spool(tmp_path)
        await spool.submit([record(0)])
        disk = FullDisk(monkeypatch, room=30)
        tries = [spool.submit([record(i)]) for i in range(1, 4)]
        refused = await asyncio.gather(*tries, return_exceptions=True)
        assert [type(error) for error in refused] == [SpoolFull] * 3
        disk.room = 1 << 20
        await spool.submit([record(4)])
        await spool.close()

    asyncio.run(submit_all())
    spool = open_spool(tmp_path)
    assert paths_of(spool) == expected(0, 4)
    spool.release()


@pytest.mark.usefixtures("disk")
def test_closing_waits_for_what_was_submitted(tmp_path: Path) -> None:
    async def submit_and_close() -> None:
        spool = open_spool(tmp_path)
        await spool.submit([record(0)])
        late = [asyncio.ensure_future(spool.submit([record(i)])) for i in range(1, 4)]
        await asyncio.sleep(0)
        await spool.close()
        await asyncio.gather(*late)

    asyncio.run(submit_and_close())
    spool = open_spool(tmp_path)
    assert paths_of(spool) == expected(0, 1, 2, 3)
    spool.release()


def test_while_a_slow_disk_writes_the_event_loop_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool_module, "QUICK_SECONDS", -1.0)
    sync, gate = os.fdatasync, threading.Event()

    def slow_sync(descriptor: int) -> None:
        assert gate.wait(10)
        sync(descriptor)

    async def submit_and_look() -> None:
        spool = open_spool(tmp_path)
        await spool.submit([record(0)])
        monkeypatch.setattr(os, "fdatasync", slow_sync)
        waiting = asyncio.ensure_future(spool.submit([record(1)]))
        for _ in range(5):
            await asyncio.sleep(0)
        assert not waiting.done()
        gate.set()
        await waiting
        await spool.close()

    asyncio.run(submit_and_look())


def test_after_close_a_submit_is_refused(tmp_path: Path) -> None:
    async def submit_late() -> None:
        spool = open_spool(tmp_path)
        await spool.close()
        with pytest.raises(Unavailable):
            await spool.submit([record(1)])

    asyncio.run(submit_late())


def test_reading_goes_on_over_segments_and_counted_ones_are_removed(tmp_path: Path) -> None:
    spool = open_spool(tmp_path, segment_bytes=200)
    fill(spool, 20)
    assert len(segments(tmp_path)) > 5
    start, end, records = spool.read(10)
    assert len(records) == 10
    empty_batch(spool, start, end)
    assert paths_of(spool) == expected(*range(10, 20))
    spool.release()
    spool = open_spool(tmp_path)
    assert spool.lag == 10
    assert paths_of(spool) == expected(*range(10, 20))
    empty_batch(spool, end, spool.end)
    assert len(segments(tmp_path)) == 1
    assert spool.lag == 0
    spool.release()


@pytest.mark.parametrize("cut", [1, 5, 20, 60])
def test_a_torn_end_is_cut_and_nothing_before_it_is_lost(tmp_path: Path, cut: int) -> None:
    spool = open_spool(tmp_path)
    fill(spool, 5)
    spool.release()
    [segment] = segments(tmp_path)
    segment.write_bytes(segment.read_bytes()[:-cut])
    spool = open_spool(tmp_path)
    fill(spool, 1, first=9)
    assert paths_of(spool) == expected(0, 1, 2, 3, 9)
    spool.release()


def test_positions_go_on_after_a_restart(tmp_path: Path) -> None:
    spool = open_spool(tmp_path)
    fill(spool, 3)
    end = spool.end
    spool.release()
    spool = open_spool(tmp_path)
    assert spool.end == end
    spool.release()


def test_a_batch_request_is_on_disk_as_a_whole_or_not_at_all(tmp_path: Path) -> None:
    spool = open_spool(tmp_path)
    fill(spool, 10, group=10)
    spool.release()
    [segment] = segments(tmp_path)
    segment.write_bytes(segment.read_bytes()[:-1])
    spool = open_spool(tmp_path)
    assert paths_of(spool) == []
    spool.release()


@pytest.mark.parametrize("at", [0.3, 0.5])
def test_damage_in_the_middle_costs_only_the_frame_it_hit(tmp_path: Path, at: float) -> None:
    spool = open_spool(tmp_path, segment_bytes=1 << 20)
    fill(spool, 10)
    spool.release()
    [segment] = segments(tmp_path)
    data = bytearray(segment.read_bytes())
    data[int(len(data) * at)] ^= 0xFF
    segment.write_bytes(data)
    spool = open_spool(tmp_path)
    found = paths_of(spool)
    assert len(found) == 9
    assert spool.lost == 1
    assert segment.with_suffix(".corrupt").exists()
    spool.release()
    spool = open_spool(tmp_path)
    assert paths_of(spool) == found
    spool.release()


def test_damage_at_the_end_of_a_full_segment_leaves_the_next_ones(tmp_path: Path) -> None:
    spool = open_spool(tmp_path, segment_bytes=200)
    fill(spool, 20)
    spool.release()
    segment = segments(tmp_path)[1]
    segment.write_bytes(segment.read_bytes()[:-3])
    spool = open_spool(tmp_path, segment_bytes=200)
    assert len(paths_of(spool)) == 19
    assert spool.lost == 1
    spool.release()


class FullDisk:
    """Lets a write take some bytes, then none, as a full disk does."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, room: int) -> None:
        self.room = room
        self.write = os.write
        monkeypatch.setattr(os, "write", self._write)

    def _write(self, descriptor: int, data: bytes) -> int:
        if self.room <= 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        written = self.write(descriptor, data[: self.room])
        self.room -= written
        return written


def test_a_full_disk_is_refused_and_leaves_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = open_spool(tmp_path)
    fill(spool, 2)
    disk = FullDisk(monkeypatch, room=30)
    with pytest.raises(SpoolFull, match="disk is full"):
        spool.append([record(2)])
    disk.room = 1 << 20
    fill(spool, 1, first=3)
    assert paths_of(spool) == expected(0, 1, 3)
    spool.release()


def test_when_a_failed_write_cannot_be_taken_back_a_new_segment_is_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = open_spool(tmp_path)
    fill(spool, 1)

    def broken(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fdatasync", broken)
        patched.setattr(os, "ftruncate", broken)
        with pytest.raises(SpoolFull):
            spool.append([record(1)])
    fill(spool, 2, first=2)
    assert paths_of(spool) == expected(0, 2, 3)
    spool.release()
    spool = open_spool(tmp_path)
    assert paths_of(spool) == expected(0, 2, 3)
    spool.release()


def test_frames_behind_a_broken_one_are_not_trusted() -> None:
    good = encode_frame(5, 1, encode_payload([record(0)]))
    assert [f.first for f in scan(good + good[:-1])] == [5]
    assert list(scan(good[:-1] + b"x")) == []


def test_a_batch_that_was_begun_is_pending_until_done(tmp_path: Path) -> None:
    batch = Batch(10, 20, [Block("events", 1, b"[1]\n")])
    Journal(tmp_path).begin(batch)
    journal = Journal(tmp_path)
    assert (journal.pending, journal.position) == (batch, 10)
    journal.done()
    journal = Journal(tmp_path)
    assert (journal.pending, journal.position) == (None, 20)


def test_reading_after_a_crash_goes_on_behind_the_pending_batch(tmp_path: Path) -> None:
    spool = open_spool(tmp_path)
    fill(spool, 6)
    start, end, _ = spool.read(4)
    spool.begin(Batch(start, end, []))
    spool.release()
    spool = open_spool(tmp_path)
    assert spool.pending is not None
    assert spool.lag == 6
    spool.done()
    assert spool.lag == 2
    assert paths_of(spool) == expected(4, 5)
    spool.release()


def test_a_damaged_journal_is_refused_with_advice(tmp_path: Path) -> None:
    Journal(tmp_path).begin(Batch(10, 20, []))
    (tmp_path / "journal").write_bytes(b"nonsense")
    with pytest.raises(SpoolCorrupt, match="journal is damaged"):
        Journal(tmp_path)


def test_rewinding_reads_again_what_no_batch_holds(tmp_path: Path) -> None:
    spool = open_spool(tmp_path)
    fill(spool, 4)
    start, end, _ = spool.read(2)
    empty_batch(spool, start, end)
    spool.read(2)
    spool.rewind()
    assert paths_of(spool) == expected(2, 3)
    spool.release()


def test_what_was_just_written_is_not_read_back_from_the_disk(tmp_path: Path) -> None:
    """The records are handed over in memory; a reader that starts again finds the same on disk."""
    spool = open_spool(tmp_path)
    fill(spool, 10)
    for segment in segments(tmp_path):
        segment.rename(segment.with_suffix(".away"))
    found = paths_of(spool)
    assert len(found) == 10
    for segment in tmp_path.glob("*.away"):
        segment.rename(segment.with_suffix(".spool"))
    spool.rewind()
    assert paths_of(spool) == found
    spool.release()


def test_records_that_are_too_many_for_the_memory_are_read_from_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In order, and each once, whether they come from memory or from the disk."""
    monkeypatch.setattr("hoofprint.spool.recent.MOST", 4)
    spool = open_spool(tmp_path)
    fill(spool, 10)
    assert len(set(paths_of(spool))) == 10
    fill(spool, 3)
    assert len(paths_of(spool)) == 3
    spool.release()


def test_reading_begins_anywhere_in_a_segment_and_leaves_nothing_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a restart, and where memory did not hold it: however much of the segment is before."""
    spool = open_spool(tmp_path)
    fill(spool, 60, group=3)
    spool.release()
    monkeypatch.setattr("hoofprint.spool.reader.CHUNK_BYTES", 500)
    first = int(segments(tmp_path)[0].stem)
    for begin in range(60):
        reader = SpoolReader(tmp_path, first + begin)
        found: list[str] = []
        while records := reader.read(10, first + 60):
            found += [r.path for r in records if isinstance(r, Arrival)]
        reader.close()
        assert (found, reader.lost) == (expected(*range(begin, 60)), 0)
    assert not list(tmp_path.glob("*.corrupt"))
