"""Stores to try, on every database, each that lasts with its key file."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from guanjia.storage import SqlStore

from .. import postgres


@dataclass(frozen=True)
class Place:
    """Where a store that lasts lives."""

    url: str
    key: Path

    @property
    def db(self) -> Path:
        """The database's file, on SQLite."""
        return Path(self.url.removeprefix("sqlite:///"))

    def create(self) -> SqlStore:
        return SqlStore.create(self.url, self.key)

    def open(self) -> SqlStore:
        return SqlStore.open(self.url, self.key)


def on_disk(folder: Path, name: str = "events") -> Place:
    """Return a place for a SQLite store in a folder."""
    return Place(f"sqlite:///{folder / name}.db", folder / "master.key")


def on_server(folder: Path) -> Place:
    """Return a place for a PostgreSQL store."""
    return Place(postgres.new_url(), folder / "master.key")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Return an empty place on disk."""
    return on_disk(tmp_path)


@pytest.fixture(params=["disk", "server"])
def lasting(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Return an empty place, once on disk and once on a server."""
    return on_disk(tmp_path) if request.param == "disk" else on_server(tmp_path)


@pytest.fixture(params=["disk", "memory", "server"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlStore]:
    """Yield a new store: on disk, in memory, on a server."""
    match request.param:
        case "disk":
            made = on_disk(tmp_path).create()
        case "server":
            made = on_server(tmp_path).create()
        case _:
            made = SqlStore.in_memory()
    with made as store:
        yield store
