"""The streams of the store: their states, cached, and what joins them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar, cast

from eventsourcing.persistence import EventStore

from . import centre, matrix, policy, roster, workdays
from .complaint.evolve import evolve as evolve_case
from .complaint.state import Case
from .disclosure.glass import Glass
from .disclosure.glass import evolve as evolve_glass
from .key.evolve import evolve as evolve_key
from .key.state import Key
from .messages import Event
from .parcel.evolve import evolve as evolve_parcel
from .parcel.state import Parcel
from .permit.evolve import evolve as evolve_permit
from .permit.state import Permit
from .ports import Store
from .recording import Recorded
from .unit.evolve import evolve as evolve_unit
from .unit.state import Unit

S = TypeVar("S")

CACHED_STATES = 50_000


@dataclass(frozen=True, slots=True)
class Kind(Generic[S]):
    """A kind of stream: its name, the state before any event, and how events change it."""

    name: str
    initial: S
    evolve: Callable[[S, Event, str], S]

    def stream(self, id: str = "") -> str:
        """Return the stream's name in the store."""
        return f"{self.name}:{id}" if id else self.name


ROSTER = Kind("roster", roster.Roster(), lambda state, event, _: roster.evolve(state, event))
POLICY = Kind("policy", policy.Policies(), lambda state, event, _: policy.evolve(state, event))
CALENDAR = Kind(
    "calendar", workdays.Calendars(), lambda state, event, _: workdays.evolve(state, event)
)
MATRIX = Kind("matrix", matrix.Matrices(), lambda state, event, _: matrix.evolve(state, event))
CENTRE = Kind("centre", centre.Centre(), lambda state, event, _: centre.evolve(state, event))
COMPLAINT: Kind[Case | None] = Kind("complaint", None, evolve_case)
PERMIT: Kind[Permit | None] = Kind("permit", None, evolve_permit)
KEY: Kind[Key | None] = Kind("key", None, evolve_key)
PARCEL: Kind[Parcel | None] = Kind("parcel", None, evolve_parcel)
ACCESS: Kind[None] = Kind("access", None, lambda _state, _event, _id: None)
GLASS: Kind[Glass | None] = Kind("glass", None, evolve_glass)
UNIT: Kind[Unit | None] = Kind("unit", None, evolve_unit)


class Find(Protocol):
    """Looks up the state of any stream."""

    def __call__(self, kind: Kind[S], id: str = "") -> S:
        """Return the state, the kind's initial one when there is no event."""
        ...


class Streams:
    """States by stream; every use happens inside the store's transaction.

    A cached state is current as long as nobody else wrote: ``refresh`` compares positions at the
    start of each transaction, and the version constraint stands behind it.
    """

    def __init__(self, events: EventStore[str], store: Store) -> None:
        self._events = events
        self._store = store
        self._states: OrderedDict[str, tuple[int, Any]] = OrderedDict()
        self._position = -1
        self._pending: list[Recorded] = []

    def refresh(self) -> None:
        """Forget every state if another process wrote since the last transaction."""
        position = self._store.last_position()
        if position != self._position:
            self.forget()
            self._position = position

    def forget(self) -> None:
        """Forget every state: what was cached may have been rolled back."""
        self._states.clear()
        self._pending = []
        self._position = -1

    def state(self, kind: Kind[S], id: str = "") -> S:
        """Return the state of a stream, the initial one when it has no event."""
        _, state = self._load(kind, id)
        return state

    def version(self, kind: Kind[Any], id: str) -> int:
        """Return how many events a stream has."""
        return self._load(kind, id)[0]

    def _load(self, kind: Kind[S], id: str) -> tuple[int, S]:
        stream = kind.stream(id)
        known: tuple[int, S] | None = self._states.get(stream)
        if known is None:
            version, state = 0, kind.initial
            for recorded in self._events.get(stream):
                version = recorded.originator_version
                state = kind.evolve(state, cast("Recorded", recorded).event, id)
            known = (version, state)
            self._keep(stream, version, state)
        self._states.move_to_end(stream)
        return known

    def _keep(self, stream: str, version: int, state: object) -> None:
        self._states[stream] = (version, state)
        if len(self._states) > CACHED_STATES:
            self._states.popitem(last=False)

    def add(self, kind: Kind[S], id: str, event: Event) -> None:
        """Let an event join its stream; ``save`` makes it durable, ``discard`` takes it back."""
        version, state = self._load(kind, id)
        self._keep(kind.stream(id), version + 1, kind.evolve(state, event, id))
        self._pending.append(Recorded(kind.stream(id), version + 1, event))

    def save(self) -> tuple[int, tuple[Event, ...]]:
        """Write what was added; return the position of the last event, and the events."""
        pending, self._pending = self._pending, []
        if not pending:
            return self._position, ()
        recordings = self._events.put(pending)
        self._position = recordings[-1].notification.id
        return self._position, tuple(recorded.event for recorded in pending)

    def discard(self) -> None:
        """Take back what was added and not saved."""
        if self._pending:
            self.forget()
