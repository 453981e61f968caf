"""The event table refuses every change but an append, whoever asks."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from .conftest import Place
from .events import event

INSERT = "INTO events VALUES (?, ?, ?, 'topic', x'00', 0, x'00')"


@pytest.fixture
def raw(place: Place) -> Iterator[sqlite3.Connection]:
    """A driver's connection without any of our pragmas, on a store of two events."""
    with place.create() as store:
        store.recorder.insert_events([event(version=1), event(version=2)])
    with closing(sqlite3.connect(place.db, isolation_level=None)) as connection:
        yield connection


def _rows(raw: sqlite3.Connection) -> list[tuple[object, ...]]:
    return raw.execute("SELECT * FROM events ORDER BY position").fetchall()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET state = x'00'",
        "UPDATE events SET position = position + 10",
        "UPDATE OR REPLACE events SET stored_at = 0 WHERE position = 1",
        "DELETE FROM events",
        "DELETE FROM events WHERE position = 2",
        "INSERT OR REPLACE INTO events SELECT position, 'X', 1, topic, x'00', 0, leaf FROM events",
        "INSERT INTO events SELECT * FROM events WHERE 1 ON CONFLICT DO UPDATE SET topic = ''",
    ],
)
def test_what_is_recorded_cannot_be_changed(raw: sqlite3.Connection, statement: str) -> None:
    """No update, delete or replacement gets past the triggers."""
    before = _rows(raw)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        raw.execute(statement)
    assert _rows(raw) == before


@pytest.mark.parametrize("verb", ["INSERT", "INSERT OR REPLACE", "INSERT OR IGNORE", "REPLACE"])
@pytest.mark.parametrize("position", [None, -1, 0, 1, 2, 4, 2**62])
def test_only_the_next_position_is_taken(
    raw: sqlite3.Connection, verb: str, position: int | None
) -> None:
    """A position that leaves a gap, repeats or is left to the database is refused."""
    with pytest.raises(sqlite3.IntegrityError, match="not the next position"):
        raw.execute(f"{verb} {INSERT}", (position, "N-2", 1))
    assert len(_rows(raw)) == 2


@pytest.mark.parametrize("verb", ["INSERT", "INSERT OR REPLACE", "INSERT OR IGNORE", "REPLACE"])
def test_a_version_is_taken_once(raw: sqlite3.Connection, verb: str) -> None:
    """The next position does not help to put another event in place of a recorded version."""
    with pytest.raises(sqlite3.IntegrityError, match="already recorded"):
        raw.execute(f"{verb} {INSERT}", (3, "N-1", 2))
    assert len(_rows(raw)) == 2


def test_a_proper_append_is_let_through(raw: sqlite3.Connection) -> None:
    """The triggers refuse nothing that the recorder does."""
    raw.execute(f"INSERT {INSERT}", (3, "N-1", 3))
    assert [row[0] for row in _rows(raw)] == [1, 2, 3]


def test_only_events_have_a_state(raw: sqlite3.Connection) -> None:
    """The column named "state" is the stored bytes', and no other table has one."""
    tables = [name for (name,) in raw.execute("SELECT name FROM sqlite_schema WHERE type='table'")]
    having = [
        table
        for table in tables
        if any(row[1] == "state" for row in raw.execute(f"PRAGMA table_info({table})"))
    ]
    assert having == ["events"]
