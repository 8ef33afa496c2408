from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData, Table, create_engine, inspect, text
from sqlalchemy.exc import IntegrityError

from hoofprint.errors import Unavailable
from hoofprint.records.engine import Records, open_records
from hoofprint.records.migrate import HEAD, SCRIPTS, migrate, revision_of
from hoofprint.records.tables import Record


@pytest.fixture
def records(empty_database: str) -> Iterator[Records]:
    opened = open_records(empty_database)
    yield opened
    opened.close()


def engine_of(records: Records) -> Engine:
    return records._engine


def test_the_migrations_make_exactly_the_tables_of_the_models(records: Records) -> None:
    records.upgrade()
    with engine_of(records).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Record.metadata) == []


def test_the_named_head_is_the_newest_revision() -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_the_schema_goes_up_and_down_and_up_again(records: Records) -> None:
    records.upgrade()
    migrate(engine_of(records), "base", down=True)
    assert set(inspect(engine_of(records)).get_table_names()) == {"alembic_version"}
    records.upgrade()
    assert set(Record.metadata.tables) < set(inspect(engine_of(records)).get_table_names())


def fill(engine: Engine, table: str, **values: object) -> None:
    """Add a row to a table as it is now; what must be there and is not given is empty."""
    empty: dict[type, object] = {str: "", bool: False, int: 0, object: {}, dict: {}}
    empty[datetime] = datetime(2026, 5, 4, tzinfo=UTC)
    with engine.begin() as connection:
        found = Table(table, MetaData(), autoload_with=connection)
        given = {c.name: empty[c.type.python_type] for c in found.columns if not c.nullable}
        connection.execute(found.insert().values(given | values))


def test_links_of_older_records_get_the_hash_of_their_code_and_keep_it(records: Records) -> None:
    engine = engine_of(records)
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    before = ScriptDirectory.from_config(config).get_revision("0002").down_revision
    migrate(engine, str(before))
    fill(engine, "users", id="user")
    fill(engine, "domains", id="domain", user_id="user")
    codes = {"a" * 32, "b" * 32}
    for code in codes:
        fill(engine, "access_links", id=code[:10], domain_id="domain", code=code)
    records.upgrade()
    with engine.connect() as connection:
        found = connection.execute(text("SELECT code, code_hash FROM access_links")).all()
    assert {tuple(row) for row in found} == {(code, hash_of(code)) for code in codes}
    migrate(engine, str(before), down=True)
    with engine.connect() as connection:
        left = connection.execute(text("SELECT * FROM access_links")).mappings().all()
    assert {row["code"] for row in left} == codes
    assert "code_hash" not in left[0]
    with pytest.raises(IntegrityError):
        fill(engine, "access_links", id="other", domain_id="domain", code="a" * 32)


def hash_of(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def test_accounts_of_older_records_are_confirmed_and_the_oldest_operates(
    records: Records,
) -> None:
    engine = engine_of(records)
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    before = ScriptDirectory.from_config(config).get_revision("0010").down_revision
    migrate(engine, str(before))
    for id_, day in (("later", 5), ("first", 3), ("last", 7)):
        time = datetime(2026, 5, day, tzinfo=UTC)
        fill(engine, "users", id=id_, email=id_, def_time=time)
    records.upgrade()
    with engine.connect() as connection:
        found = connection.execute(text("SELECT id, operator, confirmed = def_time FROM users"))
        assert {tuple(row) for row in found} == {("first", 1, 1), ("later", 0, 1), ("last", 0, 1)}


def test_an_upgrade_of_what_is_up_to_date_does_nothing(records: Records) -> None:
    records.upgrade()
    records.upgrade()
    assert revision_of(engine_of(records)) == HEAD


def test_a_failed_migration_leaves_nothing_behind(records: Records) -> None:
    """A table in the way of the last statement undoes the first ones too."""
    with engine_of(records).begin() as connection:
        connection.execute(text("CREATE TABLE clients (other INTEGER)"))
    with pytest.raises(Unavailable, match="clients"):
        records.upgrade()
    assert inspect(engine_of(records)).get_table_names() == ["clients"]


def test_records_of_a_newer_version_are_refused_and_left_alone(records: Records) -> None:
    records.upgrade()
    with engine_of(records).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Unavailable, match="9999"):
        records.upgrade()


def test_foreign_keys_hold_after_a_migration(records: Records) -> None:
    records.upgrade()
    with pytest.raises(IntegrityError):
        fill(engine_of(records), "domains", id="domain", user_id="nobody")


def test_a_restored_copy_gets_its_journal_back(tmp_path: Path) -> None:
    """Copies made with VACUUM INTO have lost the mode that lets readers run beside a writer."""
    records = open_records(f"sqlite:///{tmp_path}/one.sqlite3")
    records.upgrade()
    with create_engine(f"sqlite:///{tmp_path}/one.sqlite3").connect() as connection:
        connection.exec_driver_sql(f"VACUUM INTO '{tmp_path}/two.sqlite3'")
    records.close()
    restored = open_records(f"sqlite:///{tmp_path}/two.sqlite3")
    restored.upgrade()
    with engine_of(restored).connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


def test_domains_and_members_of_older_records_outlive_the_tables_of_organizations(
    records: Records,
) -> None:
    """Both tables are rebuilt, and what belongs to their rows stays; a member may leave later."""
    engine = engine_of(records)
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    before = str(ScriptDirectory.from_config(config).get_revision("0009").down_revision)
    migrate(engine, before)
    for name in ("owner", "member"):
        fill(engine, "users", id=name, email=name)
    fill(engine, "domains", id="domain", user_id="owner", organization_id="nothing")
    fill(engine, "hostnames", id="hostname", domain_id="domain")
    fill(engine, "members", id="one", domain_id="domain", user_id="member", role="Admin")
    records.upgrade()

    def left(name: str) -> list[Any]:
        with engine.connect() as connection:
            table = Table(name, MetaData(), autoload_with=connection)
            return list(connection.execute(table.select()).mappings())

    [domain], [hostname], [member] = left("domains"), left("hostnames"), left("members")
    assert (domain["organization_id"], hostname["domain_id"]) == (None, "domain")
    assert (member["role"], member["organization_id"]) == ("Admin", None)
    fill(engine, "organizations", id="team", user_id="owner")
    fill(engine, "members", id="two", organization_id="team", user_id="member", role="Viewer")
    for wrong in (
        {"id": "three"},
        {"id": "four", "domain_id": "domain", "organization_id": "team"},
    ):
        with pytest.raises(IntegrityError):
            fill(engine, "members", user_id="owner", role="Viewer", **wrong)
    migrate(engine, before, down=True)
    [member] = left("members")
    assert member["id"] == "one"
    assert "organization_id" not in member
