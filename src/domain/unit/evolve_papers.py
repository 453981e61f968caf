"""How events change the papers of a home: its file, and the copies that are out."""

from __future__ import annotations

from ..changing import replace
from ..messages import Event
from . import events as e
from .evolve_defects import codes, repaired
from .standing import CopyRow, DocumentRow, DocumentStatus
from .state import Loan, Place, Unit


def filed(unit: Unit, event: Event) -> Unit:  # noqa: PLR0911 - a case per event
    """Return the home after what happened to its papers, or to its defects."""
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
            return repaired(unit, event)


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
    row = row.model_copy(update={"irregular": codes(row.irregular, event)})
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
    row = row.model_copy(update={"irregular": codes(row.irregular, event)})
    return replace(unit, copies={**unit.copies, row.copy_no: row})


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
