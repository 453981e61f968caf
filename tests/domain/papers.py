"""What the tests of a household's papers share: lines about the home U1 of north, and its rows."""

# ruff: noqa: ANN401 - the fields of a line are as loose as in a history file

from __future__ import annotations

from typing import Any, cast

from guanjia.domain.promises import Clock
from guanjia.domain.unit.events import UnitEvent
from guanjia.domain.unit.standing import CopyRow, DocumentRow
from tests import scenarios as s
from tests.spec import Line, World, line, moment

from .kept import clocks

UNIT = "unit:U1"
AT = "2025-11-05 12:00"


def home_line(do: str, at: str, *, by: str = "desk1", **fields: Any) -> Line:
    """Return a line about the home U1."""
    return line(do, by, at, **{"unit": "U1", **fields})


def register_unit(at: str = "2025-10-01 09:00", **changes: Any) -> Line:
    """Return the registration of a home in north."""
    return home_line("register_unit", at, **{"centre": "north", "building": "1", **changes})


def live_in(at: str, resident: str = "R1", **changes: Any) -> Line:
    """Return the entry of a tenant: the household's data change."""
    return home_line("register_resident", at, resident=resident, role="tenant", **changes)


def file(at: str, document: str = "A1", kind: str = "purchase_contract", **changes: Any) -> Line:
    """Return a filing."""
    return home_line("file_document", at, document=document, kind=kind, **changes)


def copy(at: str, to: str = "tech1", **changes: Any) -> Line:
    """Return a copy handed out."""
    return home_line("copy_document", at, **{"document": "A1", "to": to, **changes})


def borrow(at: str, due_back: str = "2025-11-10 18:00", **changes: Any) -> Line:
    """Return a loan to the technician, signed by the head of north."""
    fields = {"document": "A1", "borrower": "tech1", "signed_by": "head1"}
    return home_line(
        "borrow_document", at, **{**fields, "due_back": moment(due_back).isoformat(), **changes}
    )


def give_back(at: str, **changes: Any) -> Line:
    """Return the coming back of a document."""
    return home_line("return_document", at, **{"document": "A1", **changes})


def miss(at: str, **changes: Any) -> Line:
    """Return the report that a document is missing."""
    return home_line("report_document_missing", at, **{"document": "A1", **changes})


def issue(at: str, to: str = "desk1", **changes: Any) -> Line:
    """Return the issue of the paper copy P-001."""
    return home_line(
        "issue_paper_copy", at, **{"by": "keeper1", "copy": "P-001", "to": to, **changes}
    )


def replace_pages(at: str, *pages: int, **changes: Any) -> Line:
    """Return the replacing of pages, the first unless others are named."""
    fields = {"by": "keeper1", "copy": "P-001", "pages": list(pages or (1,))}
    return home_line("replace_copy_pages", at, **{**fields, **changes})


def recall(at: str, **changes: Any) -> Line:
    """Return the coming back of a paper copy."""
    return home_line("recall_paper_copy", at, **{"by": "keeper1", "copy": "P-001", **changes})


def document(world: World, name: str = "A1") -> DocumentRow:
    """Return the latest row of a document."""
    rows = [row for event in _events(world) for row in event.documents]
    return [row for row in rows if row.document == name][-1]


def paper_copy(world: World, number: str = "P-001") -> CopyRow:
    """Return the latest row of a paper copy."""
    rows = [row for event in _events(world) for row in event.copies]
    return [row for row in rows if row.copy_no == number][-1]


def _events(world: World) -> list[UnitEvent]:
    return [cast("UnitEvent", event) for event in world.stream(UNIT)]


def promises(world: World, commitment: str) -> dict[int, Clock]:
    """Return the home's clocks of a commitment by their round."""
    return {one.round: one for one in clocks(world, UNIT) if one.commitment == commitment}


HOME = [*s.STAFFED, register_unit()]
SECOND = register_unit(unit="U3")
FILED = [*HOME, file("2025-11-01 09:00")]
BORROWED = [*FILED, borrow("2025-11-03 09:00")]
MISSING = [*FILED, miss("2025-11-03 09:00")]
ISSUED = [*HOME, issue("2025-11-01 09:00")]
RECALLED = [*ISSUED, recall("2025-11-20 09:00")]
