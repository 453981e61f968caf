"""The state of a parcel: only what decisions and clocks need."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from ..promises import Clock, Key
from .commands import Condition, ParcelKind
from .standing import Ending, Keeping, ParcelRow


class Ended(NamedTuple):
    """How and when it left the centre."""

    how: Ending
    at: datetime


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel as decisions see it; it ends once."""

    id: str
    centre: str
    unit: str | None
    kind: ParcelKind
    keeping: Keeping
    condition: Condition
    policy: str
    registered_at: datetime
    recorded_at: datetime
    notices: tuple[datetime, ...] = ()
    ended: Ended | None = None
    irregular: tuple[str, ...] = ()
    row: ParcelRow | None = None
    clocks: dict[Key, Clock] = field(default_factory=dict)

    @property
    def due_at(self) -> datetime | None:
        """By when it should be picked up, or while nobody knows for whom it is, archived."""
        awaited = (c for c in self.clocks.values() if c.commitment != "parcel_notice")
        return max((clock.due_at for clock in awaited), default=None)
