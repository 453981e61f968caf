"""The one way in: execute a command, get the position its last event has in the store.

Load what the command needs, decide, seal what is secret, save: all in one transaction, so that a
refused command leaves nothing and an acknowledged one is durable.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import RLock, get_ident
from typing import NamedTuple, cast
from zoneinfo import ZoneInfo

from eventsourcing.application import Application as EventSourcedApplication
from eventsourcing.persistence import ApplicationRecorder, Mapper

from . import errors, matrix, moments, policy, posts, roster
from .centre import Numbered
from .handler import Handler
from .messages import Command, Envelope, Event
from .ports import Receipt, Store
from .privacy.events import DataErased
from .recording import EventMapper, Recorded
from .streams import CALENDAR, MATRIX, POLICY, ROSTER, UNIT, Streams
from .subjects import subject_named
from .turns import Request, Turns
from .unit.state import Unit
from .workdays import Counting


@dataclass(frozen=True, slots=True)
class Done:
    """What an executed command did: the position to wait for, and the number the register gave.

    That is the case's (``receive_complaint``) or the work order's (``open_work_order``), else none.
    ``version`` is that of the aggregate afterwards, none for the organisation's own commands.

    A repetition under the same key answers the same, and no events.
    """

    position: int
    number: int | None = None
    events: tuple[Event, ...] = ()
    version: int | None = None


class Work(NamedTuple):
    """What a thread wants carried out."""

    command: Command
    envelope: Envelope


class Application(EventSourcedApplication[str]):
    """Executes commands on a store, in an organisation's time zone.

    ``clock`` returns the present moment, whole seconds. Safe to share between threads.
    """

    name = "guanjia"

    def __init__(
        self, store: Store, zone: ZoneInfo, clock: Callable[[], datetime] = moments.now
    ) -> None:
        self.store = store
        self.zone = zone
        self.clock = clock
        super().__init__()
        self._streams = Streams(self.mapper, store)
        self._handler = Handler(self._streams, store, zone, clock)
        self._lock = RLock()
        self._owner: int | None = None
        self._turns = Turns[Work, Done | errors.Rejected](self._together)
        self._erased = False
        self._posted = (0, ROSTER.initial)

    def construct_mapper(self) -> Mapper[str]:
        """Return the mapper of topics and bytes."""
        return EventMapper()

    def construct_recorder(self) -> ApplicationRecorder:
        """Return the store's own recorder."""
        return self.store.recorder

    @contextmanager
    def transaction(self) -> Generator[None, None, None]:
        """Take the store's write lock; commands executed inside are committed together."""
        with self._lock, self._streams.kept(), self.store.transaction():
            outermost, self._owner = self._owner is None, get_ident()
            try:
                if outermost:
                    self._streams.refresh()
                yield
            finally:
                if outermost:
                    self._owner = None
        if self._erased and outermost:
            self._erased = False
            self.store.vault.scrub()

    def execute(self, command: Command, envelope: Envelope | None = None) -> Done:
        """Carry out one command and return once its events are durable.

        Commands of several threads that wait for the store share a transaction; each succeeds or
        fails alone. Raises ``Rejected`` or one of its children, and then nothing was recorded.
        """
        work = Work(command, envelope or Envelope())
        mine = self._owner == get_ident()
        outcome = self._attempt(work) if mine else self._turns.take(work)
        if isinstance(outcome, errors.Rejected):
            raise outcome
        return outcome

    def _together(self, requests: Iterator[Request[Work, Done | errors.Rejected]]) -> None:
        with self.transaction():
            for request in requests:
                request.succeed(self._attempt(request.work))

    @property
    def in_transaction(self) -> bool:
        """Whether this thread is inside ``transaction``: what it did is not durable yet."""
        return self._owner == get_ident()

    def settle(self) -> None:
        """Settle the deadlines that wait for a calendar loaded already.

        History imported after a calendar can bring such; everything else is settled as it comes.
        """
        with self.transaction():
            for loaded in self._streams.state(CALENDAR).loaded:
                self._handler.settle(loaded)
            self._streams.save()

    def counting(self, recorded_at: datetime) -> Counting:
        """Return how working days are counted by what was known at ``recorded_at``."""
        with self.transaction():
            return Counting(self.zone, self._streams.state(CALENDAR), recorded_at)

    def policies(self) -> policy.Policies:
        """Return every policy version."""
        with self.transaction():
            return self._streams.state(POLICY)

    def matrix_at(self, moment: datetime) -> tuple[str, tuple[matrix.Grant, ...]]:
        """Return (version, grants) of the permission matrix in force at ``moment``."""
        with self.transaction():
            return self._streams.state(MATRIX).in_force(moment)

    def roster(self) -> roster.Roster:
        """Return every posting of every account, beside whoever writes: each request asks it."""
        if self.in_transaction:
            return self._streams.state(ROSTER)
        version, known = self._posted
        for stored in self.store.recorder.select_events(ROSTER.stream(), gt=version):
            recorded = cast("Recorded", self.mapper.to_domain_event(stored))
            version, known = recorded.originator_version, roster.evolve(known, recorded.event)
        self._posted = (version, known)
        return known

    def home(self, unit: str) -> Unit | None:
        """Return a home as it stands, None when it is not in the register."""
        with self.transaction():
            return self._streams.state(UNIT, unit)

    def placed(self, kind: str, id: str) -> tuple[int, str | None]:
        """Return an aggregate's version and its centre; (0, None) for one that is not there."""
        subject = subject_named(kind)
        if subject is None:
            return 0, None
        with self.transaction():
            state = self._streams.state(subject.kind, id)
            return self._streams.version(subject.kind, id), state.centre if state else None

    def history(self, kind: str, id: str, *, after: int = 0) -> Iterator[Event]:
        """Yield every event of one aggregate, oldest first, or those ``after`` so many."""
        for recorded in self.events.get(f"{kind}:{id}", gt=after):
            yield cast("Recorded", recorded).event

    def _attempt(self, work: Work) -> Done | errors.Rejected:
        """Return a refusal rather than raise it: it must not undo the transaction around it."""
        try:
            return self._known(*work) or self._carry_out(*work)
        except errors.Rejected as refusal:
            self._streams.discard()
            return refusal
        except BaseException:
            self._streams.discard()
            raise

    def _known(self, command: Command, envelope: Envelope) -> Done | None:
        receipt = self.store.recall(envelope.key) if envelope.key else None
        if receipt is None:
            return None
        same = receipt.actor == _actor_name(envelope)
        if not same or receipt.request != self._digest(command, envelope):
            raise errors.KeyReused
        return Done(**json.loads(receipt.result))

    def _digest(self, command: Command, envelope: Envelope) -> str:
        """Return what tells this command, of the time it was said to be done at, from another."""
        said = f"{envelope.at.isoformat() if envelope.at else ''} {command.model_dump_json()}"
        return self.store.vault.fingerprint(said.encode())

    def _carry_out(self, command: Command, envelope: Envelope) -> Done:
        position, events, version = self._handler.handle(command, envelope)
        erased = [event.subject for event in events if isinstance(event, DataErased)]
        if erased:
            self.store.vault.destroy(erased)
            self._erased = True
        number = next((event.number for event in events if isinstance(event, Numbered)), None)
        done = Done(position, number, events, version)
        if envelope.key:
            self._remember(envelope.key, command, envelope, done)
        return done

    def _remember(self, key: str, command: Command, envelope: Envelope, done: Done) -> None:
        """Keep what is answered when the command comes again under its key."""
        told = {"position": done.position, "number": done.number, "version": done.version}
        request = self._digest(command, envelope)
        self.store.remember(key, Receipt(_actor_name(envelope), request, json.dumps(told)))


def _actor_name(envelope: Envelope) -> str:
    return envelope.by or posts.SYSTEM
