"""Makes provisional deadlines firm once their calendar is loaded (domain section 2)."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from .complaint.events import DeadlinesSettled
from .complaint.rows import complete
from .ports import Store
from .streams import CALENDAR, COMPLAINT, POLICY, Streams
from .workdays import CalendarLoaded, Counting

PROVISIONAL = b'"provisional":true'
"""What the stored bytes of an event with a provisional deadline contain."""


def settled(
    streams: Streams, store: Store, zone: ZoneInfo, loaded: CalendarLoaded
) -> Iterator[tuple[str, DeadlinesSettled]]:
    """Yield, by case, the event that settles what waited for this calendar.

    Reads every stored event once; a calendar comes once a year.
    """
    policies = streams.state(POLICY)
    for stream in list(store.scan("complaint.", PROVISIONAL)):
        id = stream.removeprefix("complaint:")
        case = streams.state(COMPLAINT, id)
        if case is None or not any(clock.provisional for clock in case.clocks.values()):
            continue
        event = DeadlinesSettled(
            calendar=loaded.calendar.version,
            at=loaded.at,
            recorded_at=max(loaded.recorded_at, case.recorded_at),
            by=loaded.by,
            person=loaded.person,
            post=loaded.post,
        )
        counting = Counting(zone, streams.state(CALENDAR), event.recorded_at)
        completed, _ = complete(case, event, id, policies, counting)
        if completed.clocks:
            yield id, completed
