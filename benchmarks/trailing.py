"""The trail of one owner's data among the accesses to everybody's."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from eventsourcing.persistence import StoredEvent

from guanjia.domain.disclosure.events import Concerned, DataDisclosed
from guanjia.projections import Warehouse
from guanjia.storage import SqlStore

from .measuring import Row, p95, within
from .workload import END, START, ZONE, create

A_HOME = 40
"""How often each home's data was asked for."""
WARM = 3
CHUNK = 10_000
DESKS = 50


def measure(folder: Path, *, quick: bool) -> Iterator[Row]:
    """Yield the row about one owner's trail."""
    accesses, n = (100_000, 20) if quick else (1_000_000, 40)
    place = folder / "store"
    with create(place) as store:
        _asked_for(store, accesses)
        views = Warehouse(store, ZONE, place / "views.duckdb")
        taken = [_milliseconds(views, f"U-{turn}") for turn in range(n + WARM)]
        views.close()
    yield within(
        f"access trail of one owner at {accesses:,} accesses, p95",
        p95(taken[WARM:]),
        8,
        n,
        f"median {statistics.median(taken[WARM:]):.1f} ms for `access` of one home, {A_HOME} rows"
        + ("; the target is for 1M" if quick else ""),
    )


def _milliseconds(views: Warehouse, unit: str) -> float:
    started = time.perf_counter()
    if views.query("access", END, filters={"unit": unit}).table.num_rows != A_HOME:
        raise RuntimeError(unit)
    return (time.perf_counter() - started) * 1000


def _asked_for(store: SqlStore, accesses: int) -> None:
    """Store disclosures of the homes' data, in turn."""
    homes = accesses // A_HOME
    step = (END - START) / accesses
    for first in range(0, accesses, CHUNK):
        stored = []
        for number in range(first, min(first + CHUNK, accesses)):
            at = (START + number * step).replace(microsecond=0)
            unit = f"U-{number % homes}"
            about = Concerned(kind="unit", id=unit, centre="north", unit=unit, residents=("r1",))
            event = DataDisclosed(
                at=at, recorded_at=at, by=f"desk{number % DESKS}",
                person=f"p{number % DESKS}", post="front_desk", about=(about,),
                fields_asked=("phone",), purpose="callback", matrix="1", origin="python",
                request=f"{number:016x}",
            )  # fmt: skip
            trail = f"access:desk{number % DESKS}/{number // CHUNK}"
            version = number % CHUNK // DESKS + 1
            stored.append(StoredEvent(trail, version, event.topic, event.to_bytes()))
        store.append(stored)
