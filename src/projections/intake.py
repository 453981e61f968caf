"""Takes events into the facts, and makes the rows anew of the subjects that they touched.

Facts, rows, parked streams and position change in one transaction: nothing is lost or doubled
whatever kills the process. A small batch costs what its statements cost, hardly its own size or
the history's; so they are prepared once, when first needed, over tables
that are emptied and never dropped.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache

import duckdb

from . import composer, parking, tables
from .composer import Kept
from .source import Source, StoredRow

GROWN = 4
"""Plans are made anew when the store has this many times the events they were made for."""

BREAK = "\x1e"
"""Stands between states; no JSON has it unescaped."""
_COLUMNS = ("position", "originator_id", "originator_version", "topic")
_LISTS = [
    f"unnest(from_json(${name}, '[\"{tables.BATCH[name]}\"]')) as {name}"
    for name in (*_COLUMNS, "fresh")
]
LOAD = tables.TAKE.format(
    events=f"""
        select
            {", ".join(_LISTS)},
            unnest([nullif(state, '') for state in string_split($states, '{BREAK}')]) as state
    """
)
TOUCH = """
    insert into touched
    select distinct
        split_part(originator_id, ':', 1),
        substr(originator_id, length(split_part(originator_id, ':', 1)) + 2),
        hash(originator_id)
    from batch
"""
MISSHAPEN = parking.misshapen(lambda facts: facts.touched)
RELEASE = """
    delete from parked_streams
    where stream in (select batch.originator_id from batch)
"""
REACH = """
    update meta set
        position = greatest(position, $position),
        last = if($position > position, $last, last),
        newest = greatest(
            newest,
            (select max(batch.recorded_at) from batch where batch.fresh)
        )
"""


class Intake:
    """Takes batches over one connection, whose tables must be there and which is nobody else's."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, source: Source) -> None:
        self._run = connection.execute
        self._connection = connection
        self._source = source
        for facts in composer.facts():
            self._run(f"create or replace temp table {facts.touched} as from {facts.name} limit 0")
        for table in composer.kept():
            self._run(f"create or replace temp table {table.touched} as from {table.table} limit 0")
        self._planned: set[str] = set()
        self._planned_for = 0

    def take(self, rows: Sequence[StoredRow]) -> None:
        """Take the events after the one reached, all or nothing."""
        last = rows[-1]
        with self._taking(rows, last.position):
            self._run(REACH, {"position": last.position, "last": digest(last)})

    def take_again(self, rows: Sequence[StoredRow], reached: int) -> None:
        """Take the events of parked streams that were passed over, all or nothing.

        A stream with an event that still cannot be taken is parked again.
        """
        with self._taking(rows, reached, again=True):
            self._run(REACH, {"position": 0, "last": ""})

    @contextmanager
    def _taking(
        self, rows: Sequence[StoredRow], reached: int, *, again: bool = False
    ) -> Generator[None, None, None]:
        self._plan(reached)
        earlier = self._earlier(rows, reached)
        new = fact_tables(rows)
        known = new | fact_tables(earlier)
        with self._transaction():
            self._run(LOAD, parameters(rows, earlier))
            if again:
                self._run(RELEASE)
            for name in ("park", "skip", "touch"):
                self._do(name)
            for facts in sorted(known):
                self._do(f"touch_{facts}")
            for facts in sorted(new):
                self._do(f"take_{facts}")
            if self._do("misshapen").fetchone():
                parking.park_misshapen(
                    self._connection, MISSHAPEN, lambda facts: [facts.touched, facts.name]
                )
            self._keep(new, known)
            yield
            self._clear(known)

    def _keep(self, new: set[str], known: set[str]) -> None:
        """Make the touched subjects' rows; put those in place that new facts can have changed."""
        for table in composer.kept():
            if not table.may_have_rows(known):
                continue
            self._do(f"make_{table.name}")
            if composer.read_by(table.name) & new:
                self._do(f"drop_{table.name}")
                self._do(f"keep_{table.name}")

    def _earlier(self, rows: Sequence[StoredRow], reached: int) -> list[StoredRow]:
        """Return the earlier events of the streams whose rows are made anew."""
        fresh = {row.position for row in rows}
        streams = dict.fromkeys(row.originator_id for row in rows if has_kept_rows(row))
        whole = self._source.read_streams([*streams], reached)
        return [row for row in whole if row.position not in fresh]

    def _clear(self, known: set[str]) -> None:
        for facts in composer.facts():
            if facts.name in known:
                self._run(f"truncate {facts.touched}")
        for table in composer.kept():
            if table.may_have_rows(known):
                self._run(f"truncate {table.touched}")
        self._run("truncate touched")
        self._run("truncate batch")

    def _plan(self, position: int) -> None:
        """Let go of plans that were made for a much smaller store."""
        if self._planned_for and position < self._planned_for * GROWN:
            return
        for name in self._planned:
            self._run(f"deallocate {name}")
        self._planned.clear()
        self._planned_for = max(position, 1)

    def _do(self, name: str) -> duckdb.DuckDBPyConnection:
        """Execute a statement of ours, planned when it is first needed."""
        if name not in self._planned:
            self._run(f"prepare {name} as {_statements()[name]}")
            self._planned.add(name)
        return self._run(f"execute {name}")

    @contextmanager
    def _transaction(self) -> Generator[None, None, None]:
        self._run("begin")
        try:
            yield
            self._run("commit")
        except BaseException:
            with suppress(duckdb.Error):
                self._run("rollback")
            raise


def kind_of(row: StoredRow) -> str:
    """Return the kind of the stream an event belongs to."""
    return row.originator_id.partition(":")[0]


def has_kept_rows(row: StoredRow) -> bool:
    """Return whether rows of this event's subject may be kept, and have to be made anew."""
    kinds, fields = _owners()
    return kind_of(row) in kinds or any(field in row.state for field in fields)


@cache
def _owners() -> tuple[set[str], list[bytes]]:
    """Return the kinds with kept rows of their own, and the fields that make facts of any kind."""
    of_any = [facts for facts in composer.facts() if facts.of == composer.ANY]
    names = {name for facts in of_any for name in re.findall(r"-> '\$\.(\w+)'", facts.extract)}
    kinds = {table.by[0] for table in composer.kept() if table.by != composer.ANY}
    return kinds, [f'"{name}":'.encode() for name in sorted(names)]


def fact_tables(rows: Sequence[StoredRow]) -> set[str]:
    """Return the names of the fact tables that may take rows from some events."""
    states: dict[str, list[bytes]] = {}
    for row in rows:
        states.setdefault(row.topic, []).append(row.state)
    return {
        facts.name
        for topic, found in states.items()
        for facts in composer.facts_of(topic)
        if any(facts.field in state for state in found)
    }


@cache
def _statements() -> dict[str, str]:
    return dict(_named())


def _named() -> Iterator[tuple[str, str]]:
    yield "park", parking.park()
    yield "skip", parking.SKIP
    yield "touch", TOUCH
    yield "misshapen", MISSHAPEN
    fresh = "position in (select batch.position from batch where batch.fresh)"
    for facts in composer.facts():
        taken = f"insert into {facts.name} by name from {facts.touched} where {fresh}"
        yield f"touch_{facts.name}", f"insert into {facts.touched} by name {facts.extract}"
        yield f"take_{facts.name}", taken
    for done, table in enumerate(composer.kept()):
        text = composer.compose(table.name, composer.touched(done))
        made = f"insert into {table.touched} by name {tables.keyed(table, text)}"
        yield f"make_{table.name}", made
        yield f"drop_{table.name}", _drop(table)
        yield f"keep_{table.name}", f"insert into {table.table} by name from {table.touched}"


def _drop(table: Kept) -> str:
    """Return what drops the touched rows: found by their number, and then by what it stands for.

    That is compared in a list, so as not to be joined by: texts take longer to join than numbers.
    """
    kind = f"{table.table}.kind" if table.by == composer.ANY else f"'{table.by[0]}'"
    return (
        f"delete from {table.table} using touched"  # noqa: S608 - names are our files' own
        f" where {table.table}.stream_key = touched.stream_key"
        f" and list_contains([(touched.kind, touched.subject)],"
        f" ({kind}, {table.table}.{table.by[-1]}))"
    )


def digest(row: StoredRow) -> str:
    """Return what tells this event from any other, in this store or another one."""
    envelope = f"{row.position} {row.originator_version} {row.originator_id} {row.topic} "
    return hashlib.sha256(envelope.encode() + row.state).hexdigest()


def parameters(fresh: Sequence[StoredRow], earlier: Sequence[StoredRow]) -> dict[str, str]:
    """Return the parameters of ``LOAD``, a list for each column; bytes that are no text are null.

    Each list is one text: as many parameters as there are rows would take far longer.
    """
    rows = [*fresh, *earlier]
    lists = {name: [getattr(row, name) for row in rows] for name in _COLUMNS}
    lists["fresh"] = [number < len(fresh) for number in range(len(rows))]
    states = BREAK.join(_decoded(row.state) for row in rows)
    return {name: json.dumps(values) for name, values in lists.items()} | {"states": states}


def _decoded(state: bytes) -> str:
    """Return the text, an empty one if the bytes are none or cannot be JSON."""
    with suppress(UnicodeDecodeError):
        text = state.decode()
        return "" if BREAK in text else text
    return ""
