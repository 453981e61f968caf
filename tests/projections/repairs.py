"""Defects and their repairs as a history file tells of them."""

from __future__ import annotations

from typing import Any

from .lines import Lines, told
from .register import Row


def home(unit: str, n: int = 1) -> dict[str, Any]:
    """Return the registration of a home in north or south."""
    fields: Row = {"centre": "north" if n == 1 else "south", "building": "1"}
    until = {"plumbing": "2027-10-01", "civil": "2025-10-31"}
    when = "2025-09-01 09:00"
    return told("register_unit", when, f"desk{n}", unit=unit, **fields, warranty_until=until)


def report(unit: str, defect: str, when: str, n: int = 1, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return the report of a leak inside the warranty, with changes."""
    fields = {"kind": "plumbing", "where": "inside", "text": "渗水"} | changes
    return told("report_defect", when, f"desk{n}", unit=unit, defect=defect, **fields)


def step(do: str, unit: str, defect: str, when: str, n: int = 1, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return another step of a defect."""
    return told(do, when, f"desk{n}", unit=unit, defect=defect, **more)


def repaired(unit: str, defect: str, told_at: str, done_at: str, n: int = 1) -> Lines:
    """Return the letter and the repair."""
    return [
        step("notify_builder", unit, defect, told_at, n, letter="BX-1"),
        step("finish_defect", unit, defect, done_at, n),
    ]


def explain(when: str, first: str, period: str = "week", **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return an explanation for north."""
    fields = {"centre": "north", "period": period, "period_from": first, "text": "缺料", **more}
    return told("explain_warranty", when, "head1", **fields)


HISTORY: Lines = sorted(
    [
        home("U1"),
        home("U2", 2),
        report("U1", "D1", "2025-11-03 09:00"),
        report("U1", "D2", "2025-11-09 23:59:59", kind="civil"),
        report("U1", "D3", "2025-11-10 00:00"),
        report("U1", "D4", "2025-11-04 09:00", where="outside"),
        report("U1", "D5", "2025-11-04 10:00", design=True, evidence="照片"),
        report("U2", "D1", "2025-11-05 09:00", 2),
        *repaired("U1", "D1", "2025-11-03 10:00", "2025-11-05 15:00"),
        step("verify_defect", "U1", "D1", "2025-11-06 10:00", accepted=False),
        step("finish_defect", "U1", "D1", "2025-11-12 15:00"),
        step("verify_defect", "U1", "D1", "2025-11-13 10:00", accepted=True),
        step("finish_defect", "U1", "D4", "2025-11-05 09:00"),
        explain("2025-11-10 10:00", "2025-11-03", kind="civil"),
        explain("2025-11-27 10:00", "2025-11-01", "month"),
    ],
    key=lambda line: str(line["at"]),
)
