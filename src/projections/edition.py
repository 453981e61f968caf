"""One database of views: it follows the store and answers.

One connection writes, another one answers, so that no answer waits for a batch, and a third one
looks at all rows for a comparison. The position is written in the same transaction as the rows.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import duckdb

from . import composer, tables
from .connection import Opened, connect
from .errors import FilterMismatch, UnknownFilter
from .intake import Intake
from .query import WHOLE, Part, Result
from .source import NoEvents, Progress, Source
from .views import View, view


class Parked(NamedTuple):
    """A stream whose events are passed over from ``version`` on, and why."""

    stream: str
    version: int
    position: int
    topic: str | None
    error: str


class Frozen:
    """An edition as it is now, whatever is written to it meanwhile."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, position: int) -> None:
        self._connection = connection
        self._position = position

    def latest_moment(self) -> str:
        """Return the present, or the latest moment any event was recorded if that is later."""
        query = "select greatest(newest, now())::varchar from meta"
        return str((self._connection.execute(query).fetchone() or ("",))[0])

    def checksum(self, name: str, moment: str) -> tuple[int, str]:
        """Return how many rows a view has at a moment of the present, and their checksum."""
        statement = _statement(view(name), composer.live(), parked=True)
        query = f"select count(*), coalesce(sum(hash(rows)), 0)::varchar from ({statement}) as rows"  # noqa: S608 - names are our files' own
        parameters = _moment(statement, moment, self._position)
        return self._connection.execute(query, parameters).fetchone() or (0, "")


class Edition:
    """Follows ``source`` over a database whose tables were made; see ``follows``."""

    def __init__(self, opened: Opened, source: Source, zone: ZoneInfo) -> None:
        self._opened = opened
        self._source = source
        self._zone = zone
        self.position = tables.read_meta(opened.writer).position
        tables.open_desk(opened.writer)
        self._intake = Intake(opened.writer, source)
        self._columns: dict[str, set[str]] = {}

    @classmethod
    def empty(cls, zone: ZoneInfo) -> Edition:
        """Return views in memory of a store before its first event."""
        opened = connect(None, zone)
        tables.open_desk(opened.writer)
        tables.create(opened.writer)
        return cls(opened, NoEvents(), zone)

    def catch_up(self, batch: int, progress: Progress | None = None) -> int:
        """Take every new event; return the position reached."""
        last = self._source.last_position()
        while self.position < last:
            rows = self._source.read(self.position, batch)
            if not rows:
                break
            self._intake.take(rows)
            self.position = rows[-1].position
            if progress:
                progress(self.position, last)
        return self.position

    def parked(self) -> list[Parked]:
        """Return the parked streams, in the order of their positions."""
        query = "select stream, version, position, topic, error from parked_streams order by 3"
        return [Parked(*row) for row in self._opened.reader.execute(query).fetchall()]

    def retry(self, streams: list[Parked]) -> None:
        """Take the events that were passed over; a stream that still cannot be read is parked."""
        versions = {parked.stream: parked.version for parked in streams}
        rows = self._source.read_streams([*versions], self.position)
        again = [row for row in rows if row.originator_version >= versions[row.originator_id]]
        if again:
            self._intake.take_again(again, self.position)

    def answer(
        self,
        name: str,
        as_of: datetime,
        position: int | None,
        filters: dict[str, str],
        part: Part = WHOLE,
    ) -> Result:
        """Answer a view; see ``Warehouse.query``."""
        asked = view(name)
        with _transaction(self._opened.reader) as reader:
            reached, newest, parked = reader.execute(
                "select position, newest <= ?::timestamptz, exists (from parked_streams) from meta",
                [as_of.isoformat()],
            ).fetchone() or (0, False, False)
            at = reached if position is None else min(position, reached)
            sources = composer.live() if newest and at >= reached else ()
            statement = _statement(asked, sources, parked=parked)
            parameters = _moment(statement, as_of.isoformat(), at)
            if filters:
                self._check(name, statement, parameters, filters)
                conditions = " and ".join(f'"{column}" = ${column}_is' for column in filters)
                statement = f"from ({statement}) where {conditions}"
                parameters |= {f"{column}_is": value for column, value in filters.items()}
            ordered = f"{statement} order by {', '.join(asked.order)}"
            if part is not WHOLE:
                ordered += " limit $rows offset $start"
                parameters |= part._asdict()
            try:
                table = reader.execute(ordered, parameters).to_arrow_table()
            except duckdb.ConversionException:
                msg = f"{name} has no such values in {', '.join(filters)}"
                raise FilterMismatch(msg) from None
        return Result(name, as_of.astimezone(self._zone), at, self._zone, table)

    def checkpoint(self) -> bool:
        """Bring everything into the file itself; nothing may be written until it is copied.

        Returns whether it was possible: not while a question goes on that began before.
        """
        try:
            self._opened.writer.execute("checkpoint")
        except duckdb.TransactionException:
            return False
        return True

    @contextmanager
    def frozen(self) -> Generator[Frozen, None, None]:
        """Yield the edition as it is now; nothing may be written until it is yielded."""
        with _transaction(self._opened.comparer) as connection:
            # What a transaction sees is settled by its first look.
            connection.execute("from meta")
            yield Frozen(connection, self.position)

    def _check(
        self, name: str, statement: str, parameters: dict[str, Any], filters: dict[str, str]
    ) -> None:
        if name not in self._columns:
            empty = f"from ({statement}) limit 0"
            described = self._opened.reader.execute(empty, parameters).description
            self._columns[name] = {column[0] for column in described or ()}
        for column in filters:
            if column not in self._columns[name]:
                msg = f"{name} has no column {column}"
                raise UnknownFilter(msg)

    def close(self) -> None:
        """Close the database."""
        self._opened.close()


@contextmanager
def _transaction(
    connection: duckdb.DuckDBPyConnection,
) -> Generator[duckdb.DuckDBPyConnection, None, None]:
    """Yield a connection that reads only, in a transaction: position and rows agree."""
    connection.execute("begin")
    try:
        yield connection
    finally:
        connection.execute("rollback")


def _statement(asked: View, sources: composer.Sources, *, parked: bool) -> str:
    """Return what answers a view, with what its rows are stale for where they have a subject.

    Where nothing is ``parked`` no row is stale, and none is looked up.
    """
    text = composer.compose(asked.relation, sources)
    if not asked.of:
        return text
    if not parked:
        return f"select *, null::varchar as stale from ({text})"  # noqa: S608 - names are our files' own
    kind = "answered.kind" if asked.of == composer.ANY else f"'{asked.of[0]}'"
    return (
        f"select answered.*, parked.error as stale from ({text}) as answered"  # noqa: S608 - names are our files' own
        f" left join ({composer.compose('parked', sources)}) as parked"
        f" on parked.kind = {kind} and parked.subject = answered.{asked.of[-1]}"
    )


def _moment(statement: str, as_of: str, position: int) -> dict[str, Any]:
    """Return the parameters of a statement; one that judges nothing has none."""
    moment: dict[str, Any] = {"as_of": as_of, "position": position}
    return {name: value for name, value in moment.items() if f"${name}" in statement}
