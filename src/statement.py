"""What an owner or another resident is told of who saw their data (domain section 8)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .domain.unit.state import Unit

STATED = ("at", "centre", "post", "fields", "purpose", "complaint", "outcome", "break_glass")
"""The columns of the view ``access`` that a statement shows."""


def stated(rows: Iterable[dict[str, Any]], home: Unit, resident: str) -> list[dict[str, Any]]:
    """Return, of the answers about a home (times aware), those that concern the resident.

    Of the home's cases, renovations and parcels: what was asked while they lived there.
    """
    return [{name: row[name] for name in STATED} for row in rows if _concerns(row, home, resident)]


def _concerns(row: dict[str, Any], home: Unit, resident: str) -> bool:
    if row["kind"] == "unit":
        return resident in row["residents"].split(", ")
    return home.resident_on(resident, row["at"]) is not None
