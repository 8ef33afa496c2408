"""Brings the schema of the management database to a revision, one process at a time."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from hoofprint.errors import Unavailable
from hoofprint.records.exclusive import exclusive

SCRIPTS = Path(__file__).with_name("migrations")
HEAD = "0012"
"""The newest revision in `migrations/versions`."""


def revision_of(engine: Engine) -> str | None:
    """The revision the database is at; None for an empty one."""
    try:
        with engine.connect() as connection:
            found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except (OperationalError, ProgrammingError):
        return None
    return None if found is None else str(found)


def upgrade(engine: Engine) -> None:
    """Bring the schema to this version's; cheap when it is there already.

    Processes that start at the same time wait for each other. Raises Unavailable for a database
    that a newer version has written.
    """
    with _alone(engine):
        if engine.dialect.name == "sqlite":
            _let_readers_beside_a_writer(engine)
        if revision_of(engine) != HEAD:
            migrate(engine)


def migrate(engine: Engine, revision: str = HEAD, *, down: bool = False) -> None:
    """Bring the schema to `revision`, all of it or nothing; `down` reverts, as far as `base`."""
    with engine.connect() as connection:
        sqlite = engine.dialect.name == "sqlite"
        if sqlite:
            _switch_cascades_off(connection)
        with connection.execution_options(hoofprint_writes=True).begin():
            _run(connection, revision, down)
            if sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                raise Unavailable("the records' migration would leave rows without their owner")


def _alone(engine: Engine) -> AbstractContextManager[None]:
    """PostgreSQL's writers wait; SQLite refuses the change to WAL while others look."""
    file = engine.url.database
    if engine.dialect.name != "sqlite" or not file:
        return nullcontext()
    return exclusive(Path(file))


def _let_readers_beside_a_writer(engine: Engine) -> None:
    """The mode is kept in the file; a restored copy may have lost it."""
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA journal_mode = WAL")
    finally:
        connection.close()


def _switch_cascades_off(connection: Connection) -> None:
    """Rebuilding a table must not delete what belongs to its rows.

    No transaction may be open while this is set. The connection leaves the pool, because nobody
    else may get one without foreign keys.
    """
    driver: Any = connection.connection.driver_connection
    connection.detach()
    driver.execute("PRAGMA foreign_keys = OFF")


def _run(connection: Connection, revision: str, down: bool) -> None:
    from alembic import command  # noqa: PLC0415 - slow to import and seldom needed
    from alembic.config import Config  # noqa: PLC0415 - see above
    from alembic.util import CommandError  # noqa: PLC0415 - see above

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        if down:
            command.downgrade(config, revision)
        else:
            command.upgrade(config, revision)
    except CommandError as error:
        raise Unavailable(f"the records can't be brought to this version: {error}") from error
