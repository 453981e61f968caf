"""The DuckDB file: facts that follow the event store, and the views over them.

One connection writes; the position is written in the same transaction as the rows, so facts are
neither lost nor doubled whatever kills the process.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from threading import RLock
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa

from . import composer
from .errors import UnknownFilter, ViewsBroken, ViewsInUse
from .query import Result
from .views import view

BATCH = 20_000
LOCKED_DOWN = {
    "enable_external_access": "false",
    "python_enable_replacements": "false",
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
}

BATCH_SCHEMA = pa.schema(
    [
        ("position", pa.int64()),
        ("originator_id", pa.string()),
        ("originator_version", pa.int32()),
        ("topic", pa.string()),
        ("state", pa.string()),
    ]
)

Progress = Callable[[int, int], None]


class StoredRow(Protocol):
    """An event as stored."""

    @property
    def position(self) -> int: ...
    @property
    def originator_id(self) -> str: ...
    @property
    def originator_version(self) -> int: ...
    @property
    def topic(self) -> str: ...
    @property
    def state(self) -> bytes: ...


class Source(Protocol):
    """Where events come from."""

    def read(self, after: int, limit: int) -> Sequence[StoredRow]: ...
    def last_position(self) -> int: ...


class Warehouse:
    """Facts and views of one event store.

    ``path`` is the DuckDB file, None for one in memory; ``zone`` the organisation's time zone, in
    which months and weeks are cut. Safe to share between threads. Raises ``ViewsInUse`` when
    another process has the file open and ``ViewsBroken`` when it cannot be read.
    """

    def __init__(
        self, source: Source, zone: ZoneInfo, path: Path | None = None, *, batch: int = BATCH
    ) -> None:
        self._source = source
        self._zone = zone
        self._path = path
        self._batch = batch
        self._lock = RLock()
        self._connection = self._open(path)
        if self._meta("definition") != _definition() or self.position() > source.last_position():
            self.rebuild()

    def _open(self, path: Path | None) -> duckdb.DuckDBPyConnection:
        with _translated():
            connection = duckdb.connect(str(path) if path else ":memory:", config=LOCKED_DOWN)
        if path:
            path.chmod(0o600)
        connection.execute(f"set TimeZone = '{self._zone.key}'")
        connection.execute("create table if not exists meta (name varchar, value varchar)")
        connection.execute("set lock_configuration = true")
        return connection

    def _meta(self, name: str) -> str | None:
        with self._lock:
            query = "select value from meta where name = ?"
            row = self._connection.execute(query, [name]).fetchone()
        return row[0] if row else None

    def position(self) -> int:
        """Return the store position up to which facts were taken."""
        return int(self._meta("position") or 0)

    def catch_up(self, progress: Progress | None = None) -> int:
        """Take the facts of every new event; return the position reached."""
        with self._lock:
            return self._follow(self._connection, self.position(), progress)

    def _follow(
        self, connection: duckdb.DuckDBPyConnection, after: int, progress: Progress | None
    ) -> int:
        last = self._source.last_position()
        while after < last:
            rows = self._source.read(after, self._batch)
            if not rows:
                break
            after = _take(connection, rows)
            if progress:
                progress(after, last)
        return after

    def rebuild(self, progress: Progress | None = None) -> int:
        """Make the facts anew from the store, beside the old ones, and swap; return the position.

        Killed at any moment it leaves the old file in service.
        """
        with self._lock:
            if self._path is None:
                self._connection.close()
                self._connection = self._open(None)
                _create(self._connection)
                return self._follow(self._connection, 0, progress)
            beside = self._path.with_suffix(".new")
            _remove(beside)
            fresh = self._open(beside)
            _create(fresh)
            position = self._follow(fresh, 0, progress)
            fresh.close()
            self._connection.close()
            os.replace(beside, self._path)
            _remove(self._path.with_name(self._path.name + ".wal"))
            self._connection = self._open(self._path)
            return position

    def query(
        self,
        name: str,
        as_of: datetime,
        position: int | None = None,
        filters: dict[str, str | None] | None = None,
    ) -> Result:
        """Answer a view as of a moment, from the store as it was at ``position``.

        ``filters`` keeps the rows whose columns equal the values. Raises ``UnknownView`` or
        ``UnknownFilter``.
        """
        relation = view(name).relation
        wanted = {column: value for column, value in (filters or {}).items() if value is not None}
        at = self.position() if position is None else position
        parameters: dict[str, Any] = {"as_of": as_of.isoformat(), "position": at}
        statement = composer.compose(relation)
        with self._lock:
            columns = self._columns(statement, parameters) if wanted else ()
            for column in wanted:
                if column not in columns:
                    msg = f"{name} has no column {column}"
                    raise UnknownFilter(msg)
            if wanted:
                conditions = " and ".join(f"{column} = ${column}_is" for column in wanted)
                statement = f"{statement} where {conditions}"
                parameters |= {f"{column}_is": value for column, value in wanted.items()}
            table = self._connection.execute(statement, parameters).to_arrow_table()
        return Result(name, as_of.astimezone(self._zone), at, self._zone, table)

    def _columns(self, statement: str, parameters: dict[str, Any]) -> set[str]:
        described = self._connection.execute(f"{statement} limit 0", parameters).description
        return {column[0] for column in described or ()}

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()


def _definition() -> str:
    """Return a digest of how facts are taken; another one asks for a rebuild."""
    text = "\n".join(f"{name}\n{sql}" for name, sql in composer.facts().items())
    return hashlib.sha256(text.encode()).hexdigest()


def _create(connection: duckdb.DuckDBPyConnection) -> None:
    connection.register("batch", BATCH_SCHEMA.empty_table())
    for name, extract in composer.facts().items():
        connection.execute(f"create or replace table {name} as from ({extract})")
    connection.unregister("batch")
    connection.execute("delete from meta")
    connection.execute("insert into meta values ('definition', ?)", [_definition()])
    connection.execute("insert into meta values ('position', '0')")


def _take(connection: duckdb.DuckDBPyConnection, rows: Sequence[StoredRow]) -> int:
    """Insert the facts of a batch and its position, all or nothing."""
    connection.register("batch", _arrow(rows))
    connection.execute("begin")
    try:
        for name, extract in composer.facts().items():
            connection.execute(f"insert into {name} by name from ({extract})")
        position = rows[-1].position
        connection.execute("update meta set value = ? where name = 'position'", [str(position)])
        connection.execute("commit")
    except BaseException:
        with suppress(duckdb.Error):
            connection.execute("rollback")
        raise
    finally:
        connection.unregister("batch")
    return position


def _arrow(rows: Iterable[StoredRow]) -> pa.Table:
    columns = zip(
        *(
            (row.position, row.originator_id, row.originator_version, row.topic, row.state)
            for row in rows
        ),
        strict=True,
    )
    arrays: list[Any] = list(columns)
    arrays[4] = [state.decode() for state in arrays[4]]
    return pa.table(
        [pa.array(values, field.type) for values, field in zip(arrays, BATCH_SCHEMA, strict=True)],
        schema=BATCH_SCHEMA,
    )


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.with_name(path.name + ".wal").unlink(missing_ok=True)


class _translated:  # noqa: N801 - used as a statement
    """Turns DuckDB's refusals to open a file into our own."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, duckdb.IOException) and "lock" in str(error).lower():
            msg = "another process has the views open"
            raise ViewsInUse(msg) from None
        if isinstance(error, duckdb.Error):
            msg = "the views cannot be read; rebuild them"
            raise ViewsBroken(msg) from None
