"""How events change a home's state; nothing is refused here, irregular history neither."""

from __future__ import annotations

from datetime import datetime

from ..changing import headless, replace
from ..messages import Event
from ..promises import merged
from . import events as e
from .evolve_defects import codes
from .evolve_papers import filed
from .standing import (
    DefectRow,
    ParkingRow,
    ResidentRow,
)
from .state import Change, HandedOver, MovedIn, Notice, Unit

CHANGES = (
    e.ResidentRegistered,
    e.OwnerChanged,
    e.ResidenceEnded,
    e.ContactUpdated,
    e.ParkingAssigned,
    e.ParkingEnded,
)
"""What changes the household's data, so that its paper copies need new pages [000]."""


def evolve(unit: Unit | None, event: Event, id: str) -> Unit:
    """Return the home after one more event."""
    if isinstance(event, e.UnitRegistered):
        after = _registered(event, id)
    elif unit is None:
        raise headless(id, "a registration")
    else:
        after = _step(unit, event)
    if not isinstance(event, e.UnitEvent):
        return after
    if isinstance(event, CHANGES):
        change = Change(event.at, event.recorded_at)
        after = replace(after, changes=(*after.changes, change))
    irregular = event.codes_after(after.irregular)
    return carried(replace(after, recorded_at=event.recorded_at, irregular=irregular), event)


def carried(unit: Unit, event: e.UnitEvent) -> Unit:
    """Return the home with the row and the clocks that the event carries."""
    return replace(unit, row=event.unit or unit.row, clocks=merged(unit.clocks, event.clocks))


def _registered(event: e.UnitRegistered, id: str) -> Unit:
    return Unit(
        id=id,
        centre=event.centre,
        building=event.building,
        area=event.area,
        policy=event.policy,
        warranty_until=event.warranty_until,
        registered_at=event.at,
        recorded_at=event.recorded_at,
    )


def _step(unit: Unit, event: Event) -> Unit:  # noqa: PLR0911 - a case per event
    at = event.at
    match event:
        case e.ResidentRegistered():
            return _entered(unit, event)
        case e.OwnerChanged():
            return _passed_on(unit, event)
        case e.ResidenceEnded():
            return _left(unit, event.resident, at)
        case e.ParkingAssigned():
            space = ParkingRow(space=event.space, resident=event.resident, since=at)
            return replace(unit, parking={**unit.parking, event.space: space})
        case e.ParkingEnded():
            space = unit.parking[event.space]
            ended = space.model_copy(update={"until": space.until or at})
            return replace(unit, parking={**unit.parking, event.space: ended})
        case e.HandoverNoticed():
            told = sorted((*unit.notices, Notice(at, event.handover_on)), key=lambda one: one.at)
            return replace(unit, notices=tuple(told))
        case e.UnitInspected():
            return _inspected(unit, event)
        case e.UnitHandedOver():
            return _handed_over(unit, event)
        case e.UnitVisited(kind="greeting"):
            return replace(unit, greetings=(*unit.greetings, at))
        case _:
            return filed(unit, event)


def _entered(unit: Unit, event: e.ResidentRegistered) -> Unit:
    row = ResidentRow(
        resident=event.resident, role=event.role, family_of=event.family_of, since=event.at
    )
    after = _with_resident(unit, row)
    return _moved_in(after, row) if event.role == "tenant" else after


def _with_resident(unit: Unit, row: ResidentRow) -> Unit:
    """Return the home with this row of somebody's; what they were before is kept as past."""
    before = unit.residents.get(row.resident)
    past = [before.model_copy(update={"until": before.until or row.since})] if before else []
    return replace(
        unit,
        residents={**unit.residents, row.resident: row},
        past_residents=(*unit.past_residents, *past),
    )


def _passed_on(unit: Unit, event: e.OwnerChanged) -> Unit:
    """Let the former owner leave, with the family unless the home stays within it."""
    new = ResidentRow(resident=event.resident, role="owner", since=event.at)
    lived = unit.residents.get(event.resident)
    within = unit.lives_here(event.resident) and lived and lived.family_of == event.former
    left = unit
    if event.former:
        left = _adopted(unit, event) if within else unit
        left = _left(left, event.former, event.at)
    after = _with_resident(left, new)
    comes = unit.handed_over and not unit.lives_here(event.resident)
    return _moved_in(after, new) if comes else after


def _adopted(unit: Unit, event: e.OwnerChanged) -> Unit:
    family = {
        row.resident: row.model_copy(update={"family_of": event.resident})
        for row in unit.family(event.former)
    }
    return replace(unit, residents={**unit.residents, **family})


def _left(unit: Unit, resident: str, at: datetime) -> Unit:
    """Let somebody leave with their family; who left before stays gone since then."""
    leaving = [unit.residents[resident], *unit.family(resident)]
    rows = {row.resident: row.model_copy(update={"until": row.until or at}) for row in leaving}
    return replace(unit, residents={**unit.residents, **rows})


def _moved_in(unit: Unit, row: ResidentRow) -> Unit:
    moves = (*unit.move_ins, MovedIn(row.since, row.resident))
    return replace(unit, move_ins=tuple(sorted(moves, key=lambda move: move.at)))


def _handed_over(unit: Unit, event: e.UnitHandedOver) -> Unit:
    """Let the first handover stand."""
    if unit.handed_over:
        return unit
    passed = HandedOver(event.at, len(set(event.keys)), len(set(event.cards)))
    moves = (*unit.move_ins, MovedIn(event.at, event.owner))
    ordered = tuple(sorted(moves, key=lambda move: move.at))
    return replace(unit, handed_over=passed, move_ins=ordered)


def _inspected(unit: Unit, event: e.UnitInspected) -> Unit:
    rows = {
        found.defect: DefectRow(
            defect=found.defect,
            kind=found.kind,
            where=found.where,
            warranty_until=unit.warranty_until.get(found.kind),
            status="reported",
            reported_at=event.at,
            irregular=codes(None, event),
        )
        for found in event.found
    }
    return replace(
        unit,
        inspected_at=max(unit.inspected_at or event.at, event.at),
        defects_found=unit.defects_found + len(rows),
        defects={**unit.defects, **rows},
    )
