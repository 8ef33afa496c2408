"""Conversion goals: what counts as one, and managing them (`api.md`, Managing Conversion Goals)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from hoofprint.errors import Invalid, NotFound
from hoofprint.management.access import Action, Asker, check, permitted
from hoofprint.management.patterns import matches, mistake_in, regex_of
from hoofprint.model.principal import Principal
from hoofprint.model.role import Role
from hoofprint.records.engine import Records
from hoofprint.records.ids import ID_LENGTH, is_text_of
from hoofprint.records.moments import moment, wire_time
from hoofprint.records.tables import GoalRecord
from hoofprint.records.tables.goals import NAME_LENGTH, TEXT_LENGTH
from hoofprint.records.texts import NUL

T = TypeVar("T")
METRIC_TYPES = ("integer", "float")
_LENGTHS = {
    **dict.fromkeys(("event_name", "event_meta_key", "custom_metric_key"), NAME_LENGTH),
    "event_meta_value": TEXT_LENGTH,
}
MOST_TAGS = 20
MOST_VISITORS = 1 << 53
PERCENT = 100


class Goal(Struct, frozen=True):
    """What somebody decides about a goal; empty texts and targets of 0 are not set.

    `cr` is in percent. A page, an event and tags may be named, and then all of them count.
    """

    name: str
    path_pattern: str = ""
    event_name: str = ""
    event_meta_key: str = ""
    event_meta_value: str = ""
    custom_metric_key: str = ""
    custom_metric_type: str = ""
    tags: Mapping[str, str] = {}
    visitors: float = 0
    cr: float = 0
    custom_metric_total_goal: float = 0
    custom_metric_avg_goal: float = 0
    delete_reached: bool = False
    email_reached: bool = False


class StoredGoal(NamedTuple):
    """A goal as answers show it, and its filters as parameters of a question."""

    shown: dict[str, Any]
    filters: list[tuple[str, str]]


class Goals:
    """Manages the goals of domains for clients.

    Every method with a caller raises Forbidden or NotFound as `management/access.py` has it.
    """

    def __init__(self, records: Records, clock: Callable[[], float]) -> None:
        self._records = records
        self._clock = clock

    async def list(self, caller: Principal, domain_id: str) -> list[dict[str, Any]]:
        """The fields of each goal of a domain, the oldest first."""

        def work(session: Session) -> list[dict[str, Any]]:
            permitted(session, Action.READ_GOALS, caller, domain_id)
            return [wire_goal(record) for record in _goals_of(session, domain_id)]

        return await asyncio.to_thread(self._records.read, work)

    async def stored(self, domain_id: str) -> Sequence[StoredGoal]:
        """The goals of a domain for its statistics, which the caller may read."""

        def work(session: Session) -> Sequence[StoredGoal]:
            found = _goals_of(session, domain_id)
            return [StoredGoal(wire_goal(record), filters_of(record)) for record in found]

        return await asyncio.to_thread(self._records.read, work)

    async def create(self, caller: Principal, domain_id: str, goal: Goal) -> dict[str, Any]:
        """The fields of a new goal. Raises Invalid."""

        def work(session: Session) -> GoalRecord:
            permitted(session, Action.CHANGE_GOALS, caller, domain_id)
            return create_goal(session, domain_id, goal, self._clock())

        return wire_goal(await self._write(work))

    async def update(
        self, caller: Principal, domain_id: str, goal_id: str, goal: Goal
    ) -> dict[str, Any]:
        """Decide anew about a goal of a domain; its fields. Raises Invalid."""

        def work(session: Session) -> GoalRecord:
            record = _permitted_goal(session, caller, goal_id)
            if record.domain_id != domain_id:
                raise NotFound
            _decide(record, goal)
            record.mod_time = moment(self._clock())
            return record

        return wire_goal(await self._write(work))

    async def delete(self, caller: Principal, goal_id: str) -> None:
        """End a goal for good."""
        await self._write(lambda s: s.delete(_permitted_goal(s, caller, goal_id)))

    async def _write(self, work: Callable[[Session], T]) -> T:
        return await asyncio.to_thread(self._records.write, work)


def create_goal(session: Session, domain_id: str, goal: Goal, now: float) -> GoalRecord:
    """The record of a new goal of a domain that exists. Raises Invalid."""
    record = GoalRecord(domain_id=domain_id, def_time=moment(now), mod_time=moment(now))
    _decide(record, goal)
    session.add(record)
    session.flush()
    return record


def try_regex(caller: Principal, regex: str, sample: str) -> bool:
    """Whether a goal with the regular expression would fit a path. Raises Forbidden, Invalid."""
    check(Action.READ_GOALS, Asker(caller, Role.VIEWER), public=False)
    if mistake := mistake_in(regex):
        raise Invalid({"regex": mistake})
    return matches(regex, sample)


def goal_mistakes(goal: Goal) -> dict[str, str]:
    """What is wrong with a goal, by field."""
    wrong: dict[str, str] = {}
    if not goal.name:
        wrong["name"] = "is required"
    elif _is_unusable(goal.name, NAME_LENGTH):
        wrong["name"] = f"must have at most {NAME_LENGTH} characters, none NUL"
    if not (goal.path_pattern or goal.event_name or goal.tags):
        wrong["path_pattern"] = wrong["event_name"] = "one of path_pattern, event_name is required"
    if goal.path_pattern and (mistake := mistake_in(regex_of(goal.path_pattern))):
        wrong["path_pattern"] = mistake
    return wrong | _event_mistakes(goal) | _tag_mistakes(goal.tags) | _target_mistakes(goal)


def _event_mistakes(goal: Goal) -> dict[str, str]:
    """What is wrong with the event and the numbers in its metadata."""
    wrong: dict[str, str] = {}
    given = {"event_meta_key": goal.event_meta_key, "custom_metric_key": goal.custom_metric_key}
    for name in (name for name, value in given.items() if value and not goal.event_name):
        wrong["event_name"] = f"is required beside {name}"
    if goal.event_meta_value and not goal.event_meta_key:
        wrong["event_meta_key"] = "is required beside event_meta_value"
    if goal.custom_metric_type and goal.custom_metric_type not in METRIC_TYPES:
        wrong["custom_metric_type"] = f"must be {' or '.join(METRIC_TYPES)}"
    elif goal.custom_metric_key and not goal.custom_metric_type:
        wrong["custom_metric_type"] = "is required beside custom_metric_key"
    has_metric = goal.custom_metric_type or _targets(goal)["custom_metric_total_goal"]
    if (has_metric or goal.custom_metric_avg_goal) and not goal.custom_metric_key:
        wrong["custom_metric_key"] = "is required beside a type or a target of it"
    for name, most in _LENGTHS.items():
        if _is_unusable(getattr(goal, name), most):
            wrong[name] = f"must have at most {most} characters, none NUL"
    return wrong


def _tag_mistakes(tags: Mapping[str, str]) -> dict[str, str]:
    if len(tags) > MOST_TAGS:
        return {"tags": f"must be at most {MOST_TAGS}"}
    if any(not key.strip() or _is_unusable(key) or _is_unusable(tags[key]) for key in tags):
        return {"tags": f"must have keys, and at most {TEXT_LENGTH} characters each, none NUL"}
    return {}


def _target_mistakes(goal: Goal) -> dict[str, str]:
    """What is wrong with the targets, by the fields of requests."""
    wrong = {n: "must not be negative" for n, target in _targets(goal).items() if target < 0}
    if goal.visitors > MOST_VISITORS or goal.visitors != int(goal.visitors):
        wrong.setdefault("visitors", "must be a whole number below 2^53")
    if goal.cr > PERCENT:
        wrong["cr"] = "must be a percentage, at most 100"
    return wrong


def _targets(goal: Goal) -> dict[str, float]:
    names = ("visitors", "cr", "custom_metric_total_goal", "custom_metric_avg_goal")
    return {name: getattr(goal, name) for name in names}


def _is_unusable(value: str, most: int = TEXT_LENGTH) -> bool:
    return len(value) > most or NUL in value


def wire_goal(record: GoalRecord) -> dict[str, Any]:
    """The fields of `GET /goal`, and the tags that a later version of the API added."""
    return {
        "id": record.id,
        "def_time": wire_time(record.def_time),
        "mod_time": wire_time(record.mod_time),
        "domain_id": record.domain_id,
        "name": record.name,
        "path_pattern": record.path_pattern,
        "pattern": record.pattern,
        "event_name": record.event_name,
        "event_meta_key": record.event_meta_key,
        "event_meta_value": record.event_meta_value,
        "custom_metric_key": record.custom_metric_key,
        "custom_metric_type": record.custom_metric_type,
        "tags": record.tags,
        "visitor_goal": record.visitor_goal,
        "cr_goal": _number(record.cr_goal),
        "custom_metric_total_goal": _number(record.custom_metric_total_goal),
        "custom_metric_avg_goal": _number(record.custom_metric_avg_goal),
        "delete_reached": record.delete_reached,
        "email_reached": record.email_reached,
    }


def filters_of(record: GoalRecord) -> list[tuple[str, str]]:
    """What fulfils a goal, as parameters of a question (`api.md`, Filter)."""
    pairs = [("pattern", record.pattern), ("event", record.event_name)]
    if record.event_meta_key and record.event_meta_value:
        pairs.append((f"meta_{record.event_meta_key}", record.event_meta_value))
    else:
        pairs.append(("event_meta_key", record.event_meta_key))
    pairs += [(f"tag_{key}" if v else "tag", v or key) for key, v in record.tags.items()]
    return [(name, value) for name, value in pairs if value]


def _number(value: float | None) -> float | None:
    """A whole number without a fraction, as it was most likely sent."""
    return int(value) if value is not None and value == int(value) else value


def _goals_of(session: Session, domain_id: str) -> list[GoalRecord]:
    """The goals of a domain, the oldest first."""
    wanted = select(GoalRecord).where(GoalRecord.domain_id == domain_id)
    return list(session.scalars(wanted.order_by(GoalRecord.def_time, GoalRecord.id)))


def _permitted_goal(session: Session, caller: Principal, goal_id: str) -> GoalRecord:
    """A goal that the caller may change; to anybody else it does not exist."""
    record = session.get(GoalRecord, goal_id) if is_text_of(goal_id, ID_LENGTH) else None
    permitted(session, Action.CHANGE_GOALS, caller, "" if record is None else record.domain_id)
    if record is None:
        raise NotFound
    return record


def _decide(record: GoalRecord, goal: Goal) -> None:
    """Write down what was decided. Raises Invalid."""
    if wrong := goal_mistakes(goal):
        raise Invalid(wrong)
    record.name = goal.name
    record.path_pattern = goal.path_pattern or None
    record.pattern = regex_of(goal.path_pattern) if goal.path_pattern else None
    record.event_name = goal.event_name or None
    record.event_meta_key = goal.event_meta_key or None
    record.event_meta_value = goal.event_meta_value or None
    record.custom_metric_key = goal.custom_metric_key or None
    record.custom_metric_type = goal.custom_metric_type or None
    record.tags = dict(goal.tags)
    record.visitor_goal = int(goal.visitors) or None
    record.cr_goal = goal.cr or None
    record.custom_metric_total_goal = goal.custom_metric_total_goal or None
    record.custom_metric_avg_goal = goal.custom_metric_avg_goal or None
    record.delete_reached = goal.delete_reached
    record.email_reached = goal.email_reached
