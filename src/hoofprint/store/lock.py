"""A lock on a directory that one process at a time may have open."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from hoofprint.errors import StoreError

FILE_NAME = "lock"


class DirectoryLock:
    """Held from construction to `release`, or to the end of the process however it ends.

    Raises StoreError, naming the process that holds it.
    """

    def __init__(self, directory: Path) -> None:
        path = directory / FILE_NAME
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = path.read_text().strip() or "unknown"
            os.close(self._descriptor)
            raise StoreError(
                f"the store in {directory} is in use by the process {holder}; "
                "one process at a time may have it open"
            ) from None
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, f"{os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        """Let the next one in; the file stays. Harmless the second time."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
