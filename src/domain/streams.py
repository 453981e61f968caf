"""The streams of the store: their states, cached, and what joins them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, Protocol, TypeVar, cast

from eventsourcing.persistence import Mapper

from . import centre, matrix, policy, roster, workdays
from .complaint.evolve import evolve as evolve_case
from .complaint.state import Case
from .disclosure.glass import Glass
from .disclosure.glass import evolve as evolve_glass
from .disclosure.trail import Trail
from .disclosure.trail import evolve as evolve_trail
from .export.state import Export
from .export.state import evolve as evolve_export
from .key.evolve import evolve as evolve_key
from .key.state import Key
from .messages import Event
from .parcel.evolve import evolve as evolve_parcel
from .parcel.state import Parcel
from .permit.evolve import evolve as evolve_permit
from .permit.state import Permit
from .ports import Store
from .privacy.state import Privacy
from .privacy.state import evolve as evolve_privacy
from .recording import Recorded
from .unit.evolve import evolve as evolve_unit
from .unit.state import Unit

S = TypeVar("S")

CACHED_STATES = 50_000

LONGEST_TAIL = 1_000
"""Events of others that are folded into the cached states; after more they are read again."""


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
ACCESS: Kind[Trail | None] = Kind(
    "access", None, lambda state, event, _: evolve_trail(state, event)
)
EXPORT: Kind[Export | None] = Kind("export", None, evolve_export)
GLASS: Kind[Glass | None] = Kind("glass", None, evolve_glass)
PRIVACY: Kind[Privacy | None] = Kind(
    "privacy", None, lambda state, event, _: evolve_privacy(state, event)
)
UNIT: Kind[Unit | None] = Kind("unit", None, evolve_unit)


KINDS: dict[str, Kind[Any]] = {
    kind.name: kind for kind in [*globals().values()] if isinstance(kind, Kind)
}
"""Every kind above by its name, so that none is forgotten."""


class Find(Protocol):
    """Looks up the state of any stream."""

    def __call__(self, kind: Kind[S], id: str = "") -> S:
        """Return the state, the kind's initial one when there is no event."""
        ...


class Before(NamedTuple):
    """What a change took the place of: the stream's version and state, and the position."""

    stream: str
    known: tuple[int, Any]
    position: int


class Streams:
    """States by stream; every use happens inside the store's transaction.

    A cached state is current as long as nobody else wrote: ``refresh`` compares positions at the
    start of each transaction, and the version constraint stands behind it.
    """

    def __init__(self, mapper: Mapper[str], store: Store) -> None:
        self._mapper = mapper
        self._store = store
        self._states: OrderedDict[str, tuple[int, Any]] = OrderedDict()
        self._position = -1
        self._pending: list[Recorded] = []
        self._before: list[Before] = []

    def refresh(self) -> None:
        """Bring the states up to what others wrote since the last transaction."""
        position = self._store.last_position()
        if position == self._position:
            return
        if not 0 <= self._position < position <= self._position + LONGEST_TAIL:
            self.forget()
        elif self._states:
            try:
                self._follow()
            except BaseException:
                self.forget()
                raise
        self._position = position

    def _follow(self) -> None:
        tail = self._store.recorder.select_notifications(
            self._position, LONGEST_TAIL, inclusive_of_start=False
        )
        for notification in tail:
            stream = str(notification.originator_id)
            if stream in self._states:
                recorded = cast("Recorded", self._mapper.to_domain_event(notification))
                name, _, id = stream.partition(":")
                _, state = self._states[stream]
                after = KINDS[name].evolve(state, recorded.event, id)
                self._states[stream] = (recorded.originator_version, after)

    def forget(self) -> None:
        """Forget every state; each is read again when it is needed."""
        self._states.clear()
        self._pending = []
        self._before = []
        self._position = -1

    @contextmanager
    def kept(self) -> Generator[None, None, None]:
        """Take back what was added inside when an exception passes; calls may be nested."""
        mark = len(self._before)
        try:
            yield
        except BaseException:
            self._pending = []
            self._take_back(mark)
            raise
        if not mark:
            self._before = []

    def _take_back(self, mark: int) -> None:
        while len(self._before) > mark:
            stream, known, self._position = self._before.pop()
            self._keep(stream, known)

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
        if known is not None:
            self._states.move_to_end(stream)
            return known
        version, state = 0, kind.initial
        for stored in self._store.recorder.select_events(stream):
            recorded = cast("Recorded", self._mapper.to_domain_event(stored))
            version = recorded.originator_version
            state = kind.evolve(state, recorded.event, id)
        known = (version, state)
        self._keep(stream, known)
        return known

    def _keep(self, stream: str, known: tuple[int, Any]) -> None:
        self._states[stream] = known
        if len(self._states) > CACHED_STATES:
            self._states.popitem(last=False)

    def add(self, kind: Kind[S], id: str, event: Event, after: S | None = None) -> None:
        """Let an event join its stream; ``save`` makes it durable, ``discard`` takes it back.

        ``after`` is the stream's state with the event, where that is known already.
        """
        stream = kind.stream(id)
        version, state = self._load(kind, id)
        self._before.append(Before(stream, (version, state), self._position))
        evolved = kind.evolve(state, event, id) if after is None else after
        self._keep(stream, (version + 1, evolved))
        self._pending.append(Recorded(stream, version + 1, event))

    def save(self) -> tuple[int, tuple[Event, ...]]:
        """Write what was added; return the position of the last event, and the events."""
        pending, self._pending = self._pending, []
        if pending:
            stored = [self._mapper.to_stored_event(recorded) for recorded in pending]
            self._position = self._store.append(stored)
        return self._position, tuple(recorded.event for recorded in pending)

    def discard(self) -> None:
        """Take back what was added and not saved."""
        self._take_back(len(self._before) - len(self._pending))
        self._pending = []
