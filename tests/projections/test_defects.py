"""Defects row by row: their warranty, their turns and how long they have been open."""

from __future__ import annotations

from typing import Any

from .register import Register, moment, pick


def test_defects_say_where_the_register_contradicts(repairs: Register) -> None:
    """Stated inside after the kind's last day, or outside before it; unknown without a day."""
    repairs.do(
        "report_defect", "2025-11-20 09:00", "desk1",
        unit="U1", defect="D9", kind="other", where="inside", text="松动",
    )  # fmt: skip
    rows = repairs.ask("defects", "2025-11-28 12:00", unit="U1")
    assert {pick(row, "defect", "warranty", "warranty_until", "contradicts") for row in rows} == {
        ("D1", "inside", "2027-10-01", False),
        ("D2", "inside", "2025-10-31", True),
        ("D3", "inside", "2027-10-01", False),
        ("D4", "outside", "2027-10-01", True),
        ("D5", "inside", "2027-10-01", False),
        ("D9", "inside", None, None),
    }


def test_a_defect_stands_as_of_its_moment(repairs: Register) -> None:
    """Its status, its turn and its ages at six moments."""
    names = ("status", "turn", "days", "days_with_builder", "finished_at")
    found = {
        as_of: pick(row, *names)
        for as_of in ("2025-11-03 09:00", "2025-11-03 10:00", "2025-11-05 15:00",
                      "2025-11-06 10:00", "2025-11-12 15:00", "2025-12-31 00:00")
        for row in repairs.ask("defects", as_of, unit="U1", defect="D1")
    }  # fmt: skip
    assert found == {
        "2025-11-03 09:00": ("reported", 1, 0, None, None),
        "2025-11-03 10:00": ("notified", 1, 0, 0, None),
        "2025-11-05 15:00": ("finished", 1, 2, 2, "2025-11-05 15:00:00"),
        "2025-11-06 10:00": ("notified", 2, 3, 3, None),
        "2025-11-12 15:00": ("finished", 2, 9, 9, "2025-11-12 15:00:00"),
        "2025-12-31 00:00": ("verified", 2, 9, 9, "2025-11-12 15:00:00"),
    }
    assert repairs.ask("defects", "2025-11-03 08:59:59") == []


def long_open(register: Register, as_of: str) -> list[tuple[Any, ...]]:
    """Return what has been open for long."""
    rows = register.ask("long-open-repairs", as_of, centre="north")
    return [pick(row, "kind", "subject", "days", "status") for row in rows]


def test_long_open_repairs(repairs: Register) -> None:
    """Repair cases and defects alike, from the eighth calendar day until they are finished."""
    repairs.receive("N-1", "2025-11-03 23:00", category="repair", unit="U1")
    repairs.receive("N-2", "2025-11-03 08:00")
    repairs.receive("N-3", "2025-11-03 08:00", category="repair")
    repairs.do("void_complaint", "2025-11-03 09:00", "super1", complaint="N-3", reason="误登")
    assert long_open(repairs, "2025-11-10 23:59:59") == []
    assert long_open(repairs, "2025-11-11 00:00") == [
        ("defect", "D1", 8, "notified"), ("complaint", "N-1", 8, "open"),
    ]  # fmt: skip
    assert ("defect", "D5", 8, "reported") in long_open(repairs, "2025-11-12 00:00")
    repairs.finish("N-1", "2025-11-12 09:00")
    assert [one[1] for one in long_open(repairs, "2025-11-13 00:00")] == ["D5"]
    repairs.do(
        "adopt_policy", "2025-11-13 00:00", "hq",
        version="2", effective_from=moment("2025-11-13 00:00"), long_open_repair_days=30,
    )  # fmt: skip
    assert long_open(repairs, "2025-11-13 00:00") == []
    assert long_open(repairs, "2025-11-12 23:00")[-1][1] == "D5"
