"""Usage on the wire: what is billed of which day, whose it is, and that it outlives a domain."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from hoofprint.records.engine import Records
from hoofprint.records.moments import moment
from hoofprint.records.tables import EndedDomainRecord, UserRecord
from hoofprint.sessions.visitors import day_of
from hoofprint.store.port import Store, Table

from .managing import MANAGED, Managed
from .test_resources import DOCUMENTED
from .world import NOW, World

PATH = "/api/v1/billing"
MAY_1 = day_of(1_777_593_600)


@pytest.fixture
def used(world: World, managed: Managed) -> Iterator[Store]:
    """Of the two domains of an owner; the month is May 2026."""
    store = world.services.store
    store.execute("TRUNCATE TABLE usage")
    managed.records.write(lambda session: session.query(EndedDomainRecord).delete())
    counts = [
        (managed.domain_id, MAY_1 - 1, "page_view", 1000),
        (managed.domain_id, MAY_1, "page_view", 40),
        (managed.domain_id, MAY_1 + 30, "event", 3),
        (managed.domain_id, MAY_1 + 1, "extension", 15),
        (managed.domain_id, MAY_1 + 2, "extension", 14),
        (managed.domain_id, MAY_1 + 31, "page_view", 2000),
        (managed.sibling_id, MAY_1 + 3, "page_view", 50),
        ("A" * 10, MAY_1, "page_view", 5000),
    ]
    store.insert(Table.USAGE, counts)
    yield store
    store.execute("TRUNCATE TABLE usage")


def ask(world: World, bearer: str | None, query: str = "") -> Any:
    answer = world.send("GET", PATH + query, bearer=bearer)
    assert answer.status_code == 200, answer.text
    return answer.json()


def shown(rows: Any) -> list[tuple[str, int]]:
    return [(row["domain"]["id"], row["page_views"]) for row in rows]


@pytest.mark.usefixtures("used")
def test_a_month_is_page_views_events_and_a_tenth_of_the_extensions(
    world: World, managed: Managed
) -> None:
    """The largest first: 40 page views, 3 events and 29 extensions are 45."""
    rows = ask(world, managed["owner"])
    assert shown(rows) == [(managed.sibling_id, 50), (managed.domain_id, 45)]
    [example] = DOCUMENTED["GET", PATH]["response"]
    assert list(rows[0]) == list(example)
    assert (
        rows[1]["domain"]
        == world.send(
            "GET", f"/api/v1/domain?id={managed.domain_id}", bearer=managed["owner"]
        ).json()
    )


@pytest.mark.usefixtures("used")
def test_any_days_may_be_asked_for_in_any_order_and_as_timestamps(
    world: World, managed: Managed
) -> None:
    own = managed["changing"]
    assert shown(ask(world, own, "?from=2026-04-30&to=2026-05-01")) == [(managed.domain_id, 1040)]
    assert shown(ask(world, own, "?from=2026-05-01T10:00:00Z&to=2026-04-30")) == [
        (managed.domain_id, 1040)
    ]
    assert shown(ask(world, own, "?from=2026-05-31")) == [(managed.domain_id, 3)]
    assert shown(ask(world, own, "?from=2020-01-01&to=2020-01-02")) == [(managed.domain_id, 0)]
    wrong = world.send("GET", f"{PATH}?from=May&to=2026-02-30", bearer=own)
    assert wrong.status_code == 400
    assert set(wrong.json()["validation"]) == {"from", "to"}


@pytest.mark.usefixtures("used")
def test_a_deleted_domain_is_still_billed_to_whom_it_belonged(
    world: World, managed: Managed, records: Records
) -> None:
    def end(session: Any) -> None:
        [owner] = session.query(UserRecord).filter_by(email="owner@managed.example")
        at = moment(NOW)
        session.add(
            EndedDomainRecord(
                id="A" * 10, def_time=at, mod_time=at, user_id=owner.id, hostname="gone.example"
            )
        )

    records.write(end)
    rows = ask(world, managed["owner"])
    assert shown(rows)[0] == ("A" * 10, 5000)
    assert rows[0]["domain"]["hostname"] == "gone.example"
    assert shown(ask(world, managed["stranger"])) == []

    def more(session: Any) -> None:
        [owner] = session.query(UserRecord).filter_by(email="owner@managed.example")
        at = moment(NOW)
        for number in range(50):
            session.add(
                EndedDomainRecord(
                    id=f"Ended{number:05}", def_time=at, mod_time=at, user_id=owner.id, hostname="e"
                )
            )

    records.write(more)
    [row] = ask(world, managed["owner"])
    assert (row["domain"]["hostname"], row["page_views"]) == ("All", 5095)

    def forget(session: Any) -> None:
        session.query(EndedDomainRecord).delete()

    records.write(forget)


def test_deleting_a_domain_remembers_whose_it_was(world: World, managed: Managed) -> None:
    new = {"hostname": "short.example", "timezone": "UTC"}
    made = world.send("POST", "/api/v1/domain", json=new, bearer=managed["owner"]).json()
    path = f"/api/v1/domain?id={made['id']}"
    assert world.send("DELETE", path, bearer=managed["owner"]).status_code == 200
    ids = {domain_id for domain_id, _ in shown(ask(world, managed["owner"]))}
    assert made["id"] in ids


@pytest.mark.parametrize("who", MANAGED)
def test_who_may_read_what_is_billed(world: World, managed: Managed, who: str) -> None:
    """Scope `statistics` or `billing`; what belongs to others is not billed to members."""
    bearer, reads, _ = managed.who(who)
    status = {"reading": 403, "other_scopes": 200}.get(who, reads)
    answer = world.send("GET", PATH, bearer=bearer)
    assert answer.status_code == status
    if who in {"admin", "viewer"}:
        assert answer.json() == []
