"""Makes the file of the views anew, set-wise, beside the one in service.

A process of its own does it: there DuckDB reads the store itself. In a process that has an SQLite
store open its detaching would drop that process's file locks. A store that no other process can
open, and one so small that a process costs more than the work, is read through the driver.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import IO, NamedTuple, cast
from zoneinfo import ZoneInfo

import duckdb

from . import composer, connection, extension, parking, tables
from .errors import RebuildFailed
from .intake import LOAD, digest, parameters
from .source import Progress, Source

MEMORY = "224MB"
"""What DuckDB may use there; its process takes some 200 MB besides, 270 for ten million events."""
DRIVEN = 10_000
"""So many events are read at once through the driver, which has them in Python first."""
PART = 1_000_000
"""The subjects of so many events are worked on at once: more would not fit in that memory."""
WORTH_A_PROCESS = 20_000
"""So many events make a process of its own worth its start."""

PROGRAM = Path(str(files("guanjia.projections")), "program.py")

Load = Callable[[], object]
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
    reader = extension.reader_of(source.address)
    if path and reader and reached.position >= WORTH_A_PROCESS:
        _by_process(path, planned(reader, source.address, zone, reached), reached, progress)
        return connection.connect(path, zone)
    opened = connection.connect(path, zone)
    with connection.closed_on_failure(opened):
        make(opened.writer, _by_driver(source, reached.position, opened.writer), reached, progress)
    return opened


def make(
    target: connection.Target,
    chunks: Iterator[tuple[int, Load]],
    reached: Reached,
    progress: Progress | None,
) -> None:
    """Make every table from chunks of events, each with the position that it ends at."""
    tables.open_desk(target)
    tables.create(target)
    for position, load in chunks:
        load()
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


def _by_driver(
    source: Source, last: int, target: duckdb.DuckDBPyConnection
) -> Iterator[tuple[int, Load]]:
    after = 0
    while after < last:
        rows = source.read(after, min(DRIVEN, last - after))
        after = rows[-1].position
        yield after, partial(target.execute, LOAD, parameters(rows, ()))


class Plan:
    """Statements for ``program.py``: each in one way or more, and the position it reaches."""

    def __init__(self) -> None:
        self.steps: list[tuple[tuple[str, ...], int]] = []

    def execute(self, *ways: str) -> None:
        """Add a statement."""
        self.steps.append((ways, 0))

    def reach(self, position: int, _: int) -> None:
        """Let the last statement tell that it reaches a position."""
        ways, _ = self.steps[-1]
        self.steps[-1] = (ways, position)


def planned(reader: extension.Reader, address: str, zone: ZoneInfo, reached: Reached) -> Plan:
    """Return what makes the views of a store that DuckDB reads."""
    plan = Plan()
    connection.silence(plan)
    plan.execute("set preserve_insertion_order = false")
    plan.execute(f"set TimeZone = '{zone.key}'")
    for statement in extension.attaching(reader, address):
        plan.execute(statement)
    chunks = extension.taking(reader, reached.position)
    loads = ((position, partial(plan.execute, *ways)) for position, ways in chunks)
    make(plan, loads, reached, plan.reach)
    return plan


def _by_process(path: Path, plan: Plan, reached: Reached, progress: Progress | None) -> None:
    asked = {"path": str(path), "config": {"memory_limit": MEMORY}, "steps": plan.steps}
    with subprocess.Popen(  # noqa: S603 - our own interpreter and our own program
        [sys.executable, "-P", str(PROGRAM)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            with suppress(BrokenPipeError), cast("IO[str]", process.stdin) as standard_input:
                json.dump(asked, standard_input)
            for line in cast("IO[str]", process.stdout):
                if progress:
                    progress(int(line), reached.position)
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        msg = "the process that rebuilds the views has failed; the old ones stay"
        raise RebuildFailed(msg)
