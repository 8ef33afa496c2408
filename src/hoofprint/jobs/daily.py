"""What is done once a day: accounts whose time has come end, and what is too old is swept."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence

import structlog

from hoofprint.errors import HoofprintError
from hoofprint.model.deletion import Deletion

DAY_SECONDS = 86_400.0
AGAIN_SECONDS = 600.0
"""After a failure."""

log = structlog.get_logger("hoofprint.daily")


class Daily:
    """A thread that works once when it starts and every 24 hours after that.

    `end` ends the accounts that are due at a time in Unix seconds, and gives the deletions of what
    they had, which `begin` carries out. `sweep` removes what is too old. `changed` is called when
    something was removed.
    """

    def __init__(
        self,
        end: Callable[[float], Sequence[Deletion]],
        begin: Callable[[Deletion], None],
        sweep: Callable[[float], Mapping[str, int]],
        changed: Callable[[], None],
        clock: Callable[[], float],
    ) -> None:
        self._end = end
        self._begin = begin
        self._sweep = sweep
        self._changed = changed
        self._clock = clock
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="daily")

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, once what is being removed is removed."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def work(self) -> None:
        """End and sweep. Raises Unavailable."""
        now = self._clock()
        deletions = self._end(now)
        for deletion in deletions:
            self._begin(deletion)
        swept = {table: rows for table, rows in self._sweep(now).items() if rows}
        if deletions or swept:
            log.info("swept", domains=len(deletions), **swept)
        self._changed()

    def _run(self) -> None:
        while True:
            wait = AGAIN_SECONDS
            try:
                self.work()
                wait = DAY_SECONDS
            except HoofprintError as error:
                log.error("nothing was swept", error=str(error))  # noqa: TRY400 - expected
            except Exception:  # the outermost loop of this thread
                log.exception("nothing was swept")
            if self._stopping.wait(wait):
                return
