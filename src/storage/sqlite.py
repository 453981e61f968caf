"""SQLite: its engine, its pragmas, and the triggers that make tables append-only."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Self

from sqlalchemy import URL, BindParameter, ColumnElement, create_engine, event, func
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.pool import QueuePool, StaticPool

from .database import Database
from .errors import SchemaMismatch, StoreExists, StoreMissing, StoreUnreachable

# How long a writer waits for the writer of another process, in milliseconds.
BUSY_TIMEOUT = 30_000

PRAGMAS = (
    f"PRAGMA busy_timeout={BUSY_TIMEOUT}",
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
    "PRAGMA recursive_triggers=ON",
    "PRAGMA foreign_keys=ON",
    "PRAGMA trusted_schema=OFF",
)

# INSERT OR REPLACE removes the old row without firing its DELETE trigger unless a pragma asks for
# it, and any other program may leave the pragma off; so the INSERT trigger looks for itself.
TRIGGERS = (
    """
    CREATE TRIGGER events_are_not_updated BEFORE UPDATE ON events
    BEGIN
        SELECT raise(ABORT, 'events are append-only: no update');
    END
    """,
    """
    CREATE TRIGGER events_are_not_deleted BEFORE DELETE ON events
    BEGIN
        SELECT raise(ABORT, 'events are append-only: no delete');
    END
    """,
    """
    CREATE TRIGGER events_are_appended BEFORE INSERT ON events
    BEGIN
        SELECT raise(ABORT, 'events are append-only: this version is already recorded')
        WHERE EXISTS (
            SELECT 1 FROM events
            WHERE originator_id = NEW.originator_id AND originator_version = NEW.originator_version
        );
        SELECT raise(ABORT, 'events are append-only: not the next position')
        WHERE NEW.position IS NOT (SELECT coalesce(max(position), 0) + 1 FROM events);
    END
    """,
    """
    CREATE TRIGGER checkpoints_are_not_updated BEFORE UPDATE ON checkpoints
    BEGIN
        SELECT raise(ABORT, 'checkpoints are append-only: no update');
    END
    """,
    """
    CREATE TRIGGER checkpoints_are_not_deleted BEFORE DELETE ON checkpoints
    BEGIN
        SELECT raise(ABORT, 'checkpoints are append-only: no delete');
    END
    """,
    """
    CREATE TRIGGER checkpoints_are_appended BEFORE INSERT ON checkpoints
    BEGIN
        SELECT raise(ABORT, 'checkpoints are append-only: not of a larger log')
        WHERE NEW.size IS NULL
        OR NEW.size <= (SELECT coalesce(max(size), -1) FROM checkpoints);
    END
    """,
)


class SqliteDatabase(Database):
    """A file, or memory that lives and dies with its store."""

    TRIGGERS = TRIGGERS
    POLL = 0.1

    @classmethod
    @contextmanager
    def claimed(cls, url: URL) -> Generator[None, None, None]:
        """Make the database file, readable by its owner only; raises StoreExists.

        The file remembers to write ahead (WAL); SQLite gives its ``-wal`` and ``-shm`` files the
        mode of the database file.
        """
        if is_in_memory(url):
            yield
            return
        path = Path(str(url.database))
        with _new_file(path):
            with closing(sqlite3.connect(path)) as connection:
                connection.execute("PRAGMA journal_mode=WAL")
            yield

    @classmethod
    def connect(cls, url: URL) -> Self:
        """Open the database; raises StoreMissing, or SchemaMismatch for a file that is none."""
        in_memory = is_in_memory(url)
        if not in_memory and not Path(str(url.database)).is_file():
            msg = f"there is no store at {url.database}"
            raise StoreMissing(msg)
        engine = create_engine(
            url,
            poolclass=StaticPool if in_memory else QueuePool,
            pool_reset_on_return=None,  # reading leaves no transaction open
            connect_args={"check_same_thread": False, "isolation_level": None},
            **({} if in_memory else {"pool_size": 8, "max_overflow": -1}),
        )
        event.listen(engine, "connect", _prepare)
        try:
            return cls(engine, shared=in_memory)
        except StoreUnreachable:
            raise
        except sqlite3.DatabaseError:
            engine.dispose()
            msg = f"this is no database: {url.database}"
            raise SchemaMismatch(msg) from None

    def contains(
        self, column: ColumnElement[bytes], part: BindParameter[bytes]
    ) -> ColumnElement[bool]:
        """Return the condition that a column's bytes contain these."""
        return func.instr(column, part) > 0

    def damage(self) -> Iterator[str]:
        """Yield what SQLite finds wrong with the file."""
        with self.reading() as cursor:
            cursor.execute("PRAGMA integrity_check")
            for (line,) in cursor.fetchall():
                if line != "ok":
                    yield line

    def back_up(self, path: Path) -> None:
        """Write a copy as of one moment to a new file; raises StoreExists."""
        with _new_file(path), closing(self._connection()) as connection:
            # SQLAlchemy types what lies below its pool as any driver's connection.
            source: sqlite3.Connection = connection.driver_connection  # type: ignore[assignment]
            with closing(sqlite3.connect(path)) as target:
                target.execute("PRAGMA synchronous=FULL")
                source.backup(target)

    def _begin(self, cursor: DBAPICursor) -> None:
        cursor.execute("BEGIN IMMEDIATE")

    def _lost(self) -> bool:
        # As above, the driver's own.
        connection: sqlite3.Connection = self._writer.driver_connection  # type: ignore[assignment]
        return not connection.in_transaction


def is_in_memory(url: URL) -> bool:
    """Tell whether the address names a database that lives and dies with its store."""
    return url.database in {None, "", ":memory:"}


@contextmanager
def _new_file(path: Path) -> Generator[None, None, None]:
    """Make an empty file that goes away again when an exception passes."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        msg = f"there is already something at {path}"
        raise StoreExists(msg) from None
    try:
        yield
    except BaseException:
        path.unlink()
        raise


def _prepare(connection: DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(pragma)
    cursor.close()
