"""One writer at a time, any number of readers: the transactions under a store."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing, contextmanager, suppress
from threading import Event, Lock, RLock, get_ident

from sqlalchemy import Dialect, Engine
from sqlalchemy.engine.interfaces import DBAPICursor

from .errors import StoreBusy, StoreClosed, TransactionLost


class Database:
    """The connections of one open store.

    A single writer connection, guarded by a re-entrant lock, belongs to the thread whose
    transaction is open; that thread reads through it too and so sees its own writes. Everyone
    else reads committed data through the engine's pool. An in-memory database has one connection,
    so there even readers wait for the lock (``shared``).
    """

    def __init__(self, engine: Engine, *, begin: str, shared: bool) -> None:
        self._engine = engine
        self._begin = begin
        self._shared = shared
        self._lock = RLock()
        self._depth = 0
        self._owner: int | None = None
        self._closed = False
        self._listeners: frozenset[Event] = frozenset()
        self._listeners_lock = Lock()
        self._writer = engine.raw_connection()

    @property
    def dialect(self) -> Dialect:
        """The dialect that statements are compiled for."""
        return self._engine.dialect

    @property
    def integrity_error(self) -> type[Exception]:
        """The driver's error for a broken constraint."""
        return self.dialect.loaded_dbapi.IntegrityError

    @property
    def operational_error(self) -> type[Exception]:
        """The driver's error for a database that could not do the work."""
        return self.dialect.loaded_dbapi.OperationalError

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
            opened, commit, undo = self._bounds()
            with closing(self._writer.cursor()) as cursor:
                self._open(cursor, opened, undo)
                self._enter()
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
    def reading(self) -> Generator[DBAPICursor, None, None]:
        """Yield a cursor for reading: committed data, plus this thread's own open transaction."""
        if self._shared or self._owner == get_ident():
            with self._lock:
                self._check_open()
                with closing(self._writer.cursor()) as cursor:
                    yield cursor
            return
        self._check_open()
        with (
            closing(self._engine.raw_connection()) as connection,
            closing(connection.cursor()) as cursor,
        ):
            yield cursor

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
    def closed(self) -> bool:
        """Whether ``close`` was called."""
        return self._closed

    def _bounds(self) -> tuple[str, str, str]:
        if self._depth == 0:
            return self._begin, "COMMIT", "ROLLBACK"
        name = f"nested_{self._depth}"
        return f"SAVEPOINT {name}", f"RELEASE {name}", f"ROLLBACK TO {name}"

    def _open(self, cursor: DBAPICursor, opened: str, undo: str) -> None:
        # A savepoint outside a transaction would open, and on release commit, one of its own.
        if self._depth:
            self._check_not_lost()
        try:
            cursor.execute(opened)
        except BaseException as error:
            self._undo(cursor, undo)  # an interrupt may come when it was open already
            if not isinstance(error, self.operational_error):
                raise
            msg = "the write lock could not be had in time"
            raise StoreBusy(msg) from None

    def _enter(self) -> None:
        self._depth += 1
        self._owner = get_ident()

    def _leave(self) -> None:
        self._depth -= 1
        if not self._depth:
            self._owner = None

    def _undo(self, cursor: DBAPICursor, undo: str) -> None:
        # After some failures (a full disk) the database has already undone everything itself.
        with suppress(self.operational_error):
            cursor.execute(undo)

    def _check_open(self) -> None:
        if self._closed:
            msg = "the store is closed"
            raise StoreClosed(msg)

    def _check_not_lost(self) -> None:
        if not getattr(self._writer.driver_connection, "in_transaction", True):
            msg = "the database has rolled the transaction back"
            raise TransactionLost(msg)

    def _tell_listeners(self) -> None:
        for event in self._listeners:
            event.set()
