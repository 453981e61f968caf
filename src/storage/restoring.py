"""Puts a backup of a SQLite store back into its place."""

from __future__ import annotations

from pathlib import Path

from .address import address_of
from .checking import check
from .errors import StoreDamaged
from .holding import Hold
from .store import SqlStore


def restore(backup: Path, target: Path, key_file: Path, held: Hold | None = None) -> int:
    """Check a backup and copy it to where no store is; return its last position.

    Raises StoreDamaged with the first finding, StoreExists, and what ``SqlStore.open`` raises;
    then nothing was made.
    """
    with SqlStore.open(address_of(backup), key_file, held) as store:
        for finding in check(store):
            raise StoreDamaged(str(finding))
        store.database.back_up(target)
        return store.last_position()
