"""What query parameters ask for, read the slow way, and which facts they keep."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from copy import copy
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from .facts import Fact, World
from .imported import OF_SESSIONS, Sum, kind_with

LOWER = {"language", "country", "hostname"}
PAGE_FILTERS = {"path", "pattern", "tag"}
SEVERAL_OF_VISIT = (
    *("language", "country", "region", "city", "referrer", "referrer_name", "os", "os_version"),
    *("browser", "browser_version", "platform", "screen_class", "utm_source", "utm_medium"),
    *("utm_campaign", "utm_content", "utm_term", "channel", "hostname"),
)


def fits(value: str, conditions: list[str], normal: Callable[[str], str] = str) -> bool:
    """Whether a value passes the conditions of one parameter."""
    wanted, refused = _groups(value, conditions, normal)
    return (not wanted or any(wanted)) and not any(refused)


def _groups(
    value: str, conditions: list[str], normal: Callable[[str], str] = str
) -> tuple[list[bool], list[bool]]:
    """Of each condition whether the value is what it names: wanted ones, refused ones."""
    wanted: list[bool] = []
    refused: list[bool] = []
    for condition in conditions:
        operator, text = condition[0], condition[1:]
        if operator == "~":
            wanted.append(text.lower() in value.lower())
        elif operator == "^":
            refused.append(text.lower() in value.lower())
        elif operator == "!":
            refused.append(value == ("" if text == "null" else normal(text)))
        else:
            wanted.append(value == ("" if condition == "null" else normal(condition)))
    return wanted, refused


def _platform(value: str) -> str:
    return value.lower() if value.lower() in {"desktop", "mobile"} else ""


class Asked:
    """One question: `params` are the query's pairs, the domain's time zone is the default."""

    def __init__(
        self, world: World, params: Iterable[tuple[str, str]], timezone: str, now: int
    ) -> None:
        self.world = world
        self.now = now
        self.params: dict[str, list[str]] = defaultdict(list)
        for name, value in params:
            self.params[name].append(value)
        self.tz = ZoneInfo(self.one("tz") or timezone)
        self.seconds = int(self.one("start") or 0)
        self.first, self.last = sorted(
            date.fromisoformat(self.one(n) or "2026-03-30") for n in ("from", "to")
        )
        minutes = [self.one("from_time") or "00:00", self.one("to_time") or "23:59"]
        self.begin, self.end = sorted(minutes)
        self.until = "23:59:59"

    def one(self, name: str) -> str:
        """The first value of a parameter, empty if it isn't set."""
        return self.params.get(name, [""])[0]

    def by_key(self, prefix: str) -> dict[str, list[str]]:
        """`tag_author=Ada` has the key author."""
        return {
            n.removeprefix(prefix): v
            for n, v in self.params.items()
            if n.startswith(prefix) and n != "meta_key"
        }

    def before(self) -> Asked:
        """The same question about the period that growth compares with."""
        other = copy(self)
        if self.seconds:
            other.now = self.now - 86_400
            return other
        length = (self.last - self.first).days + 1
        is_window = self.begin != "00:00" or self.end != "23:59"
        is_today = self.first == self.local(self.now).date()
        back = 1 if length == 1 and is_window else 7 if length == 1 else length
        other.first, other.last = self.first - timedelta(back), self.last - timedelta(back)
        if length == 1 and is_today and not is_window:
            other.until = f"{self.local(self.now):%H:%M:%S}"
        return other

    def local(self, second: int) -> datetime:
        """The local time of a second."""
        return datetime.fromtimestamp(second, UTC).astimezone(self.tz)

    def in_period(self, second: int) -> bool:
        """Whether a time is in the question's period."""
        if self.seconds:
            return self.now - self.seconds < second <= self.now
        local = self.local(second)
        if self.first == self.last:
            minute = f"{local:%H:%M}"
            at = f"{local:%H:%M:%S}"
            in_time = self.begin <= minute <= self.end and at <= self.until
            return local.date() == self.first and in_time
        return self.first <= local.date() <= self.last

    # Facts of the period, before any filter.

    def all_sessions(self) -> list[Fact]:
        return [s for s in self.world.visits if self.in_period(s.time)]

    def all_views(self) -> list[Fact]:
        return [v for v in self.world.views if self.in_period(v.time)]

    def all_events(self) -> list[Fact]:
        return [e for e in self.world.events if self.in_period(e.time)]

    # What was imported.

    def all_imported(self, *names: str) -> list[Sum]:
        """The imported sums by these values, before any filter."""
        return self._imported(set(names), one_page="path" in names)

    def imported(self, *names: str, by_page: bool = False) -> list[Sum]:
        """Those that the filters keep; none if there is a filter that they can't answer."""
        by_page = by_page or self.by_page
        if OF_SESSIONS & set(self.params) - {"visitor_id", "session_id"} or self.by_key("tag_"):
            return []
        if {"visitor_id", "session_id"} <= set(self.params):
            return []
        filters = {name for name in SEVERAL_OF_VISIT if name in self.params}
        ends = {"entry_path", "exit_path"} & set(self.params)
        pages = {"path"} if {"path", "pattern"} & set(self.params) else set()
        if (ends and by_page) or (pages and not by_page):
            return []
        paths = self.params.get("path", [])
        equal = [path for path in paths if path[0] not in "~!^"]
        one_page = "path" in names or (len(equal) == 1 and not any(p[0] == "~" for p in paths))
        found = self._imported({*names, *filters, *ends, *pages}, one_page=one_page)
        return [sum_ for sum_ in found if self._keeps(sum_, filters | ends)]

    def _imported(self, names: set[str], *, one_page: bool) -> list[Sum]:
        is_whole = (self.begin, self.end, self.until) == ("00:00", "23:59", "23:59:59")
        if self.seconds or (self.first == self.last and not is_whole):
            return []
        kind = kind_with(names, one_page=one_page)
        return [
            one
            for one in self.world.imported
            if one.kind is kind and self.first <= one.day <= self.last
            if self.world.start is None or one.day < self.world.start
        ]

    def _keeps(self, one: Sum, names: set[str]) -> bool:
        for name in names:
            normal = str.lower if name in LOWER else _platform if name == "platform" else str
            if not fits(one.text[name], self.params[name], normal):
                return False
        if "path" in self.params:
            return fits(one.path, self.params["path"])
        return "pattern" not in self.params or self._matches(one)

    # Facts that the filters keep.

    def sessions(self) -> list[Fact]:
        """Sessions; filters on pages keep those that saw such a page in the period."""
        kept = [s for s in self.all_sessions() if self._visit(s) and self._with_events(s)]
        kept = [s for s in kept if self._ends(s)]
        return self._that_saw_such_pages(kept)

    def views(self, *, of_whole_sessions: bool = False) -> list[Fact]:
        """Page views, those that fit or all of the sessions that saw one that fits."""
        kept = [v for v in self.all_views() if self._visit(v) and self._with_events(v)]
        kept = [v for v in kept if self._ends(v)]
        if of_whole_sessions:
            return self._that_saw_such_pages(kept)
        return [v for v in kept if self._page(v)]

    def _that_saw_such_pages(self, facts: list[Fact]) -> list[Fact]:
        if not self.by_page or self.is_goal:
            return facts
        saw = {v.key for v in self.all_views() if self._page(v)}
        return [fact for fact in facts if fact.key in saw]

    def events(self) -> list[Fact]:
        """Events; filters on pages look at the event's own page, tags at its metadata."""
        return [
            e
            for e in self.all_events()
            if self._visit(e)
            and self._ends(e)
            and self._metadata(e)
            and (not self.params.get("event") or fits(e.name, self.params["event"]))
            and self._page(e, is_event=True)
        ]

    @property
    def by_page(self) -> bool:
        """Whether the filters look at pages."""
        return bool(PAGE_FILTERS & set(self.params) or self.by_key("tag_"))

    @property
    def is_goal(self) -> bool:
        """A pattern with an event is the page on which the event happened, and nothing else."""
        by_tag = "tag" in self.params or self.by_key("tag_")
        return {"pattern", "event"} <= set(self.params) and "path" not in self.params and not by_tag

    def _visit(self, fact: Fact) -> bool:
        if "visitor_id" in self.params and "session_id" in self.params:
            key = (int(self.one("visitor_id")), int(self.one("session_id")))
            if fact.key != key:
                return False
        for name in SEVERAL_OF_VISIT:
            if name in self.params:
                normal = str.lower if name in LOWER else _platform if name == "platform" else str
                if not fits(fact.text[name], self.params[name], normal):
                    return False
        return True

    def _ends(self, fact: Fact) -> bool:
        """Entry and exit path are those of the fact's session; a deleted one has none that fits."""
        session = self.world.sessions.get(fact.key)
        if session is None:
            return not {"entry_path", "exit_path"} & set(self.params)
        ends = {"entry_path": session.entry_path, "exit_path": session.exit_path}
        return all(fits(ends[n], self.params[n]) for n in ends if n in self.params)

    def _page(self, fact: Fact, *, is_event: bool = False) -> bool:
        """Path or pattern, and tags."""
        if "path" in self.params:
            if not fits(fact.path, self.params["path"]):
                return False
        elif "pattern" in self.params:
            is_about_event = is_event or "event" not in self.params
            if is_about_event and not self._matches(fact):
                return False
        if "tag" in self.params and not _has_key(fact.pairs, self.params["tag"]):
            return False
        return all(fits(fact.pairs.get(k, ""), v) for k, v in self.by_key("tag_").items())

    def _matches(self, fact: Fact | Sum) -> bool:
        patterns = self.params["pattern"]
        wanted = [p for p in patterns if not p.startswith("!")]
        refused = [p[1:] for p in patterns if p.startswith("!")]
        found = not wanted or any(re.search(p, fact.path) for p in wanted)
        return found and not any(re.search(p, fact.path) for p in refused)

    def _metadata(self, event: Fact) -> bool:
        """All pairs on the same event; metadata filters need an event filter."""
        if "event" not in self.params:
            return True
        keys = self.params.get("event_meta_key", [])
        if keys and not _has_key(event.pairs, keys):
            return False
        return all(fits(event.pairs.get(k, ""), v) for k, v in self.by_key("meta_").items())

    def _with_events(self, fact: Fact) -> bool:
        """Sessions with a wanted event in the period, and without every refused one."""
        names = self.params.get("event", [])
        if not names:
            return True
        goal = "pattern" in self.params and "path" not in self.params
        wanted_any = any(name[0] not in "!^" for name in names)
        has_wanted, has_refused = False, False
        for event in self.all_events():
            if event.key != fact.key:
                continue
            such = self._metadata(event) and (not goal or self._matches(event))
            wanted, refused = _groups(event.name, names)
            has_wanted |= such and any(wanted)
            has_refused |= (such or wanted_any) and any(refused)
        return (has_wanted or not wanted_any) and not has_refused


def _has_key(pairs: dict[str, str], conditions: list[str]) -> bool:
    """A wanted key must be there, a refused one must be missing."""
    groups = [_groups(key, conditions) for key in pairs]
    wants = any(condition[0] not in "!^" for condition in conditions)
    if any(any(refused) for _, refused in groups):
        return False
    return not wants or any(any(wanted) for wanted, _ in groups)
