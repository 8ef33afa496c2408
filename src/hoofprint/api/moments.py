"""When the items of a batch happened, and in which order they are counted (`rules.md` 1.2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from hoofprint.ingest.hit import Hit

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC).timestamp()
DAY = 86_400
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment(time: datetime | None, now: float) -> float:
    """An item's time in Unix seconds; none, or a zero time (year 1), is now.

    A time without a zone is UTC. Raises ValueError, saying why, for times that cannot be counted.
    """
    if time is None or time.year == 1:
        return now
    if time.tzinfo is None:
        time = time.replace(tzinfo=UTC)
    seconds = (time - _EPOCH).total_seconds()
    if seconds > now + DAY:
        raise ValueError("must not be more than 24 hours in the future")
    if seconds < EARLIEST:
        raise ValueError("must not be before the year 2000")
    return seconds


def in_order(hits: Sequence[Hit], now: float) -> tuple[list[tuple[int, int]], dict[int, str]]:
    """The batch's indexes with their whole seconds, oldest first, and what is wrong with which.

    Items are ordered by their full time; equal times keep their order.
    """
    times: list[float] = []
    wrong: dict[int, str] = {}
    for index, hit in enumerate(hits):
        try:
            times.append(moment(hit.time, now))
        except ValueError as error:
            times.append(now)
            wrong[index] = str(error)
    order = sorted(range(len(times)), key=times.__getitem__)
    return [(index, int(times[index])) for index in order], wrong
