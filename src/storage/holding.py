"""Who has a store open: many at once, or one alone that changes its key or its place."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from .errors import StoreInUse

OPEN = "another process has the store open: end it (guanjia serve) and try again"
CHANGING = "the store is being given another key or place: try again when that is done"


class Hold:
    """A hold on what a master key opens, until it is closed or the process ends.

    It is a lock on a file beside the key: shared by all that have the store open, and ``alone``
    for a new key or a new place. Raises StoreInUse when another hold is in the way.
    """

    def __init__(self, key_file: Path, *, alone: bool = False) -> None:
        path = key_file.with_name(key_file.name + ".lock")
        self._lock = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(self._lock, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            self.close()
            raise StoreInUse(OPEN if alone else CHANGING) from None

    def close(self) -> None:
        """Let go; to be called once."""
        os.close(self._lock)
