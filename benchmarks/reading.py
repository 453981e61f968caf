"""The views: made anew from the store, kept up with it, and asked."""

from __future__ import annotations

import json
import math
import os
import random
import re
import sqlite3
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from itertools import count
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from eventsourcing.persistence import StoredEvent

from guanjia.projections import Projector, Warehouse, composer, tables
from guanjia.projections.rebuild import MEMORY
from guanjia.storage import SqlStore

from . import running
from .measuring import Row, at_least, at_most, interleave, medians, p95, within
from .workload import END, ZONE, multiplied, open_store, year

BASE = 120
"""Cases a centre has in the year that is multiplied."""

EXPORTED = ("position", "originator_id", "originator_version", "topic", "state")
AGGREGATE = """
    select commitment, strftime(started_at, '%Y-%m') as month, count(*), count(stopped_at)
    from clock_facts
    group by all
"""
LATEST = {"case": ("complaint",), "rounds": ("complaint", "round"), "clocks": ("subject", "clock")}


def measure(folder: Path, *, quick: bool) -> Iterator[Row]:
    """Yield the rows about rebuilding, following and asking."""
    base = year(folder / "year", BASE)
    sizes = {10_000: 5, 100_000: 3} if quick else {10_000: 7, 100_000: 5, 1_000_000: 3}
    seconds: dict[int, float] = {}
    for wanted, rounds in sizes.items():
        place, events, cases = multiplied(base, folder / f"store-{wanted}", wanted)
        row, seconds[events] = rebuilt(place, events, rounds)
        yield row
        if wanted <= 100_000:
            yield _against_executemany(place, events, min(rounds, 3))
        if wanted == max(sizes):
            yield memory(place, events)
            yield _against_runner(folder, events, seconds[events], rounds)
            yield from _asked(place, cases, 12 if quick else 20)
            yield from _fresh(place, events, 20 if quick else 40)
    yield slope(seconds)


def rebuilt(place: Path, events: int, rounds: int, *, before: int = 1) -> tuple[Row, float]:
    """Return the row of a rebuild against its floor, and how many seconds one takes."""
    parquet = _exported(place)
    names = count()

    def floor() -> None:
        with duckdb.connect(place / f"floor-{next(names)}.duckdb") as connection:
            timed = tables.TIMED.format(events=f"from read_parquet('{parquet}')")
            connection.execute(f"create view batch as {timed}")
            connection.execute(f"set TimeZone = '{ZONE.key}'")
            for facts in composer.facts():
                connection.execute(f"create table {facts.name} as from ({facts.extract})")
            connection.execute(AGGREGATE).fetchall()

    with open_store(place) as store:

        def ours() -> None:
            Warehouse(store, ZONE, place / f"views-{next(names)}.duckdb").close()

        took = medians(interleave({"floor": floor, "ours": ours}, rounds, before=before))
    row = at_most(
        f"rebuild of {events:,} events, against DuckDB over Parquet plus one aggregate",
        took["ours"] / took["floor"],
        2.0,
        rounds,
        f"{took['ours']:.2f} s against {took['floor']:.2f} s; ours reads the SQLite store in a"
        " process of its own (with its start), checks every event, keeps every materialised"
        " relation and publishes a snapshot"
        + ("" if events >= 1_000_000 else "; the target is for 1M events"),
    )
    return row, took["ours"]


def _exported(place: Path) -> Path:
    path = place / "events.parquet"
    after = 0
    writer: pq.ParquetWriter | None = None
    with open_store(place) as store:
        while rows := store.read(after, 50_000):
            columns = [[getattr(row, name) for row in rows] for name in EXPORTED[:4]]
            table = pa.table([*columns, [row.state.decode() for row in rows]], names=[*EXPORTED])
            writer = writer or pq.ParquetWriter(path, table.schema)
            writer.write_table(table)
            after = rows[-1].position
    if writer:
        writer.close()
    return path


def _against_executemany(place: Path, events: int, rounds: int) -> Row:
    names = count()
    with open_store(place) as store:

        def ours() -> None:
            Warehouse(store, ZONE, place / f"against-{next(names)}.duckdb").close()

        def theirs() -> None:
            _executemany(store, place / f"against-{next(names)}.db")

        took = medians(interleave({"theirs": theirs, "ours": ours}, rounds))
    return at_least(
        f"rebuild of {events:,} events, against a batched executemany projection into SQLite",
        took["theirs"] / took["ours"],
        5,
        rounds,
        f"{took['ours']:.2f} s against {took['theirs']:.2f} s; theirs keeps the latest row of each"
        " case, round and clock and no fact of the past, so it answers nothing as of a moment",
    )


def _executemany(store: SqlStore, path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("pragma journal_mode=WAL")
        for name, key in LATEST.items():
            keys = ", ".join(key)
            connection.execute(f'create table "{name}" ({keys}, fields, primary key ({keys}))')
        after = 0
        while rows := store.read(after, 5_000):
            after = rows[-1].position
            connection.execute("begin")
            events = [(row.originator_id, json.loads(row.state)) for row in rows]
            for name, found in _latest(events).items():
                marks = ", ".join("?" * (len(LATEST[name]) + 1))
                connection.executemany(f'insert or replace into "{name}" values ({marks})', found)
            connection.execute("commit")


def _latest(events: list[tuple[str, dict[str, object]]]) -> dict[str, list[tuple[object, ...]]]:
    found: dict[str, list[tuple[object, ...]]] = {name: [] for name in LATEST}
    for id, event in events:
        if "case" in event:
            found["case"].append((id, json.dumps(event["case"])))
        for kept in event.get("rounds", ()):  # type: ignore[attr-defined]
            found["rounds"].append((id, kept["round"], json.dumps(kept)))
        for clock in event.get("clocks", ()):  # type: ignore[attr-defined]
            key = [clock.get(name) for name in ("commitment", "round", "started_at", "seq")]
            found["clocks"].append((id, json.dumps(key), json.dumps(clock)))
    return found


def _against_runner(folder: Path, events: int, taken: float, rounds: int) -> Row:
    each = []
    for turn in range(rounds):
        place = folder / f"runner-{turn}"
        place.mkdir()
        each.append(running.seconds_an_event(place))
    theirs = statistics.median(each)
    return at_least(
        f"rebuild of {events:,} events, against a stock runner, by the event",
        theirs / (taken / events),
        200,
        rounds,
        f"{taken / events * 1e6:.0f} us against {theirs * 1e6:.0f} us an event; theirs is"
        f" eventsourcing's ProjectionRunner taking {running.EVENTS:,} events, one transaction in"
        " SQLite for each, and keeps the latest event of each case only",
    )


def memory(place: Path, events: int) -> Row:
    """Return the row of the process that rebuilds: its own peak, by the kernel's count."""
    peaks = [0]
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.05):
            peaks.append(max(map(_peak, _children()), default=0))

    watcher = threading.Thread(target=watch)
    with open_store(place) as store:
        watcher.start()
        Warehouse(store, ZONE, place / "watched.duckdb").close()
        ended.set()
        watcher.join()
    peak = max(peaks) / 1024
    return Row(
        f"peak memory of a rebuild of {events:,} events",
        round(peak, 1),
        "<= 512 MB",
        peak <= 512,
        1,
        f"resident, of the process that rebuilds; DuckDB's own limit is {MEMORY}",
        "MB",
    )


def _children() -> list[Path]:
    """Return the processes that this one has started."""
    own = str(os.getpid())
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if stat.read_text().rpartition(")")[2].split()[1] == own:
                found.append(stat.parent)
    return found


def _peak(process: Path) -> int:
    """Return the most kilobytes a process had, since it became the program that it is."""
    with suppress(OSError):
        status = (process / "status").read_text()
        found = re.search(r"VmHWM:\s+(\d+)", status)
        return int(found[1]) if found else 0
    return 0


def slope(seconds: dict[int, float]) -> Row:
    """Return the row of the growth between the last two sizes."""
    points = [(math.log(events), math.log(taken)) for events, taken in seconds.items()][-2:]
    (x, y), (to_x, to_y) = points
    sizes = " to ".join(f"{events:,}" for events in [*seconds][-2:])
    return at_most(
        f"growth of a rebuild from {sizes} events, log-log slope",
        (to_y - y) / (to_x - x),
        1.05,
        1,
        "between their medians"
        + ("" if [*seconds][-1] >= 10_000_000 else "; the target is for 100k to 10M"),
    )


def _asked(place: Path, cases: int, n: int) -> Iterator[Row]:
    questions = {
        "SLA board": ("sla", {"centre": "north", "outcome": "open"}, 12),
        "monthly revisit rate": ("revisits", {"month": "2025-10"}, 45),
    }
    taken: dict[str, list[float]] = {name: [] for name in questions}
    with open_store(place) as store:
        views = Warehouse(store, ZONE, place / "views.duckdb")
        for turn in range(-2, n):
            for name, (view, filters, _) in questions.items():
                started = time.perf_counter()
                rows = views.query(view, END, filters=dict(filters)).table.num_rows
                if not rows:
                    raise RuntimeError(name)
                if turn >= 0:
                    taken[name].append((time.perf_counter() - started) * 1000)
        views.close()
    size = "" if cases >= 100_000 else "; the target is for 100k"
    for name, (view, filters, target) in questions.items():
        yield within(
            f"{name} at {cases:,} complaints, p95",
            p95(taken[name]),
            target,
            n,
            f"median {statistics.median(taken[name]):.0f} ms for `{view}` with {filters} as a"
            f" table, asked of one process{size}",
        )


def _fresh(place: Path, events: int, n: int) -> Iterator[Row]:
    """Append events to cases, and wait for the views to know them."""
    choose = random.Random(1)
    with open_store(place) as store:
        views = Warehouse(store, ZONE, place / "views.duckdb")
        projector = Projector(views)
        projector.start()
        tail = store.read(store.last_position() - 20_000, 20_000)
        last = {row.originator_id: row for row in tail if row.originator_id.startswith("complaint")}
        versions = {id: row.originator_version for id, row in last.items()}
        for size, target in ((1, 40), (100, 70)):
            taken = []
            for turn in range(-5, n):
                batch = []
                for id in choose.sample([*last], size):
                    versions[id] += 1
                    batch.append(StoredEvent(id, versions[id], last[id].topic, last[id].state))
                position = store.recorder.insert_events(batch)[-1]
                committed = time.perf_counter()
                if not views.wait(position, 60):
                    raise RuntimeError(position)
                if turn >= 0:
                    taken.append((time.perf_counter() - committed) * 1000)
            what = "event" if size == 1 else "events"
            yield within(
                f"from commit to visible at {events:,} events, {size} {what}, p95",
                p95(taken),
                target,
                n,
                f"median {statistics.median(taken):.0f} ms"
                + ("" if events >= 1_000_000 else "; the target is for 1M events"),
            )
        projector.stop()
        views.close()
