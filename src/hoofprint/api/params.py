"""Query parameters become a question: the only reader of the API's filters (`api.md`, Filter).

A parameter may be repeated, or written `name[]` or `name[0]`; an empty one is not set; unknown ones
are ignored. Everything that is wrong is reported at once, by parameter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from functools import cache
from zoneinfo import available_timezones

from hoofprint.management.patterns import mistake_in
from hoofprint.model.domain import Domain
from hoofprint.query.calendar import days, local_day, second_at
from hoofprint.query.dimensions import HOSTNAME, PLATFORM, VISIT
from hoofprint.query.operators import Condition, read_condition
from hoofprint.query.question import CustomMetric, Filter, Period, Question, Scale

Pairs = Iterable[tuple[str, str]]

MOST_ROWS = 100
MOST_OFFSET = 1_000_000_000
MOST_SECONDS = 3600
MINUTE = 60
FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2099, 12, 31)
TRUE = frozenset({"true", "1", "yes", "on"})
PLATFORMS = frozenset({"desktop", "mobile"})
ID_BITS = {"visitor_id": 64, "session_id": 32}
_ARRAY = re.compile(r"\[\d*\]$")
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})([T ].*)?", re.DOTALL)
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(:[0-5]\d)?")
_NUMBER = re.compile(r"\d{1,20}")


def _as_typed(value: str) -> str:
    return value


def _platform(value: str) -> str:
    """Everything but the two that are told apart is unknown, which is kept as the empty value."""
    known = value.lower()
    return known if known in PLATFORMS else ""


FILTERS: Mapping[str, Callable[[str], str]] = {
    **{d.name: str.lower if d.lower or d is HOSTNAME else _as_typed for d in VISIT},
    PLATFORM.name: _platform,
    **dict.fromkeys(
        ("path", "entry_path", "exit_path", "event", "event_meta_key", "tag"), _as_typed
    ),
}
"""The filters by name, and how a value is brought into the form in which facts keep it."""


@cache
def _timezones() -> frozenset[str]:
    return frozenset(available_timezones())


def bare_name(name: str) -> str:
    """A parameter's name without the brackets of a list."""
    return _ARRAY.sub("", name)


def read_question(
    pairs: Pairs, domain: Domain, now: int, *, at_any_time: bool = False
) -> tuple[Question, dict[str, str]]:
    """The question that the parameters ask about a domain, and what is wrong, by parameter.

    A question with something wrong must not be answered. With `at_any_time` the period may be
    missing: it is today then.
    """
    reader = _Reader(pairs)
    timezone = reader.timezone(domain.timezone)
    recent = reader.number("start", 0, MOST_SECONDS)
    if recent or "start" in reader.wrong:  # the dates don't count
        period = _last(recent, now, timezone)
    else:
        period = reader.period(timezone, now, at_any_time=at_any_time)
    question = Question(
        domain=domain,
        period=period,
        now=now,
        conditions=reader.conditions(),
        tags=reader.by_key("tag_"),
        metadata=reader.by_key("meta_"),
        pattern=reader.pattern(),
        session=reader.session(),
        custom_metric=reader.custom_metric(),
        scale=reader.scale(),
        recent=recent,
        search=reader.first("search"),
        sort=reader.first("sort").lower(),
        ascending=reader.ascending(),
        limit=min(reader.number("limit", 0) or MOST_ROWS, MOST_ROWS),
        offset=reader.number("offset", 0, MOST_OFFSET),
        with_time_on_page=reader.flag("include_avg_time_on_page"),
        with_title=reader.flag("include_title"),
        funnel_id=reader.first("funnel_id"),
        with_filter=reader.flag("apply_filter"),
    )
    return question, reader.wrong


def read_days(pairs: Pairs, timezone: str) -> tuple[Period, dict[str, str]]:
    """The whole local days from `from` to `to`, both required, and what is wrong with them."""
    reader = _Reader((name, value) for name, value in pairs if name in {"from", "to"})
    return reader.period(timezone, 0, at_any_time=False), reader.wrong


def read_filter(pairs: Pairs) -> Filter:
    """The filters that are kept as parameters; those with something wrong are left out."""
    reader = _Reader(pairs)
    return Filter(
        conditions=reader.conditions(),
        tags=reader.by_key("tag_"),
        metadata=reader.by_key("meta_"),
        pattern=reader.pattern(),
    )


def _last(seconds: int, now: int, timezone: str) -> Period:
    """The last seconds, with the local days they touch."""
    start = now + 1 - seconds
    return Period(start, now + 1, local_day(start, timezone), local_day(now, timezone), timezone)


class _Reader:
    """Values by parameter, and the complaints about them."""

    def __init__(self, pairs: Pairs) -> None:
        self.wrong: dict[str, str] = {}
        self._values: dict[str, list[str]] = {}
        for name, value in pairs:
            if value.strip():
                self._values.setdefault(bare_name(name), []).append(value)

    def first(self, name: str) -> str:
        """The first value, trimmed; empty if the parameter isn't set."""
        return self._values.get(name, [""])[0].strip()

    def flag(self, name: str) -> bool:
        return self.first(name).lower() in TRUE

    def number(self, name: str, least: int, most: int | None = None) -> int:
        text = self.first(name)
        if not text:
            return least
        value = int(text) if _NUMBER.fullmatch(text) else -1
        if value < least or (most is not None and value > most):
            bound = f"of at least {least}" if most is None else f"from {least} to {most}"
            self.wrong[name] = f"must be a whole number {bound}"
            return least
        return value

    def timezone(self, default: str) -> str:
        name = self.first("tz")
        if name and name not in _timezones():
            self.wrong["tz"] = "is not a time zone like Europe/Berlin"
            return default
        return name or default

    def period(self, timezone: str, now: int, *, at_any_time: bool) -> Period:
        """The whole local days from `from` to `to`, or minutes of one day."""
        today = local_day(now, timezone)
        if at_any_time and not self.first("from") and not self.first("to"):
            return days(today, today, timezone)
        first, last = self._day("from", today), self._day("to", today)
        if first > last:
            first, last = last, first
        whole = days(first, last, timezone)
        begin, end = self._time("from_time"), self._time("to_time")
        if first != last or (begin is None and end is None):
            return whole
        if begin is not None and end is not None and begin > end:
            begin, end = end, begin
        start = whole.start if begin is None else second_at(first, begin, timezone)
        until = whole.end if end is None else second_at(first, end, timezone, fold=1) + MINUTE
        return Period(start, max(start, min(until, whole.end)), first, last, timezone)

    def _day(self, name: str, default: date) -> date:
        text = self.first(name)
        if not text:
            self.wrong[name] = "is required"
            return default
        try:
            # Clients write dates as full timestamps, too: only their date counts.
            found = _DAY.fullmatch(text)
            day = date.fromisoformat(found[1]) if found else None
            if found and found[2]:
                datetime.fromisoformat(text)
        except ValueError:
            day = None
        if day is None:
            self.wrong[name] = "must be a date like 2026-05-31"
            return default
        return min(max(day, FIRST_DAY), LAST_DAY)

    def _time(self, name: str) -> time | None:
        text = self.first(name)
        if not text:
            return None
        found = _TIME.fullmatch(text)
        if found is None:
            self.wrong[name] = "must be a time like 15:07"
            return None
        return time(int(found[1]), int(found[2]))

    def conditions(self) -> dict[str, Condition]:
        """The conditions of the filters that are set."""
        found = {
            name: read_condition(self._values[name], normal)
            for name, normal in FILTERS.items()
            if name in self._values
        }
        return {name: condition for name, condition in found.items() if condition}

    def by_key(self, prefix: str) -> dict[str, Condition]:
        """The conditions on values by key: `tag_author=Ada` has the key author."""
        found = {
            name.removeprefix(prefix): read_condition(values)
            for name, values in self._values.items()
            if name.startswith(prefix) and name != prefix
        }
        return {key: condition for key, condition in found.items() if condition}

    def pattern(self) -> Condition:
        """Regular expressions for the path; one that begins with `!` must not match."""
        wanted: list[str] = []
        refused: list[str] = []
        for value in self._values.get("pattern", []):
            excludes = value.startswith("!")
            pattern = value[1:] if excludes else value
            if mistake := mistake_in(pattern):
                self.wrong["pattern"] = mistake
                continue
            (refused if excludes else wanted).append(pattern)
        return Condition(equal=tuple(wanted), unequal=tuple(refused))

    def session(self) -> tuple[int, int] | None:
        """Visitor and session id; they count only together."""
        ids: list[int] = []
        for name, bits in ID_BITS.items():
            text = self.first(name)
            if not text:
                continue
            if not _NUMBER.fullmatch(text) or int(text) >= 1 << bits:
                self.wrong[name] = f"must be a whole number below 2^{bits}"
                continue
            ids.append(int(text))
        return (ids[0], ids[1]) if len(ids) == len(ID_BITS) else None

    def custom_metric(self) -> CustomMetric | None:
        kind = self.first("custom_metric_type").lower()
        if kind and kind not in {"integer", "float"}:
            self.wrong["custom_metric_type"] = "must be integer or float"
            return None
        key = self.first("custom_metric_key")
        return CustomMetric(key, kind == "integer") if kind and key else None

    def scale(self) -> Scale:
        """An unknown scale is day."""
        name = self.first("scale").lower()
        return Scale(name) if name in set(Scale) else Scale.DAY

    def ascending(self) -> bool | None:
        direction = self.first("direction").lower()
        if direction and direction not in {"asc", "desc"}:
            self.wrong["direction"] = "must be asc or desc"
        return direction == "asc" if direction else None
