"""Where events come from: what the read side asks of an event store."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Event
from typing import Protocol

Progress = Callable[[int, int], None]
"""Told the position reached and the last one."""


class StoredRow(Protocol):
    """An event as stored."""

    @property
    def position(self) -> int:
        """Its place in the store."""
        ...

    @property
    def originator_id(self) -> str:
        """The stream it belongs to."""
        ...

    @property
    def originator_version(self) -> int:
        """Its place in its stream."""
        ...

    @property
    def topic(self) -> str:
        """What kind of event it is."""
        ...

    @property
    def state(self) -> bytes:
        """Its JSON."""
        ...

    @property
    def stored_at(self) -> int:
        """When it was stored, in microseconds since 1970-01-01T00:00:00Z."""
        ...


class Source(Protocol):
    """An event store."""

    @property
    def address(self) -> str:
        """Its URL."""
        ...

    def read(self, after: int, limit: int) -> Sequence[StoredRow]:
        """Return the ``limit`` events after position ``after``, in order."""
        ...

    def read_streams(self, originator_ids: Sequence[str], upto: int) -> Sequence[StoredRow]:
        """Return the events of some streams up to position ``upto``, in order in each stream."""
        ...

    def last_position(self) -> int:
        """Return the position of the last event, 0 when there is none."""
        ...

    def listen(self, event: Event) -> None:
        """Set ``event`` after every commit of this process."""
        ...

    def unlisten(self, event: Event) -> None:
        """Stop setting ``event``."""
        ...


class NoEvents:
    """A store before its first event."""

    address = "sqlite://"

    def read(self, after: int, limit: int) -> Sequence[StoredRow]:
        """Return none."""
        return [][after:limit]

    def read_streams(self, originator_ids: Sequence[str], upto: int) -> Sequence[StoredRow]:
        """Return none."""
        return [][upto : len(originator_ids)]

    def last_position(self) -> int:
        """Return none."""
        return 0

    def listen(self, event: Event) -> None:
        """Nothing is ever committed."""

    def unlisten(self, event: Event) -> None:
        """Nothing is ever committed."""
