"""No object of another tenant can be read, changed or counted, nor told from one that is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from hoofprint.api.metrics import Metrics
from hoofprint.jobs.drain import Drain, DrainOptions
from hoofprint.sessions.memory import SessionsInMemory
from hoofprint.spool.spool import Spool
from hoofprint.store.embedded import EmbeddedStore
from hoofprint.store.recall import newest_activity, recall
from hoofprint.store.writer import Writer

from .matrix_principals import Who, ask
from .matrix_row import API, Row
from .matrix_rows import COLLECTION, ROWS, STATISTICS, VISITOR
from .matrix_tenants import Dump, Stage, Tenant
from .matrix_things import CHIEF, DOMAIN, STRANGE, STRANGER, URL
from .world import NOW

ASKED_FOR = [row for row in ROWS if row.demands and not row.guests]
"""But for pages of dashboards: their hosts are public, and they say that they are private."""
NAMED = [(row, name) for row in ASKED_FOR for name in row.things]
EACH = pytest.mark.parametrize(
    ("number", "row", "name"),
    [(number, *named) for number, named in enumerate(NAMED)],
    ids=[f"{row.name}-as-{name}" for row, name in NAMED],
)
CHANGES = [row for row in ASKED_FOR if row.changes]
"""The matrix sees to it that the others write nothing at all."""
SAMPLE = 40
"""The quick suite tries every so manieth id of another kind."""
REFUSED = {400, 403, 404}
EMPTY = {"alembic_version", "ended_domains", "codes", "recovery_codes", "google_accounts"}
"""Tables without rows of the house: the version of all of them, domains that are no more, and what
has ids that nobody is told."""


@pytest.fixture
def strangers(principals: Mapping[str, Who]) -> Sequence[Who]:
    """Clients of the other tenant that may do there all that one can."""
    return [principals[name] for name in (STRANGER, CHIEF, STRANGE, f"login: {STRANGER}")]


@pytest.fixture(scope="module")
def house(stage: Stage, principals: Mapping[str, Who]) -> Dump:
    """The house's rows as they shall stay, once everybody is there."""
    assert principals
    return of_house(stage)


def told(answer: Any) -> tuple[int, bytes, Any]:
    """All that somebody learns."""
    return answer.status_code, answer.content, answer.headers


def try_ids(stage: Stage, row: Row, name: str, who: Who, ids: Sequence[str]) -> None:
    """Send ids of the house where an own one belongs: all are answered like an unknown one."""
    thing, own = row.things[name], stage.strangers.texts
    unknown = told(ask(stage, row, who, {**own, thing.name: thing.unknown}))
    assert unknown[0] in REFUSED or row in COLLECTION, who.name
    stage.put_back()
    for value in ids:
        answer = told(ask(stage, row, who, {**own, thing.name: value}))
        assert answer == unknown, (who.name, value)
        assert not stage.put_back(), (who.name, value)


@EACH
def test_some_ids_of_others_are_like_ids_of_nothing(
    stage: Stage, strangers: Sequence[Who], number: int, row: Row, name: str
) -> None:
    """The one that belongs there, and others in turn; by one of the strangers in turn."""
    thing = row.things[name]
    others = ids_of(stage)[number % SAMPLE :: SAMPLE] if thing.is_id else []
    who = strangers[number % len(strangers)]
    try_ids(stage, row, name, who, [stage.house[thing], *others])


@pytest.mark.slow
@EACH
def test_all_ids_of_others_are_like_ids_of_nothing(
    stage: Stage, strangers: Sequence[Who], number: int, row: Row, name: str
) -> None:
    """Of all kinds of rows of every table."""
    del number
    if row.things[name].is_id:
        for who in strangers:
            try_ids(stage, row, name, who, ids_of(stage))


def ids_of(stage: Stage) -> list[str]:
    """The ids of rows that are the house's: of each table the first ones and the last ones."""
    return [
        row_id for ids in stage.rows.values() for row_id in dict.fromkeys([*ids[:3], *ids[-3:]])
    ]


def test_the_house_has_rows_of_every_kind(stage: Stage) -> None:
    """Else the tests above try less than there is."""
    assert {table for table, ids in stage.rows.items() if not ids} == EMPTY


@pytest.mark.parametrize("row", CHANGES, ids=[row.name for row in CHANGES])
def test_what_tenants_do_at_home_changes_nothing_elsewhere(
    stage: Stage, strangers: Sequence[Who], house: Dump, row: Row
) -> None:
    """Whole rows of the house are compared, and where what was sent is counted."""
    spool = stage.office.world.spool
    spool.records.clear()
    for who in strangers[:2]:  # the others may nothing that these may not
        ask(stage, row, who, stage.strangers.texts)
        after = of_house(stage) if stage.written() else house
        assert after == house, who.name
        stage.put_back()
    own = {stage.strangers[DOMAIN], stage.strangers.sibling_id}
    assert {one.domain_id for one in spool.records} <= own


def of_house(stage: Stage) -> Dump:
    """The house's rows."""
    return {
        table: [row for row in rows if str(row[0]) in stage.rows[table]]
        for table, rows in stage.dump().items()
    }


def test_answers_are_the_same_whether_or_not_there_is_another_tenant(
    stage: Stage, strangers: Sequence[Who], store: EmbeddedStore, tmp_path: Path
) -> None:
    """Lists, counts and statistics, byte by byte."""
    people = [person.id for person in stage.house.people.values()]
    marks = ", ".join("?" * len(people))
    gone = f"DELETE FROM users WHERE id IN ({marks})"  # noqa: S608 - marks only
    collect(stage, stage.strangers, store, tmp_path / "alone")
    with stage.altered(gone, *people):
        alone = list(answers(stage, strangers))
    assert not any(stage.house[DOMAIN].encode() in content for _, _, _, content in alone)
    collect(stage, stage.house, store, tmp_path / "beside")
    assert visitors(stage, stage.house) == 1
    for before, after in zip(alone, answers(stage, strangers), strict=True):
        assert before == after


def answers(stage: Stage, strangers: Sequence[Who]) -> Iterator[tuple[str, str, int, bytes]]:
    """What the strangers are answered when they read their own, by a server that knows nothing."""
    world = stage.office.world.but()
    for row in ASKED_FOR:
        if not row.changes:
            # Statistics take longer, and it is the same whose client asks for them.
            for who in strangers[:1] if row in STATISTICS else strangers:
                answer = ask(stage, row, who, stage.strangers.texts, world)
                yield row.name, who.name, answer.status_code, answer.content


def collect(stage: Stage, tenant: Tenant, store: EmbeddedStore, directory: Path) -> None:
    """Have a visit counted for a tenant's domain."""
    spool, metrics = Spool(directory, segment_bytes=1_000_000, sync=False), Metrics()
    world = stage.office.world.but(spool=spool, metrics=metrics)
    bearer = stage.office.token({"hit": "w", "event": "w"}, domain_id=tenant[DOMAIN])
    for kind, more in (("hit", {}), ("event", {"event_name": "Buy", "event_meta": {"a": "b"}})):
        sent = {"url": tenant[URL], **VISITOR, **more}
        answer = world.send("POST", f"{API}/{kind}", json=sent, bearer=bearer)
        assert answer.status_code == 200
    running = SessionsInMemory(
        lambda wanted: recall(store, wanted), lambda: newest_activity(store), lambda: NOW
    )
    options = DrainOptions(seconds=1.0, rows=10, page_view_limit=200)
    Drain(spool, running, Writer(store), options, metrics, lambda: 0.0).count_all()
    world.runner.run(spool.close())
    stage.put_back()


def visitors(stage: Stage, tenant: Tenant) -> int:
    """How many visitors a tenant's owner is told of."""
    query = {"id": tenant[DOMAIN], "from": "2026-05-04", "to": "2026-05-04"}
    told = stage.office(tenant.people["owner"], "GET", f"{API}/statistics/total", **query)
    return int(told["visitors"])
