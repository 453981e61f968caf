"""Which process the file of the views belongs to, and what the others read."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp

from .connection import remove
from .errors import ViewsInUse

PATIENCE = 5.0
"""How many seconds a process waits for the file, or for a snapshot of it."""
STEP = 0.05
COPY = ".views-"
"""How the names of private copies begin."""


class Seat:
    """The right to write one file of views; a process has it until it gives it back or ends.

    A process without it works on a copy of the last snapshot that the one with it published, and
    lets that follow the store by itself: its answers are as new as anybody's.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.snapshot = path.with_suffix(".snapshot")
        self._lock = os.open(path.with_suffix(".lock"), os.O_CREAT | os.O_RDWR, 0o600)
        self._copies = os.open(path.with_suffix(".copies"), os.O_CREAT | os.O_RDWR, 0o600)
        self._private: Path | None = None
        self.taken = False
        self._tidy()

    def _tidy(self) -> None:
        """Remove the copies of processes that were killed, as soon as no process has one."""
        with suppress(BlockingIOError):
            fcntl.flock(self._copies, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for left in self.path.parent.glob(f"{COPY}*"):
                shutil.rmtree(left, ignore_errors=True)
            fcntl.flock(self._copies, fcntl.LOCK_UN)

    def file(self) -> Path:
        """Return the file to work on: the shared one, or else a private copy of its snapshot.

        Raises ``ViewsInUse`` when another process keeps the seat and has published nothing.
        """
        until = time.monotonic() + PATIENCE
        while not self.take():
            if self.snapshot.exists():
                return self._copied()
            if time.monotonic() > until:
                msg = "another process has the views open and no snapshot is published yet"
                raise ViewsInUse(msg)
            # A lock on a file tells nobody when it is free.
            time.sleep(STEP)
        return self.path

    def take(self) -> bool:
        """Return whether this process has the seat, taking it if nobody has."""
        if not self.taken:
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            self.taken = True
        return True

    def give_back(self) -> None:
        """Leave the seat to whoever takes it next, this process too."""
        fcntl.flock(self._lock, fcntl.LOCK_UN)
        self.taken = False

    def publish(self) -> None:
        """Publish the shared file, which must be whole and at rest, in the snapshot's place."""
        beside = self.path.with_suffix(".publishing")
        _copy(self.path, beside)
        beside.replace(self.snapshot)

    @property
    def published(self) -> bool:
        """Whether there is a snapshot."""
        return self.snapshot.exists()

    def _copied(self) -> Path:
        fcntl.flock(self._copies, fcntl.LOCK_SH)
        self._private = Path(mkdtemp(prefix=COPY, dir=self.path.parent))
        path = self._private / self.path.name
        _copy(self.snapshot, path)
        return path

    def forget_copy(self) -> None:
        """Remove the private copy, if there is one; nobody may have it open any more."""
        if self._private:
            shutil.rmtree(self._private)
            self._private = None
            fcntl.flock(self._copies, fcntl.LOCK_UN)

    def leave(self) -> None:
        """Give the seat back."""
        self.forget_copy()
        os.close(self._lock)
        os.close(self._copies)


def _copy(source: Path, target: Path) -> None:
    """Copy a file in a process of its own: closing a file here would drop DuckDB's lock on it."""
    remove(target)
    subprocess.run(["cp", "--", source, target], check=True)  # noqa: S603, S607 - POSIX has it
