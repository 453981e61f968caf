"""The leaf of a stored event; what its bytes are is defined in ``guanjia.verifier``."""

from __future__ import annotations

import hashlib

from eventsourcing.persistence import StoredEvent

from ...verifier import EventLeaf, leaf_hash
from ..schema import StoredRow


def leaf(position: int, event: StoredEvent | StoredRow, stored_at: int) -> EventLeaf:
    """Return the leaf of the event at ``position``; ``stored_at`` in microseconds since 1970."""
    return EventLeaf(
        position,
        str(event.originator_id),
        event.originator_version,
        event.topic,
        stored_at,
        hashlib.sha256(event.state).digest(),
    )


def leaf_of(position: int, event: StoredEvent | StoredRow, stored_at: int) -> bytes:
    """Return the leaf's hash."""
    return leaf_hash(leaf(position, event, stored_at).to_bytes())
