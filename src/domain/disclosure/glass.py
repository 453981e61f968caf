"""A breaking of the glass 紧急查看: fifteen minutes outside the matrix, and its review."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeVar

from ..changing import headless
from ..messages import Event
from ..policy import Policies
from ..promises import Clock, Key, changed, fixed, keyed, merged, promise, steps
from ..workdays import Counting
from .events import Concerned, GlassBroken, GlassEvent, GlassReviewed


@dataclass(frozen=True, slots=True)
class Glass:
    """Who broke it, for whose data and until when; ``reviewed_at`` once it was judged."""

    id: str
    person: str | None
    about: Concerned
    policy: str
    broken_at: datetime
    until: datetime
    recorded_at: datetime
    reviewed_at: datetime | None = None
    clocks: dict[Key, Clock] = field(default_factory=dict)

    @property
    def centre(self) -> str:
        """The service centre whose data it opened."""
        return self.about.centre

    @property
    def unit(self) -> str | None:
        """The home whose data it opened."""
        return self.about.unit

    def opens(self, person: str | None, about: Concerned, moment: datetime) -> bool:
        """Return whether it lets this person see this data at ``moment``."""
        mine = self.person is not None and self.person == person
        same = (self.about.kind, self.about.id) == (about.kind, about.id)
        return mine and same and self.broken_at <= moment <= self.until


def evolve(glass: Glass | None, event: Event, id: str) -> Glass:
    """Return the state after one more event."""
    match event:
        case GlassBroken():
            after = Glass(
                id,
                event.person,
                event.about,
                event.policy,
                event.at,
                event.until,
                event.recorded_at,
            )
        case GlassReviewed() if glass:
            after = replace(glass, reviewed_at=event.at, recorded_at=event.recorded_at)
        case _:
            raise headless(id, "a breaking")
    return replace(after, clocks=merged(after.clocks, event.clocks))


E = TypeVar("E", bound=GlassEvent)


def complete(
    glass: Glass | None, event: E, id: str, policies: Policies, _: Counting
) -> tuple[E, Glass]:
    """Return ``event`` carrying the clock of the review, and the glass after it."""
    after = evolve(glass, event, id)
    hours = policies.version(after.policy).glass_review_hours
    limit = fixed(f"{hours} h", after.broken_at + timedelta(hours=hours))
    judge = promise("glass_review", 1, after.broken_at, limit, after.policy)
    clock = judge(steps("review", [after.reviewed_at] if after.reviewed_at else []), ())
    completed = event.model_copy(update={"clocks": changed(after.clocks, keyed([clock]), event.at)})
    return completed, replace(after, clocks=merged(after.clocks, completed.clocks))
