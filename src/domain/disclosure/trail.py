"""The record of one account's questions on one day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ..messages import Event
from .events import PhoneLookedUp


@dataclass(frozen=True, slots=True)
class Trail:
    """When telephone numbers were looked up; ``centre`` is empty: each question has its own."""

    recorded_at: datetime
    looked_up: tuple[datetime, ...] = ()
    centre: str = ""

    def look_ups(self, moment: datetime) -> int:
        """Return how many there were in the hour before ``moment``."""
        return sum(moment - timedelta(hours=1) < at for at in self.looked_up)


def evolve(trail: Trail | None, event: Event) -> Trail:
    """Return the record after one more event."""
    known = trail or Trail(event.recorded_at)
    looked_up = (*known.looked_up, event.at) if isinstance(event, PhoneLookedUp) else ()
    return replace(known, recorded_at=event.recorded_at, looked_up=looked_up or known.looked_up)
