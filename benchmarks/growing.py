"""The views of ten million events: measured once, for it takes most of an hour."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from .measuring import Row
from .reading import BASE, memory, rebuilt, slope
from .workload import multiplied, year

SIZES = {10_000_000: 1, 100_000: 3}
"""How many events, and how often they are made views of."""


def measure(folder: Path, *, quick: bool) -> Iterator[Row]:  # noqa: ARG001 - it is never quick
    """Yield the rows about the largest store: its time, its memory, and how these grew."""
    base = year(folder / "year", BASE)
    seconds: dict[int, float] = {}
    for wanted, rounds in SIZES.items():
        place, events, _ = multiplied(base, folder / f"store-{wanted}", wanted)
        row, seconds[events] = rebuilt(place, events, rounds, before=int(rounds > 1))
        if rounds == 1:
            yield row
            yield memory(place, events)
    yield slope(dict(sorted(seconds.items())))
