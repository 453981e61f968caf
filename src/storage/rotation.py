"""Where a new master key waits while the store is wrapped anew, and how a crash is mended."""

from __future__ import annotations

from pathlib import Path

from .keys import MasterKey, sync_folder


def beside(key_file: Path) -> Path:
    """Return where the new key waits while the store is wrapped anew."""
    return key_file.with_name(key_file.name + ".new")


def settle(key_file: Path, key_check: str | None) -> None:
    """Finish what a crash left of a rotation: the key that the store is wrapped by stays."""
    waiting = beside(key_file)
    if not waiting.exists():
        return
    if MasterKey.read_file(waiting).check() == key_check:
        put_in_place(key_file)
    else:
        waiting.unlink()


def put_in_place(key_file: Path) -> None:
    """Let the new key take the old one's place, durably."""
    beside(key_file).replace(key_file)
    sync_folder(key_file.parent)
