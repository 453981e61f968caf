"""Why a promise was due when it was: the days counted and skipped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..domain.workdays import Counting, DayKind
from .query import plain

WORKING: frozenset[DayKind] = frozenset({"workday", "makeup"})
CHINESE = {"workday": "工作日", "makeup": "调休上班", "weekend": "周末", "holiday": "节假日"}
SHOWN = (
    "commitment",
    "round",
    "started_at",
    "term",
    "due_at",
    "stopped_at",
    "cause",
    "ended_at",
    "outcome",
    "provisional",
    "late_seconds",
    "policy",
    "calendar",
    "irregular",
)


@dataclass(frozen=True, slots=True)
class Day:
    """A day after the start: whether it counted, and what kind of day it is."""

    day: date
    kind: DayKind

    @property
    def counted(self) -> bool:
        """Whether it is a working day."""
        return self.kind in WORKING


@dataclass(frozen=True, slots=True)
class Explained:
    """A row of ``sla`` with the days between its start and its due time, where days count."""

    row: dict[str, Any]
    days: tuple[Day, ...]

    def plain(self) -> dict[str, Any]:
        """Return the explanation as JSON has it; times as ISO 8601 text."""
        shown = {name: plain(self.row[name]) for name in SHOWN}
        days = [
            {"day": day.day.isoformat(), "kind": day.kind, "counted": day.counted}
            for day in self.days
        ]
        return shown | {"days": days}

    def counted_days(self, language: str) -> str:
        """Return the days in one line: counted ones numbered, skipped ones in brackets."""
        parts: list[str] = []
        number = 0
        for day in self.days:
            kind = day.kind if language == "en" else CHINESE[day.kind]
            if day.counted:
                number += 1
            mark = f"{number}. {day.day:%m-%d} {kind}"
            parts.append(mark if day.counted else f"({day.day:%m-%d} {kind})")
        return " ".join(parts)


def explain(rows: Iterable[dict[str, Any]], counting: Counting) -> list[Explained]:
    """Explain rows of ``sla`` (times aware) with the calendars known to ``counting``."""
    return [Explained(row, _days(row, counting)) for row in rows]


def _days(row: dict[str, Any], counting: Counting) -> tuple[Day, ...]:
    if not str(row["term"]).endswith(" WD"):
        return ()
    due = row["due_at"].astimezone(counting.zone).date()
    days: list[Day] = []
    for day, kind, _, _ in counting.days(row["started_at"]):
        days.append(Day(day, kind))
        if day >= due:
            break
    return tuple(days)
