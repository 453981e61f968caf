"""Which sealed values of one aggregate are in force: references folded from its events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from ..messages import Event
from ..unit.events import ParkingEnded


class Found(NamedTuple):
    """A sealed value: topic and time of the event that brought it, whose it is, its reference."""

    topic: str
    at: datetime
    resident: str | None
    ref: str


@dataclass(frozen=True, slots=True)
class InForce:
    """The values by the field they are kept under, after ``version`` events of the aggregate.

    Of each person (and parking space) it has the latest value, of words all, oldest first.
    """

    version: int = 0
    values: dict[str, dict[object, Found]] = field(default_factory=dict)

    def of(self, kept: str) -> list[Found]:
        """Return the values of a field, in the order in which they came."""
        return [*self.values.get(kept, {}).values()]

    def after(self, events: Iterable[Event]) -> InForce:
        """Return the values after further events."""
        values = {name: dict(found) for name, found in self.values.items()}
        version = self.version
        for event in events:
            version += 1
            space = getattr(event, "space", None)
            if isinstance(event, ParkingEnded):
                _forget(values, space)
            for path, name, ref in event.sealed():
                words = name == "text"
                resident = None if words else getattr(event, "resident", None)
                key = (version, path) if words else (resident, space)
                found = values.setdefault(name, {})
                found.pop(key, None)
                found[key] = Found(event.topic, event.at, resident, ref)
        return InForce(version, values)


def _forget(values: dict[str, dict[object, Found]], space: object) -> None:
    """Drop what was known of a parking space."""
    for found in values.values():
        for key in [key for key, one in found.items() if key == (one.resident, space)]:
            del found[key]
