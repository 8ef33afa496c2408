"""Transactions in the records for whoever waits for them in the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.orm import Session

from hoofprint.records.engine import Records

T = TypeVar("T")


class Transactions:
    """Runs work on the records in a worker thread; `changed` is called after every write.

    `clock` tells Unix seconds.
    """

    def __init__(
        self, records: Records, clock: Callable[[], float], changed: Callable[[], None]
    ) -> None:
        self.clock = clock
        self._records = records
        self._changed = changed

    async def read(self, work: Callable[[Session], T]) -> T:
        """What `work` finds in one transaction."""
        return await asyncio.to_thread(self._records.read, work)

    async def write(self, work: Callable[[Session], T]) -> T:
        """What `work` makes in one transaction, which counts in this process at once."""
        result = await asyncio.to_thread(self._records.write, work)
        self._changed()
        return result
