"""The gateway: the only way from a sealed value to a clear one (domain section 8).

A request is executed like any command, so its answer is a durable event before anything is
decrypted. What cannot be recorded is not shown.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Self, get_args

from ..errors import Rejected
from ..matrix import PersonalField
from ..messages import Envelope, Event
from .commands import Ask, Disclose
from .events import AccessEvent, Concerned, DataDisclosed
from .names import surname

if TYPE_CHECKING:
    from ..application import Application


class Denied(Rejected):
    """The permission matrix does not show this to your post for this purpose; it was recorded."""

    keepable = False

    def __init__(self, reason: str, position: int) -> None:
        self.why = reason
        self.position = position
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Value:
    """One clear value: whose, which field, which event brought it; its repr hides it."""

    about: Concerned
    name: str
    resident: str | None
    topic: str
    at: datetime
    clear: str = dataclasses.field(repr=False)


class Seen:
    """The clear values of one disclosure; forgets them at the end of its ``with`` block.

    ``position`` is that of the event that recorded it. ``seen.phone`` and the like give the value
    that is in force (a home's: the owner's), ``seen.texts`` all words in order.
    """

    def __init__(self, position: int, values: Sequence[Value]) -> None:
        self.position = position
        self._values = list(values)

    def of(self, field: str) -> list[Value]:
        """Return every value of a matrix field, oldest first."""
        return [value for value in self._values if value.name == field]

    @property
    def texts(self) -> list[str]:
        """All words, in the order in which they were written."""
        return [value.clear for value in self.of("text")]

    def __getattr__(self, name: str) -> str | None:
        if name not in get_args(PersonalField):
            raise AttributeError(name)
        found = self.of(name)
        return (found[0] if name == "text" else found[-1]).clear if found else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._values.clear()

    def __repr__(self) -> str:
        return f"Seen(position={self.position}, …)"


class Gateway:
    """Answers requests for clear values; the application's vault is opened nowhere else."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def disclose(self, ask: Ask, *, by: str) -> Seen:
        """Return the clear values, once the event that records their disclosure is durable.

        Raises ``Denied`` when the matrix does not grant all of it (recorded too), and ``Rejected``
        for what is unknown.
        """
        today = self._application.clock().astimezone(self._application.zone).date()
        command = Disclose(trail=f"{by}/{today}", ask=ask)
        done = self._application.execute(command, Envelope(by=by))
        (event,) = done.events
        if not isinstance(event, DataDisclosed):
            raise Denied(getattr(event, "reason", "denied"), done.position)
        return Seen(done.position, list(self._values(event)))

    def _values(self, event: AccessEvent) -> Iterator[Value]:
        for concerned in event.about:
            for asked in event.fields_asked:
                yield from self._field(concerned, asked)

    def _field(self, concerned: Concerned, asked: str) -> Iterator[Value]:
        kept = "name" if asked == "surname" else asked
        latest: dict[object, tuple[Event, str | None, str]] = {}
        for number, (source, path, field_, ref) in enumerate(self._sealed(concerned)):
            if field_ == kept:
                resident = getattr(source, "resident", None)
                key = number if kept == "text" else (resident, path)
                latest.pop(key, None)
                latest[key] = (source, resident, ref)
        for source, resident, ref in latest.values():
            with suppress(KeyError):  # erased
                clear = self._application.store.vault.reveal(ref)
                shown = surname(clear) if asked == "surname" else clear
                yield Value(concerned, asked, resident, source.topic, source.at, shown)

    def _sealed(self, concerned: Concerned) -> Iterator[tuple[Event, str, str, str]]:
        for event in self._application.history(concerned.kind, concerned.id):
            for path, field_, ref in event.sealed():
                yield event, path, field_, ref
