"""Remembers what plans found on whole days, so that a new period reads only what it adds."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

import msgspec

from hoofprint.query.days import Daily, Rows
from hoofprint.query.plan import Select
from hoofprint.query.span import Span
from hoofprint.store.writes import Writes

MOST_ROWS = 30_000
"""A list of so many rows for all days together is shorter as a whole."""
MOST_RANGES = 4
"""Reading what lies between is cheaper than more ranges of days."""
DAY_BYTES = 150
"""What a day without rows takes in memory, about."""
PLAN_BYTES = 40_000
"""What a plan takes in memory, about."""
LARGEST_SHARE = 8
"""A plan whose days would fill more than this part of the memory is not kept."""

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Rows).decode


class _Day(NamedTuple):
    """What was found on a day, after which writes."""

    mark: int
    encoded: bytes


class _Plan:
    """What a plan found on days; nothing if it has `too_many` rows to be put together again."""

    def __init__(self) -> None:
        self.days: dict[int, _Day] = {}
        self.bytes = 0
        self.too_many = False


class KeptDays:
    """Answers plans that add up from what is known of their days; safe to call from threads.

    What was found on a day is true until something is written to it: `writes` knows. At most
    `most_bytes` are remembered; the plans that were not asked for longest go first.
    """

    def __init__(self, writes: Writes, most_bytes: int) -> None:
        self._writes = writes
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._plans: OrderedDict[Select, _Plan] = OrderedDict()
        self._bytes = 0

    @property
    def bytes(self) -> int:
        """What the days take, about."""
        return self._bytes

    def answer(self, apart: Daily, mark: int, select: Callable[[Select], Rows]) -> Rows:
        """The rows of a plan; `select` reads the days that are not known.

        `mark` stands for what was written before it was asked for.
        """
        template = apart.template
        known = self._known(template, apart)
        if known is None:
            return select(apart.plan)
        ranges = apart.missing(known)
        if len(ranges) > MOST_RANGES:
            known, ranges = {}, [(apart.first, apart.last)]
        rows = select(apart.of(ranges, MOST_ROWS + 1))
        if len(rows) > MOST_ROWS:
            self._give_up(template)
            return select(apart.plan)
        found: dict[int, Rows] = {
            day: [] for first, last in ranges for day in range(first, last + 1)
        }
        for day, *row in rows:
            found[day].append(row)
        first, last = apart.whole
        self._keep(template, {d: rows for d, rows in found.items() if first <= d <= last}, mark)
        return apart.added_up([*known.values(), *found.values()])

    def _known(self, template: Select, apart: Daily) -> dict[int, Rows] | None:
        """What is known of the plan's whole days; None if the plan is read as a whole."""
        first, last = apart.whole
        everything, written = self._writes.latest(Span(apart.domain_id, first, last))
        with self._lock:
            plan = self._plans.get(template)
            if plan is None:
                return {}
            self._plans.move_to_end(template)
            if plan.too_many:
                return None
            days = [(day, plan.days[day]) for day in range(first, last + 1) if day in plan.days]
        return {
            day: _decode(kept.encoded)
            for day, kept in days
            if kept.mark >= max(everything, written.get(day, 0))
        }

    def _keep(self, template: Select, found: dict[int, Rows], mark: int) -> None:
        days = {day: _Day(mark, _encode(rows)) for day, rows in found.items()}
        with self._lock:
            plan = self._plans.setdefault(template, _Plan())
            before = plan.bytes
            plan.days |= days
            plan.bytes = PLAN_BYTES + sum(
                DAY_BYTES + len(day.encoded) for day in plan.days.values()
            )
            self._bytes += plan.bytes - before
            if plan.bytes * LARGEST_SHARE > self._most_bytes:
                self._forget(template)
            while self._bytes > self._most_bytes:
                self._forget(next(iter(self._plans)))

    def _give_up(self, template: Select) -> None:
        with self._lock:
            self._forget(template)
            self._plans[template] = plan = _Plan()
            plan.too_many, plan.bytes = True, PLAN_BYTES
            self._bytes += plan.bytes

    def _forget(self, template: Select) -> None:
        plan = self._plans.pop(template, None)
        if plan is not None:
            self._bytes -= plan.bytes
