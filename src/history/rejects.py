"""The rejects file: one JSON object a line, made when there is something to say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TextIO

from .faults import Fault


class Rejects:
    """Collects rejected lines: written as they occur, sorted by line number at the end.

    An older file of the same name is removed first. Holds numbers, codes and reasons, and
    nothing that stands on the lines.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0
        self._file: TextIO | None = None
        path.unlink(missing_ok=True)

    def add(self, line: int, fault: Fault) -> None:
        """Write one."""
        if self._file is None:
            self._file = self.path.open("w", encoding="utf-8", buffering=1)
        self.count += 1
        record = {"line": line, "code": fault.code, "reason": fault.reason}
        self._file.write(json.dumps(record, ensure_ascii=False) + "\n")

    def close(self) -> None:
        """Close the file as it stands."""
        if self._file is not None:
            self._file.close()

    def finish(self) -> None:
        """Sort the file, replacing it at once."""
        self.close()
        if not self.count:
            return
        with self.path.open(encoding="utf-8") as file:
            records = sorted(file, key=lambda record: int(json.loads(record)["line"]))
        sorted_path = self.path.with_name(self.path.name + ".part")
        sorted_path.write_text("".join(records), encoding="utf-8")
        sorted_path.replace(self.path)

    def discard(self) -> None:
        """Remove the file: the import did not take place."""
        self.close()
        self.path.unlink(missing_ok=True)
