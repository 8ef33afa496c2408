"""The keys behind visitor ids: random, one a UTC day, on disk apart from the data, then destroyed.

Each key is a file named after its day in a directory of its own (mode 0700), which no backup of the
data directory holds. A key that was made during its day is destroyed 24 hours (a setting) after
the day ended. A backdated hit of an older day gets a new key (`.late.key`), destroyed 24 hours
after its last use, which is the file's modification time.
"""

from __future__ import annotations

import os
import secrets
import threading
from datetime import date, timedelta
from pathlib import Path

import structlog
from msgspec import Struct

from hoofprint.errors import Unavailable
from hoofprint.sessions.visitors import DAY_SECONDS, KEY_CHARACTERS, day_of, visitor_id

EPOCH = date(1970, 1, 1)
SUFFIX = ".key"
LATE = ".late"
USE_GRAIN_SECONDS = 600
"""The last use of an old day's key is written down at this grain."""

log = structlog.get_logger("hoofprint.keys")


class _Key(Struct):
    text: str
    late: bool
    last_use: float


class VisitorKeys:
    """Makes, finds and destroys the keys of days; safe to call from several threads."""

    def __init__(self, directory: Path, retention_seconds: int) -> None:
        self._directory = directory
        self._retention = retention_seconds
        self._lock = threading.Lock()
        self._keys: dict[int, _Key] = {}
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        for path in directory.glob(f"*{SUFFIX}"):
            name, late, _ = path.stem.partition(LATE)
            day = (date.fromisoformat(name) - EPOCH).days
            self._keys[day] = _Key(path.read_bytes().decode(), bool(late), path.stat().st_mtime)

    def identify(self, time: int, ip: str, user_agent: str, domain_id: str, now: float) -> int:
        """The visitor id of a request that happened at `time`, under the key of its UTC day."""
        day = day_of(time)
        key = self._keys.get(day)
        if key is None:
            key = self._create(day, now)
        if key.late and now - key.last_use > USE_GRAIN_SECONDS:
            self._used(day, key, now)
        return visitor_id(key.text, ip, user_agent, domain_id)

    def days(self) -> list[int]:
        """The days that still have a key, ascending, as days since 1970-01-01."""
        return sorted(self._keys)

    def destroy_expired(self, now: float) -> list[int]:
        """Erase every key that is no longer needed; returns their days."""
        with self._lock:
            expired = [d for d, key in self._keys.items() if now >= self._expires(d, key)]
            for day in expired:
                self._erase(self._path(day, self._keys.pop(day)))
        return expired

    def _expires(self, day: int, key: _Key) -> float:
        """When the key of a day is no longer needed, in Unix seconds."""
        return (key.last_use if key.late else (day + 1) * DAY_SECONDS) + self._retention

    def _path(self, day: int, key: _Key) -> Path:
        late = LATE if key.late else ""
        return self._directory / f"{EPOCH + timedelta(days=day)}{late}{SUFFIX}"

    def _create(self, day: int, now: float) -> _Key:
        """A new key, durable before it is used: a restart must not split a visitor in two."""
        with self._lock:
            if day in self._keys:
                return self._keys[day]
            text = "".join(chr(1 + secrets.randbelow(127)) for _ in range(KEY_CHARACTERS))
            key = _Key(text, late=day < day_of(int(now)), last_use=now)
            path = self._path(day, key)
            partial = path.with_suffix(".new")
            try:
                descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
                try:
                    os.write(descriptor, key.text.encode())
                    os.fsync(descriptor)
                finally:
                    os.close(descriptor)
                partial.rename(path)
                os.utime(path, (now, now))
                self._sync_directory()
            except OSError as error:
                raise Unavailable(f"the visitor key of a day cannot be written: {error}") from error
            self._keys[day] = key
            return key

    def _used(self, day: int, key: _Key, now: float) -> None:
        key.last_use = now
        try:
            os.utime(self._path(day, key), (now, now))
        except OSError as error:
            log.warning("use of a visitor key not recorded", error=str(error))

    def _erase(self, path: Path) -> None:
        """Overwrite, then remove: the bytes must not linger in a free block of the disk."""
        try:
            with path.open("r+b") as file:
                file.write(b"\0" * KEY_CHARACTERS)
                file.flush()
                os.fsync(file.fileno())
            path.unlink()
            self._sync_directory()
        except FileNotFoundError:
            return

    def _sync_directory(self) -> None:
        descriptor = os.open(self._directory, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
