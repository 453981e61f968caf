"""One writer at a time, any number of readers: the transactions under a store."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from pathlib import Path
from threading import Event, Lock, RLock, get_ident
from typing import ClassVar, Self

from sqlalchemy import URL, BindParameter, ColumnElement, Dialect, Engine, PoolProxiedConnection
from sqlalchemy.engine.interfaces import DBAPICursor

from .errors import StoreBusy, StoreClosed, StoreUnreachable, TransactionLost

UNREACHABLE = "the database server does not answer, or does not let us in"


class Database(ABC):
    """The connections of one open store; each kind of database has a child.

    A single writer connection, guarded by a re-entrant lock, belongs to the thread whose
    transaction is open; that thread reads through it too and so sees its own writes. Everyone
    else reads committed data through the engine's pool. An in-memory database has one connection,
    so there even readers wait for the lock (``shared``).
    """

    TRIGGERS: ClassVar[tuple[str, ...]]
    """Statements that make the event table append-only."""

    POLL: ClassVar[float]
    """After how many seconds a subscription looks again although nobody woke it."""

    def __init__(self, engine: Engine, *, shared: bool = False) -> None:
        self._engine = engine
        self._shared = shared
        self._lock = RLock()
        self._depth = 0
        self._owner: int | None = None
        self._turn = 0
        self._spoiled = False
        self._closed = False
        self._listeners: frozenset[Event] = frozenset()
        self._listeners_lock = Lock()
        self._writer = self._connection()

    @classmethod
    @abstractmethod
    def claimed(cls, url: URL) -> AbstractContextManager[None]:
        """Take the place of a new store; given back when an exception passes.

        Raises StoreExists when there is one.
        """

    @classmethod
    @abstractmethod
    def connect(cls, url: URL) -> Self:
        """Open the database; raises StoreMissing, StoreUnreachable or SchemaMismatch."""

    @abstractmethod
    def contains(
        self, column: ColumnElement[bytes], part: BindParameter[bytes]
    ) -> ColumnElement[bool]:
        """Return the condition that a column's bytes contain these."""

    @abstractmethod
    def _begin(self, cursor: DBAPICursor) -> None:
        """Begin a transaction that holds the write lock; raises the driver's operational error."""

    @abstractmethod
    def damage(self) -> Iterator[str]:
        """Yield what the database itself finds wrong with its files."""

    @abstractmethod
    def back_up(self, path: Path) -> None:
        """Write a copy as of one moment to a new file, readable by its owner only.

        Nobody has to stop writing. Raises StoreExists or StoreUnsupported.
        """

    def _gone(self) -> bool:
        """Tell whether the writer's connection has broken and a new one is needed."""
        return False

    @abstractmethod
    def _lost(self) -> bool:
        """Tell whether the open transaction cannot be committed any more."""

    @property
    def address(self) -> str:
        """The database's URL, with its password if it has one."""
        return self._engine.url.render_as_string(hide_password=False)

    @property
    def dialect(self) -> Dialect:
        """The dialect that statements are compiled for."""
        return self._engine.dialect

    @property
    def error(self) -> type[Exception]:
        """The driver's error of any kind."""
        return self.dialect.loaded_dbapi.Error

    @property
    def integrity_error(self) -> type[Exception]:
        """The driver's error for a broken constraint."""
        return self.dialect.loaded_dbapi.IntegrityError

    @property
    def operational_error(self) -> type[Exception]:
        """The driver's error for a database that could not do the work."""
        return self.dialect.loaded_dbapi.OperationalError

    @property
    def driver_error(self) -> type[Exception]:
        """The driver's error for everything a database does not do."""
        error: type[Exception] = self.dialect.loaded_dbapi.DatabaseError
        return error

    @property
    def in_transaction(self) -> bool:
        """Whether the open transaction is this thread's."""
        return self._owner == get_ident()

    @contextmanager
    def transaction(self) -> Generator[DBAPICursor, None, None]:
        """Hold the write lock; commit at the end, or undo everything when an exception passes.

        A nested call by the same thread joins: what it wrote is undone alone when an exception
        passes it, and is otherwise committed with the outermost. Listeners are told after the
        outermost commit. Raises StoreClosed, StoreBusy when another process kept the write lock
        too long, and TransactionLost when the database has ended the transaction by itself.
        """
        with self._lock:
            self._check_open()
            if not self._depth and self._gone():
                self._writer = self._connection()
            with closing(self._writer.cursor()) as cursor:
                commit, undo = self._open(cursor)
                try:
                    yield cursor
                    self._check_not_lost()
                    cursor.execute(commit)
                except BaseException:
                    self._undo(cursor, undo)
                    raise
                finally:
                    self._leave()
                outermost = not self._depth
        if outermost:
            self._tell_listeners()

    @contextmanager
    def writing(self) -> Generator[DBAPICursor, None, None]:
        """Yield a cursor of this thread's open transaction, or of one made for this alone.

        Unlike a nested ``transaction`` it costs nothing; in return the open transaction can only
        be undone, back to where its writes began, once an exception has passed.
        """
        if self._owner != get_ident():
            with self.transaction() as cursor:
                yield cursor
            return
        self._check_not_lost()
        with closing(self._writer.cursor()) as cursor:
            try:
                yield cursor
            except BaseException:
                self._spoiled = True
                raise

    @contextmanager
    def reading(self) -> Generator[DBAPICursor, None, None]:
        """Yield a cursor for reading: committed data, plus this thread's own open transaction."""
        if self._shared or self._owner == get_ident():
            with self._lock:
                self._check_open()
                with closing(self._writer.cursor()) as cursor:
                    yield cursor
            return
        self._check_open()
        with closing(self._connection()) as connection:
            try:
                with closing(connection.cursor()) as cursor:
                    yield cursor
            finally:
                if self._closed:  # nobody empties the pool any more
                    connection.invalidate()

    def truncate_log(self) -> None:
        """Leave nothing of earlier pages in a write-ahead log; none of ours is open meanwhile.

        Raises StoreBusy when somebody reads the log for longer than a writer waits.
        """
        if self.dialect.name != "sqlite" or self._shared:
            return
        with self._lock, closing(self._writer.cursor()) as cursor:
            self._check_open()
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            row = cursor.fetchone()
        if row and row[0]:
            msg = "the write-ahead log could not be emptied in time"
            raise StoreBusy(msg)

    def listen(self, event: Event) -> None:
        """Set ``event`` after every commit made through this object, until ``unlisten``."""
        with self._listeners_lock:
            self._listeners |= {event}

    def unlisten(self, event: Event) -> None:
        """Stop setting ``event``; an unknown one is ignored."""
        with self._listeners_lock:
            self._listeners -= {event}

    def close(self) -> None:
        """Close every connection, after the transaction that is open; closing twice is fine."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            self._writer.close()
            self._engine.dispose()
        self._tell_listeners()

    @property
    def turn(self) -> int | None:
        """A number for this thread's open transaction, None without one.

        It changes when something is undone; nobody else writes as long as it stays the same.
        """
        return self._turn if self._owner == get_ident() else None

    @property
    def closed(self) -> bool:
        """Whether ``close`` was called."""
        return self._closed

    def _open(self, cursor: DBAPICursor) -> tuple[str, str]:
        """Begin, or set a savepoint; return the statements that commit and undo."""
        # A savepoint outside a transaction would open, and on release commit, one of its own.
        if self._depth:
            self._check_not_lost()
            name = f"nested_{self._depth}"
            cursor.execute(f"SAVEPOINT {name}")
            bounds = (f"RELEASE {name}", f"ROLLBACK TO {name}")
        else:
            self._begin_in_time(cursor)
            self._spoiled = False
            self._turn += 1
            bounds = ("COMMIT", "ROLLBACK")
        self._depth += 1
        self._owner = get_ident()
        return bounds

    def _begin_in_time(self, cursor: DBAPICursor) -> None:
        try:
            self._begin(cursor)
        except BaseException as error:
            self._undo(cursor, "ROLLBACK")  # an interrupt may come when it was open already
            if not isinstance(error, self.operational_error):
                raise
            if self._gone():
                raise StoreUnreachable(UNREACHABLE) from None
            msg = "the write lock could not be had in time"
            raise StoreBusy(msg) from None

    def _connection(self) -> PoolProxiedConnection:
        try:
            return self._engine.raw_connection()
        except self.operational_error:
            # The driver's own words may name the server and the user.
            raise StoreUnreachable(UNREACHABLE) from None

    def _leave(self) -> None:
        self._depth -= 1
        if not self._depth:
            self._owner = None

    def _undo(self, cursor: DBAPICursor, undo: str) -> None:
        self._turn += 1
        # After some failures (a full disk) the database has already undone everything itself.
        with suppress(self.operational_error):
            cursor.execute(undo)
            self._spoiled = False

    def _check_open(self) -> None:
        if self._closed:
            msg = "the store is closed"
            raise StoreClosed(msg)

    def _check_not_lost(self) -> None:
        if self._spoiled or self._lost():
            msg = "the transaction was rolled back, or a write inside it failed"
            raise TransactionLost(msg)

    def _tell_listeners(self) -> None:
        for event in self._listeners:
            event.set()
