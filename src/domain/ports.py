"""What the domain asks of the world around it.

``guanjia.storage`` implements these ports; tests may bring their own. The domain never imports
an implementation.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from eventsourcing.persistence import ApplicationRecorder, StoredEvent


@dataclass(frozen=True, slots=True)
class Secret:
    """One clear value on its way into the vault; its repr shows only the reference.

    ``ref`` is the 32 hexadecimal digits an event will carry instead of the value, ``subject`` whose
    key seals it (``complaint:N-1``), ``field`` the matrix's name for it (``text``, ``phone``, …).
    """

    ref: str
    subject: str
    field: str
    value: str = dataclasses.field(repr=False)


class Vault(Protocol):
    """Keeps personal fields and free text, sealed, apart from the events."""

    def seal(self, secrets: Sequence[Secret]) -> None:
        """Write the sealed values in the transaction that is open, or in one of their own.

        An open one can only be undone when this fails.
        """
        ...

    def fingerprint(self, value: bytes) -> str:
        """Return a keyed hash of ``value``: equal for equal values, telling nothing else."""
        ...

    def reveal(self, ref: str) -> str:
        """Return the clear value behind ``ref``; raises ``KeyError`` when there is none."""
        ...

    def whose_phone(self, phone: str) -> Collection[str]:
        """Return, by the names of their keys, whose telephone number this is."""
        ...

    def same_phone(self, subject: str) -> Collection[str]:
        """Return who else, by the names of their keys, has a telephone number of ``subject``."""
        ...

    def destroy(self, subjects: Sequence[str]) -> None:
        """Delete these keys and all they sealed, in the transaction that is open."""
        ...

    def scrub(self) -> None:
        """Leave no byte of what was destroyed in any file, and note it apart from the store."""
        ...


@dataclass(frozen=True, slots=True)
class Tally:
    """A denial (its event's stored form) that was repeated ``count`` times since ``first_at``."""

    key: str
    denial: str
    count: int
    first_at: datetime
    last_at: datetime


class Tallies(Protocol):
    """Counts repeated denials until their number is recorded."""

    def all(self) -> list[Tally]:
        """Return every tally."""
        ...

    def put(self, tally: Tally) -> None:
        """Keep a tally in place of the one of its key, in the transaction that is open."""
        ...

    def drop(self, key: str) -> None:
        """Forget a tally, in the transaction that is open."""
        ...


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an executed command left behind, kept so that a repetition answers the same.

    ``actor`` and ``request`` (a digest) tell a true repetition from another command under the same
    key; ``result`` is JSON text.
    """

    actor: str
    request: str
    result: str


class Store(Protocol):
    """The event store as the application uses it."""

    @property
    def recorder(self) -> ApplicationRecorder:
        """What reads and appends the stored events."""
        ...

    @property
    def vault(self) -> Vault:
        """What keeps the sealed values."""
        ...

    @property
    def tallies(self) -> Tallies:
        """What counts repeated denials."""
        ...

    def transaction(self) -> AbstractContextManager[None]:
        """Take the write lock; everything written inside is committed together, or not at all.

        Nested calls by the same thread join the outer transaction.
        """
        ...

    def append(self, stored_events: Sequence[StoredEvent]) -> int:
        """Append events in the open transaction, which can only be undone when this fails.

        Returns the position of the last one.
        """
        ...

    def last_position(self) -> int:
        """Return the position of the last event, 0 for an empty store."""
        ...

    def scan(self, topics_prefix: str, containing: bytes) -> Iterator[str]:
        """Yield once each stream with an event of such a topic whose stored bytes contain this."""
        ...

    def recall(self, key: str) -> Receipt | None:
        """Return what the command known by ``key`` left behind, None for a new key."""
        ...

    def remember(self, key: str, receipt: Receipt) -> None:
        """Keep a receipt under ``key`` in the transaction that is open."""
        ...

    def close(self) -> None:
        """Give back what the store holds; it cannot be used any more."""
        ...
