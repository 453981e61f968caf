"""Small events to store."""

from eventsourcing.persistence import StoredEvent


def event(
    originator: str = "N-1",
    version: int = 1,
    topic: str = "complaint.received.1",
    state: bytes = b"{}",
) -> StoredEvent:
    """Return one event as eventsourcing hands it to a recorder."""
    return StoredEvent(originator, version, topic, state)
