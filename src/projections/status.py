"""How far the views have followed their store, how fast, and what room they take."""

from __future__ import annotations

import time
from dataclasses import dataclass

from .source import Source


@dataclass(frozen=True, slots=True)
class Status:
    """The state of the views; lag is that of the oldest event not taken, sizes are in bytes.

    ``elected`` says whether this process writes the shared file or reads a copy of its own.
    ``events_per_second`` is the pace at which this process took events, null if it took none.
    """

    position: int
    store_position: int
    lag_events: int
    lag_seconds: float
    parked: int
    events_per_second: float | None
    views_bytes: int | None
    snapshot_bytes: int | None
    elected: bool


class Pace:
    """Counts how many events were taken in how much time."""

    def __init__(self) -> None:
        self._events = 0
        self._seconds = 0.0

    def add(self, events: int, seconds: float) -> None:
        """Count some events."""
        if events:
            self._events += events
            self._seconds += seconds

    @property
    def events_per_second(self) -> float | None:
        """The pace so far, None before the first event."""
        return round(self._events / self._seconds, 1) if self._seconds else None


def lag_seconds(source: Source, position: int) -> float:
    """Return for how long the first event after a position has been in the store."""
    waiting = source.read(position, 1)
    return round(max(0.0, time.time() - waiting[0].stored_at / 1e6), 3) if waiting else 0.0
