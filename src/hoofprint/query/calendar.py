"""Local days, and the buckets of a series."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hoofprint.query.plan import Call, Column, Node, Number, text
from hoofprint.query.question import Period, Scale


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


def bucket_node(scale: Scale, timezone: str) -> Node:
    """The local bucket of a fact's time, as a text `YYYY-MM-DD`."""
    day: Node = Call("toDate", (Column("time"), text(timezone)))
    match scale:
        case Scale.DAY:
            bucket = day
        case Scale.WEEK:
            bucket = Call("toStartOfWeek", (day, Number(1)))
        case Scale.MONTH:
            bucket = Call("toStartOfMonth", (day,))
        case Scale.YEAR:
            bucket = Call("toStartOfYear", (day,))
    return Call("toString", (bucket,))


def hour_node(timezone: str) -> Node:
    """The local hour of a fact's time."""
    return Call("toHour", (Column("time"), text(timezone)))


def label(bucket: date) -> str:
    """How answers write a bucket."""
    return f"{bucket.isoformat()}T00:00:00Z"


def wire_time(second: int) -> str:
    """How answers write a time."""
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
