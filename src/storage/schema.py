"""The tables, the same on every database; triggers are in the dialect's own module."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    Dialect,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.sql.expression import ClauseElement

SCHEMA_VERSION = "3"

_number = BigInteger().with_variant(Integer, "sqlite")

metadata = MetaData()

# Only this table has a column named "state": it holds an event's stored bytes.
# stored_at is in microseconds since 1970-01-01T00:00:00Z, taken when the event was inserted; leaf
# is the event's leaf hash in the Merkle log (guanjia.verifier).
events = Table(
    "events",
    metadata,
    Column("position", _number, primary_key=True, autoincrement=False),
    Column("originator_id", Text, nullable=False),
    Column("originator_version", _number, nullable=False),
    Column("topic", Text, nullable=False),
    Column("state", LargeBinary, nullable=False),
    Column("stored_at", _number, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
    UniqueConstraint("originator_id", "originator_version"),
    sqlite_strict=True,
)


class StoredRow(NamedTuple):
    """One event as stored: a row of ``events``."""

    position: int
    originator_id: str
    originator_version: int
    topic: str
    state: bytes
    stored_at: int
    leaf: bytes


# The Merkle log's nodes at every eighth level, made of the leaf hashes: whatever is missing at the
# end is made again.
tree_nodes = Table(
    "tree_nodes",
    metadata,
    Column("level", _number, primary_key=True, autoincrement=False),
    Column("number", _number, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary, nullable=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

# The signed checkpoints, by the number of events they cover.
checkpoints = Table(
    "checkpoints",
    metadata,
    Column("size", _number, primary_key=True, autoincrement=False),
    Column("note", Text, nullable=False),
    sqlite_strict=True,
)

# What each executed command left behind, by its idempotency key.
receipts = Table(
    "receipts",
    metadata,
    Column("key", Text, primary_key=True),
    Column("actor", Text, nullable=False),
    Column("request", Text, nullable=False),
    Column("result", Text, nullable=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

# One data key per subject (a person, a case), wrapped by the master key.
vault_keys = Table(
    "vault_keys",
    metadata,
    Column("subject", Text, primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

vault_values = Table(
    "vault_values",
    metadata,
    Column("ref", Text, primary_key=True),
    Column("subject", Text, nullable=False, index=True),
    Column("field", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

# The keyed hash of each telephone number, to find whose it is.
vault_phones = Table(
    "vault_phones",
    metadata,
    Column("ref", Text, primary_key=True),
    Column("subject", Text, nullable=False, index=True),
    Column("print", Text, nullable=False, index=True),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

# Every erasure carried out here; the erasure log beside the master key has them too.
erasures = Table(
    "erasures",
    metadata,
    Column("erasure", Text, primary_key=True),
    Column("subject", Text, nullable=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

# Denials that were repeated, until their count is recorded; times are ISO 8601.
denials = Table(
    "denials",
    metadata,
    Column("key", Text, primary_key=True),
    Column("denial", Text, nullable=False),
    Column("count", _number, nullable=False),
    Column("first_at", Text, nullable=False),
    Column("last_at", Text, nullable=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

# Facts about the store itself: "schema" and "key_check".
meta = Table(
    "meta",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)


class Statement:
    """One statement compiled once for a dialect and run on the driver's own cursor.

    Values are given by name and reach the driver as they are: bytes, str and int only.
    """

    __slots__ = ("_literals", "_order", "_sql")

    def __init__(self, element: ClauseElement, dialect: Dialect) -> None:
        compiled = element.compile(dialect=dialect)
        self._sql = str(compiled)
        self._literals = {k: v for k, v in (compiled.params or {}).items() if v is not None}
        self._order: Sequence[str] | None = getattr(compiled, "positiontup", None)

    def run(self, cursor: DBAPICursor, **values: bytes | str | int) -> DBAPICursor:
        """Execute with the named values and return the cursor."""
        cursor.execute(self._sql, self._arguments(values))
        return cursor

    def run_many(
        self, cursor: DBAPICursor, rows: Sequence[Mapping[str, bytes | str | int]]
    ) -> None:
        """Execute once per row of named values."""
        if len(rows) == 1:  # PostgreSQL's driver would set up a pipeline for it
            cursor.execute(self._sql, self._arguments(rows[0]))
        else:
            cursor.executemany(self._sql, [self._arguments(row) for row in rows])

    def _arguments(self, values: Mapping[str, Any]) -> Any:  # noqa: ANN401  the driver's own
        named = {**self._literals, **values}
        if self._order is None:
            return named
        return tuple(named[name] for name in self._order)
