"""Counts what happened within the last seconds, to say when it is too much."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable

from msgspec import Struct

from hoofprint.errors import TooManyRequests

MOST_KEYS = 10_000
MINUTE = 60.0


class Standing(Struct, frozen=True):
    """How often it is fine, how often still, and in how many seconds once more than that."""

    limit: int
    remaining: int
    reset: int


class SlidingWindow:
    """At most `limit` happenings of a key within any `seconds`; kept in memory, bounded.

    0 is no limit.
    """

    def __init__(self, limit: int, seconds: float, clock: Callable[[], float]) -> None:
        self._limit = limit
        self._seconds = seconds
        self._clock = clock
        self._happened: dict[str, deque[float]] = {}

    def note(self, key: str) -> Standing | None:
        """It happened again; None without a limit.

        Raises TooManyRequests, without counting, when that is too often.
        """
        if not self._limit:
            return None
        now = self._clock()
        # Last noted, last in order: the key that is forgotten first was quiet for longest.
        times = self._happened.pop(key, None) or deque(maxlen=self._limit)
        self._happened[key] = times
        if len(self._happened) > MOST_KEYS:
            del self._happened[next(iter(self._happened))]
        while times and times[0] <= now - self._seconds:
            times.popleft()
        if len(times) == self._limit:
            raise TooManyRequests(self._until(times[0], now), self._limit)
        times.append(now)
        return Standing(self._limit, self._limit - len(times), self._until(times[0], now))

    def _until(self, first: float, now: float) -> int:
        return max(1, math.ceil(first + self._seconds - now))
