"""Opens the management database and runs transactions in it; safe beside other processes.

SQLite and PostgreSQL give the same promises: a reader waits for nobody, writers wait for each
other (docs/adr/0031).
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import (
    ArgumentError,
    DataError,
    IntegrityError,
    NoSuchModuleError,
    SQLAlchemyError,
)
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from hoofprint.errors import Invalid, SettingsError, Unavailable
from hoofprint.records.migrate import upgrade

T = TypeVar("T")
Work = Callable[[Session], T]

BUSY_SECONDS = 30
CONNECT_SECONDS = 5
LOST_SECONDS = 10
"""After so long without an answer of its host, a connection to PostgreSQL counts as lost."""
WRITES = "hoofprint_writes"
"""The execution option of transactions that will write."""
WRITERS = 0x686F6F66
"""The key of PostgreSQL's advisory lock; only has to be the same in every process."""
BECOME_WRITER = text(
    f"SELECT set_config('lock_timeout', '{BUSY_SECONDS}s', true),"
    f" set_config('idle_in_transaction_session_timeout', '{BUSY_SECONDS}s', true),"
    f" pg_advisory_xact_lock({WRITERS})"
)


class Records:
    """The management database: transactions, its schema and its end."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reader = sessionmaker(engine, expire_on_commit=False)
        writer = engine.execution_options(**{WRITES: True})
        self._writer = sessionmaker(writer, expire_on_commit=False)

    def upgrade(self) -> None:
        """Bring the schema up to this version; several processes may do so at once.

        Raises Unavailable when the database can't be used or belongs to a newer version.
        """
        try:
            upgrade(self._engine)
        except (SQLAlchemyError, sqlite3.Error, OSError) as error:
            raise _unavailable(error) from error

    def read(self, work: Work[T]) -> T:
        """What `work` finds in one transaction; its records may be used after it.

        Raises Unavailable.
        """
        try:
            with self._reader() as session:
                return work(session)
        except DataError as error:
            raise _unfit() from error
        except SQLAlchemyError as error:
            raise _unavailable(error) from error

    def write(self, work: Work[T]) -> T:
        """What `work` makes in one transaction, committed; there is one writer at a time.

        `work` looks for what must be unique and says so with Invalid. When another process was
        faster in between, it runs a second time and sees that. Raises Unavailable.
        """
        try:
            try:
                return self._write(work)
            except IntegrityError:
                return self._write(work)
        except IntegrityError as error:
            raise Invalid({}, "conflicts with what is there already") from error
        except DataError as error:
            raise _unfit() from error
        except SQLAlchemyError as error:
            raise _unavailable(error) from error

    def watch_writes(
        self, flushed: Callable[[Session], None], committing: Callable[[Session], None]
    ) -> None:
        """Show every writing transaction to others from now on.

        `flushed` sees it after each flush, while it still knows what was new, changed or deleted;
        `committing` at its end, when more may be written.
        """
        event.listen(self._writer, "after_flush", lambda session, _: flushed(session))
        event.listen(self._writer, "before_commit", committing)

    def ping(self) -> None:
        """Return if the database answers and has its schema. Raises Unavailable."""
        self.read(
            lambda session: session.execute(
                text("SELECT version_num FROM alembic_version")
            ).scalar()
        )

    def close(self) -> None:
        """End every connection."""
        self._engine.dispose()

    def _write(self, work: Work[T]) -> T:
        with self._writer.begin() as session:
            result = work(session)
            session.flush()
            return result


def open_records(url: str) -> Records:
    """The management database at a SQLAlchemy URL; a missing SQLite file is created.

    Raises SettingsError for a URL that can't be used, Unavailable for a file that can't be made.
    """
    try:
        address = make_url(url)
        engine = _engine(address)
    except ModuleNotFoundError as error:
        needed = f"needs the Python package {error.name} (`pip install hoofprint[postgresql]`)"
        raise SettingsError(f"database_url: {needed}") from error
    except (ArgumentError, NoSuchModuleError) as error:
        raise SettingsError(f"database_url: {error}") from error
    if engine.dialect.name == "sqlite":
        _create_file(address)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    elif engine.dialect.name == "postgresql":
        event.listen(engine, "begin", _begin_postgresql)
    return Records(engine)


def _engine(address: URL) -> Engine:
    """The connections to a database; what the URL itself says about them counts."""
    if address.get_driver_name() != "psycopg":
        return create_engine(address)
    waiting = {
        "connect_timeout": CONNECT_SECONDS,
        "tcp_user_timeout": LOST_SECONDS * 1000,
        "keepalives_idle": LOST_SECONDS,
        "application_name": "hoofprint",
    }
    unsaid = {name: value for name, value in waiting.items() if name not in address.query}
    # A connection that PostgreSQL has ended meanwhile is replaced before it is used.
    return create_engine(address, pool_pre_ping=True, connect_args=unsaid)


def _create_file(address: URL) -> None:
    """Make the file before SQLite does: only its owner may read it."""
    if not address.database or address.database == ":memory:":
        return
    path = Path(address.database)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise Unavailable(f"the records cannot be opened: {error}") from error


def _prepare_sqlite(connection: Any, entry: ConnectionPoolEntry) -> None:
    """Leave BEGIN to us, wait for other writers, hold foreign keys."""
    del entry
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    connection.execute("PRAGMA foreign_keys = ON")


def _begin_sqlite(connection: Connection) -> None:
    """A writer takes the lock first: turning a read lock into it later fails without waiting."""
    writes = connection.get_execution_options().get(WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _begin_postgresql(connection: Connection) -> None:
    """A writer waits for the one before it, as in SQLite: what it looks for stays true.

    A process that stands still must not keep all others from writing.
    """
    if connection.get_execution_options().get(WRITES):
        connection.execute(BECOME_WRITER)


def _unfit() -> Invalid:
    return Invalid({}, "holds something that is too long or that the records can't keep")


def _unavailable(error: Exception) -> Unavailable:
    cause = getattr(error, "orig", None) or error
    return Unavailable(f"the records cannot be used: {str(cause).splitlines()[0]}")
