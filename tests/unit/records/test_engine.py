from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from hoofprint.errors import Invalid, SettingsError, Unavailable
from hoofprint.records.engine import Records, open_records
from hoofprint.records.moments import moment, wire_time
from hoofprint.records.tables import UserRecord

NOW = 1_700_000_000.123456


def user(email: str) -> UserRecord:
    return UserRecord(
        email=email, password_hash="", full_name="", def_time=moment(NOW), mod_time=moment(NOW)
    )


def emails(session: Session) -> list[str]:
    return list(session.scalars(select(UserRecord.email).order_by(UserRecord.email)))


def test_only_the_owner_may_read_the_data(tmp_path: Path) -> None:
    opened = open_records(f"sqlite:///{tmp_path}/data/records.sqlite3")
    opened.upgrade()
    opened.write(lambda s: s.add(user("a@example.com")))
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
    for path in (tmp_path / "data").iterdir():
        assert path.stat().st_mode & 0o777 == 0o600, path


def test_what_was_written_is_read(records: Records) -> None:
    created = records.write(lambda s: s.add(user("a@example.com")))
    assert created is None
    assert records.read(emails) == ["a@example.com"]


def test_times_keep_their_microseconds_and_are_utc(records: Records) -> None:
    records.write(lambda s: s.add(user("a@example.com")))
    found = records.read(lambda s: s.scalars(select(UserRecord)).one())
    assert wire_time(found.def_time) == "2023-11-14T22:13:20.123456Z"


def test_ids_are_ten_letters_and_digits(records: Records) -> None:
    records.write(lambda s: s.add(user("a@example.com")))
    found = records.read(lambda s: s.scalars(select(UserRecord)).one())
    assert len(found.id) == 10
    assert found.id.isascii()
    assert found.id.isalnum()


def test_a_transaction_that_fails_leaves_nothing(records: Records) -> None:
    def work(session: Session) -> None:
        session.add(user("a@example.com"))
        session.flush()
        raise Invalid({"email": "is wrong"})

    with pytest.raises(Invalid):
        records.write(work)
    assert records.read(emails) == []


def test_who_comes_second_in_a_race_looks_again(records: Records) -> None:
    """The first look saw nothing; the database's own constraint leads to a second one."""
    looks: list[int] = []

    def work(session: Session) -> None:
        looks.append(1)
        if len(looks) > 1:
            raise Invalid({"email": "is taken"})
        session.add_all([user("a@example.com"), user("a@example.com")])

    with pytest.raises(Invalid) as raised:
        records.write(work)
    assert raised.value.fields == {"email": "is taken"}


def test_a_conflict_nobody_looked_for_is_the_callers_mistake(records: Records) -> None:
    with pytest.raises(Invalid, match="conflicts"):
        records.write(lambda s: s.add_all([user("a@example.com"), user("a@example.com")]))


def test_a_reader_is_not_held_up_by_a_writer(records: Records) -> None:
    def work(session: Session) -> list[str]:
        session.add(user("a@example.com"))
        session.flush()
        return records.read(emails)

    assert records.write(work) == []


def test_writers_wait_for_each_other(records: Records) -> None:
    """Reading first and writing then must not fail because another writer was in between."""

    def work(session: Session) -> None:
        session.add(user(f"{len(emails(session))}@example.com"))

    threads = [threading.Thread(target=records.write, args=(work,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert records.read(emails) == [f"{n}@example.com" for n in range(8)]


def test_processes_that_start_at_once_make_the_schema_once(empty_database: str) -> None:
    program = (
        "import sys; from hoofprint.records.engine import open_records; import alembic.command;"
        "print('ready', flush=True); sys.stdin.readline();"
        "r = open_records(sys.argv[1]); r.upgrade(); r.ping(); r.close()"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", program, empty_database],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for process in processes:
        assert process.stdout is not None
        process.stdout.readline()
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    assert [process.communicate()[1] for process in processes] == [""] * 4
    assert [process.returncode for process in processes] == [0] * 4


def test_a_database_that_is_none_is_unavailable(tmp_path: Path) -> None:
    path = tmp_path / "records.sqlite3"
    path.write_bytes(b"not a database" * 1000)
    with pytest.raises(Unavailable, match="not a database"):
        open_records(f"sqlite:///{path}").ping()


def test_a_directory_that_cannot_be_made_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unavailable, match="cannot be opened"):
        open_records(f"sqlite:///{tmp_path}/file/records.sqlite3")


@pytest.mark.parametrize("url", ["nonsense", "nobase://user:hunter2@host/name"])
def test_an_unusable_url_is_a_settings_error_without_its_password(url: str) -> None:
    with pytest.raises(SettingsError, match="database_url") as raised:
        open_records(url)
    assert "hunter2" not in str(raised.value)
