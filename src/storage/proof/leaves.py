"""The leaf of a stored event; what its bytes are is defined in ``guanjia.verifier``."""

from __future__ import annotations

import hashlib
from typing import Protocol
from uuid import UUID

from ...verifier import EventLeaf, leaf_hash


class Recorded(Protocol):
    """What is stored of an event beside its position and its time."""

    @property
    def originator_id(self) -> UUID | str:
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
        """Its stored bytes."""
        ...


def leaf(position: int, event: Recorded, stored_at: int) -> EventLeaf:
    """Return the leaf of the event at ``position``; ``stored_at`` in microseconds since 1970."""
    return EventLeaf(
        position,
        str(event.originator_id),
        event.originator_version,
        event.topic,
        stored_at,
        hashlib.sha256(event.state).digest(),
    )


def leaf_of(position: int, event: Recorded, stored_at: int) -> bytes:
    """Return the leaf's hash."""
    return leaf_hash(leaf(position, event, stored_at).to_bytes())
