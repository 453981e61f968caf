"""What the store knows of earlier runs: a line is done once, and an answer given stays given.

A line is known by its source's label, its content and which of the file's equal lines it is; what
was imported is found again by that. A refusal is kept for its run only: resumed after a kill, a
run answers as it had, although the cases have moved on meanwhile. The same file imported again
asks anew, unless nothing was recorded since.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ..domain.errors import InFuture
from ..domain.ports import Receipt, Store
from ..domain.posts import SYSTEM
from .faults import Fault

DISTURBED = -1
"""In place of a position: somebody else wrote while the run went on, or while it lay killed."""


@dataclass(slots=True)
class Ledger:
    """The receipts of one run. Open it, and every ``batch``, inside a transaction."""

    store: Store
    source: str
    run: str
    number: int
    generation: int
    asked_before: bool
    batches: int
    position: int

    @classmethod
    def open(cls, store: Store, source: str, digest: bytes, *, keep_irregular: bool) -> Ledger:
        """Begin a run of a file, or go on with one that was killed."""
        run = _print(store, "run", source, digest.hex(), keep_irregular)
        number, last = _last(store, f"import-end:{run}")
        position = store.last_position()
        quiet = last is not None and last["position"] == position
        generation = last["generation"] if last and quiet else number
        begun = _recall(store, f"import-begin:{run}:{number}")
        if begun is None:
            _remember(store, f"import-begin:{run}:{number}", {"generation": generation})
            return cls(store, source, run, number, generation, generation != number, 0, position)
        batches, batch = _last(store, f"import-batch:{run}:{number}")
        reached = batch["position"] if batch else position
        return cls(store, source, run, number, begun["generation"], True, batches, reached)

    @contextmanager
    def batch(self) -> Generator[None, None, None]:
        """Note how far the store went, and whether anybody else had written before."""
        if self.position != self.store.last_position():
            self.position = DISTURBED
        yield
        if self.position != DISTURBED:
            self.position = self.store.last_position()
        reached = {"position": self.position}
        _remember(self.store, f"import-batch:{self.run}:{self.number}:{self.batches}", reached)
        self.batches += 1

    def close(self) -> None:
        """End the run. After one that was disturbed the file is asked anew: things were mended."""
        ended = {"generation": self.generation, "position": self.position}
        _remember(self.store, f"import-end:{self.run}:{self.number}", ended)

    def key(self, content: bytes, occurrence: int) -> str:
        """Return the key of the n-th line of this content, counted from 0."""
        return f"import:{_print(self.store, self.source, content.decode(), occurrence)}"

    def done(self, key: str) -> bool:
        """Return whether the line was imported."""
        return self.store.recall(key) is not None

    def refusal(self, key: str) -> Fault | None:
        """Return how this run, or the one it repeats, refused the line."""
        known = _recall(self.store, self._refused(key)) if self.asked_before else None
        return Fault(known["code"], reason=known["reason"]) if known else None

    def refuse(self, key: str, fault: Fault) -> None:
        """Keep a refusal for this run; what lay in the future will not stay there."""
        if fault.code != InFuture.code:
            refused = {"code": fault.code, "reason": fault.reason}
            _remember(self.store, self._refused(key), refused)

    def _refused(self, key: str) -> str:
        return f"import-refused:{self.run}:{self.generation}:{key.removeprefix('import:')}"


def step_keys(key: str, count: int) -> Iterable[str]:
    """Return a key for each step of a line; the first is the line's own."""
    return (key if step == 0 else f"{key}/{step + 1}" for step in range(count))


def _print(store: Store, *parts: object) -> str:
    return store.vault.fingerprint(json.dumps(parts).encode())


def _recall(store: Store, key: str) -> dict[str, Any] | None:
    receipt = store.recall(key)
    return json.loads(receipt.result) if receipt else None


def _last(store: Store, series: str) -> tuple[int, dict[str, Any] | None]:
    """Return how many receipts a numbered series has, and what the last one says."""
    count = 0
    last: dict[str, Any] | None = None
    while following := _recall(store, f"{series}:{count}"):
        last, count = following, count + 1
    return count, last


def _remember(store: Store, key: str, result: dict[str, Any]) -> None:
    store.remember(key, Receipt(SYSTEM, "", json.dumps(result)))
