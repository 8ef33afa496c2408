"""Local days, the buckets of a series, and what clocks show again and again."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from msgspec import Struct

from hoofprint.query.plan import (
    EARLIEST,
    LATEST,
    Call,
    Column,
    Node,
    Number,
    Operation,
    Value,
    compare,
    moment,
    text,
)
from hoofprint.query.question import Period, Scale

DAY = 86_400


def day_start(day: date, timezone: str) -> int:
    """The second at which a local day begins; where midnight doesn't exist, the one after it."""
    return second_at(day, time(), timezone)


def second_at(day: date, clock: time, timezone: str, fold: int = 0) -> int:
    """The second at which a local clock shows a time; of two such the second with `fold` 1."""
    moment = datetime.combine(day, clock, ZoneInfo(timezone)).replace(fold=fold)
    return int(moment.timestamp())


def local_clock(second: int, timezone: str) -> time:
    """What a local clock shows."""
    return datetime.fromtimestamp(second, ZoneInfo(timezone)).time()


def local_day(second: int, timezone: str) -> date:
    """The local day of a time."""
    return datetime.fromtimestamp(second, ZoneInfo(timezone)).date()


def days(first: date, last: date, timezone: str) -> Period:
    """Whole local days."""
    end = day_start(last + timedelta(days=1), timezone)
    return Period(day_start(first, timezone), end, first, last, timezone)


def shifted(day: date, by: int) -> date:
    """A day so many days later, within what a date can hold."""
    return date.fromordinal(min(max(day.toordinal() + by, 1), date.max.toordinal() - 1))


def bucket_of(day: date, scale: Scale) -> date:
    """The first day of the bucket that a day is in; weeks begin on Monday."""
    match scale:
        case Scale.DAY:
            return day
        case Scale.WEEK:
            return day - timedelta(days=day.weekday())
        case Scale.MONTH:
            return day.replace(day=1)
        case Scale.YEAR:
            return day.replace(month=1, day=1)


def buckets(period: Period, scale: Scale) -> Iterator[date]:
    """Every bucket of a period, ascending."""
    bucket = bucket_of(period.first_day, scale)
    last = bucket_of(period.last_day, scale)
    while bucket <= last:
        yield bucket
        bucket = _next(bucket, scale)


def _next(bucket: date, scale: Scale) -> date:
    match scale:
        case Scale.DAY:
            return bucket + timedelta(days=1)
        case Scale.WEEK:
            return bucket + timedelta(days=7)
        case Scale.MONTH:
            return (bucket + timedelta(days=31)).replace(day=1)
        case Scale.YEAR:
            return bucket.replace(year=bucket.year + 1)


def bucket_node(scale: Scale, period: Period) -> Node:
    """The first local day of the bucket of a fact's time; the store gives it as `YYYY-MM-DD`."""
    return bucket_of_day(scale, Call("toDate", (_local_time(period),)))


def bucket_of_day(scale: Scale, day: Node) -> Node:
    """The same of a local day that the store has."""
    match scale:
        case Scale.DAY:
            return day
        case Scale.WEEK:
            return Call("toStartOfWeek", (day, Number(1)))
        case Scale.MONTH:
            return Call("toStartOfMonth", (day,))
        case Scale.YEAR:
            return Call("toStartOfYear", (day,))


class Cycle(Struct, frozen=True):
    """What local clocks and calendars show again and again: whole numbers from 0 on.

    `field` is what answers call it, `size` how many values there are, and `function` how the store
    reads it from a local time.
    """

    field: str
    size: int
    function: str
    arguments: tuple[Node, ...] = ()


HOUR = Cycle("hour", 24, "toHour")
MINUTE = Cycle("minute", 60, "toMinute")
WEEKDAY = Cycle("weekday", 7, "toDayOfWeek", (Number(1),))
"""Monday is 0."""


def cycle_node(cycles: Sequence[Cycle], period: Period) -> Node:
    """Where cycles stand at a fact's time, as one number: the last of them runs fastest."""
    local = _local_time(period)
    place, *others = (Call(cycle.function, (local, *cycle.arguments)) for cycle in cycles)
    number: Node = place
    for cycle, shown in zip(cycles[1:], others, strict=True):
        number = Operation("+", (Call("multiply", (number, Number(cycle.size))), shown))
    return number


def _local_time(period: Period) -> Node:
    """What a local clock showed at a fact's time, as if it were UTC.

    The store has time zone data of its own, which may be of another year than Python's, with which
    the ends of the days are found. A fact must not fall between the two, so only Python's counts.
    """
    (_, ahead), *changes = offsets(period)
    parts: list[Node] = [Call("toUnixTimestamp", (Column("time"),)), Value(ahead, "Int32")]
    for since, then in changes:
        changed = compare(">=", Column("time"), moment(since))
        parts.append(Call("multiply", (changed, Value(then - ahead, "Int32"))))
        ahead = then
    return Call("toDateTime", (Operation("+", tuple(parts)), text("UTC")))


def offsets(period: Period) -> list[tuple[int, int]]:
    """How many seconds local clocks are ahead of UTC, each with the second since when, ascending.

    The first is the one at the start of the period (`moment`).
    """
    first, last = (min(max(second, EARLIEST), LATEST) for second in (period.start, period.end))
    found = [(first, _offset(first, ZoneInfo(period.timezone)))]
    for year in range(_year(first), _year(last) + 1):
        changes = _changes(year, period.timezone)
        found += [change for change in changes if first < change[0] < last]
    return found


@lru_cache(maxsize=4096)
def _changes(year: int, timezone: str) -> tuple[tuple[int, int], ...]:
    """Every change of the clocks in a UTC year: the second, and how far they are ahead after it."""
    zone = ZoneInfo(timezone)
    begin, end = (int(datetime(y, 1, 1, tzinfo=UTC).timestamp()) for y in (year, year + 1))
    found: list[tuple[int, int]] = []
    before = _offset(begin - 1, zone)
    for day in range(begin, end, DAY):
        after = _offset(day + DAY - 1, zone)
        if after != before:
            seconds = range(day, day + DAY)
            at = bisect_left(seconds, True, key=lambda s: _offset(s, zone) != before)
            found.append((seconds[at], after))
            before = after
    return tuple(found)


def _offset(second: int, zone: ZoneInfo) -> int:
    return int((datetime.fromtimestamp(second, zone).utcoffset() or timedelta()).total_seconds())


def _year(second: int) -> int:
    return datetime.fromtimestamp(second, UTC).year


def label(bucket: date) -> str:
    """How answers write a bucket."""
    return f"{bucket.isoformat()}T00:00:00Z"


def wire_time(second: int) -> str:
    """How answers write a time."""
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
