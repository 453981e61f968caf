"""The import itself: find the lines, put them in order, carry them out in batches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TypeVar

from ..domain.application import Application
from ..domain.errors import Rejected, StaffExists
from ..domain.messages import Envelope
from .faults import Fault, HistoryError, MappingError, refused
from .ledger import Ledger, step_keys
from .lines import Broken, Index, Item, Reader, Step, short
from .rejects import Rejects

T = TypeVar("T")
Progress = Callable[[int, int], None]
"""Told (lines done, lines in all) after each batch."""

BATCH = 500
"""Lines a transaction commits together; the store's write lock is held for as long."""


@dataclass(frozen=True, slots=True)
class Summary:
    """How an import ended: ``read = imported + rejected + already + ignored``.

    ``irregular`` counts this run's imported lines by the code of each rule that was passed over
    for them. ``rejects`` is the rejects file, None when nothing was rejected.
    """

    read: int
    imported: int
    rejected: int
    already: int
    ignored: int
    irregular: Mapping[str, int] = field(default_factory=dict)
    rejects: Path | None = None


class Run:
    """One import of one file; ``execute`` it once."""

    def __init__(
        self,
        application: Application,
        reader: Reader,
        rejects: Path,
        *,
        keep_irregular: bool,
        progress: Progress | None,
    ) -> None:
        self._application = application
        self._reader = reader
        self._keep_irregular = keep_irregular
        self._progress = progress or _quiet
        self._rejects = Rejects(rejects)
        self._tally: Counter[str] = Counter()
        self._irregular: Counter[str] = Counter()
        self._seen: dict[int, int] = {}

    def execute(self) -> Summary:
        """Import the file; raises ``HistoryError`` when it is of no use, and storage's errors."""
        try:
            index = self._scan()
            total = self._tally["rejected"] + len(index)
            self._carry_out(index, total)
        except HistoryError:
            self._rejects.discard()
            raise
        finally:
            self._rejects.close()
        self._rejects.finish()
        return self._summary(total)

    def _scan(self) -> Index:
        index = Index()
        for found in self._reader.scan():
            if isinstance(found, Broken):
                self._reject(found.line, found.fault)
            else:
                index.add(found)
        return index

    def _carry_out(self, index: Index, total: int) -> None:
        self._seen = index.repeated()
        with self._application.transaction():
            ledger = self._open_ledger()
            with ledger.batch():
                self._set_up(ledger)
        self._progress(self._tally["rejected"], total)
        for batch in _batches(index.order(), BATCH):
            with self._application.transaction(), ledger.batch():
                for line, offset in batch:
                    self._line(ledger, line, offset)
            self._progress(sum(self._tally.values()), total)
        with self._application.transaction(), ledger.batch():
            ledger.close()

    def _open_ledger(self) -> Ledger:
        return Ledger.open(
            self._application.store,
            self._reader.source,
            self._reader.digest(),
            keep_irregular=self._keep_irregular,
        )

    def _set_up(self, ledger: Ledger) -> None:
        """Carry out what the mapping implies; who is posted already stays as posted."""
        for item in self._reader.setup():
            key = ledger.key(item.content, 0)
            if ledger.done(key):
                continue
            try:
                self._steps(item.steps, key)
            except StaffExists:
                continue
            except Rejected as refusal:
                raise MappingError(code="staff_refused", reason=refusal.reason) from None

    def _line(self, ledger: Ledger, line: int, offset: int) -> None:
        try:
            item = self._reader.load(offset)
        except Fault as fault:
            self._reject(line, fault)
            return
        key = ledger.key(item.content, self._occurrence(item.content))
        if not item.steps:
            self._tally["ignored"] += 1
        elif ledger.done(key):
            self._tally["already"] += 1
        elif known := ledger.refusal(key):
            self._reject(line, known)
        else:
            self._try(ledger, line, item, key)

    def _try(self, ledger: Ledger, line: int, item: Item, key: str) -> None:
        try:
            codes = self._all_steps(item.steps, key)
        except Rejected as refusal:
            fault = refused(refusal)
            ledger.refuse(key, fault)
            self._reject(line, fault)
        else:
            self._tally["imported"] += 1
            self._irregular.update(codes)

    def _all_steps(self, steps: tuple[Step, ...], key: str) -> set[str]:
        if len(steps) == 1:
            return self._steps(steps, key)
        with self._application.transaction():  # a refusal that passes it undoes the earlier steps
            return self._steps(steps, key)

    def _steps(self, steps: tuple[Step, ...], key: str) -> set[str]:
        """Return the codes of the rules passed over."""
        codes: set[str] = set()
        for step, own_key in zip(steps, step_keys(key, len(steps)), strict=True):
            envelope = Envelope(
                by=step.envelope.by,
                at=step.envelope.at,
                recorded_at=step.envelope.recorded_at,
                imported=True,
                keep_irregular=self._keep_irregular,
                key=own_key,
            )
            done = self._application.execute(step.command, envelope)
            codes.update(code for event in done.events for code in event.irregular)
        return codes

    def _occurrence(self, content: bytes) -> int:
        """Return how many equal lines came before this one."""
        digest = short(content)
        if digest not in self._seen:
            return 0
        self._seen[digest] += 1
        return self._seen[digest] - 1

    def _reject(self, line: int, fault: Fault) -> None:
        self._tally["rejected"] += 1
        self._rejects.add(line, fault)

    def _summary(self, total: int) -> Summary:
        counts = self._tally
        return Summary(
            read=total,
            imported=counts["imported"],
            rejected=counts["rejected"],
            already=counts["already"],
            ignored=counts["ignored"],
            irregular=dict(self._irregular.most_common()),
            rejects=self._rejects.path if self._rejects.count else None,
        )


def _quiet(done: int, total: int) -> None:
    """Tell nobody."""


def _batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
