"""The one way in: execute a command, get the position its last event has in the store.

Load what the command needs, decide, seal what is secret, save: all in one transaction, so that a
refused command leaves nothing and an acknowledged one is durable.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import RLock, get_ident
from typing import Any, NamedTuple, cast
from zoneinfo import ZoneInfo

from eventsourcing.application import Application as EventSourcedApplication
from eventsourcing.persistence import ApplicationRecorder, Mapper

from . import errors, matrix, moments, organisation, policy, posts, roster, workdays
from .centre import Numbered
from .context import Context, Organisation
from .disclosure.commands import AccessCommand
from .messages import Command, Envelope, Event
from .ports import Receipt, Secret, Store
from .privacy.events import DataErased
from .recording import EventMapper, Recorded
from .settlement import settled
from .streams import CALENDAR, CENTRE, COMPLAINT, MATRIX, POLICY, ROSTER, UNIT, Kind, Streams
from .subjects import State, Subject, subject_named, subject_of
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


class Times(NamedTuple):
    """The present, when something happened, and when the register learned of it."""

    now: datetime
    at: datetime
    recorded_at: datetime


class Work(NamedTuple):
    """What a thread wants carried out."""

    command: Command
    envelope: Envelope


class About(NamedTuple):
    """What a command is about: the aggregate and its state; none for the organisation's own."""

    subject: Subject | None
    id: str
    state: State | None


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
                self._settle(loaded)
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

    def history(self, kind: str, id: str) -> Iterator[Event]:
        """Yield every event of one aggregate, oldest first."""
        for recorded in self.events.get(f"{kind}:{id}"):
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
        if not same or receipt.request != self._digest(command):
            raise errors.KeyReused
        return Done(**json.loads(receipt.result))

    def _digest(self, command: Command) -> str:
        return self.store.vault.fingerprint(command.model_dump_json().encode())

    def _carry_out(self, command: Command, envelope: Envelope) -> Done:
        about = self._about(command)
        self._require_version(about, envelope.version)
        times = self._times(envelope, about.state)
        sealed = _sealed(command, about)
        refs = {path: secret.ref for path, secret in sealed.items()}
        ctx = self._context(command, about, envelope, times, refs)
        self._decide(command, about, ctx)
        if sealed:
            self.store.vault.seal([*sealed.values()])
        position, events = self._streams.save()
        erased = [event.subject for event in events if isinstance(event, DataErased)]
        if erased:
            self.store.vault.destroy(erased)
            self._erased = True
        number = next((event.number for event in events if isinstance(event, Numbered)), None)
        kind = about.subject.kind if about.subject else None
        version = self._streams.version(kind, about.id) if kind else None
        done = Done(position, number, events, version)
        if envelope.key:
            self._remember(envelope.key, _actor_name(envelope), command, done)
        return done

    def _remember(self, key: str, actor: str, command: Command, done: Done) -> None:
        """Keep what is answered when the command comes again under its key."""
        told = {"position": done.position, "number": done.number, "version": done.version}
        self.store.remember(key, Receipt(actor, self._digest(command), json.dumps(told)))

    def _about(self, command: Command) -> About:
        subject = subject_of(command)
        if subject is None:
            return About(None, "", None)
        id = subject.id_of(command)
        return About(subject, id, self._streams.state(subject.kind, id))

    def _require_version(self, about: About, version: int | None) -> None:
        """Require that nobody recorded anything of the aggregate since the version seen."""
        if version is None:
            return
        subject = about.subject
        if subject is None or self._streams.version(subject.kind, about.id) != version:
            raise errors.VersionChanged(about.id)

    def _times(self, envelope: Envelope, state: State | None) -> Times:
        now = moments.in_zone(self.clock(), self.zone)
        at = moments.in_zone(moments.checked(envelope.at), self.zone) if envelope.at else now
        if at > now:
            raise errors.InFuture
        previous = state.recorded_at if state else None
        return Times(now, at, _recorded_at(envelope, at, now, previous, self.zone))

    def _context(
        self,
        command: Command,
        about: About,
        envelope: Envelope,
        times: Times,
        refs: dict[str, str],
    ) -> Context:
        facts = Organisation(
            self._streams.state(ROSTER),
            self._streams.state(POLICY),
            self._streams.state(CALENDAR),
        )
        actor, left = organisation.actor(facts.roster, command, envelope.by, times.at)
        named = getattr(command, "centre", None) or actor.centre
        centre = about.state.centre if about.state else named
        ctx = Context(
            actor=actor,
            at=times.at,
            recorded_at=times.recorded_at,
            now=times.now,
            organisation=facts,
            centre=self._streams.state(CENTRE, centre) if centre else CENTRE.initial,
            counting=Counting(self.zone, facts.calendars, times.recorded_at),
            refs=refs,
            imported=envelope.imported,
            keep_irregular=envelope.keep_irregular,
            same_contact=self.store.vault.same_phone,
        )
        if not isinstance(command, AccessCommand):
            ctx.require(not left, errors.StaffLeft(actor.account))
        return ctx

    def _decide(self, command: Command, about: About, ctx: Context) -> None:
        if about.subject is not None:
            self._decide_subject(about.subject, about, command, ctx)
            return
        match command:
            case workdays.LoadCalendar():
                organisation.require_administration(ctx)
                loaded = workdays.decide(ctx.organisation.calendars, command, ctx.facts)
                self._streams.add(CALENDAR, "", loaded)
                self._settle(loaded)
            case policy.AdoptPolicy():
                organisation.require_administration(ctx)
                adopted = policy.decide(ctx.organisation.policies, command, ctx.facts)
                self._streams.add(POLICY, "", adopted)
            case matrix.AdoptMatrix() | matrix.ApproveMatrix():
                organisation.require_administration(ctx)
                matrices = self._streams.state(MATRIX)
                self._streams.add(MATRIX, "", matrix.decide(matrices, command, ctx))
            case roster.PostStaff() | roster.TransferStaff() | roster.StaffLeaves():
                organisation.require_administration(ctx)
                event = roster.decide(ctx.organisation.roster, command, ctx.facts)
                self._streams.add(ROSTER, "", event)
            case _:
                centre, event = organisation.decide(command, ctx, self._streams.state)
                self._streams.add(CENTRE, centre, event)

    def _decide_subject(
        self, subject: Subject, about: About, command: Command, ctx: Context
    ) -> None:
        decided = [*subject.decide(about.state, command, ctx, self._streams.state)]
        for kind, id, event in decided:
            own = (kind, id) == (subject.kind, about.id)
            self._add(kind, id, event if own else self._elsewhere(kind, id, event), ctx)

    def _elsewhere(self, kind: Kind[Any], id: str, event: Event) -> Event:
        """Return the event as another stream than the command's own records it."""
        state = self._streams.state(kind, id)
        previous = getattr(state, "recorded_at", event.recorded_at)
        recorded_at = max(event.recorded_at, previous)
        return event.model_copy(update={"recorded_at": recorded_at, "irregular": ()})

    def _add(self, kind: Kind[Any], id: str, event: Event, ctx: Context) -> None:
        subject = subject_named(kind.name)
        if subject is not None:
            facts = ctx.organisation
            counting = Counting(self.zone, facts.calendars, event.recorded_at)
            state = self._streams.state(kind, id)
            event, after = subject.complete(state, event, id, facts.policies, counting)
            self._streams.add(kind, id, event, after)
        else:
            self._streams.add(kind, id, event)

    def _settle(self, loaded: workdays.CalendarLoaded) -> None:
        for id, event in settled(self._streams, self.store, self.zone, loaded):
            self._streams.add(COMPLAINT, id, event)


def _recorded_at(
    envelope: Envelope, at: datetime, now: datetime, previous: datetime | None, zone: ZoneInfo
) -> datetime:
    """Return when the register learned of it: never before it happened, never going backwards."""
    given = moments.checked(envelope.recorded_at) if envelope.recorded_at else None
    earliest = max(at, previous) if previous else at
    if not envelope.imported:
        if given is not None:
            raise errors.ImportOnly("recorded_at")
        return max(now, earliest)
    if given is None:
        return earliest
    if given > now:
        raise errors.InFuture("recorded_at")
    if given < earliest:
        raise errors.RecordedTooEarly
    return moments.in_zone(given, zone)


def _sealed(command: Command, about: About) -> dict[str, Secret]:
    """Return the command's secrets by their path, each under a new reference."""
    whose = about.subject.key_of(command) if about.subject else None
    subject = whose or CENTRE.stream(getattr(command, "centre", ""))
    return {
        path: Secret(secrets.token_hex(16), subject, name, value)
        for path, name, value in command.secrets()
    }


def _actor_name(envelope: Envelope) -> str:
    return envelope.by or posts.SYSTEM
