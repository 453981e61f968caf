"""The table of a home's transitions in the documentation, tried cell by cell.

``python -m tests.domain.test_unit_transitions`` writes docs/reference/transitions-unit.md.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from guanjia.domain.catalogue import COMMANDS as CATALOGUE
from guanjia.domain.unit.commands import UnitCommand
from guanjia.domain.unit.state import Unit
from tests import scenarios as s
from tests import units as u
from tests.spec import Line, given, t

from .test_permit_transitions import table

PAGE = Path(__file__).parents[2] / "docs/reference/transitions-unit.md"
AT = "2025-10-20 12:00"
LATER = "2025-10-20 13:00"

COMMANDS: dict[str, Line] = {
    "register_unit": u.register(LATER),
    "register_resident: owner": u.resident(LATER, "R2"),
    "register_resident: tenant": u.resident(LATER, "T2", "tenant"),
    "change_owner": u.change_owner(LATER),
    "end_residence: owner": u.do("end_residence", LATER, resident="R1"),
    "update_contact": u.do("update_contact", LATER, resident="R1", contact={"phone": "1"}),
    "assign_parking": u.do("assign_parking", LATER, space="B-1", resident="R1"),
    "give_handover_notice": u.notice(LATER, "2025-12-01"),
    "inspect_unit": u.inspect(LATER, defects=[]),
    "hand_over_unit": u.hand_over(LATER),
    "record_visit": u.visit(LATER),
    "file_document": u.file(LATER),
    "issue_paper_copy": u.do("issue_paper_copy", LATER, "keeper1", copy="P-001", to="stew1"),
    "report_defect": u.defect(LATER),
}

BORROW = u.do(
    "borrow_document",
    AT,
    document="A1",
    borrower="desk1",
    signed_by="head1",
    due_back=t("2025-10-31 18:00"),
)
FILED = [*u.OWNED, u.file("2025-10-20 09:00")]
DOCUMENTS: dict[str, list[Line]] = {
    "–": u.OWNED,
    "filed": FILED,
    "borrowed": [*FILED, BORROW],
    "missing": [*FILED, u.do("report_document_missing", AT, document="A1")],
}
DOCUMENT_COMMANDS: dict[str, Line] = {
    "file_document": u.file(LATER),
    "copy_document": u.do("copy_document", LATER, document="A1", to="desk1"),
    "borrow_document": {**BORROW, "at": t(LATER)},
    "return_document": u.do("return_document", LATER, document="A1"),
    "report_document_missing": u.do("report_document_missing", LATER, document="A1"),
}

COPY = u.do("issue_paper_copy", "2025-10-20 09:00", "keeper1", copy="P-001", to="stew1")
RECALL = u.do("recall_paper_copy", AT, "keeper1", copy="P-001")
COPIES: dict[str, list[Line]] = {
    "–": u.OWNED,
    "issued": [*u.OWNED, COPY],
    "recalled": [*u.OWNED, COPY, RECALL],
}
COPY_COMMANDS: dict[str, Line] = {
    "issue_paper_copy": {**COPY, "at": t(LATER)},
    "replace_copy_pages": u.do("replace_copy_pages", LATER, "keeper1", copy="P-001", pages=[2]),
    "recall_paper_copy": {**RECALL, "at": t(LATER)},
}

REPORTED = [*u.OWNED, u.defect("2025-10-20 09:00")]
NOTIFIED = [
    *REPORTED,
    u.do("notify_builder", "2025-10-20 10:00", defect="D2", letter="BX-7"),
]
FINISHED = [*NOTIFIED, u.do("finish_defect", "2025-10-20 11:00", defect="D2")]
DEFECTS: dict[str, list[Line]] = {
    "–": u.OWNED,
    "reported": REPORTED,
    "notified": NOTIFIED,
    "finished": FINISHED,
    "verified": [*FINISHED, u.do("verify_defect", AT, defect="D2", accepted=True)],
}
DEFECT_COMMANDS: dict[str, Line] = {
    "report_defect": u.defect(LATER),
    "notify_builder": u.do("notify_builder", LATER, defect="D2", letter="BX-8"),
    "finish_defect": u.do("finish_defect", LATER, defect="D2"),
    "verify_defect: accepted": u.do("verify_defect", LATER, defect="D2", accepted=True),
    "verify_defect: not accepted": u.do("verify_defect", LATER, defect="D2", accepted=False),
}

PLACES: dict[str, list[Line]] = {
    "–": u.OWNED,
    "in use": [
        *u.OWNED,
        u.do("assign_parking", "2025-10-20 09:00", space="B-1", resident="R1"),
    ],
}
PLACES["given up"] = [*PLACES["in use"], u.do("end_parking", AT, space="B-1")]
PLACE_COMMANDS: dict[str, Line] = {
    "assign_parking": COMMANDS["assign_parking"],
    "end_parking": u.do("end_parking", LATER, space="B-1"),
}

PEOPLE: dict[str, list[Line]] = {
    "–": u.OWNED,
    "tenant": [*u.OWNED, u.resident("2025-10-20 09:00", "T1", "tenant")],
    "family": [*u.OWNED, u.resident("2025-10-20 09:00", "T1", "family")],
    "owner": [*u.OWNED, u.change_owner("2025-10-20 09:00", "T1")],
}
PEOPLE["moved out"] = [*PEOPLE["tenant"], u.do("end_residence", AT, resident="T1")]
PEOPLE_COMMANDS: dict[str, Line] = {
    "register_resident": u.resident(LATER, "T1", "tenant"),
    "change_owner": u.change_owner(LATER, "T1"),
    "update_contact": u.do("update_contact", LATER, resident="T1", contact={"phone": "1"}),
    "end_residence": u.do("end_residence", LATER, resident="T1"),
}

INTRODUCTION = """\
<!-- Written by tests/domain/test_unit_transitions.py, which tries every cell; do not edit. -->

# A home's transitions 房屋流程

What each command does: the **status** after it, or the [refusal](refusals.md). The command comes
later than all that led there, by a post that may do it. The home of the first table has an owner,
and its keys and cards hang in the cabinet until the handover.

Not in the tables, because they do not depend on the status:

- A handover is one transaction with the issue of its keys and cards: if one of them cannot be
  issued, nothing has happened. It takes the papers, the fees and as many cards as the policy says.
- A home has one owner in the register. A change of owner ends the former one's residence and that
  of the former owner's family, unless the home passes within the family; tenants stay, and so do
  parking spaces until they are given up.
- A notice that comes late is taken, and its promise is missed.
- A home that is not in the register is not checked when a renovation is applied for, a key or a
  parcel taken in or a complaint received: registers are brought in one at a time. Of one that is,
  the centre must be the same, and owner or tenant apply.

"""


FOUND: dict[str, Callable[[Unit], str]] = {
    "unit": lambda home: home.status,
    "resident": lambda home: home.residents["T1"].role if home.lives_here("T1") else "moved out",
    "space": lambda home: "given up" if home.parking["B-1"].until else "in use",
    "document": lambda home: home.documents["A1"].status,
    "copy": lambda home: "recalled" if home.copies["P-001"].recalled_at else "issued",
    "defect": lambda home: home.defects["D2"].status,
}
"""What each table shows of the home after a command."""


def cell(history: list[Line], command: Line, status: str) -> str:
    """Return what a command does after a history, as the tables have it."""
    result = given(history).when(command)
    if result.refusal:
        return f"`{result.refusal.code}`"
    return f"**{FOUND[status](u.unit(result.world))}**"


def grid(starts: dict[str, list[Line]], commands: dict[str, Line], status: str) -> str:
    """Return the table of some commands by the status they find."""
    rows = [["", *starts]]
    for name, command in commands.items():
        rows.append([name, *(cell(history, command, status) for history in starts.values())])
    return table(rows)


def page() -> str:
    """Return the whole page."""
    handover = {"–": s.STAFFED, **{k: _with_keys(h) for k, h in u.STATUSES.items()}}
    return "".join(
        (
            INTRODUCTION,
            grid(handover, COMMANDS, "unit"),
            "\n## Residents 住户\n\nWhat somebody besides the owner R1 is to the home.\n\n",
            grid(PEOPLE, PEOPLE_COMMANDS, "resident"),
            "\n## Parking spaces 车位\n\n",
            grid(PLACES, PLACE_COMMANDS, "space"),
            "\n## Documents 档案\n\n",
            grid(DOCUMENTS, DOCUMENT_COMMANDS, "document"),
            "\n## Paper copies 受控纸质资料\n\n",
            grid(COPIES, COPY_COMMANDS, "copy"),
            "\n## Defects 缺陷\n\nInside the warranty.\n\n",
            grid(DEFECTS, DEFECT_COMMANDS, "defect"),
        )
    )


def _with_keys(history: list[Line]) -> list[Line]:
    return history if history == u.HANDED_OVER else [*history, *u.KEYS]


def test_the_tables_say_what_the_code_does() -> None:
    """Every cell of every table is tried."""
    assert PAGE.read_text("utf-8") == page(), "python -m tests.domain.test_unit_transitions"


def test_every_status_is_reached() -> None:
    """The histories of the columns end where they say."""
    for status, history in u.STATUSES.items():
        assert u.unit(given(history)).status == status


def test_every_command_of_a_home_is_tried() -> None:
    """No command lacks its row."""
    groups = (
        COMMANDS, PEOPLE_COMMANDS, PLACE_COMMANDS, DOCUMENT_COMMANDS, COPY_COMMANDS,
        DEFECT_COMMANDS,
    )  # fmt: skip
    tried = {line["do"] for group in groups for line in group.values()}
    assert tried == {name for name, cls in CATALOGUE.items() if issubclass(cls, UnitCommand)}


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
