"""Checks a store as a whole: what is there, and whether it hangs together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from eventsourcing.persistence import MapperDeserialisationError

from ..domain.messages import Event
from ..domain.privacy.state import subject_of_resident
from ..domain.recording import read
from .schema import StoredRow
from .store import SqlStore

PAGE = 1000


class Finding(NamedTuple):
    """Something wrong: a stable code, the position it was found at, identifiers as detail.

    ``database_damaged``: the database says so of itself, or cannot be read. ``position_gap``: a
    position is missing before this one. ``version_gap``: the stream's version is not the next.
    ``event_unreadable``: the stored bytes are no event this release knows. ``value_missing``: the
    vault has no value behind a reference, and nobody erased it.
    """

    code: str
    position: int
    detail: str

    def __str__(self) -> str:
        return f"{self.code}: position {self.position}: {self.detail}"


def check(store: SqlStore) -> Iterator[Finding]:
    """Yield what is wrong with the store; reads every event once, and holds no lock meanwhile."""
    position = 0
    versions: dict[str, int] = {}
    values = _Values(store)
    try:
        for damage in store.database.damage():
            yield Finding("database_damaged", 0, damage)
        while rows := store.read(position, PAGE):
            for row in rows:
                yield from _order(row, position, versions)
                position = row.position
            yield from values.look(rows)
        yield from values.missing()
    except store.database.error:
        yield Finding("database_damaged", position, "the events after this one cannot be read")


def _order(row: StoredRow, before: int, versions: dict[str, int]) -> Iterator[Finding]:
    if row.position != before + 1:
        yield Finding("position_gap", row.position, f"the one before is {before}")
    version = versions.get(row.originator_id, 0)
    if row.originator_version != version + 1:
        detail = f"{row.originator_id} goes from version {version} to {row.originator_version}"
        yield Finding("version_gap", row.position, detail)
    versions[row.originator_id] = row.originator_version


class _Values:
    """What the vault lacks. Several events may refer to a value; one of them tells whose it was."""

    def __init__(self, store: SqlStore) -> None:
        self._vault = store.vault
        self._lost: dict[str, Finding] = {}
        self._erased: set[str] = set()

    def look(self, rows: Sequence[StoredRow]) -> Iterator[Finding]:
        """Look for the values of some events; yield which of these are unreadable."""
        carrying: dict[str, list[tuple[StoredRow, Event]]] = {}
        for row in rows:
            try:
                event = read(row.topic, row.state)
            except MapperDeserialisationError:
                yield Finding("event_unreadable", row.position, f"{row.originator_id} {row.topic}")
                continue
            for ref in event.refs():
                carrying.setdefault(ref, []).append((row, event))
        lost = self._vault.missing(carrying)
        erased = self._vault.erased() if lost else frozenset()
        for ref in lost:
            row, _ = carrying[ref][0]
            finding = Finding("value_missing", row.position, f"{row.originator_id} {ref}")
            self._lost.setdefault(ref, finding)
            if any(erased & _keys(row, event) for row, event in carrying[ref]):
                self._erased.add(ref)

    def missing(self) -> Iterator[Finding]:
        """Yield the values that are gone although nobody erased them."""
        return (finding for ref, finding in self._lost.items() if ref not in self._erased)


def _keys(row: StoredRow, event: Event) -> set[str]:
    """Return the names of the keys that may have sealed the event's values."""
    _, _, id = row.originator_id.partition(":")
    resident = getattr(event, "resident", None)
    return {row.originator_id} | ({subject_of_resident(id, resident)} if resident else set())
