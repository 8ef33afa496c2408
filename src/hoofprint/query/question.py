"""What is asked: a domain, a period, filters, and how the answer is cut."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from hoofprint.model.domain import Domain
from hoofprint.query.operators import Condition


class Scale(StrEnum):
    """The width of a series' buckets."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class Period(Struct, frozen=True):
    """The seconds from `start` up to, not including, `end` (Unix), and the local days they span."""

    start: int
    end: int
    first_day: date
    last_day: date
    timezone: str


class CustomMetric(Struct, frozen=True):
    """Numbers in the metadata of events; whole numbers only if `integer`."""

    key: str
    integer: bool


class Filter(Struct, frozen=True):
    """The filters of something that is stored, in the form in which a question has them."""

    conditions: dict[str, Condition] = {}
    tags: dict[str, Condition] = {}
    metadata: dict[str, Condition] = {}
    pattern: Condition = Condition()


class Goal(Struct, frozen=True):
    """A stored conversion goal: what answers show of it, its name, and what fulfils it."""

    shown: dict[str, Any]
    name: str
    filter: Filter


class Funnel(Struct, frozen=True):
    """A stored funnel: what answers show of it, and what its steps look for."""

    shown: dict[str, Any]
    steps: tuple[Filter, ...]


class Question(Struct, frozen=True):
    """One question about one domain (`api.md`, Filter).

    `conditions` hold by filter name (`path`, `country`, ...); `tags` and `metadata` by key. The
    values of `pattern` are regular expressions (RE2), of which one matches the path, or none.
    `recent` is set for a question about the last seconds. `session` is (visitor id, session id).
    `members` is how many people the domain has, which no fact tells; only the overview shows it.
    `goals` and `funnel` are what the domain has stored, for the reports about them; the filters
    count for a funnel `with_filter` only.
    """

    domain: Domain
    period: Period
    now: int
    conditions: dict[str, Condition] = {}
    tags: dict[str, Condition] = {}
    metadata: dict[str, Condition] = {}
    pattern: Condition = Condition()
    session: tuple[int, int] | None = None
    custom_metric: CustomMetric | None = None
    scale: Scale = Scale.DAY
    recent: int = 0
    search: str = ""
    sort: str = ""
    ascending: bool | None = None
    limit: int = 100
    offset: int = 0
    with_time_on_page: bool = False
    with_title: bool = False
    members: int = 0
    goals: tuple[Goal, ...] = ()
    funnel_id: str = ""
    funnel: Funnel | None = None
    with_filter: bool = False

    def condition(self, name: str) -> Condition | None:
        """The condition of a filter, None if it is not set."""
        return self.conditions.get(name)

    @property
    def looks_at_tags(self) -> bool:
        """Whether a filter is about tags, which only page views have."""
        return bool(self.tags) or self.condition("tag") is not None

    @property
    def looks_at_sessions(self) -> bool:
        """Whether a filter has to be looked up in the session of each fact."""
        return any(name in self.conditions for name in ("event", "entry_path", "exit_path"))

    @property
    def plain(self) -> Question:
        """The same question without any filter."""
        return Question(self.domain, self.period, self.now)

    def asking(self, wanted: Filter) -> Question:
        """The same question with these filters and no others."""
        return replace(
            self.plain,
            conditions=wanted.conditions,
            tags=wanted.tags,
            metadata=wanted.metadata,
            pattern=wanted.pattern,
        )

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the period restricts the facts."""
        return bool(self.conditions or self.tags or self.metadata or self.pattern or self.session)
