"""What the figures would have been under other policy values: the history replayed, not changed.

Every event is read again in the order of the store. The rows that it carries are those of the
policy of its day; they are left out and made anew by the domain, under the other values. What was
recorded, by whom and when, stays; only promises and what follows from them differ. Nothing is
written: the replayed history is asked from views in memory.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from eventsourcing.persistence import MapperDeserialisationError
from pydantic import ValidationError

from .domain.application import Application
from .domain.messages import Event
from .domain.policy import Policies, Policy, built_in
from .domain.recording import read
from .domain.streams import CALENDAR
from .domain.subjects import subject_named
from .domain.workdays import Counting
from .folder import OfficeError
from .office import Office
from .projections import Warehouse
from .projections.source import NoEvents, Source, StoredRow
from .storage.schema import StoredRow as Stored

PAGE = 5_000
REVISITS = ("due", "revisited", "on_time", "rate")


@dataclass(frozen=True, slots=True)
class OtherPolicies(Policies):
    """The policy's versions, each with some values changed."""

    changes: tuple[tuple[str, Any], ...] = ()

    def binding(self, received_at: datetime, recorded_at: datetime) -> tuple[str, Policy]:
        """Return (version, values) in force at ``received_at`` as known at ``recorded_at``."""
        name, values = Policies.binding(self, received_at, recorded_at)
        return name, self._changed(values)

    def version(self, name: str) -> Policy:
        """Return the values of a version; raises ``KeyError`` for an unknown one."""
        return self._changed(Policies.version(self, name))

    def _changed(self, values: Policy) -> Policy:
        return values.model_copy(update=dict(self.changes))


class Replay(NoEvents):
    """The history of a store under other policy values."""

    def __init__(
        self, source: Source, application: Application, changes: Mapping[str, Any]
    ) -> None:
        self._source = source
        self._application = application
        self._policies = OtherPolicies(application.policies().adopted, tuple(changes.items()))
        self._states: dict[str, Any] = {}
        self._calendars = CALENDAR.initial
        self._unreadable: set[str] = set()
        self._rows = [*self._replayed()]

    def last_position(self) -> int:
        """Return the position of the last event."""
        return len(self._rows)

    def read(self, after: int, limit: int) -> Sequence[StoredRow]:
        """Return the ``limit`` events after position ``after``, in order."""
        return self._rows[max(after, 0) : max(after, 0) + limit]

    def _replayed(self) -> Iterator[Stored]:
        after = 0
        while rows := self._source.read(after, PAGE):
            after = rows[-1].position
            for row in rows:
                yield Stored(
                    row.position,
                    row.originator_id,
                    row.originator_version,
                    row.topic,
                    self._again(row),
                    row.stored_at,
                    b"",
                )

    def _again(self, row: StoredRow) -> bytes:
        """Return the event's bytes under the other values; as they are once it cannot be read.

        Such a stream is parked in the views of this history as in those in service.
        """
        if row.originator_id not in self._unreadable:
            try:
                return self._replay(row.originator_id, read(row.topic, row.state)).to_bytes()
            except MapperDeserialisationError:
                self._unreadable.add(row.originator_id)
        return row.state

    def _replay(self, stream: str, event: Event) -> Event:
        kind, _, id = stream.partition(":")
        if kind == CALENDAR.name:
            self._calendars = CALENDAR.evolve(self._calendars, event, id)
        subject = subject_named(kind)
        if subject is None:
            return event
        counting = Counting(self._application.zone, self._calendars, event.recorded_at)
        state = self._states.get(stream, subject.kind.initial)
        again, after = subject.complete(state, _bare(event), id, self._policies, counting)
        self._states[stream] = after
        return again


def compare(
    office: Office, changes: Mapping[str, Any], month: str, as_of: datetime | None = None
) -> list[dict[str, Any]]:
    """Return a month's figures as they are and as they would be, side by side.

    ``changes`` are policy values by name, ``month`` is ``YYYY-MM``. A promise counts in the month
    it was made in, a revisit in that of the finish. Raises ``OfficeError`` for a bad value.
    """
    _check(changes)
    moment = as_of or office.application.clock()
    office.views.catch_up()
    other = Warehouse(Replay(office.views.source, office.application, changes), office.zone)
    try:
        now, then = (_figures(views, moment, month) for views in (office.views, other))
    finally:
        other.close()
    return [
        {"centre": key[0], "figure": key[1], "promised": now.get(key), "what_if": then.get(key)}
        for key in sorted(now | then)
    ]


def _check(changes: Mapping[str, Any]) -> None:
    try:
        Policy.model_validate(built_in().model_dump() | dict(changes))
    except ValidationError as error:
        place = error.errors(include_input=False, include_url=False)[0]["loc"][0]
        raise OfficeError(
            "policy_invalid", f"no such policy value, or not of it: {place}"
        ) from None


def _figures(views: Warehouse, moment: datetime, month: str) -> dict[tuple[str, str], Any]:
    """Return the counts of promises by outcome and the revisits, by centre and figure."""
    promises = views.query("sla", moment).rows()
    counted: Counter[tuple[str, str]] = Counter(
        (row["centre"], f"{row['commitment']} {row['outcome']}")
        for row in promises
        if f"{row['started_at']:%Y-%m}" == month
    )
    revisits = views.query("revisits", moment, None, {"month": month, "scope": "all"}).rows()
    return dict(counted) | {
        (row["centre"], f"revisits {name}"): row[name] for row in revisits for name in REVISITS
    }


def _bare(event: Event) -> Event:
    """Return an event without the rows that it carries."""
    return event.model_copy(update=_no_rows(type(event)))


@cache
def _no_rows(kind: type[Event]) -> dict[str, Any]:
    """Return the defaults of an event's rows: the fields that its aggregate gives every event."""
    aggregate: type[Event] = kind.__mro__[kind.__mro__.index(Event) - 1]
    own = aggregate.model_fields.keys() - Event.model_fields.keys()
    return {name: aggregate.model_fields[name].default for name in own}
