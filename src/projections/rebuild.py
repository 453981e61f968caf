"""Makes the file of the views anew, set-wise, beside the one in service.

A process of its own does it: there DuckDB reads the store itself. In a process that has an SQLite
store open its detaching would drop that process's file locks. A store that no other process can
open, and one so small that a process costs more than the work, is read through the driver.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import IO, NamedTuple, cast
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import duckdb

from . import composer, connection, parking, tables
from .errors import RebuildFailed
from .intake import LOAD, digest, parameters
from .source import Progress, Source, StoredRow

CHUNK = 2 * 122_880
"""So many events are read at once: two of DuckDB's row groups, which it writes as they are."""
MEMORY = "192MB"
"""What DuckDB may use there; its process takes some 200 MB besides, however large the store."""
DRIVEN = 10_000
"""So many events are read at once through the driver, which has them in Python first."""
PART = 500_000
"""The subjects of so many events are worked on at once: more would not fit in that memory."""
WORTH_A_PROCESS = 20_000
"""So many events make a process of its own worth its start."""

CHILD = "from guanjia.projections.rebuild import child; child()"


class Reader(NamedTuple):
    """How DuckDB reads a kind of database: by which extension, as a package brings it.

    ``forms`` are how it turns a state into text, and what it asks the database for; bytes that are
    no text stop the first one, and the second leaves them for the faults.
    """

    kind: str
    forms: tuple[tuple[str, str], ...]

    def named(self, address: str) -> str:
        """Return what the extension calls the database of an address."""
        place = address.partition("://")[2]
        if self.kind == "sqlite":
            return unquote(place.removeprefix("/"))
        return f"postgresql://{place}"

    @property
    def extension(self) -> Path:
        """The extension's file."""
        folder = Path(str(files(f"duckdb_extension_{self.kind}_scanner")), "extensions")
        return folder / f"v{duckdb.__version__}" / f"{self.kind}_scanner.duckdb_extension"


READERS = {
    "sqlite:///": Reader(
        "sqlite",
        (("state", "cast(state as text)"), ("try(decode(from_hex(state)))", "hex(state)")),
    ),
    "postgresql+psycopg://": Reader(
        "postgres", (("decode(state)", "state"), ("try(decode(state))", "state"))
    ),
}
"""By how an address begins."""

EVENTS = """
    select
        position, originator_id, originator_version, topic, {decoded} as state, true as fresh
    from {kind}_query(
        'store',
        'select position, originator_id, originator_version, topic, {stored} as state
         from events where position > {after} and position <= {upto}'
    )
"""

Load = Callable[[duckdb.DuckDBPyConnection], object]
"""Puts some events into the relation ``batch``."""


class Reached(NamedTuple):
    """The last event to take, and its digest."""

    position: int
    digest: str


def make_views(
    source: Source, zone: ZoneInfo, path: Path | None, progress: Progress | None
) -> connection.Opened:
    """Make views of all events so far in a new file, or in memory, and open them.

    Raises ``RebuildFailed`` when the process that does it comes to no good end.
    """
    reached = _reached(source)
    if path and _reader(source.address) and reached.position >= WORTH_A_PROCESS:
        _in_child(source.address, zone, path, reached, progress)
        return connection.connect(path, zone)
    opened = connection.connect(path, zone)
    try:
        make(opened.writer, _by_driver(source, reached.position), reached, progress)
    except BaseException:
        opened.close()
        raise
    return opened


def make(
    target: duckdb.DuckDBPyConnection,
    chunks: Iterator[tuple[int, Load]],
    reached: Reached,
    progress: Progress | None,
) -> None:
    """Make every table from chunks of events, each with the position that it ends at."""
    tables.open_desk(target)
    tables.create(target)
    for position, load in chunks:
        load(target)
        target.execute(parking.park())
        target.execute(parking.SKIP)
        for facts in composer.facts():
            target.execute(f"insert into {facts.name} by name {facts.extract}")
        target.execute(
            "update meta set newest = greatest(newest, (select max(recorded_at) from batch))"
        )
        tables.empty_batch(target)
        if progress:
            progress(position, reached.position)
    misshapen = parking.misshapen(lambda facts: facts.name)
    parking.park_misshapen(target, misshapen, lambda facts: [facts.name])
    for facts in composer.facts():
        tables.sort(target, facts)
    for table in composer.kept():
        tables.keep(target, table, parts=-(-reached.position // PART) or 1)
    last, told = reached
    target.execute(f"update meta set position = {last:d}, last = '{told}'")  # noqa: S608 - a digest


def _reached(source: Source) -> Reached:
    last = source.last_position()
    rows = source.read(last - 1, 1) if last else ()
    return Reached(last, digest(rows[0]) if rows else "")


def _by_driver(source: Source, last: int) -> Iterator[tuple[int, Load]]:
    after = 0
    while after < last:
        rows = source.read(after, min(DRIVEN, last - after))
        after = rows[-1].position
        yield after, partial(_parsed, rows=rows)


def _parsed(target: duckdb.DuckDBPyConnection, rows: Sequence[StoredRow]) -> None:
    target.execute(LOAD, parameters(rows, ()))


def _in_child(
    address: str, zone: ZoneInfo, path: Path, reached: Reached, progress: Progress | None
) -> None:
    asked = {"address": address, "zone": zone.key, "path": str(path), "reached": reached}
    with subprocess.Popen(  # noqa: S603 - our own interpreter and our own program
        [sys.executable, "-c", CHILD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            with cast("IO[str]", process.stdin) as standard_input:
                standard_input.write(json.dumps(asked))
            for line in cast("IO[str]", process.stdout):
                if progress:
                    progress(int(line), reached.position)
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        msg = "the process that rebuilds the views has failed; the old ones stay"
        raise RebuildFailed(msg)


def child() -> None:
    """Do what standard input asks for, and say the positions reached on standard output."""
    asked = json.load(sys.stdin)
    os.umask(0o077)
    reached = Reached(*asked["reached"])
    path = Path(asked["path"])
    with duckdb.connect(path, config={"memory_limit": MEMORY}) as target:
        connection.silence(target)
        target.execute("set preserve_insertion_order = false")
        target.execute(f"set TimeZone = '{asked['zone']}'")
        reader = _attach(target, asked["address"])
        make(target, _by_extension(reader, reached.position), reached, _say)


def _reader(address: str) -> Reader | None:
    return next((READERS[start] for start in READERS if address.startswith(start)), None)


def _attach(target: duckdb.DuckDBPyConnection, address: str) -> Reader:
    """Let DuckDB read the store; what it says of a failure may hold the address's password."""
    reader = _reader(address)
    if reader is None:
        sys.exit(1)
    store = reader.named(address).replace("'", "''")
    extension = str(reader.extension).replace("'", "''")
    target.execute(f"load '{extension}'")
    try:
        target.execute(f"attach '{store}' as store (type {reader.kind}, read_only)")
    except duckdb.Error:
        sys.exit(1)
    return reader


def _by_extension(reader: Reader, last: int) -> Iterator[tuple[int, Load]]:
    for after in range(0, last, CHUNK):
        upto = min(after + CHUNK, last)
        yield upto, partial(_attached, reader=reader, after=after, upto=upto)


def _attached(target: duckdb.DuckDBPyConnection, reader: Reader, after: int, upto: int) -> None:
    quick, safe = (
        tables.TAKE.format(
            events=EVENTS.format(
                kind=reader.kind, decoded=decoded, stored=stored, after=after, upto=upto
            )
        )
        for decoded, stored in reader.forms
    )
    try:
        target.execute(quick)
    except duckdb.Error:
        target.execute(safe)


def _say(position: int, _: int) -> None:
    sys.stdout.write(f"{position}\n")
    sys.stdout.flush()
