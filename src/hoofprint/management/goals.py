"""Conversion goals of a domain (`api.md`, Managing Conversion Goals)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import select
from sqlalchemy.orm import Session

from hoofprint.errors import Invalid, NotFound
from hoofprint.management.access import Action, permitted
from hoofprint.management.patterns import problem_of, regex_of
from hoofprint.model.goal import Goal
from hoofprint.model.principal import Principal
from hoofprint.records.engine import Records
from hoofprint.records.ids import ID_LENGTH, is_text_of
from hoofprint.records.moments import moment, wire_time
from hoofprint.records.tables import GoalRecord
from hoofprint.records.tables.goals import NAME_LENGTH, TEXT_LENGTH

NUL = "\0"
METRICS = ("integer", "float")
MOST_GOALS = 200
MOST_TAGS = 20


class NewGoal(Struct, frozen=True):
    """What somebody decides about a goal; a target of 0 is none, `cr_goal` is in percent."""

    name: str
    path_pattern: str = ""
    event_name: str = ""
    event_meta_key: str = ""
    event_meta_value: str = ""
    tags: Mapping[str, str] = {}
    custom_metric_key: str = ""
    custom_metric_type: str = ""
    visitor_goal: float = 0
    cr_goal: float = 0
    custom_metric_total_goal: float = 0
    custom_metric_avg_goal: float = 0
    delete_reached: bool = False
    email_reached: bool = False


_LENGTHS = {
    **dict.fromkeys(("name", "event_name", "event_meta_key", "custom_metric_key"), NAME_LENGTH),
    **dict.fromkeys(("path_pattern", "event_meta_value"), TEXT_LENGTH),
}
_TARGETS = ("visitor_goal", "cr_goal", "custom_metric_total_goal", "custom_metric_avg_goal")


class Goals:
    """Manages the goals of domains for clients.

    Methods for clients raise Forbidden or NotFound as `management/access.py` has it.
    """

    def __init__(self, records: Records, clock: Callable[[], float]) -> None:
        self._records = records
        self._clock = clock

    async def list(self, caller: Principal, domain_id: str) -> list[dict[str, Any]]:
        """The fields of each goal of a domain, by name."""

        def work(session: Session) -> list[dict[str, Any]]:
            permitted(session, Action.READ_SETTINGS, caller, domain_id)
            return [wire_goal(record) for record in goals_of(session, domain_id)]

        return await asyncio.to_thread(self._records.read, work)

    async def counted(self, domain_id: str) -> tuple[Goal, ...]:
        """What each goal of a domain counts, by name; for somebody who may read its statistics."""

        def work(session: Session) -> tuple[Goal, ...]:
            return tuple(filter_of(record) for record in goals_of(session, domain_id))

        return await asyncio.to_thread(self._records.read, work)

    async def create(self, caller: Principal, domain_id: str, goal: NewGoal) -> dict[str, Any]:
        """The fields of a new goal. Raises Invalid."""

        def work(session: Session) -> dict[str, Any]:
            permitted(session, Action.CHANGE_SETTINGS, caller, domain_id)
            if len(goals_of(session, domain_id)) >= MOST_GOALS:
                raise Invalid({"domain_id": f"has {MOST_GOALS} goals already"})
            now = moment(self._clock())
            record = GoalRecord(def_time=now, domain_id=domain_id)
            return self._filled(session, record, goal)

        return await asyncio.to_thread(self._records.write, work)

    async def update(self, caller: Principal, goal_id: str, goal: NewGoal) -> dict[str, Any]:
        """Decide anew about a goal; its fields. Raises Invalid."""

        def work(session: Session) -> dict[str, Any]:
            return self._filled(session, _permitted_goal(session, caller, goal_id), goal)

        return await asyncio.to_thread(self._records.write, work)

    async def delete(self, caller: Principal, goal_id: str) -> None:
        """Remove a goal."""
        await asyncio.to_thread(
            self._records.write, lambda s: s.delete(_permitted_goal(s, caller, goal_id))
        )

    def _filled(self, session: Session, record: GoalRecord, goal: NewGoal) -> dict[str, Any]:
        """Write down what was decided."""
        check(goal)
        for name, value in asdict(goal).items():
            empty = value in ("", 0) and not isinstance(value, bool)
            setattr(record, name, None if empty else value)
        record.tags = dict(goal.tags)
        record.visitor_goal = int(goal.visitor_goal) or None
        record.pattern = regex_of(goal.path_pattern) if goal.path_pattern else None
        record.mod_time = moment(self._clock())
        session.add(record)
        session.flush()
        return wire_goal(record)


def check(goal: NewGoal) -> None:
    """Raise Invalid that names every field of a goal that is wrong."""
    wrong = _wrong_together(goal)
    for name, most in _LENGTHS.items():
        value: str = getattr(goal, name)
        if len(value) > most or NUL in value:
            wrong[name] = f"must have at most {most} characters, none NUL"
    wrong |= {name: "must not be negative" for name in _TARGETS if getattr(goal, name) < 0}
    texts = [*goal.tags, *goal.tags.values()]
    if len(goal.tags) > MOST_TAGS or any(len(t) > NAME_LENGTH or NUL in t for t in texts):
        wrong["tags"] = f"must be at most {MOST_TAGS}, none longer than {NAME_LENGTH}"
    if wrong:
        raise Invalid(wrong)


def _wrong_together(goal: NewGoal) -> dict[str, str]:
    """Fields that are missing, or don't go with the others."""
    metric = goal.custom_metric_key or goal.custom_metric_type
    problem = problem_of(regex_of(goal.path_pattern)) if goal.path_pattern else ""
    rules = (
        ("name", bool(goal.name), "is required"),
        ("path_pattern", bool(goal.path_pattern or goal.event_name), "or event_name is required"),
        ("path_pattern", not problem, problem),
        ("event_meta_key", not goal.event_meta_key or goal.event_name, "needs an event_name"),
        (
            "event_meta_value",
            not goal.event_meta_value or goal.event_meta_key,
            "needs an event_meta_key",
        ),
        ("custom_metric_key", not metric or goal.event_name, "needs an event_name"),
        ("custom_metric_key", not metric or goal.custom_metric_key, "is required"),
        (
            "custom_metric_type",
            not metric or goal.custom_metric_type in METRICS,
            f"must be {' or '.join(METRICS)}",
        ),
    )
    return {name: text for name, holds, text in rules if not holds}


def goals_of(session: Session, domain_id: str) -> list[GoalRecord]:
    """The goals of a domain, by name."""
    wanted = select(GoalRecord).where(GoalRecord.domain_id == domain_id)
    return list(session.scalars(wanted.order_by(GoalRecord.name, GoalRecord.id)))


def filter_of(record: GoalRecord) -> Goal:
    """What a goal counts."""
    return Goal(
        record.name,
        wire_goal(record),
        record.pattern or "",
        record.event_name or "",
        record.event_meta_key or "",
        record.event_meta_value or "",
        tuple(sorted(record.tags.items())),
    )


def wire_goal(record: GoalRecord) -> dict[str, Any]:
    """The fields of `GET /goal`."""
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
        "visitor_goal": record.visitor_goal,
        "cr_goal": record.cr_goal,
        "custom_metric_total_goal": record.custom_metric_total_goal,
        "custom_metric_avg_goal": record.custom_metric_avg_goal,
        "delete_reached": record.delete_reached,
        "email_reached": record.email_reached,
        "tags": record.tags,
    }


def _permitted_goal(session: Session, caller: Principal, goal_id: str) -> GoalRecord:
    """A goal that the caller may change; to anybody else it does not exist."""
    record = session.get(GoalRecord, goal_id) if is_text_of(goal_id, ID_LENGTH) else None
    permitted(session, Action.CHANGE_SETTINGS, caller, "" if record is None else record.domain_id)
    if record is None:
        raise NotFound
    return record
