"""What happened to a key: immutable facts, stored under stable topics."""

from __future__ import annotations

from ..messages import Event, Ref, stored_as
from ..moments import Moment
from ..promises import Clock
from .commands import KeyKind, Purpose
from .standing import KeyRow, Place


class KeyEvent(Event):
    """A fact about one key, with its row and the clocks that it changed."""

    key: KeyRow | None = None
    clocks: tuple[Clock, ...] = ()


@stored_as("key.received.1")
class KeyReceived(KeyEvent):
    """The builder handed the key over; both sides signed ``record``."""

    centre: str
    unit: str
    kind: KeyKind
    record: str


@stored_as("key.issued.1")
class KeyIssued(KeyEvent):
    """A resident signed for the key and has it."""

    resident: str
    signature: str


@stored_as("key.entrusted.1")
class KeyEntrusted(KeyEvent):
    """A resident left the key with the centre."""

    resident: str
    purpose: Purpose
    permit: str | None = None
    complaint: str | None = None
    until: Moment


@stored_as("key.lent.1")
class KeyLent(KeyEvent):
    """The key was lent; the policy version in force then is that of its promise."""

    to: str
    to_person: str
    permit: str | None = None
    complaint: str | None = None
    due_back: Moment
    policy: str


@stored_as("key.returned.1")
class KeyReturned(KeyEvent):
    """The key came back to ``place``."""

    place: Place


@stored_as("key.surrendered.1")
class KeySurrendered(KeyEvent):
    """The resident gave the key up; both sides signed ``record``."""

    record: str


@stored_as("key.lost.1")
class KeyLost(KeyEvent):
    """The key is lost; with ``lock_changed`` it opens nothing any more."""

    lock_changed: bool


@stored_as("key.destroyed.1")
class KeyDestroyed(KeyEvent):
    """The key is no more."""

    reason: Ref
