"""The store as the application uses it: events, receipts and the vault in one database."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from sqlalchemy import URL, bindparam, func, make_url, select
from sqlalchemy.exc import ArgumentError
from sqlalchemy.schema import CreateIndex, CreateTable

from ..domain.ports import Receipt
from . import sqlite
from .database import Database
from .erasing import LOG, ErasureLog
from .errors import (
    KeyFileMissing,
    ReceiptExists,
    SchemaMismatch,
    StoreUnsupported,
    WrongKey,
)
from .keys import KeyService, MasterKey
from .recorder import Recorder
from .rotation import beside, put_in_place, settle
from .schema import SCHEMA_VERSION, Statement, events, meta, metadata, receipts
from .tallies import SqlTallies
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

    def __init__(
        self, database: Database, master: KeyService, log: ErasureLog | None = None
    ) -> None:
        self._database = database
        dialect = database.dialect
        self._recorder = Recorder(database)
        self._vault = SealedVault(database, master, log)
        self._tallies = SqlTallies(database)
        position = events.c.position
        after = position > bindparam("after")
        tail = select(events).where(after).order_by(position).limit(bindparam("limit"))
        self._read = Statement(tail, dialect)
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
        return cls._fill(sqlite.connect(address), master, _log(key_path))

    @classmethod
    def open(cls, url: str, key_file: Path) -> Self:
        """Open a store on disk with its key; erasures that it has not seen are carried out first.

        Raises StoreMissing, StoreUnsupported, SchemaMismatch, KeyFileMissing, KeyFileExposed,
        KeyFileMalformed or WrongKey.
        """
        address = _address(url)
        database = sqlite.connect(address)
        try:
            settle(key_file, _meta(database).get("key_check"))
            master = MasterKey.read_file(key_file)
            _check(database, master)
            return cls(database, master, _log(key_file))
        except BaseException:
            database.close()
            raise

    @classmethod
    def rotate(cls, url: str, key_file: Path) -> int:
        """Wrap every data key by a new master key, which takes the old one's place.

        Returns how many there are. Killed at any moment, it leaves a store that opens: with the
        old key, or with the new one. Nobody has the store open meanwhile. Raises as ``open`` does.
        """
        with cls.open(url, key_file) as store:
            new = MasterKey.create_file(beside(key_file))
            count = store.vault.rewrap(new)
        put_in_place(key_file)
        return count

    @classmethod
    def in_memory(cls) -> Self:
        """Make an empty store that is gone when closed, for tests."""
        return cls.create("sqlite://")

    @classmethod
    def _fill(cls, database: Database, master: MasterKey, log: ErasureLog | None = None) -> Self:
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
        return cls(database, master, log)

    @property
    def recorder(self) -> Recorder:
        """The recorder for eventsourcing's Application."""
        return self._recorder

    @property
    def vault(self) -> SealedVault:
        """The sealed values."""
        return self._vault

    @property
    def tallies(self) -> SqlTallies:
        """The counts of repeated denials."""
        return self._tallies

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


def _log(key_file: Path) -> ErasureLog:
    return ErasureLog(key_file.with_name(LOG))


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
