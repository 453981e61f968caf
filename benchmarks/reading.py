"""The views: rebuilt from the store, and asked."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from guanjia.projections import Warehouse, composer
from guanjia.projections.warehouse import BATCH_SCHEMA

from .measuring import Row, at_most, interleave, medians, p95, within
from .workload import END, ZONE, multiplied, open_store, year

BASE = 120
"""Cases a centre has in the year that is multiplied."""

AGGREGATE = """
    select commitment, strftime(started_at, '%Y-%m') as month, count(*), count(stopped_at)
    from clock_facts
    group by all
"""


def measure(folder: Path, *, quick: bool) -> Iterator[Row]:
    """Yield the rows about rebuilding and asking."""
    base = year(folder / "year", BASE)
    sizes = {10_000: 5, 100_000: 3} if quick else {10_000: 7, 100_000: 5, 1_000_000: 3}
    for wanted, rounds in sizes.items():
        place, events, cases = multiplied(base, folder / f"store-{wanted}", wanted)
        yield _rebuild(place, events, rounds)
        if wanted == max(sizes):
            yield from _asked(place, cases, 12 if quick else 20)


def _rebuild(place: Path, events: int, rounds: int) -> Row:
    parquet = _exported(place)
    names = count()

    def floor() -> None:
        with duckdb.connect(place / f"floor-{next(names)}.duckdb") as connection:
            connection.execute(f"create view batch as from read_parquet('{parquet}')")
            connection.execute(f"set TimeZone = '{ZONE.key}'")
            for name, extract in composer.facts().items():
                connection.execute(f"create table {name} as from ({extract})")
            connection.execute(AGGREGATE).fetchall()

    with open_store(place) as store:

        def ours() -> None:
            Warehouse(store, ZONE, place / f"views-{next(names)}.duckdb").close()

        took = medians(interleave({"floor": floor, "ours": ours}, rounds))
    return at_most(
        f"rebuild of {events:,} events, against DuckDB over Parquet plus one aggregate",
        took["ours"] / took["floor"],
        2.0,
        rounds,
        f"{took['ours']:.2f} s against {took['floor']:.2f} s"
        + ("" if events >= 1_000_000 else "; the target is for 1M events"),
    )


def _exported(place: Path) -> Path:
    path = place / "events.parquet"
    after = 0
    with open_store(place) as store, pq.ParquetWriter(path, BATCH_SCHEMA) as writer:
        while rows := store.read(after, 50_000):
            columns = list(zip(*rows, strict=True))[: len(BATCH_SCHEMA)]
            columns[4] = tuple(state.decode() for state in columns[4])
            arrays = [
                pa.array(values, field.type)
                for values, field in zip(columns, BATCH_SCHEMA, strict=True)
            ]
            writer.write_table(pa.table(arrays, schema=BATCH_SCHEMA))
            after = rows[-1].position
    return path


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
        median = sorted(taken[name])[n // 2]
        yield within(
            f"{name} at {cases:,} complaints, p95",
            p95(taken[name]),
            target,
            n,
            f"median {median:.0f} ms for `{view}` with {filters} as a table, asked of one"
            f" process{size}; no relation is materialised yet",
        )
