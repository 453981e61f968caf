"""The store as the application uses it: events, receipts and the vault in one database."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from types import TracebackType
from typing import NamedTuple, Self

from sqlalchemy import URL, bindparam, func, make_url, select
from sqlalchemy.exc import ArgumentError
from sqlalchemy.schema import CreateIndex, CreateTable

from ..domain.ports import Receipt
from . import sqlite
from .database import Database
from .errors import (
    KeyFileMissing,
    ReceiptExists,
    SchemaMismatch,
    StoreUnsupported,
    WrongKey,
)
from .keys import MasterKey
from .recorder import Recorder
from .schema import SCHEMA_VERSION, Statement, events, meta, metadata, receipts
from .vault import SealedVault


class StoredRow(NamedTuple):
    """One event as stored; ``stored_at`` is in microseconds since 1970-01-01T00:00:00Z."""

    position: int
    originator_id: str
    originator_version: int
    topic: str
    state: bytes
    stored_at: int


class SqlStore:
    """An open event store; implements the domain's ``Store``. Safe to share between threads."""

    SCAN_PAGE = 1000

    def __init__(self, database: Database, master: MasterKey) -> None:
        self._database = database
        dialect = database.dialect
        self._recorder = Recorder(database)
        self._vault = SealedVault(database, master)
        position = events.c.position
        after = position > bindparam("after")
        tail = select(events).where(after).order_by(position).limit(bindparam("limit"))
        self._read = Statement(tail, dialect)
        self._stream = Statement(
            select(events)
            .where(events.c.originator_id == bindparam("stream"), position <= bindparam("upto"))
            .order_by(events.c.originator_version),
            dialect,
        )
        self._scan = Statement(
            select(position, events.c.originator_id)
            .where(
                after,
                func.substr(events.c.topic, 1, func.length(bindparam("prefix")))
                == bindparam("prefix"),
                func.instr(events.c.state, bindparam("containing")) > 0,
            )
            .order_by(position)
            .limit(bindparam("limit")),
            dialect,
        )
        self._recall = Statement(
            select(receipts.c.actor, receipts.c.request, receipts.c.result).where(
                receipts.c.key == bindparam("known_by")
            ),
            dialect,
        )
        self._remember = Statement(receipts.insert(), dialect)

    @classmethod
    def create(cls, url: str, key_file: Path | None = None) -> Self:
        """Make a new store and, for one on disk, a new key file beside it, both of mode 0600.

        ``url`` is SQLAlchemy's: ``sqlite:////folder/events.db``, or ``sqlite://`` for one in
        memory, whose key is in memory too. Raises StoreExists, KeyFileExists, KeyFileMissing (a
        store on disk without a path for its key) or StoreUnsupported, and then leaves nothing new.
        """
        address = _address(url)
        if sqlite.is_in_memory(address):
            return cls._fill(sqlite.connect(address), MasterKey.generate())
        key_path = _required(key_file)
        path = sqlite.claim(address)
        try:
            master = MasterKey.create_file(key_path)
        except BaseException:
            path.unlink()
            raise
        return cls._fill(sqlite.connect(address), master)

    @classmethod
    def open(cls, url: str, key_file: Path) -> Self:
        """Open a store on disk with the key it was created with.

        Raises StoreMissing, StoreUnsupported, SchemaMismatch, KeyFileMissing, KeyFileExposed,
        KeyFileMalformed or WrongKey.
        """
        address = _address(url)
        master = MasterKey.read_file(key_file)
        database = sqlite.connect(address)
        try:
            _check(database, master)
        except BaseException:
            database.close()
            raise
        return cls(database, master)

    @classmethod
    def in_memory(cls) -> Self:
        """Make an empty store that is gone when closed, for tests."""
        return cls.create("sqlite://")

    @classmethod
    def _fill(cls, database: Database, master: MasterKey) -> Self:
        dialect = database.dialect
        with database.transaction() as cursor:
            for table in metadata.sorted_tables:
                cursor.execute(str(CreateTable(table).compile(dialect=dialect)))
                for index in table.indexes:
                    cursor.execute(str(CreateIndex(index).compile(dialect=dialect)))
            for trigger in sqlite.TRIGGERS:
                cursor.execute(trigger)
            insert = Statement(meta.insert(), dialect)
            insert.run(cursor, name="schema", value=SCHEMA_VERSION)
            insert.run(cursor, name="key_check", value=master.check())
        return cls(database, master)

    @property
    def address(self) -> str:
        """The store's URL, with its password if it has one."""
        return self._database.address

    @property
    def recorder(self) -> Recorder:
        """The recorder for eventsourcing's Application."""
        return self._recorder

    @property
    def vault(self) -> SealedVault:
        """The sealed values."""
        return self._vault

    @contextmanager
    def transaction(self) -> Generator[None, None, None]:
        """Take the write lock; everything written inside is committed together, or not at all.

        A nested call by the same thread joins the outer transaction: an exception that passes it
        undoes what was written inside it, and only that if the outer one goes on. Raises
        StoreClosed, StoreBusy or TransactionLost.
        """
        with self._database.transaction():
            yield

    def last_position(self) -> int:
        """Return the position of the last event, 0 for an empty store."""
        return self._recorder.last_position()

    def recall(self, key: str) -> Receipt | None:
        """Return what the command known by ``key`` left behind, None for a new key."""
        with self._database.reading() as cursor:
            row = self._recall.run(cursor, known_by=key).fetchone()
        return Receipt(*row) if row else None

    def remember(self, key: str, receipt: Receipt) -> None:
        """Keep a receipt under ``key``, with the open transaction; raises ReceiptExists."""
        try:
            with self._database.transaction() as cursor:
                self._remember.run(
                    cursor,
                    key=key,
                    actor=receipt.actor,
                    request=receipt.request,
                    result=receipt.result,
                )
        except self._database.integrity_error:
            msg = "a receipt is already kept under this key"
            raise ReceiptExists(msg) from None

    def read(self, after: int, limit: int) -> list[StoredRow]:
        """Return the ``limit`` events after position ``after``, in order."""
        with self._database.reading() as cursor:
            rows = self._read.run(cursor, after=after, limit=limit).fetchall()
        return [StoredRow(*row) for row in rows]

    def read_streams(self, originator_ids: Sequence[str], upto: int) -> list[StoredRow]:
        """Return the events of some streams up to position ``upto``, in order in each stream."""
        rows: list[StoredRow] = []
        with self._database.reading() as cursor:
            for stream in originator_ids:
                found = self._stream.run(cursor, stream=stream, upto=upto).fetchall()
                rows += [StoredRow(*row) for row in found]
        return rows

    def listen(self, event: Event) -> None:
        """Set ``event`` after every commit made through this store, until ``unlisten``."""
        self._database.listen(event)

    def unlisten(self, event: Event) -> None:
        """Stop setting ``event``; an unknown one is ignored."""
        self._database.unlisten(event)

    def scan(self, topics_prefix: str, containing: bytes) -> Iterator[str]:
        """Yield once each originator id of an event whose topic and stored bytes match.

        Reads the whole table, page by page and without holding a lock between pages.
        """
        seen: set[str] = set()
        after = 0
        while True:
            with self._database.reading() as cursor:
                page = self._scan.run(
                    cursor,
                    after=after,
                    prefix=topics_prefix,
                    containing=containing,
                    limit=self.SCAN_PAGE,
                ).fetchall()
            for after, originator_id in page:  # noqa: B007  the last position is used below
                if originator_id not in seen:
                    seen.add(originator_id)
                    yield originator_id
            if len(page) < self.SCAN_PAGE:
                return

    def close(self) -> None:
        """Close every connection; iterations over subscriptions end."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except ArgumentError:
        msg = "this is no database address"
        raise StoreUnsupported(msg) from None
    if address.drivername not in {"sqlite", "sqlite+pysqlite"}:
        msg = f"no store is kept on {address.drivername}"
        raise StoreUnsupported(msg)
    return address


def _required(key_file: Path | None) -> Path:
    if key_file is None:
        msg = "a store on disk needs a key file"
        raise KeyFileMissing(msg)
    return key_file


def _check(database: Database, master: MasterKey) -> None:
    known = _meta(database)
    if known.get("schema") != SCHEMA_VERSION:
        msg = f"this is no store of schema version {SCHEMA_VERSION}"
        raise SchemaMismatch(msg)
    if known.get("key_check") != master.check():
        msg = "this is not the key that the store was created with"
        raise WrongKey(msg)


def _meta(database: Database) -> dict[str, str]:
    try:
        with database.reading() as cursor:
            return dict(Statement(select(meta), database.dialect).run(cursor).fetchall())
    except database.operational_error:
        return {}  # there is no such table
