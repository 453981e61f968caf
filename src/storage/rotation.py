"""Where a new master key waits while the store is wrapped anew, and how a crash is mended."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from .errors import StorageError
from .keys import MasterKey, sync_folder


def beside(key_file: Path) -> Path:
    """Return where the new key waits while the store is wrapped anew."""
    return key_file.with_name(key_file.name + ".new")


def settle(key_file: Path, key_check: str | None) -> None:
    """Finish what a crash left of a rotation: the key that the store is wrapped by stays."""
    waiting = beside(key_file)
    if not waiting.exists():
        return
    if _fits(key_file, key_check):
        waiting.unlink(missing_ok=True)
    elif _fits(waiting, key_check):
        with suppress(FileNotFoundError):  # another process that opens the store was first
            put_in_place(key_file)


def _fits(key_file: Path, key_check: str | None) -> bool:
    """Tell whether a file holds the key; one that was never written whole does not."""
    try:
        return MasterKey.read_file(key_file).check() == key_check
    except StorageError:
        return False


def put_in_place(key_file: Path) -> None:
    """Let the new key take the old one's place, durably."""
    beside(key_file).replace(key_file)
    sync_folder(key_file.parent)
