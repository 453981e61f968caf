"""Small events to store, and one of everything that a store keeps."""

from eventsourcing.persistence import StoredEvent

from guanjia.domain.ports import Receipt, Secret
from guanjia.storage import SqlStore

RECEIPT = Receipt("desk1", "digest", '{"position":1}')
SECRET = Secret("0" * 32, "complaint:N-1", "text", "楼上装修噪音")


class Interrupted(Exception):
    """What a test raises in the middle of a transaction."""


def event(
    originator: str = "N-1",
    version: int = 1,
    topic: str = "complaint.received.1",
    state: bytes = b"{}",
) -> StoredEvent:
    """Return one event as eventsourcing hands it to a recorder."""
    return StoredEvent(originator, version, topic, state)


def write_everything(store: SqlStore) -> None:
    """Write an event, a receipt and a sealed value."""
    store.recorder.insert_events([event()])
    store.remember("key", RECEIPT)
    store.vault.seal([SECRET])


def holds_everything(store: SqlStore) -> bool:
    """Return whether that, and nothing else, is in the store."""
    found = (store.last_position(), store.recall("key"), store.vault.reveal(SECRET.ref))
    return found == (1, RECEIPT, SECRET.value)
