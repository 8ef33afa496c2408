"""Counts what happened within the last seconds, to say when it is too much."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable

from hoofprint.errors import TooManyRequests

MOST_KEYS = 10_000


class SlidingWindow:
    """At most `limit` happenings of a key within any `seconds`; kept in memory, bounded."""

    def __init__(self, limit: int, seconds: float, clock: Callable[[], float]) -> None:
        self._limit = limit
        self._seconds = seconds
        self._clock = clock
        self._happened: dict[str, deque[float]] = {}

    def note(self, key: str) -> None:
        """It happened again. Raises TooManyRequests, without counting, when that is too often."""
        now = self._clock()
        # Last noted, last in order: the key that is forgotten first was quiet for longest.
        times = self._happened.pop(key, None) or deque(maxlen=self._limit)
        self._happened[key] = times
        if len(self._happened) > MOST_KEYS:
            del self._happened[next(iter(self._happened))]
        while times and times[0] <= now - self._seconds:
            times.popleft()
        if len(times) == self._limit:
            raise TooManyRequests(max(1, math.ceil(times[0] + self._seconds - now)))
        times.append(now)
