"""The Merkle log of one store: its checkpoints, and the proofs and the verification they allow."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from threading import Lock

from sqlalchemy import BigInteger, bindparam, func, select

from ... import verifier
from ...verifier import Checkpoint
from ..database import Database
from ..errors import HistoryDiffers, NotInLog, TransactionOpen
from ..schema import Statement, StoredRow, checkpoints, events
from .check import Check, Claim, Finding, Report
from .leaves import leaf
from .signer import Signer
from .tree import Tree

ALL = 2**62


class Audit:
    """Proves what a store recorded. Safe to share between threads.

    ``kept`` is a file beside the store that holds the newest checkpoint made here, so that a store
    put back from an older copy is found out; None for a store in memory. ``refuse`` is told once
    the events turn out not to be those that were signed; ``doubt`` says so afterwards.
    """

    LARGEST_REPORT = 1000

    def __init__(
        self,
        database: Database,
        signer: Signer,
        kept: Path | None,
        refuse: Callable[[HistoryDiffers], None],
    ) -> None:
        self.doubt: HistoryDiffers | None = None
        self._database = database
        self._signer = signer
        self._kept = kept
        self._refuse = refuse
        self._lock = Lock()  # always taken before the database's own
        self._tree = Tree(database)
        dialect = database.dialect
        size = checkpoints.c.size
        newest = select(checkpoints.c.note).order_by(size.desc()).limit(1)
        self._newest = Statement(newest, dialect)
        later = select(size, checkpoints.c.note).where(size > bindparam("after")).order_by(size)
        self._later = Statement(later.limit(bindparam("limit", type_=BigInteger)), dialect)
        self._add = Statement(checkpoints.insert(), dialect)
        self._last = Statement(select(func.max(events.c.position)), dialect)
        at = events.c.position == bindparam("position")
        self._event = Statement(select(events).where(at), dialect)

    @property
    def key(self) -> str:
        """The public key that verifies the checkpoints, as ``guanjia.verifier`` takes it."""
        return self._signer.public

    @property
    def driver_error(self) -> type[Exception]:
        """What the database's driver raises when it cannot do its work."""
        return self._database.driver_error

    def checkpoint(self) -> Checkpoint:
        """Sign the log as it stands and return that; an unchanged log keeps the one it has.

        Raises HistoryDiffers, and signs nothing, when the events are not those signed before, and
        TransactionOpen inside a transaction.
        """
        if self._database.in_transaction:
            msg = "a checkpoint is not signed inside a transaction"
            raise TransactionOpen(msg)
        with self._lock:
            try:
                self._tree.grow(self._last_position())  # what takes long, without the lock below
                made = self._sign()
            except HistoryDiffers as refusal:
                self._doubt(refusal)
                raise
            if self._kept:
                verifier.replace(self._kept, made.note)
            return made

    def _sign(self) -> Checkpoint:
        with self._database.transaction() as cursor:
            newest, size = self._checked(), self._last_position()
            if newest is not None and newest.size == size:
                return newest
            self._tree.grow(size)
            made = self._signer.sign(size, self._tree.root(size))
            self._add.run(cursor, size=size, note=made.note)
        return made

    def look(self) -> None:
        """Compare the newest checkpoints with the store, in a few reads; set ``doubt``."""
        try:
            self._checked()
        except HistoryDiffers as refusal:
            self._doubt(refusal)

    def receipt(self, position: int) -> tuple[str, bytes]:
        """Return the receipt of the event at ``position``, and the event's stored bytes.

        Signs a checkpoint first if none covers the event. Raises NotInLog or HistoryDiffers.
        """
        with self._database.reading() as cursor:
            found = self._event.run(cursor, position=position).fetchone()
        if found is None:
            msg = f"there is no event at position {position}"
            raise NotInLog(msg)
        newest, row, index = self._covering(position), StoredRow(*found), position - 1
        extra = _base64(leaf(position, row, row.stored_at).to_bytes())
        head = f"{verifier.RECEIPT_KIND}\nextra {extra}\nindex {index}\n"
        text = _proof(head, self._tree.inclusion(index, newest.size), newest)
        try:
            verifier.check_receipt(text, self._signer.key, bytes(row.state))
        except verifier.Refused as refusal:
            raise HistoryDiffers(str(refusal)) from None
        return text, bytes(row.state)

    def update(self, since: int) -> str:
        """Return the proof that the log of ``since`` events is the beginning of the newest.

        Raises NotInLog when no checkpoint covers so many, and HistoryDiffers.
        """
        newest = self._covering(max(since, 1))
        if not 0 <= since <= newest.size:
            msg = f"the log has no {since} events"
            raise NotInLog(msg)
        return _proof(f"old {since}\n", self._tree.consistency(since, newest.size), newest)

    def verify(self, checkpoint: str | None = None) -> Report:
        """Compute everything anew from the stored bytes and say what differs.

        Compares the leaf hashes, the tree, every stored checkpoint, the one kept beside the store
        and ``checkpoint``, the text of one kept elsewhere. Writes nothing.
        """
        stored = self.stored()
        notes = [(f"checkpoint {size}", note) for size, note in stored]
        if self._kept and self._kept.exists():
            notes.append((self._kept.name, verifier.read(self._kept)))
        if checkpoint is not None:
            notes.append(("the checkpoint given", checkpoint))
        invalid: list[Finding] = []
        claims: list[Claim] = []
        for label, note in notes:
            try:
                claims.append(Claim(label, Checkpoint.parse(note, self._signer.key)))
            except verifier.Refused as refusal:
                invalid.append(Finding("checkpoint_invalid", f"{label}: {refusal}"))
        check = Check(self._database, claims)
        found = [*invalid, *islice(check.findings(), self.LARGEST_REPORT)]
        return Report(check.events, len(stored), check.agreed, tuple(found))

    def stored(self, after: int = -1, limit: int = ALL) -> Sequence[tuple[int, str]]:
        """Return (size, text) of the store's checkpoints larger than ``after``, smallest first."""
        with self._database.reading() as cursor:
            found = self._later.run(cursor, after=after, limit=limit).fetchall()
        return [(size, note) for size, note in found]

    def _checked(self) -> Checkpoint | None:
        """Return the newest checkpoint in the store; raises HistoryDiffers for what is not so."""
        with self._database.reading() as cursor:
            row = self._newest.run(cursor).fetchone()
        notes = [row[0]] if row else []
        if self._kept and self._kept.exists():
            notes.append(verifier.read(self._kept))
        for note in notes:
            self._compare(note)
        return Checkpoint.parse(notes[0], self._signer.key) if row else None

    def _compare(self, note: str) -> None:
        try:
            signed = Checkpoint.parse(note, self._signer.key)
        except verifier.Refused as refusal:
            msg = f"the newest checkpoint is {refusal.code}: {refusal}"
            raise HistoryDiffers(msg) from None
        last = self._last_position()
        if last < signed.size:
            msg = f"{signed.size} events were signed and the store holds {last}"
            raise HistoryDiffers(msg)
        self._tree.grow(signed.size)
        if self._tree.root(signed.size) != signed.root:
            msg = f"the first {signed.size} events are not those that were signed"
            raise HistoryDiffers(msg)

    def _covering(self, size: int) -> Checkpoint:
        newest = self._checked()
        return newest if newest is not None and newest.size >= size else self.checkpoint()

    def _last_position(self) -> int:
        with self._database.reading() as cursor:
            row = self._last.run(cursor).fetchone()
        return int(row[0] or 0) if row else 0

    def _doubt(self, refusal: HistoryDiffers) -> None:
        self.doubt = refusal
        self._refuse(refusal)


def _proof(head: str, path: Sequence[bytes], newest: Checkpoint) -> str:
    hashes = "".join(f"{_base64(node)}\n" for node in path)
    return f"{head}{hashes}\n{newest.note}"


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
