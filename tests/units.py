"""Named histories of a home, each built from an earlier one; it is U1 of the centre north.

The plain one: registered on Wednesday 2025-10-01 with its owner R1, noticed on 10-08 of a handover
on 10-20, inspected on 10-19 with one defect, handed over on 10-20 at 10:00 with the key K1 and the
cards C1 and C2 of the builder's, greeted on 10-25.
"""

from __future__ import annotations

from datetime import datetime

from guanjia.domain.promises import Clock, merged
from guanjia.domain.streams import UNIT
from guanjia.domain.unit.events import UnitEvent
from guanjia.domain.unit.state import Unit

from . import scenarios as s
from .spec import Line, World, judge, line, t

AT = "2025-11-03 12:00"
OWNER = {"name": "张三", "phone": "13800138000"}
TENANT = {"name": "李四", "phone": "13900139000"}


def do(name: str, at: str = AT, by: str = "desk1", /, **fields: object) -> Line:
    """Return a line about U1."""
    return line(name, by, at, **{"unit": "U1", **fields})


def register(at: str = "2025-10-01 09:00", *, by: str = "desk1", **changes: object) -> Line:
    """Return the registration of the home, with changes."""
    fields: dict[str, object] = {
        "centre": "north",
        "building": "1",
        "area": "A",
        "warranty_until": {"plumbing": "2027-10-01"},
    }
    return do("register_unit", at, by, **{**fields, **changes})


def resident(at: str, name: str, role: str = "owner", *, by: str = "desk1", **more: object) -> Line:
    """Return the registration of somebody who owns the home or lives in it."""
    fields: dict[str, object] = {"contact": TENANT if role == "tenant" else OWNER, **more}
    return do("register_resident", at, by, resident=name, role=role, **fields)


def change_owner(at: str = AT, name: str = "R2", *, by: str = "desk1", **more: object) -> Line:
    """Return the passing of the home to another owner."""
    return do("change_owner", at, by, resident=name, **more)


def notice(
    at: str = "2025-10-08 09:00", day: str = "2025-10-20", *, by: str = "desk1", **more: object
) -> Line:
    """Return the notice of the handover's day."""
    return do("give_handover_notice", at, by, handover_on=day, **more)


def inspect(at: str = "2025-10-19 10:00", *, by: str = "tech1", **changes: object) -> Line:
    """Return the joint inspection, with one defect found."""
    found = [{"defect": "D1", "kind": "plumbing", "text": "水管渗漏"}]
    fields: dict[str, object] = {"water": "12.3", "electricity": "45", "defects": found}
    return do("inspect_unit", at, by, **{**fields, **changes})


def key(at: str, name: str, kind: str = "card", **changes: object) -> Line:
    """Return the receipt of one of the home's keys or cards from the builder."""
    fields: dict[str, object] = {"key": name, "centre": "north", "unit": "U1", "kind": kind}
    fields |= {"record": "YJ-1", "signed_by_both": True}
    return line("receive_key", "desk1", at, **{**fields, **changes})


def hand_over(at: str = "2025-10-20 10:00", *, by: str = "desk1", **changes: object) -> Line:
    """Return the handover with a key and two cards, with changes."""
    fields: dict[str, object] = {
        "documents": ["id_copy"],
        "fees_paid": True,
        "confirmation": "JF-1",
        "keys": ["K1"],
        "cards": ["C1", "C2"],
    }
    return do("hand_over_unit", at, by, **{**fields, **changes})


def visit(at: str = AT, kind: str = "regular", *, by: str = "stew1", **more: object) -> Line:
    """Return a visit."""
    return do("record_visit", at, by, **{"kind": kind, **more})


def area(at: str, *units: str, by: str = "super1", **changes: object) -> Line:
    """Return the assignment of an area to the steward."""
    fields: dict[str, object] = {"staff": "stew1", "centre": "north", "units": list(units)}
    return line("assign_area", by, at, **{**fields, **changes})


def file(at: str = AT, document: str = "A1", kind: str = "purchase_contract") -> Line:
    """Return the filing of a document."""
    return do("file_document", at, document=document, kind=kind)


def defect(at: str = AT, name: str = "D2", **changes: object) -> Line:
    """Return the report of a defect inside the warranty."""
    fields: dict[str, object] = {"kind": "plumbing", "where": "inside", "text": "水管渗漏"}
    return do("report_defect", at, defect=name, **{"complaint": None, **fields, **changes})


REGISTERED = [*s.STAFFED, register()]
OF_SOUTH = [*REGISTERED, register(by="desk2", unit="S1", centre="south")]
OWNED = [*REGISTERED, resident("2025-10-02 09:00", "R1")]
TENANTED = [*OWNED, resident("2025-10-03 09:00", "T1", "tenant")]
FAMILY = [*OWNED, resident("2025-10-03 09:00", "F1", "family")]
NOTICED = [*OWNED, notice()]
INSPECTED = [*NOTICED, inspect()]
KEYS = [
    key("2025-10-05 09:00", "K1", "door"),
    key("2025-10-05 09:00", "C1"),
    key("2025-10-05 09:00", "C2"),
]
READY = [*INSPECTED, *KEYS]
LENT = [
    *READY,
    s.receive("2025-10-06 09:00"),
    line(
        "lend_key",
        "desk1",
        "2025-10-06 10:00",
        key="C2",
        to="tech1",
        complaint="N-1",
        due_back=t("2025-10-07 18:00"),
    ),
]
HANDED_OVER = [*READY, hand_over()]
GREETED = [*HANDED_OVER, visit("2025-10-25 10:00", "greeting")]
LET = [*HANDED_OVER, resident("2025-11-01 09:00", "T1", "tenant")]
GONE = [*LET, do("end_residence", "2025-11-02 09:00", resident="T1")]
PARKED = [*HANDED_OVER, do("assign_parking", "2025-10-21 09:00", space="B-12", resident="R1")]

LIFE = [
    *GREETED,
    do("assign_parking", "2025-10-26 09:00", space="B-12", resident="R1", vehicle="粤B12345"),
    area("2025-10-26 10:00", "U1"),
    resident("2025-10-27 09:00", "T1", "tenant", id_number="440301199001011234"),
    do("update_contact", "2025-10-28 09:00", resident="T1", contact={"phone": "13700137000"}),
    file("2025-10-28 10:00"),
    do("copy_document", "2025-10-28 11:00", document="A1", to="desk1"),
    do(
        "borrow_document",
        "2025-10-29 09:00",
        document="A1",
        borrower="desk1",
        signed_by="head1",
        due_back=t("2025-10-31 18:00"),
    ),
    do("return_document", "2025-10-30 09:00", document="A1"),
    do("report_document_missing", "2025-10-31 09:00", document="A1"),
    do("issue_paper_copy", "2025-10-31 10:00", "keeper1", copy="P-001", to="stew1"),
    do("replace_copy_pages", "2025-11-01 10:00", "keeper1", copy="P-001", pages=[2, 3]),
    do("recall_paper_copy", "2025-11-02 10:00", "keeper1", copy="P-001"),
    defect("2025-11-03 09:00"),
    do("notify_builder", "2025-11-03 10:00", defect="D2", letter="BX-7"),
    do("finish_defect", "2025-11-05 10:00", defect="D2"),
    do("verify_defect", "2025-11-06 10:00", defect="D2", accepted=True),
    do("end_parking", "2025-11-07 09:00", space="B-12"),
    do("end_residence", "2025-11-08 09:00", resident="T1"),
    change_owner("2025-11-09 09:00", contact=TENANT),
]
"""Everything that can happen to a home, once."""

STATUSES: dict[str, list[Line]] = {
    "registered": OWNED,
    "noticed": NOTICED,
    "inspected": INSPECTED,
    "handed_over": HANDED_OVER,
}
"""A history that ends in each status."""


def unit(world: World, name: str = "U1") -> Unit:
    """Return the home as decisions see it."""
    found = world.app._streams.state(UNIT, name)
    assert found is not None
    return found


def clocks(world: World, commitment: str, name: str = "U1") -> list[Clock]:
    """Return the home's clocks of a commitment, in order of start."""
    rows: dict[tuple[str, int, datetime, int], Clock] = {}
    for event in world.stream(f"unit:{name}"):
        assert isinstance(event, UnitEvent)
        rows = merged(rows, event.clocks)
    found = (clock for clock in rows.values() if clock.ended != "withdrawn")
    return sorted(
        (clock for clock in found if clock.commitment == commitment), key=lambda one: one.round
    )


def outcomes(world: World, commitment: str, as_of: str) -> list[str]:
    """Return the outcomes of the home's clocks of a commitment, in order."""
    return [judge(clock, as_of) for clock in clocks(world, commitment)]


def dues(world: World, commitment: str) -> list[datetime]:
    """Return when the home's clocks of a commitment are due, in order."""
    return [clock.due_at for clock in clocks(world, commitment)]
