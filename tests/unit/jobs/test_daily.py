"""Once a day what is too old goes, and accounts end whose week of grace is over."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from hoofprint.errors import Unavailable
from hoofprint.jobs import daily
from hoofprint.jobs.daily import Daily
from hoofprint.management.accounts.codes import give
from hoofprint.management.accounts.logins import Device, open_login
from hoofprint.management.accounts.sweeping import Sweeping
from hoofprint.management.users import NewUser, create_user
from hoofprint.model.deletion import Deletion, DeletionKind
from hoofprint.records.engine import Records, open_records
from hoofprint.records.moments import moment
from hoofprint.records.tables import (
    AuditRecord,
    CodeKind,
    CodeRecord,
    LoginRecord,
    MailRecord,
    Record,
    UserRecord,
)

NOW = 1_700_000_000.0
DAY = 86_400.0


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    opened = open_records(f"sqlite:///{tmp_path}/records.sqlite3")
    opened.upgrade()
    yield opened
    opened.close()


def mail(state: str, changed: float) -> MailRecord:
    return MailRecord(
        def_time=moment(NOW),
        mod_time=moment(changed),
        recipient="a@example.com",
        subject=state,
        text="",
        html="",
        kind="reset",
        state=state,
    )


def swept(records: Records, now: float, days: int = 365) -> dict[str, int]:
    return {k: v for k, v in Sweeping(records, days).sweep(now).items() if v}


def left(records: Records, table: type[Record]) -> int:
    return records.read(lambda s: s.scalars(select(func.count()).select_from(table)).one())


def user(records: Records, email: str = "a@example.com", *, confirmed: bool = True) -> str:
    new = NewUser(email, "no hash", confirmed=confirmed)
    return records.write(lambda s: create_user(s, new, NOW)).id


def test_logins_go_when_they_have_ended_or_were_not_used_for_a_week(records: Records) -> None:
    ada = user(records)
    records.write(lambda s: open_login(s, s.get_one(UserRecord, ada), Device(), NOW))
    assert swept(records, NOW + 7 * DAY - 1) == {}
    assert swept(records, NOW + 7 * DAY) == {"logins": 1}
    records.write(lambda s: open_login(s, s.get_one(UserRecord, ada), Device(), NOW))
    records.write(lambda s: s.query(LoginRecord).update({"seen": moment(NOW + 29 * DAY)}))
    assert swept(records, NOW + 30 * DAY - 1) == {}
    assert swept(records, NOW + 30 * DAY) == {"logins": 1}


def test_codes_go_when_they_no_longer_work(records: Records) -> None:
    ada = user(records)
    records.write(lambda s: give(s, CodeKind.RESET, ada, NOW))
    records.write(lambda s: give(s, CodeKind.CONFIRM, ada, NOW))
    assert swept(records, NOW + 3600) == {"codes": 1}
    assert left(records, CodeRecord) == 1


def test_mails_go_after_thirty_days_unless_they_wait(records: Records) -> None:
    old = [mail(state, NOW) for state in ("sent", "failed", "unsent", "waiting")]
    records.write(lambda s: s.add_all([*old, mail("sent", NOW + 1)]))
    assert swept(records, NOW + 30 * DAY) == {"mails": 3}
    assert left(records, MailRecord) == 2


def test_changes_are_kept_for_as_long_as_the_setting_says(records: Records) -> None:
    row = {"def_time": moment(NOW), "mod_time": moment(NOW), "operation": "x", "client_id": "y"}
    records.write(lambda s: s.add(AuditRecord(**row)))
    assert swept(records, NOW + 10 * DAY - 1, days=10) == {}
    assert swept(records, NOW + 10 * DAY, days=10) == {"audit": 1}


def test_accounts_that_nobody_confirms_go_and_others_stay(records: Records) -> None:
    user(records)
    user(records, "b@example.com", confirmed=False)
    assert swept(records, NOW + 7 * DAY - 1) == {}
    assert swept(records, NOW + 7 * DAY) == {"users": 1}
    assert swept(records, NOW + 1000 * DAY) == {}


DELETION = Deletion("d", "domain", DeletionKind.EVERYTHING, 0, 1, 2)


def test_what_accounts_had_is_deleted_and_the_caches_are_told() -> None:
    begun: list[Deletion] = []
    told: list[str] = []
    job = Daily(
        lambda now: [DELETION] if now == NOW else [],
        begun.append,
        lambda _: {"logins": 1, "codes": 0},
        lambda: told.append("changed"),
        lambda: NOW,
    )
    job.work()
    assert (begun, told) == ([DELETION], ["changed"])


def test_it_works_at_the_start_and_again_soon_after_a_failure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(daily, "AGAIN_SECONDS", 0.01)
    done = threading.Event()
    tries: list[float] = []

    def end(now: float) -> list[Deletion]:
        tries.append(now)
        if len(tries) == 1:
            raise Unavailable("the records cannot be used")
        if len(tries) == 2:
            raise ZeroDivisionError
        done.set()
        return []

    job = Daily(end, lambda _: None, lambda _: {}, lambda: None, lambda: NOW)
    job.start()
    assert done.wait(10)
    job.stop()
    assert len(tries) == 3
