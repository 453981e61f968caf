"""The state of a home: only what decisions and clocks need; its rows are part of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, NamedTuple

from ..promises import Clock, Key
from .commands import DefectKind
from .standing import (
    CopyRow,
    DefectRow,
    DocumentRow,
    ParkingRow,
    ResidentRow,
    Status,
    UnitRow,
)


class Notice(NamedTuple):
    """The owner was told at ``at`` that the home would be handed over on a day."""

    at: datetime
    handover_on: date


class MovedIn(NamedTuple):
    """An owner or a tenant moved in at ``at``."""

    at: datetime
    resident: str | None


class HandedOver(NamedTuple):
    """When the home passed to its owner, with how many keys and cards."""

    at: datetime
    keys: int
    cards: int


class Change(NamedTuple):
    """Data of the household changed at ``at``; the register learned of it at ``recorded_at``."""

    at: datetime
    recorded_at: datetime


class Loan(NamedTuple):
    """What was promised of a borrowed document; ``number`` counts the home's loans as entered."""

    number: int
    due_back: datetime
    policy: str


class Place(NamedTuple):
    """Where a document is from ``row.since`` on, and the step that brought it there."""

    step: Literal["file", "borrow", "return", "missing"]
    row: DocumentRow
    loan: Loan | None = None


@dataclass(frozen=True)
class Unit:
    """A home as decisions see it; residents, spaces, papers and defects by their names."""

    id: str
    centre: str
    building: str
    area: str | None
    policy: str
    warranty_until: dict[DefectKind, date]
    registered_at: datetime
    recorded_at: datetime
    residents: dict[str, ResidentRow] = field(default_factory=dict)
    past_residents: tuple[ResidentRow, ...] = ()
    parking: dict[str, ParkingRow] = field(default_factory=dict)
    places: dict[str, tuple[Place, ...]] = field(default_factory=dict)
    copies: dict[str, CopyRow] = field(default_factory=dict)
    defects: dict[str, DefectRow] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()
    inspected_at: datetime | None = None
    defects_found: int = 0
    handed_over: HandedOver | None = None
    move_ins: tuple[MovedIn, ...] = ()
    greetings: tuple[datetime, ...] = ()
    changes: tuple[Change, ...] = ()
    copy_updates: dict[str, tuple[datetime, ...]] = field(default_factory=dict)
    irregular: tuple[str, ...] = ()
    row: UnitRow | None = None
    clocks: dict[Key, Clock] = field(default_factory=dict)

    @property
    def documents(self) -> dict[str, DocumentRow]:
        """Where each document is by now; its places are in order of time."""
        return {name: places[-1].row for name, places in self.places.items()}

    @property
    def owner(self) -> ResidentRow | None:
        """The present owner; the latest, where irregular history has several."""
        owners = [r for r in self.residents.values() if r.role == "owner" and r.until is None]
        return max(owners, key=lambda one: one.since, default=None)

    @property
    def notice(self) -> Notice | None:
        """The latest notice of the handover."""
        return self.notices[-1] if self.notices else None

    @property
    def status(self) -> Status:
        """How far the handover is; what came last in the course of things counts."""
        if self.handed_over:
            return "handed_over"
        if self.inspected_at:
            return "inspected"
        return "noticed" if self.notices else "registered"

    def resident_on(self, resident: str, moment: datetime) -> ResidentRow | None:
        """Return what somebody was to the home at ``moment``, None if not registered then."""
        latest = [self.residents[resident]] if resident in self.residents else []
        rows = [*latest, *(row for row in self.past_residents if row.resident == resident)]
        return next(
            (r for r in rows if r.since <= moment and (r.until is None or moment < r.until)), None
        )

    def family(self, resident: str | None) -> list[ResidentRow]:
        """Return who lives here as the family of an owner or tenant."""
        rows = self.residents.values()
        return [row for row in rows if row.family_of == resident and row.until is None]

    def lives_here(self, resident: str) -> bool:
        """Return whether a resident of this name is registered and has not moved out."""
        known = self.residents.get(resident)
        return known is not None and known.until is None
