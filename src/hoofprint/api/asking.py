"""Answers questions in threads of their own: so many at once, the others in their order."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol, TypeVar

from msgspec import Struct

from hoofprint.errors import HungUp, QueryTooSlow, TooBusy, Unavailable
from hoofprint.query.plan import Select
from hoofprint.query.report import Ask

T = TypeVar("T")
Receive = Callable[[], Awaitable[Mapping[str, object]]]
"""Gives the next message about a request, at last that its caller is gone."""


class Plans(Protocol):
    """What runs plans: `store/answers.py`."""

    def ask(self, plan: Select) -> list[list[Any]]:
        """The rows of a plan. Raises QueryTooLarge, QueryTooSlow or StoreError."""
        ...


class AskingLimits(Struct, frozen=True):
    """So many questions run at once, `seconds` each.

    So many more wait for their turn, for at most `patience` seconds.
    """

    at_once: int
    seconds: float
    patience: float
    waiting: int = 1000


class Asking:
    """Gives questions their turn; belongs to one event loop, except `running` and `waiting`.

    Its threads do nothing else, so that collection never waits for a question.
    """

    def __init__(
        self,
        plans: Plans,
        limits: AskingLimits,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._plans = plans
        self._limits = limits
        self._monotonic = monotonic
        self._threads = ThreadPoolExecutor(limits.at_once, thread_name_prefix="question")
        self._queue: deque[asyncio.Future[None]] = deque()
        self._taken = 0

    @property
    def running(self) -> int:
        """Questions that run."""
        return self._taken

    @property
    def waiting(self) -> int:
        """Questions that wait for their turn."""
        return len(self._queue)

    async def run(self, work: Callable[[Ask], T], receive: Receive, questions: int = 1) -> T:
        """What `work` makes of the answers to its plans; it counts as so many questions.

        `receive` says whether the caller is still there. Raises TooBusy, HungUp, QueryTooLarge,
        QueryTooSlow or StoreError.
        """
        if self._taken < self._limits.at_once:
            self._taken += 1
        else:
            await self._turn(receive)
        loop = asyncio.get_running_loop()
        try:
            running = self._threads.submit(self._work, work, questions)
        except RuntimeError:  # the threads have ended
            self._leave()
            raise Unavailable("the server is stopping") from None
        # Also when nobody waits for it any more, it takes its place until it has ended.
        running.add_done_callback(lambda _: loop.call_soon_threadsafe(self._leave))
        return await asyncio.wrap_future(running)

    def close(self) -> None:
        """End when the questions that run are answered."""
        self._threads.shutdown()

    def _work(self, work: Callable[[Ask], T], questions: int) -> T:
        until = self._monotonic() + questions * self._limits.seconds

        def ask(plan: Select) -> list[list[Any]]:
            if self._monotonic() > until:
                raise QueryTooSlow("the plans of a question take too long together")
            return self._plans.ask(plan)

        return work(ask)

    async def _turn(self, receive: Receive) -> None:
        """Wait until a place is free, which is then taken."""
        if len(self._queue) >= self._limits.waiting:
            raise TooBusy
        turn = asyncio.get_running_loop().create_future()
        gone = asyncio.create_task(_hung_up(receive))
        self._queue.append(turn)
        came = False
        try:
            await asyncio.wait(
                {turn, gone},
                timeout=self._limits.patience,
                return_when=asyncio.FIRST_COMPLETED,
            )
            came = turn.done() and not gone.done()
        finally:
            hung_up = gone.done()
            gone.cancel()
            if not came:
                self._give_up(turn)
        if not came:
            raise HungUp if hung_up else TooBusy

    def _give_up(self, turn: asyncio.Future[None]) -> None:
        """Nobody waits for this turn any more."""
        if turn.done():
            self._leave()
        else:
            self._queue.remove(turn)

    def _leave(self) -> None:
        """Give a place to whoever waits for longest."""
        if self._queue:
            self._queue.popleft().set_result(None)
        else:
            self._taken -= 1


async def _hung_up(receive: Receive) -> None:
    """Return when the caller is gone."""
    while (await receive())["type"] != "http.disconnect":
        pass
