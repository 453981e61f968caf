"""The state of a key: where it was since when, as decisions see it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple

from ..promises import Clock
from ..promises import Key as ClockKey
from .commands import KeyKind, Purpose
from .standing import KeyRow, Place

Move = Literal["issue", "entrust", "lend", "return", "surrender", "lose", "destroy"]

FROM: dict[Move, frozenset[Place]] = {
    "issue": frozenset({"cabinet"}),
    "entrust": frozenset({"owner"}),
    "lend": frozenset({"cabinet", "entrusted"}),
    "return": frozenset({"lent", "entrusted", "lost"}),
    "surrender": frozenset({"owner", "entrusted"}),
    "lose": frozenset({"cabinet", "owner", "entrusted", "lent", "lost"}),
    "destroy": frozenset({"cabinet", "lost", "replaced"}),
}
"""From which places a move begins."""

IN_CABINET: frozenset[Place] = frozenset({"cabinet", "entrusted"})
GONE: frozenset[Place] = frozenset({"replaced", "destroyed"})


class Occasion(NamedTuple):
    """The permit or the case that a key is entrusted or lent for."""

    permit: str | None = None
    complaint: str | None = None

    def covers(self, other: Occasion) -> bool:
        """Whether what a resident named, if anything, is what the key is wanted for."""
        return all(named in (None, wanted) for named, wanted in zip(self, other, strict=True))


ANYTHING = Occasion()


class Loan(NamedTuple):
    """To whom a key is lent, for what, and until when."""

    to: str
    person: str
    occasion: Occasion
    due_back: datetime
    policy: str


@dataclass(frozen=True, slots=True)
class Custody:
    """Where the key was from ``at`` on, by which step it came there, and on whose behalf."""

    at: datetime
    step: str
    place: Place
    resident: str | None = None
    purpose: Purpose | None = None
    occasion: Occasion = ANYTHING
    until: datetime | None = None
    loan: Loan | None = None


@dataclass(frozen=True, slots=True)
class Key:
    """A key as decisions see it; ``custodies`` in order of time, never two at once."""

    id: str
    centre: str
    unit: str
    kind: KeyKind
    recorded_at: datetime
    custodies: tuple[Custody, ...]
    irregular: tuple[str, ...] = ()
    row: KeyRow | None = None
    clocks: dict[ClockKey, Clock] = field(default_factory=dict)

    @property
    def now(self) -> Custody:
        """Where it is."""
        return self.custodies[-1]

    def on(self, moment: datetime) -> Custody | None:
        """Return where it was at ``moment``, None before its receipt."""
        return next((one for one in reversed(self.custodies) if one.at <= moment), None)
