"""Ways to tamper with a store on disk by a driver of one's own, and what must be said of each."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from random import Random
from typing import Any

from guanjia.storage import Signer
from guanjia.storage.proof.check import Growing
from guanjia.storage.proof.leaves import leaf_of
from guanjia.storage.schema import StoredRow

from .logs import Log

Connection = sqlite3.Connection
Spoil = Callable[[Connection, Random, Log], int]
"""Changes a store; returns a position that what is found must be about, 0 for none."""

COLUMNS = ("originator_id", "originator_version", "topic", "state", "stored_at", "leaf")


def tamper(log: Log, spoil: Spoil, random: Random) -> int:
    """Spoil a log, past the triggers."""
    with closing(sqlite3.connect(log.db)) as connection:
        found = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
        for (name,) in found.fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        place = spoil(connection, random, log)
        connection.commit()
    return place


def sql(log: Log, *statements: str) -> None:
    """Do something to the store with a client that removes the triggers first."""

    def spoil(connection: Connection, _random: Random, _log: Log) -> int:
        for statement in statements:
            connection.execute(statement)
        return 0

    tamper(log, spoil, Random(0))  # noqa: S311 - chance is only chance


def alter(connection: Connection, random: Random, _log: Log) -> int:
    """Change one byte or number of one event."""
    position = random.randint(1, _count(connection))
    column = random.choice(COLUMNS)
    select = f"SELECT {column} FROM events WHERE position = ?"
    (value,) = connection.execute(select, [position]).fetchone()
    update = f"UPDATE events SET {column} = ? WHERE position = ?"
    connection.execute(update, [_other(value, random), position])
    return position


def _other(value: Any, random: Random) -> Any:  # noqa: ANN401 - bytes, text or a number
    if isinstance(value, int):
        return value + random.choice((-1000, 1000, 10**9))
    if isinstance(value, str):
        place = random.randrange(len(value) + 1)
        return value[:place] + chr(random.randint(97, 122)) + value[place:]
    changed = bytearray(value)
    place = random.randrange(len(changed))
    changed[place] ^= 1 << random.randrange(8)
    return random.choice((bytes(changed), value[:place], value + b" "))


def delete(connection: Connection, random: Random, _log: Log) -> int:
    """Remove an event from the middle."""
    position = random.randint(1, _count(connection) - 1)
    connection.execute("DELETE FROM events WHERE position = ?", [position])
    return position


def cut(connection: Connection, random: Random, _log: Log) -> int:
    """Remove the last events."""
    position = random.randint(1, _count(connection))
    connection.execute("DELETE FROM events WHERE position >= ?", [position])
    return position


def roll_back(connection: Connection, random: Random, log: Log) -> int:
    """Remove the last events and everything that was made of them."""
    position = cut(connection, random, log)
    connection.execute("DELETE FROM checkpoints WHERE size >= ?", [position])
    connection.execute("DELETE FROM tree_nodes")
    return position


def swap(connection: Connection, random: Random, _log: Log) -> int:
    """Exchange two events, with their leaf hashes."""
    first, second = random.sample(range(1, _count(connection) + 1), 2)
    move = "UPDATE events SET position = ? WHERE position = ?"
    for target, position in ((-1, first), (first, second), (second, -1)):
        connection.execute(move, [target, position])
    return random.choice((first, second))


def insert(connection: Connection, random: Random, _log: Log) -> int:
    """Put a forged event in the middle and make every later leaf hash anew."""
    rows = _rows(connection)
    position = random.randint(1, len(rows))
    forged = rows[position - 1]._replace(originator_id="complaint:forged")
    _write(connection, [*rows[: position - 1], forged, *rows[position - 1 :]])
    return position


def stray(connection: Connection, random: Random, _log: Log) -> int:
    """Put an event where none can be."""
    position: int = random.choice((0, -1, -(2**63)))
    row = _rows(connection)[0]._replace(position=position, originator_id="complaint:forged")
    row = row._replace(leaf=leaf_of(position, row, row.stored_at))
    connection.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)", row)
    return position


def rewrite(connection: Connection, random: Random, _log: Log) -> int:
    """Change an event, or reorder some, and make the leaf hashes anew."""
    rows = _rows(connection)
    position = random.randint(1, len(rows))
    if random.random() < 0.5:
        rows[position - 1] = rows[position - 1]._replace(state=b"{}")
    else:
        tail = rows[position - 1 :]
        rows = [*rows[: position - 1], *tail[1:], tail[0]]
        if len(tail) == 1:
            rows = [rows[-1], *rows[:-1]]
    _write(connection, rows)
    return 0


def rewrite_everything(connection: Connection, random: Random, log: Log) -> int:
    """Change an event and make leaf hashes, tree and checkpoints anew, signed by the log's key."""
    rewrite(connection, random, log)
    _sign_all(connection, log.signer)
    return 0


def sign_anew(connection: Connection, _random: Random, log: Log) -> int:
    """Change nothing but the checkpoints, which another key of the same name signs."""
    _sign_all(connection, Signer(log.signer.key.name, bytes(32)))
    return 0


def spoil_checkpoint(connection: Connection, random: Random, _log: Log) -> int:
    """Change one character, or the size, of a checkpoint."""
    size, note = random.choice(connection.execute("SELECT * FROM checkpoints").fetchall())
    place = random.randrange(len(note))
    other = note[:place] + random.choice(("", "A", "1", "\n", note[place] * 2)) + note[place + 1 :]
    if other == note:
        other = note[:-1]
    connection.execute("UPDATE checkpoints SET note = ? WHERE size = ?", [other, size])
    return 0


def spoil_node(connection: Connection, random: Random, _log: Log) -> int:
    """Change one byte of a node of the tree."""
    level, number, node = random.choice(connection.execute("SELECT * FROM tree_nodes").fetchall())
    changed = bytearray(node)
    changed[random.randrange(32)] ^= 1 << random.randrange(8)
    where = [bytes(changed), level, number]
    connection.execute("UPDATE tree_nodes SET hash = ? WHERE level = ? AND number = ?", where)
    return (int(number) << int(level)) + 1


KINDS: dict[str, Spoil] = {
    spoil.__name__: spoil
    for spoil in (
        alter, delete, cut, roll_back, swap, insert, stray, rewrite, rewrite_everything, sign_anew,
        spoil_checkpoint, spoil_node,
    )
}  # fmt: skip


def _count(connection: Connection) -> int:
    return int(connection.execute("SELECT max(position) FROM events").fetchone()[0])


def _rows(connection: Connection) -> list[StoredRow]:
    found = connection.execute("SELECT * FROM events ORDER BY position").fetchall()
    return [StoredRow(*row) for row in found]


def _write(connection: Connection, rows: list[StoredRow]) -> None:
    """Put these events in the place of all, one after the other, with leaf hashes to match."""
    connection.execute("DELETE FROM events")
    for position, row in enumerate(rows, 1):
        made = row._replace(position=position, leaf=leaf_of(position, row, row.stored_at))
        connection.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)", made)


def _sign_all(connection: Connection, signer: Signer) -> None:
    sizes = [size for (size,) in connection.execute("SELECT size FROM checkpoints").fetchall()]
    connection.execute("DELETE FROM checkpoints")
    connection.execute("DELETE FROM tree_nodes")
    growing = Growing()
    for row in [None, *_rows(connection)]:
        if row is not None:
            list(growing.add(row.leaf))
        if growing.size in sizes:
            note = signer.sign(growing.size, growing.root()).note
            connection.execute("INSERT INTO checkpoints VALUES (?, ?)", [growing.size, note])
