"""What binds the data of a person or a case, by the name of its key."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from ..messages import Event
from .events import (
    DataErased,
    DataRestricted,
    ErasureRequested,
    HoldLifted,
    HoldPlaced,
    PrivacyEvent,
)


def subject_of_resident(unit: str, resident: str) -> str:
    """Return the name of a resident's key."""
    return f"resident:{unit}/{resident}"


def subject_of_case(complaint: str) -> str:
    """Return the name of a case's key."""
    return f"complaint:{complaint}"


@dataclass(frozen=True, slots=True)
class Privacy:
    """``request`` waits for its approval; ``held`` forbids erasure; ``restricted``, showing."""

    centre: str
    recorded_at: datetime
    request: ErasureRequested | None = None
    held: bool = False
    restricted: bool = False


def evolve(known: Privacy | None, event: Event) -> Privacy:
    """Return the state after one more event."""
    if not isinstance(event, PrivacyEvent):
        raise TypeError(event.topic)
    privacy = known or Privacy(event.centre, event.recorded_at)
    after = replace(privacy, centre=event.centre, recorded_at=event.recorded_at)
    match event:
        case ErasureRequested():
            return replace(after, request=event)
        case DataErased():
            return replace(after, request=None, restricted=False)
        case DataRestricted():
            return replace(after, restricted=True)
        case HoldPlaced():
            return replace(after, held=True)
        case HoldLifted():
            return replace(after, held=False)
        case _:
            return after
