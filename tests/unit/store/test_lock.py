"""One at a time may have a directory open."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hoofprint.errors import StoreError
from hoofprint.store.lock import DirectoryLock


def test_the_second_is_told_who_the_first_is(tmp_path: Path) -> None:
    lock = DirectoryLock(tmp_path)
    with pytest.raises(StoreError, match=f"in use by the process {os.getpid()};"):
        DirectoryLock(tmp_path)
    lock.release()


def test_a_released_directory_can_be_locked_again(tmp_path: Path) -> None:
    first = DirectoryLock(tmp_path)
    first.release()
    first.release()
    second = DirectoryLock(tmp_path)
    with pytest.raises(StoreError):
        DirectoryLock(tmp_path)
    second.release()


def test_a_lock_file_left_by_a_dead_process_locks_nobody_out(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text("4711000\nand more\n")
    lock = DirectoryLock(tmp_path)
    assert (tmp_path / "lock").read_text() == f"{os.getpid()}\n"
    lock.release()
