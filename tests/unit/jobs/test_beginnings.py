"""The job that keeps each domain's first day with facts of its own."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from hoofprint.errors import StoreError
from hoofprint.jobs.beginnings import Beginnings
from hoofprint.management.beginnings import BeginningBook
from hoofprint.management.domains import NewDomain, create_domain
from hoofprint.management.users import NewUser, create_user
from hoofprint.records.engine import Records, open_records
from hoofprint.records.tables import DomainRecord
from hoofprint.store.writes import Writes

NOW = 1_777_900_000
DAY = 86_400
LATE = 1_777_590_000
"""2026-04-30 23:00 UTC, which is May in Berlin."""


class Site:
    """Records with a domain in Berlin, and when its facts begin."""

    def __init__(self, records: Records) -> None:
        self.records = records
        self.oldest: dict[str, int] = {}
        self.asked: list[str] = []
        self.changes = 0
        self.fails = False
        self.book = BeginningBook(records, self.change)
        self.job = Beginnings(self.book, self.look_up)
        self.writes = Writes()
        self.writes.tell(self.job)
        self.domain_id = records.write(_domain)

    def change(self) -> None:
        self.changes += 1

    def look_up(self, domain_id: str) -> int:
        self.asked.append(domain_id)
        if self.fails:
            raise StoreError("away")
        return self.oldest.get(domain_id, 0)

    def add(self, second: int) -> None:
        """A batch of facts is in the store."""
        self.oldest[self.domain_id] = min(second, self.oldest.get(self.domain_id, second))
        self.writes.added([(self.domain_id, second // DAY)])
        self.job.look()

    @property
    def start(self) -> date | None:
        return self.records.read(lambda s: s.get_one(DomainRecord, self.domain_id)).statistics_start


def _domain(session: Session) -> str:
    user = create_user(session, NewUser("a@example.com", "x"), NOW)
    session.flush()
    return create_domain(session, NewDomain("example.com", "Europe/Berlin"), user.id, NOW).id


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    records = open_records(f"sqlite:///{tmp_path}/records.sqlite3")
    records.upgrade()
    yield Site(records)
    records.close()


def test_the_first_day_is_that_of_the_first_fact_in_the_domains_time_zone(site: Site) -> None:
    assert site.start is None
    site.add(LATE)
    assert site.start == date(2026, 5, 1)
    assert site.changes == 1


def test_only_facts_of_earlier_days_are_looked_at_again(site: Site) -> None:
    """Most batches cost nothing."""
    site.add(LATE)
    for second in (LATE, LATE + 3 * DAY, LATE + 1):
        site.add(second)
    assert len(site.asked) == 1
    site.add(LATE - 5 * DAY)
    assert site.start == date(2026, 4, 26)
    assert len(site.asked) == 2
    assert site.changes == 2


def test_after_a_deletion_the_first_day_is_later_or_there_is_none(site: Site) -> None:
    site.add(LATE)
    site.oldest[site.domain_id] = LATE + 9 * DAY
    site.writes.rewritten(site.domain_id)
    site.job.look()
    assert site.start == date(2026, 5, 10)
    site.oldest.clear()
    site.writes.rewritten()
    site.job.look()
    assert site.start is None
    site.add(LATE)
    assert site.start == date(2026, 5, 1)


def test_what_fails_is_looked_up_again(site: Site) -> None:
    site.fails = True
    with pytest.raises(StoreError):
        site.add(LATE)
    site.fails = False
    site.job.look()
    assert site.start == date(2026, 5, 1)


def test_domains_without_a_first_day_are_looked_up_at_the_start(site: Site) -> None:
    """Their facts may be older than this job."""
    site.oldest[site.domain_id] = LATE
    site.job.start()
    try:
        deadline = time.monotonic() + 20
        while site.start is None:
            assert time.monotonic() < deadline
            time.sleep(0.01)
    finally:
        site.job.stop()
    assert site.start == date(2026, 5, 1)


def test_a_domain_that_has_ended_is_no_trouble(site: Site) -> None:
    site.records.write(lambda s: s.delete(s.get_one(DomainRecord, site.domain_id)))
    site.add(LATE)
    assert site.changes == 0
