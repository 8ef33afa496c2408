"""The keys behind visitor ids: one a day, kept over restarts, then destroyed (`rules.md` 1.1)."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from hoofprint.errors import Unavailable
from hoofprint.records.visitor_keys import VisitorKeys

DAY = 86_400
NOON = 20_000 * DAY + DAY // 2
WHO = ("203.0.113.9", "Mozilla/5.0 (somebody)", "domain0001")


def keys_in(directory: Path) -> VisitorKeys:
    return VisitorKeys(directory / "keys", retention_seconds=DAY)


def test_a_visitor_keeps_the_id_within_a_day_and_over_a_restart(tmp_path: Path) -> None:
    first = keys_in(tmp_path).identify(NOON, *WHO, now=NOON)
    keys = keys_in(tmp_path)
    assert keys.identify(NOON + 5 * 3600, *WHO, now=NOON) == first


def test_another_day_is_another_id(tmp_path: Path) -> None:
    keys = keys_in(tmp_path)
    assert keys.identify(NOON, *WHO, now=NOON) != keys.identify(NOON + DAY, *WHO, now=NOON)


def test_a_key_is_destroyed_24_hours_after_its_day_ended(tmp_path: Path) -> None:
    keys = keys_in(tmp_path)
    first = keys.identify(NOON, *WHO, now=NOON)
    end = 20_001 * DAY
    keys.identify(NOON, *WHO, now=end + DAY - 2)
    assert keys.destroy_expired(end + DAY - 1) == []
    assert keys.destroy_expired(end + DAY) == [20_000]
    assert list((tmp_path / "keys").iterdir()) == []
    assert keys.identify(NOON, *WHO, now=end + DAY) != first


def test_a_backdated_hit_gets_a_new_key_until_24_hours_after_its_last_use(tmp_path: Path) -> None:
    keys = keys_in(tmp_path)
    old = NOON - 9 * DAY
    first = keys.identify(old, *WHO, now=NOON)
    keys.identify(old, *WHO, now=NOON + DAY - 1)
    keys = keys_in(tmp_path)
    assert keys.destroy_expired(NOON + 2 * DAY - 2) == []
    assert keys.identify(old, *WHO, now=NOON + DAY - 1) == first
    assert keys.destroy_expired(NOON + 2 * DAY) == [20_000 - 9]


def test_no_key_is_readable_by_others_or_lies_in_the_data(tmp_path: Path) -> None:
    keys = keys_in(tmp_path)
    keys.identify(NOON, *WHO, now=NOON)
    [path] = (tmp_path / "keys").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_key_survives_any_of_its_bytes(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "2024-10-04.key").write_bytes(b"a\r\nb\rc\nd\x01\x7f" + b"x" * 6)
    first = keys_in(tmp_path).identify(20_000 * DAY, *WHO, now=NOON)
    (tmp_path / "keys" / "2024-10-04.key").write_bytes(b"a\nb\nc\nd\x01\x7f" + b"x" * 7)
    assert keys_in(tmp_path).identify(20_000 * DAY, *WHO, now=NOON) != first


def test_a_key_that_cannot_be_written_is_not_used(tmp_path: Path) -> None:
    keys = keys_in(tmp_path)
    (tmp_path / "keys").rmdir()
    with pytest.raises(Unavailable, match="cannot be written"):
        keys.identify(NOON, *WHO, now=NOON)
    assert keys.days() == []
