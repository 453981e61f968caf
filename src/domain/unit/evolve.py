"""How events change a home's state; nothing is refused here, irregular history neither."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from ..messages import Event
from ..promises import merged
from . import events as e
from .standing import (
    CopyRow,
    DefectRow,
    DocumentRow,
    DocumentStatus,
    ParkingRow,
    ResidentRow,
)
from .state import Change, HandedOver, Loan, MovedIn, Notice, Place, Unit

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
        msg = f"{id}: the stream does not begin with a registration"
        raise ValueError(msg)
    else:
        after = _step(unit, event)
    if not isinstance(event, e.UnitEvent):
        return after
    if isinstance(event, CHANGES):
        change = Change(event.at, event.recorded_at)
        after = replace(after, changes=(*after.changes, change))
    return replace(
        after,
        recorded_at=event.recorded_at,
        irregular=tuple(dict.fromkeys((*after.irregular, *event.irregular))),
        row=event.unit or after.row,
        clocks=merged(after.clocks, event.clocks) if event.clocks else after.clocks,
    )


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
            return _papers(unit, event)


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
            irregular=_codes(None, event),
        )
        for found in event.found
    }
    return replace(
        unit,
        inspected_at=max(unit.inspected_at or event.at, event.at),
        defects_found=unit.defects_found + len(rows),
        defects={**unit.defects, **rows},
    )


def _papers(unit: Unit, event: Event) -> Unit:  # noqa: PLR0911 - a case per event
    at = event.at
    match event:
        case e.DocumentFiled():
            filed = DocumentRow(document=event.document, kind=event.kind, status="filed", since=at)
            return _placed(unit, event, Place("file", filed))
        case e.DocumentBorrowed():
            return _borrowed(unit, event)
        case e.DocumentReturned():
            return _placed(unit, event, Place("return", _moved(unit, event, "filed")))
        case e.DocumentMissing():
            return _placed(unit, event, Place("missing", _moved(unit, event, "missing")))
        case e.DocumentCopied():
            return _with_document(unit, event, copies=unit.documents[event.document].copies + 1)
        case e.CopyIssued():
            copy = CopyRow(
                copy_no=event.copy_no,
                holder=event.to,
                person=event.to_person,
                post=event.to_post,
                issued_at=at,
                updated_at=at,
            )
            return _with_copy(unit, event, copy)
        case e.CopyPagesReplaced():
            return _renewed(unit, event)
        case e.CopyRecalled():
            return _recalled(unit, event)
        case _:
            return _defects(unit, event)


def _placed(unit: Unit, event: e.DocumentEvent, place: Place) -> Unit:
    """Put a place where its time puts it; what came later stays as it is."""
    known = unit.places.get(event.document, ())
    copies = known[-1].row.copies if known else 0
    codes = known[-1].row.irregular if known else None
    places = sorted((*known, place), key=lambda one: one.row.since)
    moved = replace(unit, places={**unit.places, event.document: tuple(places)})
    return _with_document(moved, event, copies=copies, irregular=codes)


def _with_document(unit: Unit, event: e.DocumentEvent, **changes: object) -> Unit:
    *earlier, last = unit.places[event.document]
    row = last.row.model_copy(update=changes)
    row = row.model_copy(update={"irregular": _codes(row.irregular, event)})
    places = (*earlier, last._replace(row=row))
    return replace(unit, places={**unit.places, event.document: places})


def _moved(unit: Unit, event: e.DocumentEvent, status: DocumentStatus) -> DocumentRow:
    kind = unit.documents[event.document].kind
    return DocumentRow(document=event.document, kind=kind, status=status, since=event.at)


def _borrowed(unit: Unit, event: e.DocumentBorrowed) -> Unit:
    lent = {
        "holder": event.borrower,
        "person": event.borrower_person,
        "signed_by": event.signed_by,
        "due_back": event.due_back,
    }
    row = _moved(unit, event, "borrowed").model_copy(update=lent)
    loans = sum(place.loan is not None for places in unit.places.values() for place in places)
    loan = Loan(loans + 1, event.due_back, event.policy)
    return _placed(unit, event, Place("borrow", row, loan))


def _with_copy(unit: Unit, event: e.UnitEvent, row: CopyRow) -> Unit:
    row = row.model_copy(update={"irregular": _codes(row.irregular, event)})
    return replace(unit, copies={**unit.copies, row.copy_no: row})


def _codes(known: str | None, event: e.UnitEvent) -> str | None:
    """Return the codes passed over so far, joined by commas, each once."""
    return ",".join(dict.fromkeys((*(known or "").split(","), *event.irregular))).strip(",") or None


def _renewed(unit: Unit, event: e.CopyPagesReplaced) -> Unit:
    known = unit.copies[event.copy_no]
    row = known.model_copy(
        update={
            "updated_at": max(known.updated_at, event.at),
            "pages_replaced": known.pages_replaced + len(event.pages),
        }
    )
    updates = {
        **unit.copy_updates,
        row.copy_no: (*unit.copy_updates.get(row.copy_no, ()), event.at),
    }
    return replace(_with_copy(unit, event, row), copy_updates=updates)


def _recalled(unit: Unit, event: e.CopyRecalled) -> Unit:
    known = unit.copies[event.copy_no]
    back = min(event.at, known.recalled_at or event.at)
    return _with_copy(unit, event, known.model_copy(update={"recalled_at": back}))


def _defects(unit: Unit, event: Event) -> Unit:
    at = event.at
    match event:
        case e.DefectReported():
            row = DefectRow(
                defect=event.defect,
                kind=event.kind,
                where=event.where,
                design=event.design,
                evidenced=event.evidence is not None,
                complaint=event.complaint,
                warranty_until=unit.warranty_until.get(event.kind),
                status="reported",
                reported_at=at,
                irregular=_codes(None, event),
            )
            return replace(unit, defects={**unit.defects, row.defect: row})
        case e.BuilderNotified() | e.DefectFinished() | e.DefectVerified():
            known = unit.defects[event.defect]
            changes = {**_repair(known, event), "irregular": _codes(known.irregular, event)}
            row = known.model_copy(update=changes)
            return replace(unit, defects={**unit.defects, row.defect: row})
        case _:
            return unit


def _repair(
    known: DefectRow, event: e.BuilderNotified | e.DefectFinished | e.DefectVerified
) -> Mapping[str, object]:
    """Return what changes of a defect; of two irregular repairs of one turn the first stands."""
    at, undone = event.at, known.finished_at is None
    match event:
        case e.BuilderNotified():
            told = {"letter": event.letter, "notified_at": at}
            return told | ({"status": "notified"} if undone else {})
        case e.DefectFinished():
            return {"status": "finished", "finished_at": at} if undone else {}
        case e.DefectVerified(accepted=True):
            verified_at = known.verified_at or at
            finished_at = known.finished_at or at
            return {"status": "verified", "verified_at": verified_at, "finished_at": finished_at}
        case _:
            return {
                "status": "notified" if known.notified_at else "reported",
                "turn": known.turn + 1,
                "finished_at": None,
                "verified_at": None,
                "sent_back_at": at,
            }
