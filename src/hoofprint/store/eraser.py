"""Deletes facts: statements of the store that it carries out in the background (mutations).

Each of them concerns the rows that are there when it is made, and no others. Reads leave out what
it deletes from that moment on (`apply_mutations_on_fly`), while the store rewrites its parts. It
goes on after a restart, and tries again what fails.

A page view and an event go by their own time, a session by its last activity, as they are counted.
All rows of a session must go, else an older one would be its last. What is left of a session that
began in the deleted time and was active after it begins where that time ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from hoofprint.model.deletion import Deletion, DeletionKind
from hoofprint.model.session import IDLE_SECONDS
from hoofprint.query.plan import EARLIEST, LATEST
from hoofprint.sessions.visitors import day_of
from hoofprint.store.port import Parameters, Store, Table

MOST_SESSIONS = 5000
"""Sessions that one statement names."""

_OF_DOMAIN = (
    "domain_id = {domain:String}"
    " AND day >= toDate({first_day:UInt16}) AND day <= toDate({last_day:UInt16})"
)
_IN_TIME = "time >= toDateTime({start:UInt32}, 'UTC') AND time < toDateTime({end:UInt32}, 'UTC')"
_BEGAN_IN_TIME = (
    "start >= toDateTime({start:UInt32}, 'UTC') AND start < toDateTime({end:UInt32}, 'UTC')"
    " AND time >= toDateTime({end:UInt32}, 'UTC')"
)
_CUT = "start = toDateTime({end:UInt32}, 'UTC'), duration = toUnixTimestamp(time) - {end:UInt32}"
_MARKED = "{mark:String} != ''"
"""True, and how the mutations of a deletion are known."""
_STEPS = "uniqExact(table, mutation_id)"
_OF_MARK = (
    "FROM system.mutations WHERE database = currentDatabase()"
    " AND position(command, {mark:String}) > 0"
)
_SESSION = "bitXor(visitor_id * 2048, session_id)"
_PARTITION = re.compile(r"IN PARTITION ID '(\d+)'")


class Left(NamedTuple):
    """How many steps of a deletion are not done, and what hinders them."""

    steps: int
    problem: str


class Eraser:
    """Deletes facts in a store; every method raises StoreError when the store refuses."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def begin(self, deletion: Deletion) -> int:
        """Make what is there of a deletion's facts disappear from every answer.

        Returns the number of steps in which the store then removes them. Nothing may be written
        meanwhile. After a failure or a crash in the middle it is called again, and does what is
        missing.
        """
        parameters = _parameters(deletion)
        if deletion.kind.takes_sessions:
            self._delete_older_rows(parameters)
        known = set(self._known(parameters["mark"]))
        for table in _tables(deletion):
            for partition in self._partitions(table, parameters):
                if (table, partition) not in known:
                    commands = _commands(table, partition)
                    self._store.execute(_alter(table, commands), parameters)
        [[steps]] = self._store.select(f"SELECT {_STEPS} {_OF_MARK}", parameters)
        return int(steps)

    def left(self, deletion: Deletion) -> Left:
        """What the store still has to do for a deletion that has begun."""
        [[steps, problem]] = self._store.select(
            f"SELECT {_STEPS}, max(latest_fail_reason) {_OF_MARK} AND NOT is_done",
            {"mark": _mark(deletion)},
        )
        return Left(int(steps), str(problem).split("\n", 1)[0])

    def _delete_older_rows(self, parameters: Parameters) -> None:
        """Delete the sessions that end in the time but began before it, with all of their rows.

        They are named one by one: a condition would find no end in time in their older rows.
        """
        rows = self._store.select(
            f"SELECT toYYYYMM(day) AS month, {_SESSION} FROM sessions FINAL"  # noqa: S608 - constants
            f" WHERE {_OF_DOMAIN} AND {_IN_TIME} AND start < toDateTime({{start:UInt32}}, 'UTC')"
            " ORDER BY month",
            parameters,
        )
        for i in range(0, len(rows), MOST_SESSIONS):
            some = rows[i : i + MOST_SESSIONS]
            commands = ", ".join(
                f"DELETE IN PARTITION ID '{month}' WHERE {_OF_DOMAIN}"
                f" AND {_SESSION} IN {{sessions:Array(UInt64)}} AND {_MARKED}"
                for month in sorted({month for month, _ in some})
            )
            named = {"sessions": [session for _, session in some]}
            marked = {"mark": f"{parameters['mark']} {OLDER_ROWS}"}
            self._store.execute(_alter(Table.SESSIONS, commands), {**parameters, **named, **marked})

    def _partitions(self, table: Table, parameters: Parameters) -> list[str]:
        """The months in which the domain has facts of these days."""
        rows = self._store.select(
            f"SELECT DISTINCT toYYYYMM(day) AS month FROM {table} WHERE {_OF_DOMAIN}"  # noqa: S608 - constants
            " ORDER BY month",
            parameters,
        )
        return [str(month) for [month] in rows]

    def _known(self, mark: object) -> Iterator[tuple[Table, str]]:
        """The steps that were made before a failure or a crash."""
        rows = self._store.select(
            "SELECT DISTINCT table, command FROM system.mutations"
            " WHERE database = currentDatabase() AND position(command, {quoted:String}) > 0",
            {"quoted": f"'{mark}'"},
        )
        for table, command in rows:
            if found := _PARTITION.search(command):
                yield Table(table), found[1]


OLDER_ROWS = "older rows"
"""Behind the mark of those mutations that may be made again."""


def _mark(deletion: Deletion) -> str:
    return f"deletion {deletion.id}"


def _parameters(deletion: Deletion) -> Mapping[str, object]:
    start, end = (min(max(s, EARLIEST), LATEST) for s in (deletion.start, deletion.end))
    return {
        "domain": deletion.domain_id,
        "start": start,
        "end": end,
        "first_day": day_of(start - IDLE_SECONDS),
        "last_day": day_of(end - 1),
        "mark": _mark(deletion),
    }


def _tables(deletion: Deletion) -> tuple[Table, ...]:
    """Where a kind of facts is; the records say which imported rows count (`jobs/imports.py`)."""
    if deletion.kind.takes_sessions:
        return Table.SESSIONS, Table.PAGE_VIEWS, Table.EVENTS
    return (Table.EVENTS,) if deletion.kind is DeletionKind.EVENTS else ()


def _commands(table: Table, partition: str) -> str:
    where = f"IN PARTITION ID '{partition}' WHERE {_OF_DOMAIN} AND {_MARKED}"
    commands = f"DELETE {where} AND {_IN_TIME}"
    if table is Table.SESSIONS:
        commands += f", UPDATE {_CUT} {where} AND {_BEGAN_IN_TIME}"
    return commands


def _alter(table: Table, commands: str) -> str:
    return f"ALTER TABLE {table} {commands} SETTINGS mutations_sync = 0"
