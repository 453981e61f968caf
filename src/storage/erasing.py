"""Erasure: keys and sealed values physically gone, and gone again in a restored older store."""

from __future__ import annotations

import json
import os
import secrets as random
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import bindparam, select

from .database import Database
from .keys import sync_folder
from .schema import Statement, erasures, vault_keys, vault_phones, vault_values

LOG = "erasures.log"


class ErasureLog:
    """The erasures ever carried out, one JSON line each, in a file apart from the store.

    It names keys and nothing else. It is only appended to, and each line is durable at once.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def entries(self) -> dict[str, str]:
        """Return whose key each erasure destroyed; a line that was cut short never counted."""
        if not self.path.exists():
            return {}
        found: dict[str, str] = {}
        for line in self.path.read_text(encoding="utf-8").splitlines(keepends=True):
            if line.endswith("\n"):
                entry = json.loads(line)
                found[entry["erasure"]] = entry["subject"]
        return found

    def append(self, entries: dict[str, str]) -> None:
        """Add erasures, durably."""
        if not entries:
            return
        lines = "".join(
            json.dumps({"erasure": erasure, "subject": subject}, ensure_ascii=False) + "\n"
            for erasure, subject in entries.items()
        )
        descriptor = os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600)
        with os.fdopen(descriptor, "r+b") as file:
            content = file.read()
            file.truncate(file.seek(content.rfind(b"\n") + 1))
            file.write(lines.encode())
            file.flush()
            os.fsync(file.fileno())
        sync_folder(self.path.parent)


class Eraser:
    """Destroys keys with all they sealed. Without a log (a store in memory) nothing is replayed."""

    def __init__(self, database: Database, log: ErasureLog | None) -> None:
        self._database = database
        self._log = log
        dialect = database.dialect
        self._deletions = [
            Statement(table.delete().where(table.c.subject == bindparam("erased")), dialect)
            for table in (vault_values, vault_phones, vault_keys)
        ]
        self._insert = Statement(erasures.insert(), dialect)
        self._select = Statement(select(erasures), dialect)

    def destroy(self, subjects: Sequence[str]) -> None:
        """Delete these keys and all they sealed, in the transaction that is open."""
        self._delete({random.token_hex(16): subject for subject in subjects})

    def _delete(self, entries: dict[str, str]) -> None:
        with self._database.transaction() as cursor:
            for erasure, subject in entries.items():
                for deletion in self._deletions:
                    deletion.run(cursor, erased=subject)
                self._insert.run(cursor, erasure=erasure, subject=subject)

    def scrub(self) -> None:
        """Note in the log what was destroyed, and empty the write-ahead log."""
        if self._log:
            known = self._log.entries()
            self._log.append({one: s for one, s in self._done().items() if one not in known})
        self._database.truncate_log()

    def replay(self) -> None:
        """Carry out what the log has and this store lacks: it is an older one, restored.

        Note in the log, too, what a crash kept out of it.
        """
        if self._log is None:
            return
        done, noted = self._done(), self._log.entries()
        later = {erasure: subject for erasure, subject in noted.items() if erasure not in done}
        self._delete(later)
        if later or done.keys() - noted.keys():
            self.scrub()

    def subjects(self) -> frozenset[str]:
        """Return whose keys this store knows to be destroyed."""
        return frozenset(self._done().values())

    def _done(self) -> dict[str, str]:
        with self._database.reading() as cursor:
            return dict(self._select.run(cursor).fetchall())
