"""PostgreSQL through psycopg 3: its lock, its triggers, and how other processes are heard."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from typing import Any, Self

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import (
    URL,
    BindParameter,
    ColumnElement,
    Engine,
    PoolProxiedConnection,
    create_engine,
    event,
    func,
)
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.pool import QueuePool

from .database import Database
from .errors import StoreExists, StoreUnreachable, StoreUnsupported

# How long a writer waits for the writer of another process, in milliseconds.
LOCK_TIMEOUT = 30_000

EXISTS = "there is already a store in this database"

# The lock is held through the commit, so that positions are given in the order of commits and no
# reader passes one that can still appear. It is named after the table: a store in another schema
# has its own. Before there is a table, two that would make it wait for each other.
BEGIN = "BEGIN; SELECT pg_advisory_xact_lock(coalesce(to_regclass('events')::oid, 0)::bigint)"

# Row triggers see the rows their own statement has inserted before. ALWAYS: also for a session
# that pretends to replicate, and with them switched off no event could be appended unseen.
TRIGGERS = (
    """
    CREATE FUNCTION events_are_appended() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.position IS DISTINCT FROM (SELECT coalesce(max(position), 0) + 1 FROM events) THEN
            RAISE EXCEPTION 'events are append-only: not the next position'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE FUNCTION rows_are_not_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '% are append-only: no %', TG_TABLE_NAME, lower(TG_OP)
            USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE FUNCTION checkpoints_are_appended() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.size IS NULL OR NEW.size <= (SELECT coalesce(max(size), -1) FROM checkpoints) THEN
            RAISE EXCEPTION 'checkpoints are append-only: not of a larger log'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER checkpoints_are_appended BEFORE INSERT ON checkpoints
    FOR EACH ROW EXECUTE FUNCTION checkpoints_are_appended()
    """,
    """
    CREATE TRIGGER checkpoints_are_not_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON checkpoints
    FOR EACH STATEMENT EXECUTE FUNCTION rows_are_not_changed()
    """,
    """
    CREATE FUNCTION events_are_told() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_notify('guanjia_' || TG_RELID, '');
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER events_are_appended BEFORE INSERT ON events
    FOR EACH ROW EXECUTE FUNCTION events_are_appended()
    """,
    """
    CREATE TRIGGER events_are_not_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION rows_are_not_changed()
    """,
    """
    CREATE TRIGGER events_are_told AFTER INSERT ON events
    FOR EACH STATEMENT EXECUTE FUNCTION events_are_told()
    """,
    "ALTER TABLE checkpoints ENABLE ALWAYS TRIGGER checkpoints_are_appended",
    "ALTER TABLE checkpoints ENABLE ALWAYS TRIGGER checkpoints_are_not_changed",
    "ALTER TABLE events ENABLE ALWAYS TRIGGER events_are_appended",
    "ALTER TABLE events ENABLE ALWAYS TRIGGER events_are_not_changed",
    "ALTER TABLE events ENABLE ALWAYS TRIGGER events_are_told",
)


class PostgresDatabase(Database):
    """A schema on a server; several processes may write."""

    TRIGGERS = TRIGGERS
    POLL = 1.0

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self._ears: Thread | None = None
        self._deaf = Event()

    @classmethod
    @contextmanager
    def claimed(cls, url: URL) -> Generator[None, None, None]:
        """Make sure that there is no store yet; raises StoreExists, or StoreUnsupported.

        Two that pass here at once are told apart by the tables themselves.
        """
        database = cls.connect(url)
        try:
            with database.reading() as cursor:
                cursor.execute("SELECT to_regclass('events'), current_setting('server_encoding')")
                known, encoding = cursor.fetchone() or (None, None)
        finally:
            database.close()
        if known is not None:
            raise StoreExists(EXISTS)
        if encoding != "UTF8":
            msg = "the database's encoding must be UTF8"
            raise StoreUnsupported(msg)
        try:
            yield
        except psycopg.errors.DuplicateTable:
            raise StoreExists(EXISTS) from None

    @classmethod
    def connect(cls, url: URL) -> Self:
        """Open the database; raises StoreUnreachable."""
        engine = create_engine(
            url.set(drivername="postgresql+psycopg"),
            poolclass=QueuePool,
            pool_size=8,
            max_overflow=-1,
            pool_pre_ping=True,
            pool_reset_on_return=None,
            pool_use_lifo=True,
            use_native_hstore=False,
            connect_args={"autocommit": True, "client_encoding": "UTF8"},
        )
        event.listen(engine, "connect", _prepare)
        try:
            return cls(engine)
        except StoreUnreachable:
            engine.dispose()
            raise

    def contains(
        self, column: ColumnElement[bytes], part: BindParameter[bytes]
    ) -> ColumnElement[bool]:
        """Return the condition that a column's bytes contain these."""
        return func.position(part.op("IN")(column)) > 0

    def listen(self, event: Event) -> None:
        """Set ``event`` after every commit to the store, whoever made it, until ``unlisten``."""
        super().listen(event)
        with self._listeners_lock:
            if self._ears is None:
                self._ears = Thread(target=self._hear, name="guanjia-listen", daemon=True)
                self._ears.start()

    def damage(self) -> Iterator[str]:
        """Yield nothing: a server's files are its administrator's (``pg_amcheck``)."""
        yield from ()

    def back_up(self, path: Path) -> None:
        """Refuse: a server is backed up with its own tools."""
        msg = f"{path.name}: a PostgreSQL store is backed up with pg_dump"
        raise StoreUnsupported(msg)

    def close(self) -> None:
        """Close every connection, after the transaction that is open; closing twice is fine."""
        self._deaf.set()
        if self._ears is not None and not self._closed:
            with self._lock, suppress(psycopg.Error):
                self._writer.cursor().execute(f"NOTIFY {_channel(_driver(self._writer))}")
            self._ears.join()
        super().close()

    def _hear(self) -> None:
        """Wake the listeners whenever the server tells of an append, until the store is closed."""
        while not self._deaf.is_set():
            with suppress(psycopg.Error, StoreUnreachable), self._apart() as connection:
                connection.cursor().execute(f"LISTEN {_channel(connection)}".encode())
                self._tell_listeners()
                while not self._deaf.is_set():
                    for _ in connection.notifies(timeout=self.POLL, stop_after=1):
                        self._tell_listeners()
            self._deaf.wait(self.POLL)

    @contextmanager
    def _apart(self) -> Generator[psycopg.Connection[Any], None, None]:
        """Yield a connection that does not go back to the pool."""
        connection = self._connection()
        try:
            yield _driver(connection)
        finally:
            connection.invalidate()

    def _begin(self, cursor: DBAPICursor) -> None:
        cursor.execute(BEGIN)

    def _lost(self) -> bool:
        return _driver(self._writer).info.transaction_status != TransactionStatus.INTRANS

    def _gone(self) -> bool:
        return _driver(self._writer).closed


def _driver(connection: PoolProxiedConnection) -> psycopg.Connection[Any]:
    # SQLAlchemy types what lies below its pool as any driver's connection.
    driver: psycopg.Connection[Any] = connection.driver_connection  # type: ignore[assignment]
    return driver


def _channel(connection: psycopg.Connection[Any]) -> str:
    """Return the name under which this store's appends are told."""
    row = connection.execute("SELECT 'guanjia_' || 'events'::regclass::oid").fetchone()
    return str(row[0]) if row else ""


def _prepare(connection: DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute(f"SET lock_timeout = {LOCK_TIMEOUT}")
    cursor.close()
