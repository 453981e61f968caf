"""What every measurement shares: contenders take turns within one run, medians are compared."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; ``ratio`` is in ``unit`` where the target is no ratio."""

    name: str
    ratio: float
    target: str
    holds: bool
    n: int
    note: str
    unit: str = "x"


def at_least(name: str, ratio: float, target: float, n: int, note: str) -> Row:
    """Return the row of a ratio that must not be lower."""
    return Row(name, round(ratio, 3), f">= {target}", ratio >= target, n, note)


def at_most(name: str, ratio: float, target: float, n: int, note: str) -> Row:
    """Return the row of a ratio that must not be higher."""
    return Row(name, round(ratio, 3), f"<= {target}", ratio <= target, n, note)


def within(name: str, milliseconds: float, target: float, n: int, note: str) -> Row:
    """Return the row of a time that must not be longer."""
    said = f"<= {target} ms"
    return Row(name, round(milliseconds, 1), said, milliseconds <= target, n, note, "ms")


def interleave(
    contenders: Mapping[str, Work], rounds: int, *, before: int = 1
) -> dict[str, list[float]]:
    """Return the seconds of each contender's rounds; each round begins with another one.

    So many rounds ``before`` are not counted.
    """
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for turn in range(-before, rounds):
        for name in _turned(list(contenders), turn):
            gc.collect()
            started = time.perf_counter()
            contenders[name]()
            taken = time.perf_counter() - started
            if turn >= 0:
                seconds[name].append(taken)
    return seconds


def _turned(names: list[str], turn: int) -> Iterator[str]:
    first = turn % len(names)
    yield from names[first:]
    yield from names[:first]


def medians(seconds: Mapping[str, list[float]]) -> dict[str, float]:
    """Return the median of each contender."""
    return {name: statistics.median(each) for name, each in seconds.items()}


def p95(values: list[float]) -> float:
    """Return the 95th percentile."""
    return statistics.quantiles(values, n=20, method="inclusive")[-1]


def per(seconds: float, count: int) -> str:
    """Return the time of one of ``count`` pieces of work, for a note."""
    return f"{seconds / count * 1e6:.0f} us"
