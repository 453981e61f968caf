"""What a command does: load what it needs, decide, seal what is secret, write the events.

Everything here happens inside the store's transaction; see ``application`` for who opens it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from . import errors, matrix, moments, organisation, policy, roster, workdays
from .context import Context, Organisation
from .disclosure.commands import AccessCommand
from .messages import Command, Envelope, Event
from .ports import Secret, Store
from .settlement import settled
from .streams import CALENDAR, CENTRE, COMPLAINT, MATRIX, POLICY, ROSTER, Kind, Streams
from .subjects import State, Subject, subject_named, subject_of
from .workdays import Counting


class Times(NamedTuple):
    """The present, when something happened, and when the register learned of it."""

    now: datetime
    at: datetime
    recorded_at: datetime


class About(NamedTuple):
    """What a command is about: the aggregate and its state; none for the organisation's own."""

    subject: Subject | None
    id: str
    state: State | None


class Handled(NamedTuple):
    """The position of the last event, the events, and the aggregate's version after them."""

    position: int
    events: tuple[Event, ...]
    version: int | None


class Handler:
    """Carries out commands on an organisation's streams."""

    def __init__(
        self, streams: Streams, store: Store, zone: ZoneInfo, clock: Callable[[], datetime]
    ) -> None:
        self._streams = streams
        self._store = store
        self._zone = zone
        self._clock = clock

    def handle(self, command: Command, envelope: Envelope) -> Handled:
        """Record what the command does; raises ``Rejected``, and then nothing is recorded."""
        about = self._about(command)
        self._require_version(about, envelope.version)
        times = self._times(envelope, about.state)
        sealed = _sealed(command, about)
        refs = {path: secret.ref for path, secret in sealed.items()}
        ctx = self._context(command, about, envelope, times, refs)
        self._decide(command, about, ctx)
        if sealed:
            self._store.vault.seal([*sealed.values()])
        position, events = self._streams.save()
        kind = about.subject.kind if about.subject else None
        version = self._streams.version(kind, about.id) if kind else None
        return Handled(position, events, version)

    def settle(self, loaded: workdays.CalendarLoaded) -> None:
        """Add the events that make deadlines firm which waited for this calendar."""
        for id, event in settled(self._streams, self._store, self._zone, loaded):
            self._streams.add(COMPLAINT, id, event)

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
        now = moments.in_zone(self._clock(), self._zone)
        at = moments.in_zone(moments.checked(envelope.at), self._zone) if envelope.at else now
        if at > now:
            raise errors.InFuture
        previous = state.recorded_at if state else None
        return Times(now, at, _recorded_at(envelope, at, now, previous, self._zone))

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
            counting=Counting(self._zone, facts.calendars, times.recorded_at),
            refs=refs,
            imported=envelope.imported,
            keep_irregular=envelope.keep_irregular,
            same_contact=self._store.vault.same_phone,
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
                self.settle(loaded)
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
            counting = Counting(self._zone, facts.calendars, event.recorded_at)
            state = self._streams.state(kind, id)
            event, after = subject.complete(state, event, id, facts.policies, counting)
            self._streams.add(kind, id, event, after)
        else:
            self._streams.add(kind, id, event)


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
