"""Stores to try: one on disk with its key file, and the same addressed by raw drivers."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from guanjia.storage import SqlStore


@dataclass(frozen=True)
class Place:
    """Where a store on disk lives."""

    db: Path
    key: Path

    @property
    def url(self) -> str:
        return f"sqlite:///{self.db}"

    def create(self) -> SqlStore:
        return SqlStore.create(self.url, self.key)

    def open(self) -> SqlStore:
        return SqlStore.open(self.url, self.key)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Return an empty place on disk."""
    return Place(tmp_path / "events.db", tmp_path / "master.key")


@pytest.fixture(params=["disk", "memory"])
def store(request: pytest.FixtureRequest, place: Place) -> Iterator[SqlStore]:
    """Yield a new store, once on disk and once in memory."""
    with place.create() if request.param == "disk" else SqlStore.in_memory() as store:
        yield store
