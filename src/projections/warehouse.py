"""The DuckDB file: facts that follow the event store, and the views over them.

One connection writes; the position is written in the same transaction as the rows, so facts are
neither lost nor doubled whatever kills the process.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from threading import RLock
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa

from . import composer
from .errors import FilterMismatch, UnknownFilter, ViewsBroken, ViewsInUse
from .query import Result
from .views import view

BATCH = 20_000
LOCKED_DOWN: dict[str, str | bool | int | float | list[str]] = {
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

REACHED = """
    update meta set value = if(name = 'position', $position, $last)
    where name in ('position', 'last')
"""

Progress = Callable[[int, int], None]


class StoredRow(Protocol):
    """An event as stored."""

    @property
    def position(self) -> int:
        """Its place in the store."""
        ...

    @property
    def originator_id(self) -> str:
        """The stream it belongs to."""
        ...

    @property
    def originator_version(self) -> int:
        """Its place in its stream."""
        ...

    @property
    def topic(self) -> str:
        """What kind of event it is."""
        ...

    @property
    def state(self) -> bytes:
        """Its JSON."""
        ...


class Source(Protocol):
    """Where events come from."""

    def read(self, after: int, limit: int) -> Sequence[StoredRow]:
        """Return the ``limit`` events after position ``after``, in order."""
        ...

    def last_position(self) -> int:
        """Return the position of the last event, 0 when there is none."""
        ...


class Warehouse:
    """Facts and views of one event store.

    ``path`` is the DuckDB file, None for one in memory; ``zone`` the organisation's time zone, in
    which months and weeks are cut. Safe to share between threads. A file of another store, or made
    by other definitions, is rebuilt. Raises ``ViewsInUse`` when another process has the file open
    and, unless it is to ``mend`` that by a rebuild, ``ViewsBroken`` when it cannot be read.
    """

    def __init__(
        self,
        source: Source,
        zone: ZoneInfo,
        path: Path | None = None,
        *,
        batch: int = BATCH,
        mend: bool = False,
    ) -> None:
        self.source = source
        self._zone = zone
        self._path = path
        self._batch = batch
        self._lock = RLock()
        try:
            self._connection = self._open(path)
        except ViewsBroken:
            if not mend:
                raise
            self._connection = self._open(None)
        if not self._follows_source():
            self.rebuild()

    def _open(self, path: Path | None) -> duckdb.DuckDBPyConnection:
        with _translated():
            connection = duckdb.connect(str(path) if path else ":memory:", config=LOCKED_DOWN)
            try:
                connection.execute("create table if not exists meta (name varchar, value varchar)")
                connection.execute("select name, value from meta").fetchall()
            except duckdb.Error:
                connection.close()
                raise
        if path:
            path.chmod(0o600)
        connection.execute(f"set TimeZone = '{self._zone.key}'")
        connection.execute("set lock_configuration = true")
        return connection

    def _follows_source(self) -> bool:
        """Return whether the facts are of today's definition and of events this store holds."""
        if self._meta("definition") != _definition():
            return False
        position = self.position()
        taken = self.source.read(position - 1, 1) if position else ()
        return [_digest(row) for row in taken] == ([self._meta("last")] if position else [])

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
        last = self.source.last_position()
        while after < last:
            rows = self.source.read(after, self._batch)
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
            beside = self._path.with_suffix(".new") if self._path else None
            if beside:
                _remove(beside)
            fresh = self._open(beside)
            try:
                _create(fresh)
                position = self._follow(fresh, 0, progress)
            except BaseException:
                fresh.close()
                raise
            self._connection.close()
            if self._path and beside:
                fresh.close()
                # A log left by the old file must never be replayed into the new one.
                _log(self._path).unlink(missing_ok=True)
                beside.replace(self._path)
                fresh = self._open(self._path)
            self._connection = fresh
            return position

    def query(
        self,
        name: str,
        as_of: datetime,
        position: int | None = None,
        filters: dict[str, str | None] | None = None,
    ) -> Result:
        """Answer a view as of a moment, from the store as it was at ``position``.

        ``filters`` keeps the rows whose columns equal the values. Raises ``UnknownView``,
        ``UnknownFilter`` or ``FilterMismatch``.
        """
        asked = view(name)
        wanted = {column: value for column, value in (filters or {}).items() if value is not None}
        at = self.position() if position is None else position
        parameters: dict[str, Any] = {"as_of": as_of.isoformat(), "position": at}
        statement = composer.compose(asked.relation)
        with self._lock:
            columns = self._columns(statement, parameters) if wanted else ()
            for column in wanted:
                if column not in columns:
                    msg = f"{name} has no column {column}"
                    raise UnknownFilter(msg)
            if wanted:
                conditions = " and ".join(f'"{column}" = ${column}_is' for column in wanted)
                statement = f"{statement} where {conditions}"
                parameters |= {f"{column}_is": value for column, value in wanted.items()}
            ordered = f"{statement} order by {', '.join(asked.order)}"
            try:
                table = self._connection.execute(ordered, parameters).to_arrow_table()
            except duckdb.ConversionException:
                msg = f"{name} has no such values in {', '.join(wanted)}"
                raise FilterMismatch(msg) from None
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
    connection.execute("insert into meta values ('position', '0'), ('last', '')")


def _take(connection: duckdb.DuckDBPyConnection, rows: Sequence[StoredRow]) -> int:
    """Insert the facts of a batch and its position, all or nothing."""
    connection.register("batch", _arrow(rows))
    connection.execute("begin")
    try:
        for name, extract in composer.facts().items():
            connection.execute(f"insert into {name} by name from ({extract})")
        last = rows[-1]
        connection.execute(REACHED, {"position": str(last.position), "last": _digest(last)})
        connection.execute("commit")
    except BaseException:
        with suppress(duckdb.Error):
            connection.execute("rollback")
        raise
    finally:
        connection.unregister("batch")
    return last.position


def _digest(row: StoredRow) -> str:
    """Return what tells this event from any other, in this store or another one."""
    envelope = f"{row.position} {row.originator_version} {row.originator_id} {row.topic} "
    return hashlib.sha256(envelope.encode() + row.state).hexdigest()


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
    _log(path).unlink(missing_ok=True)


def _log(path: Path) -> Path:
    return path.with_name(path.name + ".wal")


@contextmanager
def _translated() -> Generator[None, None, None]:
    """Turn DuckDB's refusals to open a file into our own."""
    try:
        yield
    except duckdb.Error as error:
        if isinstance(error, duckdb.IOException) and "set lock" in str(error):
            msg = "another process has the views open"
            raise ViewsInUse(msg) from None
        msg = "the views cannot be read; rebuild them"
        raise ViewsBroken(msg) from None
