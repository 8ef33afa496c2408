"""Funnels: their steps, and managing them (`api.md`, Managing Funnels)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

import msgspec
from msgspec import Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from hoofprint.errors import Invalid, NotFound
from hoofprint.management.access import Action, permitted
from hoofprint.management.steps import StepFilter, filter_mistakes, parameters_of, wire_filter
from hoofprint.model.principal import Principal
from hoofprint.records.engine import Records
from hoofprint.records.ids import ID_LENGTH, is_text_of
from hoofprint.records.moments import moment, wire_time
from hoofprint.records.tables import FunnelRecord, FunnelStepRecord
from hoofprint.records.tables.funnels import FUNNEL_NAME_LENGTH
from hoofprint.records.texts import NUL

T = TypeVar("T")
FEWEST_STEPS, MOST_STEPS = 2, 8


class Step(Struct, frozen=True):
    """What somebody decides about a step."""

    name: str
    filter: StepFilter


class Funnel(Struct, frozen=True):
    """What somebody decides about a funnel."""

    name: str
    steps: tuple[Step, ...]


class StoredFunnel(NamedTuple):
    """A funnel as answers show it, and of each step its filters as parameters of a question."""

    shown: dict[str, Any]
    steps: list[list[tuple[str, str]]]


class Funnels:
    """Manages the funnels of domains for clients.

    Every method with a caller raises Forbidden or NotFound as `management/access.py` has it.
    """

    def __init__(self, records: Records, clock: Callable[[], float]) -> None:
        self._records = records
        self._clock = clock

    async def list(self, caller: Principal, domain_id: str) -> list[dict[str, Any]]:
        """The fields of each funnel of a domain, the oldest first."""

        def work(session: Session) -> list[dict[str, Any]]:
            permitted(session, Action.READ_GOALS, caller, domain_id)
            return [wire_funnel(record) for record in _funnels_of(session, domain_id)]

        return await asyncio.to_thread(self._records.read, work)

    async def stored(self, domain_id: str, funnel_id: str) -> StoredFunnel:
        """A funnel of a domain for its statistics, which the caller may read. Raises NotFound."""

        def work(session: Session) -> StoredFunnel:
            record = _found(session, funnel_id)
            if record is None or record.domain_id != domain_id:
                raise NotFound
            return StoredFunnel(wire_funnel(record), [_parameters(step) for step in record.steps])

        return await asyncio.to_thread(self._records.read, work)

    async def create(self, caller: Principal, domain_id: str, funnel: Funnel) -> dict[str, Any]:
        """The fields of a new funnel. Raises Invalid."""

        def work(session: Session) -> dict[str, Any]:
            permitted(session, Action.CHANGE_GOALS, caller, domain_id)
            now = moment(self._clock())
            record = FunnelRecord(domain_id=domain_id, def_time=now, mod_time=now, steps=[])
            session.add(record)
            return self._decide(session, record, funnel, now)

        return await self._write(work)

    async def update(
        self, caller: Principal, domain_id: str, funnel_id: str, funnel: Funnel
    ) -> dict[str, Any]:
        """Decide anew about a funnel of a domain; its fields. Raises Invalid."""

        def work(session: Session) -> dict[str, Any]:
            record = _permitted_funnel(session, caller, funnel_id)
            if record.domain_id != domain_id:
                raise NotFound
            return self._decide(session, record, funnel, moment(self._clock()))

        return await self._write(work)

    async def delete(self, caller: Principal, funnel_id: str) -> None:
        """End a funnel for good."""
        await self._write(lambda s: s.delete(_permitted_funnel(s, caller, funnel_id)))

    async def _write(self, work: Callable[[Session], T]) -> T:
        return await asyncio.to_thread(self._records.write, work)

    @staticmethod
    def _decide(
        session: Session, record: FunnelRecord, funnel: Funnel, now: datetime
    ) -> dict[str, Any]:
        """Write down what was decided. A step keeps its id as long as its place is there."""
        if wrong := funnel_mistakes(funnel):
            raise Invalid(wrong)
        record.name = funnel.name
        record.mod_time = now
        del record.steps[len(funnel.steps) :]
        for place, step in enumerate(funnel.steps):
            if place == len(record.steps):
                record.steps.append(FunnelStepRecord(step=place, def_time=now))
            kept = record.steps[place]
            kept.name, kept.filter, kept.mod_time = step.name, msgspec.to_builtins(step.filter), now
        session.flush()
        return wire_funnel(record)


def funnel_mistakes(funnel: Funnel) -> dict[str, str]:
    """What is wrong with a funnel, by field; those of a step as `steps[0].name`."""
    wrong = dict(_name_mistakes("name", funnel.name))
    if not FEWEST_STEPS <= len(funnel.steps) <= MOST_STEPS:
        wrong["steps"] = f"must be {FEWEST_STEPS} to {MOST_STEPS}"
    for place, step in enumerate(funnel.steps):
        wrong |= _name_mistakes(f"steps[{place}].name", step.name)
        for field, mistake in filter_mistakes(step.filter).items():
            wrong[f"steps[{place}].filter.{field}"] = mistake
    return wrong


def _name_mistakes(field: str, name: str) -> Iterator[tuple[str, str]]:
    if not name:
        yield field, "is required"
    elif len(name) > FUNNEL_NAME_LENGTH or NUL in name:
        yield field, f"must have at most {FUNNEL_NAME_LENGTH} characters, none NUL"


def wire_funnel(record: FunnelRecord) -> dict[str, Any]:
    """The fields of `GET /funnel`."""
    return {
        "id": record.id,
        "def_time": wire_time(record.def_time),
        "mod_time": wire_time(record.mod_time),
        "domain_id": record.domain_id,
        "name": record.name,
        "steps": [
            {
                "id": step.id,
                "def_time": wire_time(step.def_time),
                "mod_time": wire_time(step.mod_time),
                "funnel_id": record.id,
                "name": step.name,
                "step": step.step,
                "filter": wire_filter(_filter(step)),
            }
            for step in record.steps
        ],
    }


def _filter(step: FunnelStepRecord) -> StepFilter:
    return msgspec.convert(step.filter, StepFilter)


def _parameters(step: FunnelStepRecord) -> list[tuple[str, str]]:
    return parameters_of(_filter(step))


def _funnels_of(session: Session, domain_id: str) -> list[FunnelRecord]:
    """The funnels of a domain, the oldest first."""
    wanted = select(FunnelRecord).where(FunnelRecord.domain_id == domain_id)
    return list(session.scalars(wanted.order_by(FunnelRecord.def_time, FunnelRecord.id)))


def _found(session: Session, funnel_id: str) -> FunnelRecord | None:
    return session.get(FunnelRecord, funnel_id) if is_text_of(funnel_id, ID_LENGTH) else None


def _permitted_funnel(session: Session, caller: Principal, funnel_id: str) -> FunnelRecord:
    """A funnel that the caller may change; to anybody else it does not exist."""
    record = _found(session, funnel_id)
    permitted(session, Action.CHANGE_GOALS, caller, "" if record is None else record.domain_id)
    if record is None:
        raise NotFound
    return record
