"""Renovations to write into a register."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from .register import Register, moment

FAR = moment("2027-01-01 00:00")
"""A present after everything that happens on a site."""


class Site:
    """A renovation in north, applied for on 2025-10-13 and agreed on 10-15."""

    def __init__(self, register: Register, name: str = "P-1", unit: str = "U1") -> None:
        self.register = register
        self.name = name
        self.do(
            "apply_for_permit", "2025-10-13 09:00",
            unit=unit, resident="R1", plan="改造", contractor="李四", licence="L-1",
        )  # fmt: skip
        self.do("review_permit", "2025-10-14 09:00", outcome="approved")
        meters = {"water": "1", "electricity": "2", "gas": "3"}
        self.do(
            "sign_agreement", "2025-10-15 09:00",
            agreement="XY-1", deposit="2000", fees_paid=True, water_test_ok=True, meters=meters,
        )  # fmt: skip

    def do(self, do: str, at: str | datetime, by: str = "super1", **more: Any) -> None:  # noqa: ANN401 - a line's
        """Execute a line about the renovation."""
        self.register.do(do, at, by, permit=self.name, **more)

    def issue(self, at: str | datetime = "2025-10-20 09:00", last: str = "2025-12-20") -> None:
        """Issue the permit."""
        first = f"{moment(at).date()}"
        self.do("issue_permit", at, valid_from=first, valid_to=last)

    def patrol(self, at: str | datetime, **more: Any) -> None:  # noqa: ANN401 - a line's
        """Go through the site."""
        self.do("patrol_renovation", at, "tech1", fire_safety=True, passes=True, site=True, **more)

    def complete(self, at: str | datetime, **more: Any) -> None:  # noqa: ANN401 - a line's
        """Complete the work."""
        self.do("complete_renovation", at, **more)

    def accept(self, at: str | datetime, *, ok: bool = True) -> None:
        """Accept the work, or send it back."""
        self.do("accept_renovation", at, water_test_ok=ok, structure_ok=True)

    def violation(self, at: str, step: str, name: str = "V-1", **more: Any) -> None:  # noqa: ANN401 - a line's
        """Take a step against a violation."""
        self.do("record_violation", at, violation=name, step=step, **more)

    def patrols(self, as_of: str | datetime) -> list[tuple[str, int, str]]:
        """Return (day, round, outcome) of the days."""
        rows = self.register.ask("sla", as_of, subject=self.name, commitment="patrol")
        return [(f"{row['started_at']:%m-%d}", row["round"], row["outcome"]) for row in rows]

    def coverage(self, as_of: str | datetime) -> tuple[Any, ...] | None:
        """Return (from, to, days, patrolled, missing, rate), None without a row."""
        return covered(self.register, as_of).get(self.name)


def covered(register: Register, as_of: str | datetime) -> dict[str, tuple[Any, ...]]:
    """Return (from, to, days, patrolled, missing, rate) of every renovation."""
    columns = ("from", "to", "days", "patrolled", "missing", "rate")
    rows = register.ask("patrol-coverage", as_of)
    return {row["permit"]: tuple(row[name] for name in columns) for row in rows}
