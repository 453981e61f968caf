"""The gateway: the only way from a sealed value to a clear one (domain section 8).

A request is executed like any command, so its answer is a durable event before anything is
decrypted. What cannot be recorded is not shown.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from .. import errors
from ..export.commands import ReleaseExport
from ..export.events import ExportReleased
from ..messages import Envelope, Event
from ..ports import Tally
from .commands import AccessCommand, Ask, CountDenials, Disclose, LookUp, Origin
from .events import AccessEvent, Concerned, DataDenied
from .inforce import Found, InForce
from .names import mask, surname
from .seen import Denied, Seen, Value

if TYPE_CHECKING:
    from ..application import Application

WINDOW = timedelta(minutes=1)
"""How long the same denial is counted rather than recorded each time."""

REMEMBERED = 10_000
"""Of so many homes, cases, … it is remembered which values are in force."""

KEPT_AS = {"surname": "name", "family": "name"}
"""Fields of the matrix that are shown from what is kept under another name."""


class Caller(NamedTuple):
    """Somebody whose number was looked up: a resident, or a case's or parcel's contact."""

    about: Concerned
    resident: str | None
    name: str | None
    phone: str | None


class Gateway:
    """Answers requests for clear values; the application's vault is opened nowhere else."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._known: dict[tuple[str, str], InForce] = {}

    def disclose(self, ask: Ask, *, by: str) -> Seen:
        """Return the clear values, once the event that records their disclosure is durable.

        Raises ``Denied`` when the matrix does not grant all of it (recorded too), and ``Rejected``
        for what is unknown, or inside an open transaction: its event could still be undone.
        """
        position, event = self._answered(
            _key(ask, by), by, lambda said: Disclose(trail=self._trail(by), ask=ask, counted=said)
        )
        return Seen(position, list(self._values(event)))

    def look_up(self, phone: str, *, by: str, origin: Origin = "python") -> list[Caller]:
        """Return whose telephone number it is, in masks, once the question is on record.

        Only those whose name the matrix shows to the post are found. Raises ``Denied`` for other
        posts, and for more questions in an hour than a desk has callers.
        """
        subjects = tuple(sorted(self._application.store.vault.whose_phone(phone)))
        _, event = self._answered(
            json.dumps([by, "look_up"]),
            by,
            lambda said: LookUp(
                trail=self._trail(by), subjects=subjects, counted=said, origin=origin
            ),
        )
        return [caller for one in event.about for caller in self._callers(one)]

    def _callers(self, one: Concerned) -> Iterator[Caller]:
        known = self._in_force(one.kind, one.id)
        for resident in one.residents or (None,):
            masks = {"name": self._masked(known, "name", resident)}
            masks["phone"] = self._masked(known, "phone", resident)
            yield Caller(one, resident, masks["name"], masks["phone"])

    def _answered(
        self, key: str, by: str, make: Callable[[str | None], AccessCommand]
    ) -> tuple[int, AccessEvent]:
        """Record the answer durably and return it with its position; raises ``Denied``.

        ``make`` returns the command, told for which reason denials of this key are counted.
        """
        if self._application.in_transaction:
            raise errors.DisclosureUnsettled
        tally = next((one for one in self.count_denials() if one.key == key), None)
        if tally is None:
            done = self._application.execute(make(None), Envelope(by=by))
            tally = self._first(key, done.events[0])
        else:
            with self._application.transaction():
                command = make(_denial(tally).reason)
                done = self._application.execute(command, Envelope(by=by))
                tally = self._first(key, done.events[0]) if done.events else self._again(tally)
        if tally:
            raise Denied(_denial(tally).reason, done.position)
        event = done.events[0]
        if not isinstance(event, AccessEvent):
            raise TypeError(event.topic)
        return done.position, event

    def _first(self, key: str, event: Event) -> Tally | None:
        """Begin to count a denial that was just recorded; None for what was granted."""
        if not isinstance(event, DataDenied):
            return None
        now = self._application.clock()
        tally = Tally(key, event.to_bytes().decode(), 0, now, now)
        self._application.store.tallies.put(tally)
        return tally

    def _again(self, tally: Tally) -> Tally:
        """Count a denial once more; another thread may have counted since it was read."""
        tallies = self._application.store.tallies.all()
        known = next((one for one in tallies if one.key == tally.key), tally)
        counted = replace(known, count=known.count + 1, last_at=self._application.clock())
        self._application.store.tallies.put(counted)
        return counted

    def release(self, export: str, *, by: str) -> tuple[ExportReleased, int, list[Value]]:
        """Return what an approved export contains, its event and the event's position, once.

        Raises ``Rejected``.
        """
        if self._application.in_transaction:
            raise errors.DisclosureUnsettled
        done = self._application.execute(ReleaseExport(export=export), Envelope(by=by))
        (event,) = done.events
        if not isinstance(event, ExportReleased):
            raise TypeError(event.topic)
        return event, done.position, list(self._values(event))

    def mask(self, kind: str, id: str, field: str) -> str | None:
        """Return a value in force as a list may show it: 张**, 138****5678; None without one."""
        return self._masked(self._in_force(kind, id), field, None)

    def _masked(self, known: InForce, field: str, resident: str | None) -> str | None:
        found = [one for one in known.of(field) if resident in (None, one.resident)]
        shown = self._reveal(found[-1].ref) if found else None
        return mask(field, shown) if shown else None

    def count_denials(self, *, ended: bool = False) -> list[Tally]:
        """Record what was denied again in windows that are over, or in all that are ``ended``.

        Return those that are counted still.
        """
        now = self._application.clock()
        counted: list[Tally] = []
        for tally in self._application.store.tallies.all():
            if not ended and tally.first_at <= now <= tally.first_at + WINDOW:
                counted.append(tally)
                continue
            with self._application.transaction():
                if tally in self._application.store.tallies.all():
                    self._record(tally, now)
        return counted

    def _record(self, tally: Tally, now: datetime) -> None:
        denied = _denial(tally)
        if tally.count:
            command = CountDenials(
                trail=self._trail(denied.by),
                denial=tally.denial,
                count=tally.count,
                first_at=tally.first_at,
            )
            self._application.execute(command, Envelope(denied.by, min(tally.last_at, now)))
        self._application.store.tallies.drop(tally.key)

    def _trail(self, by: str) -> str:
        today = self._application.clock().astimezone(self._application.zone).date()
        return f"{by}/{today}"

    def _values(self, event: AccessEvent | ExportReleased) -> Iterator[Value]:
        for concerned in event.about:
            known = self._in_force(concerned.kind, concerned.id)
            for asked in event.fields_asked:
                for found in _shown(known, concerned, asked):
                    clear = self._reveal(found.ref)
                    if clear is not None:
                        shown = surname(clear) if asked == "surname" else clear
                        yield Value(concerned, asked, found.resident, found.topic, found.at, shown)

    def _in_force(self, kind: str, id: str) -> InForce:
        """Return which values are in force; of what is known already only newer events are read."""
        known = self._known.get((kind, id), InForce())
        newer = [*self._application.history(kind, id, after=known.version)]
        if not newer:
            return known
        known = known.after(newer)
        if not self._application.in_transaction:  # what is undone must not be remembered
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[kind, id] = known
        return known

    def _reveal(self, ref: str) -> str | None:
        """Return the clear value; None once it was erased."""
        with suppress(KeyError):
            return self._application.store.vault.reveal(ref)
        return None


def _denial(tally: Tally) -> DataDenied:
    return DataDenied.from_bytes(tally.denial.encode())


def _key(ask: Ask, by: str) -> str:
    """Return what makes a denial the same as another one."""
    about = sorted((one.kind, one.id) for one in ask.about)
    parts = (by, about, sorted(ask.asked), ask.purpose, ask.complaint, ask.glass)
    return json.dumps(parts, ensure_ascii=False)


def _shown(known: InForce, concerned: Concerned, asked: str) -> list[Found]:
    """Return what the disclosure lets be seen: of a home, those named in it, in its order."""
    everybody = (*concerned.family, *concerned.residents)
    people = concerned.residents if asked in {"name", "surname", "phone"} else everybody
    people = concerned.family if asked == "family" else people
    order = {None: -1} | {resident: place for place, resident in enumerate(people)}
    present = [one for one in known.of(KEPT_AS.get(asked, asked)) if one.resident in order]
    return sorted(present, key=lambda one: order[one.resident])
