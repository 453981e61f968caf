"""Stores with a log to prove things about, and what was signed of them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from eventsourcing.persistence import StoredEvent

import guanjia as gj
from guanjia.storage import Audit, Signer, SqlStore
from guanjia.storage.proof import Report
from guanjia.verifier import Checkpoint

STREAMS = 17
POSTED = gj.PostStaff(
    staff="desk1", person="p1", post="front_desk", centre="north", department="service"
)


def stored(number: int) -> StoredEvent:
    """Return the event that comes at a position of a made log."""
    state = json.dumps({"number": number, "note": "x" * (number % 90)}).encode()
    stream, version = number % STREAMS, number // STREAMS + 1
    return StoredEvent(f"complaint:N-{stream}", version, "complaint.head_alerted.1", state)


def append(store: SqlStore, count: int) -> None:
    """Append as many events."""
    last = store.last_position()
    store.recorder.insert_events([stored(last + number) for number in range(1, count + 1)])


@dataclass(frozen=True)
class Log:
    """A store on disk with its signer, and the newest checkpoint as kept elsewhere."""

    folder: Path
    elsewhere: str = ""

    @property
    def db(self) -> Path:
        return self.folder / "events.db"

    @property
    def signer(self) -> Signer:
        return Signer.read_file(self.folder / "signer.key")

    @contextmanager
    def opened(self) -> Generator[tuple[SqlStore, Audit], None, None]:
        """Open the store and what proves it."""
        url = f"sqlite:///{self.db}"
        with SqlStore.open(url, self.folder / "master.key") as store:
            yield store, store.audit(self.signer, self.folder / "newest.checkpoint")

    def verified(self, *, elsewhere: bool = True) -> Report:
        """Verify, with the checkpoint kept elsewhere or without."""
        with self.opened() as (_, audit):
            return audit.verify(self.elsewhere if elsewhere else None)

    def copied(self, folder: Path) -> Log:
        """Return a copy of the log in a folder that is made for it."""
        shutil.copytree(self.folder, folder)
        return Log(folder, self.elsewhere)


def made(folder: Path, *sizes: int) -> Log:
    """Make a log that was signed at each of the sizes."""
    folder.mkdir()
    SqlStore.create(f"sqlite:///{folder}/events.db", folder / "master.key").close()
    Signer.create_file(folder / "signer.key")
    note = ""
    with Log(folder).opened() as (store, audit):
        for size in sizes:
            append(store, size - store.last_position())
            note = audit.checkpoint().note
    return Log(folder, note)


def signed(log: Log) -> list[Checkpoint]:
    """Return the checkpoints in the store, the smallest first."""
    with log.opened() as (_, audit):
        return [Checkpoint.parse(note, log.signer.key) for _, note in audit.stored()]
