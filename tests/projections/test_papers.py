"""A household's documents and paper copies from a history file to the rows of their views."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from . import lines
from .lines import load
from .register import Register, Row, moment, pick


def told(do: str, when: str, by: str = "desk1", /, unit: str = "U1", **fields: Any) -> Row:  # noqa: ANN401
    """Return a line about a home."""
    return lines.told(do, when, by, unit=unit, **fields)


def borrow(when: str, document: str = "A1", **changes: Any) -> Row:  # noqa: ANN401
    """Return a loan of three days' length to the technician."""
    fields = {"borrower": "tech1", "signed_by": "head1"}
    due_back = moment("2025-11-06 18:00").isoformat()
    return told(
        "borrow_document", when, document=document, **{**fields, "due_back": due_back, **changes}
    )


HOMES = [
    told("register_unit", "2025-10-01 09:00", centre="north", building="1"),
    told("register_unit", "2025-10-01 09:00", "desk2", unit="U2", centre="south", building="9"),
]
DOCUMENTS = [
    told("file_document", "2025-11-01 09:00", document="A1", kind="purchase_contract"),
    told("file_document", "2025-11-01 09:05", document="A2", kind="id_copy"),
    told("file_document", "2025-11-01 09:10", "desk2", unit="U2", document="A1", kind="parking"),
    told("copy_document", "2025-11-02 10:00", document="A2", to="super1"),
    borrow("2025-11-03 09:00"),
    told("return_document", "2025-11-06 19:00", document="A1"),
    told("report_document_missing", "2025-11-07 09:00", document="A2"),
    told("return_document", "2025-11-08 09:00", document="A2"),
]
COPIES = [
    told("issue_paper_copy", "2025-11-01 10:00", "head1", copy="P-001", to="desk1"),
    told("issue_paper_copy", "2025-11-01 10:00", "head2", unit="U2", copy="P-001", to="desk2"),
    told("replace_copy_pages", "2025-11-12 09:00", copy="P-001", pages=[1, 4]),
    told("recall_paper_copy", "2025-11-20 09:00", "head1", copy="P-001"),
]
CHANGE = told(
    "register_resident", "2025-11-10 09:00", resident="R1", role="tenant", contact={"name": "张三"}
)


@pytest.fixture
def imported(register: Register, tmp_path: Path) -> Register:
    """Return the register with the papers of two homes."""
    assert load(register, tmp_path, [*HOMES, *DOCUMENTS, *COPIES, CHANGE]) == []
    return register


def where(register: Register, as_of: str, **filters: str) -> list[tuple[Any, ...]]:
    """Return (unit, document, status, holder, overdue)."""
    rows = register.ask("documents", as_of, **filters)
    return [pick(row, "unit", "document", "status", "holder", "overdue") for row in rows]


def test_documents(imported: Register) -> None:
    """Each document is where it was last brought, overdue from the second after it was due."""
    assert where(imported, "2025-11-01 09:04:59") == [("U1", "A1", "filed", None, False)]
    assert where(imported, "2025-11-03 09:00", centre="north") == [
        ("U1", "A1", "borrowed", "tech1", False), ("U1", "A2", "filed", None, False),
    ]  # fmt: skip
    assert where(imported, "2025-11-06 18:00", document="A1", centre="north") == [
        ("U1", "A1", "borrowed", "tech1", False)
    ]
    assert where(imported, "2025-11-06 18:00:01", status="borrowed") == [
        ("U1", "A1", "borrowed", "tech1", True)
    ]
    assert where(imported, "2025-11-07 09:00", status="missing") == [
        ("U1", "A2", "missing", None, False)
    ]
    assert {row[2] for row in where(imported, "2025-11-08 09:00")} == {"filed"}


def test_documents_have_every_column(imported: Register) -> None:
    """What a desk asks of one of them."""
    (row,) = imported.ask("documents", "2025-11-04 00:00", unit="U1", document="A1")
    assert pick(row, "centre", "kind", "since", "copies", "person", "signed_by", "due_back") == (
        "north", "purchase_contract", "2025-11-03 09:00:00", 0, "p-tech1", "head1",
        "2025-11-06 18:00:00",
    )  # fmt: skip
    (row,) = imported.ask("documents", "2025-11-04 00:00", document="A2")
    assert pick(row, "kind", "copies", "irregular") == ("id_copy", 1, None)


def test_paper_copies(imported: Register) -> None:
    """Out until recalled, and listed for ever: the numbers are the register's."""
    columns = ("centre", "unit", "copy", "status", "holder", "person", "post", "pages_replaced")
    rows = imported.ask("paper-copies", "2025-11-15 00:00")
    assert [pick(row, *columns) for row in rows] == [
        ("north", "U1", "P-001", "out", "desk1", "p-desk1", "front_desk", 2),
        ("south", "U2", "P-001", "out", "desk2", "p-desk2", "front_desk", 0),
    ]
    (row,) = imported.ask("paper-copies", "2025-11-20 09:00", centre="north")
    assert pick(row, "status", "issued_at", "updated_at", "recalled_at", "irregular") == (
        "recalled", "2025-11-01 10:00:00", "2025-11-12 09:00:00", "2025-11-20 09:00:00", None,
    )  # fmt: skip
    assert imported.ask("paper-copies", "2025-11-01 09:59:59") == []


def test_what_was_not_recorded_yet_is_not_seen(register: Register, tmp_path: Path) -> None:
    """A loan typed in on the 5th is out as of the 5th; an earlier position knows nothing of it."""
    late = {**borrow("2025-11-03 09:00"), "recorded_at": moment("2025-11-05 09:00").isoformat()}
    load(register, tmp_path, [*HOMES[:1], *DOCUMENTS[:1]])
    position = register.store.last_position()
    load(register, tmp_path, [late])
    assert where(register, "2025-11-04 12:00") == [("U1", "A1", "filed", None, False)]
    assert where(register, "2025-11-05 09:00") == [("U1", "A1", "borrowed", "tech1", False)]
    asked = register.office.query("documents", as_of=moment("2025-11-05 09:00"), position=position)
    assert [row["status"] for row in asked.rows()] == ["filed"]


def test_irregular_history_is_kept_and_shown(register: Register, tmp_path: Path) -> None:
    """A loan without a signature is rejected, or kept with its code."""
    unsigned = borrow("2025-11-03 09:00", signed_by="super1")
    twice = told("recall_paper_copy", "2025-11-25 09:00", "head1", copy="P-001")
    faulty = [*HOMES[:1], *DOCUMENTS[:1], unsigned, COPIES[0], *COPIES[2:], twice]
    assert load(register, tmp_path, faulty) == ["signature_missing", "copy_recalled_already"]
    assert load(register, tmp_path, faulty, keep_irregular=True) == []
    (row,) = register.ask("documents", "2025-12-01 00:00")
    assert pick(row, "status", "irregular") == ("borrowed", "signature_missing")
    (row,) = register.ask("paper-copies", "2025-12-01 00:00")
    assert pick(row, "recalled_at", "irregular") == (
        "2025-11-20 09:00:00", "copy_recalled_already",
    )  # fmt: skip


def test_no_personal_value_reaches_the_views(imported: Register) -> None:
    """Who lives there stands in no cell."""
    cells = [
        str(cell)
        for name in ("documents", "paper-copies")
        for row in imported.ask(name, "2025-11-15 00:00")
        for cell in row.values()
    ]
    assert cells
    assert not [cell for cell in cells if "张三" in cell]
