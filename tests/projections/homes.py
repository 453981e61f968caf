"""Homes as a history file tells of them, from the registration to the handover."""

from __future__ import annotations

from .lines import told
from .register import Row

KEYS = (("K1", "door"), ("C1", "card"), ("C2", "card"))
DEFECT = {"defect": "D1", "kind": "plumbing", "text": "水管渗漏"}


def home(unit: str = "U1", at: str = "2025-10-01 09:00", centre: str = "north") -> list[Row]:
    """Return the registration of a home with its owner."""
    by = "desk1" if centre == "north" else "desk2"
    return [
        told("register_unit", at, by, unit=unit, centre=centre, building="1", area="A"),
        told("register_resident", at, by, unit=unit, resident=f"{unit}-R", role="owner"),
    ]


def handover(unit: str, *, notice: str, inspection: str, at: str, found: int = 0) -> list[Row]:
    """Return the way from the notice to the handover."""
    defects = [{**DEFECT, "defect": f"D{number}"} for number in range(found)]
    keys = [f"{unit}-{name}" for name, _ in KEYS]
    received = (
        told(
            "receive_key", inspection, key=f"{unit}-{name}", unit=unit, centre="north", kind=kind,
            record="YJ-1", signed_by_both=True,
        )
        for name, kind in KEYS
    )  # fmt: skip
    return [
        told("give_handover_notice", notice, unit=unit, handover_on=at[:10]),
        told("inspect_unit", inspection, unit=unit, water="1", electricity="2", defects=defects),
        *received,
        told(
            "hand_over_unit", at, unit=unit, documents=["id_copy"], fees_paid=True,
            confirmation=f"JF-{unit}", keys=keys[:1], cards=keys[1:],
        ),
    ]  # fmt: skip


TWO_HOMES = [
    *home("U1"),
    *home("U2"),
    *handover(
        "U1", notice="2025-10-02 09:00", inspection="2025-10-19 10:00", at="2025-10-20 10:00",
        found=2,
    ),
    *handover(
        "U2", notice="2025-10-25 09:00", inspection="2025-10-31 10:00", at="2025-11-01 10:00",
    ),
    told("record_visit", "2025-11-05 10:00", unit="U1", kind="greeting"),
    told("register_resident", "2025-11-06 10:00", unit="U2", resident="T1", role="tenant"),
    told("assign_parking", "2025-11-07 10:00", unit="U2", space="B-1", resident="T1"),
]  # fmt: skip
