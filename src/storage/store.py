"""The store as the application uses it: events, receipts and the vault in one database."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from threading import Event
from typing import Self

from eventsourcing.persistence import StoredEvent
from sqlalchemy import BigInteger, LargeBinary, Text, bindparam, func, select

from ..domain.ports import Receipt
from .address import kind, parsed
from .database import Database
from .erasing import LOG, ErasureLog
from .errors import KeyFileMissing, ReceiptExists, SchemaMismatch, WrongKey
from .holding import Hold
from .keys import KeyService, MasterKey
from .making import fill
from .proof import Audit, Signer
from .recorder import Recorder
from .rotation import beside, put_in_place, settle
from .schema import SCHEMA_VERSION, Statement, StoredRow, events, meta, receipts
from .sqlite import is_in_memory
from .tallies import SqlTallies
from .vault import SealedVault


class SqlStore:
    """An open event store; implements the domain's ``Store``. Safe to share between threads."""

    SCAN_PAGE = 1000

    def __init__(
        self,
        database: Database,
        master: KeyService,
        log: ErasureLog | None = None,
        hold: Hold | None = None,
    ) -> None:
        self._database = database
        self._hold = hold
        dialect = database.dialect
        self._recorder = Recorder(database)
        self._vault = SealedVault(database, master, log)
        self._tallies = SqlTallies(database)
        position = events.c.position
        after = position > bindparam("after")
        prefix = bindparam("prefix", type_=Text)
        limit = bindparam("limit", type_=BigInteger)
        self._read = Statement(select(events).where(after).order_by(position).limit(limit), dialect)
        upto = bindparam("upto", type_=BigInteger)
        self._stream = Statement(
            select(events)
            .where(events.c.originator_id == bindparam("stream", type_=Text), position <= upto)
            .order_by(events.c.originator_version),
            dialect,
        )
        self._scan = Statement(
            select(position, events.c.originator_id)
            .where(
                after,
                func.substr(events.c.topic, 1, func.length(prefix)) == prefix,
                database.contains(events.c.state, bindparam("containing", type_=LargeBinary)),
            )
            .order_by(position)
            .limit(limit),
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
        """Make a new store and, for one that lasts, a new key file; files have mode 0600.

        ``url`` is SQLAlchemy's: ``sqlite:////folder/events.db``, ``postgresql://…``, or
        ``sqlite://`` for one in memory, whose key is in memory too. Raises StoreExists,
        KeyFileExists, KeyFileMissing (a store that lasts, without a path for its key),
        StoreUnreachable or StoreUnsupported, and then leaves nothing new.
        """
        address = parsed(url)
        database = kind(address)
        if is_in_memory(address):
            return cls._made(database.connect(address), MasterKey.generate())
        key_path = _required(key_file)
        with database.claimed(address), MasterKey.created(key_path) as master:
            return cls._made(database.connect(address), master, key_path)

    @classmethod
    def _made(cls, database: Database, master: MasterKey, key_file: Path | None = None) -> Self:
        try:
            fill(database, master)
            if key_file is None:
                return cls(database, master)
            return cls(database, master, _log(key_file), Hold(key_file))
        except BaseException:
            database.close()
            raise

    @classmethod
    def open(cls, url: str, key_file: Path, held: Hold | None = None) -> Self:
        """Open a store with its key; erasures that it has not seen are carried out first.

        The store holds the key, unless its caller ``held`` it before. Raises StoreMissing,
        StoreUnsupported, StoreUnreachable, SchemaMismatch, KeyFileMissing, KeyFileExposed,
        KeyFileMalformed, WrongKey or StoreInUse.
        """
        address = parsed(url)
        with ExitStack() as failing:
            database = kind(address).connect(address)
            failing.callback(database.close)
            hold = None if held else failing.enter_context(closing(_hold(key_file)))
            settle(key_file, _meta(database).get("key_check"))
            master = MasterKey.read_file(key_file)
            _check(database, master)
            store = cls(database, master, _log(key_file), hold)
            failing.pop_all()
        return store

    @classmethod
    def rotate(cls, url: str, key_file: Path, held: Hold | None = None) -> int:
        """Wrap every data key by a new master key, which takes the old one's place.

        Returns how many there are. Killed at any moment, it leaves a store that opens: with the
        old key, or with the new one. Raises as ``open`` does, and StoreInUse, too, while anybody
        else has the store open.
        """
        if held is None:
            with closing(_hold(key_file, alone=True)) as alone:
                return cls.rotate(url, key_file, alone)
        with cls.open(url, key_file, held) as store:
            new = MasterKey.create_file(beside(key_file))
            count = store.vault.rewrap(new)
        put_in_place(key_file)
        return count

    @classmethod
    def in_memory(cls) -> Self:
        """Make an empty store that is gone when closed, for tests."""
        return cls.create("sqlite://")

    @property
    def database(self) -> Database:
        """The connections, for what this package does to a store as a whole."""
        return self._database

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

    def audit(self, signer: Signer, kept: Path | None = None) -> Audit:
        """Return what proves this store's events with the signer's key.

        ``kept`` is the file for the newest checkpoint. Once the events turn out not to be those
        that were signed, this store appends none.
        """
        return Audit(self._database, signer, kept, self._recorder.refuse)

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

    def append(self, stored_events: Sequence[StoredEvent]) -> int:
        """Append events with the open transaction, or one of their own; return the last position.

        Raises what the recorder's ``insert_events`` raises; the open transaction can only be
        undone then.
        """
        return self._recorder.append(stored_events)

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
            with self._database.writing() as cursor:
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
        """Close every connection; iterations over subscriptions end. Closing twice is fine."""
        self._database.close()
        if self._hold:
            self._hold.close()
            self._hold = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _log(key_file: Path) -> ErasureLog:
    return ErasureLog(key_file.with_name(LOG))


def _hold(key_file: Path, *, alone: bool = False) -> Hold:
    """Hold a key; raises KeyFileMissing where there is not even a folder for it."""
    if not key_file.parent.is_dir():
        msg = f"there is no key file at {key_file}"
        raise KeyFileMissing(msg)
    return Hold(key_file, alone=alone)


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
    except database.dialect.loaded_dbapi.Error:
        return {}  # there is no such table
