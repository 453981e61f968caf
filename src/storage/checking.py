"""Checks a store as a whole: what is there, and whether it hangs together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from eventsourcing.persistence import MapperDeserialisationError

from ..domain.recording import read
from .schema import StoredRow
from .store import SqlStore

PAGE = 1000


class Finding(NamedTuple):
    """Something wrong: a stable code, the position it was found at, identifiers as detail.

    ``database_damaged``: the database says so of itself, or cannot be read. ``position_gap``: a
    position is missing before this one. ``version_gap``: the stream's version is not the next.
    ``event_unreadable``: the stored bytes are no event this release knows. ``value_missing``: the
    vault has no value behind a reference.
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
    try:
        for damage in store.database.damage():
            yield Finding("database_damaged", 0, damage)
        while rows := store.read(position, PAGE):
            for row in rows:
                yield from _order(row, position, versions)
                position = row.position
            yield from _contents(store, rows)
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


def _contents(store: SqlStore, rows: Sequence[StoredRow]) -> Iterator[Finding]:
    references: dict[str, StoredRow] = {}
    for row in rows:
        try:
            references.update(dict.fromkeys(read(row.topic, row.state).refs(), row))
        except MapperDeserialisationError:
            yield Finding("event_unreadable", row.position, f"{row.originator_id} {row.topic}")
    for ref in store.vault.missing(references):
        row = references[ref]
        yield Finding("value_missing", row.position, f"{row.originator_id} {ref}")
