"""The state of an export in clear."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from ..changing import headless
from ..messages import Event
from .events import (
    ExportApproved,
    ExportDestroyed,
    ExportEvent,
    ExportReleased,
    ExportRequested,
)


@dataclass(frozen=True, slots=True)
class Export:
    """What was asked for, and how far it is."""

    request: ExportRequested
    recorded_at: datetime
    approved: bool = False
    released: bool = False
    destroyed: bool = False

    @property
    def centre(self) -> str:
        """The service centre whose data it is."""
        return self.request.centre


def evolve(export: Export | None, event: Event, id: str) -> Export:
    """Return the state after one more event."""
    if isinstance(event, ExportRequested):
        return Export(event, event.recorded_at)
    if export is None or not isinstance(event, ExportEvent):
        raise headless(id, "a request")
    after = replace(export, recorded_at=event.recorded_at)
    match event:
        case ExportApproved():
            return replace(after, approved=True)
        case ExportReleased():
            return replace(after, released=True)
        case ExportDestroyed():
            return replace(after, destroyed=True)
        case _:
            return after
