"""The cases behind a number of the quality page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from .figures import ALL, REPEATED
from .pieces.rows import put_rows
from .pieces.tags import Tag
from .visit import Visit

Row = Mapping[str, Any]
REVISITS = "revisit-cases"
OF_PROMISES = ("subject", "centre", "department", "outcome", "started_at", "due_at", "stopped_at")
OF_REVISITS = (
    "complaint",
    "centre",
    "person",
    "finished_at",
    "due_at",
    "revisited_at",
    "revisited",
    "on_time",
    "void",
    "forced",
    "final_satisfied",
)
OF_CASES = (
    "complaint",
    "centre",
    "department",
    "category",
    "topic",
    "status",
    "received_at",
    "late_registration_seconds",
)


class Behind(NamedTuple):
    """Where the cases of a figure are: a view, how its rows are counted, what is shown of them.

    ``counts`` is told a row, the month and the value asked about.
    """

    view: str
    counts: Callable[[Row, str, str], bool]
    columns: tuple[str, ...]
    filters: Mapping[str, str] = MappingProxyType({})


def _promised(row: Row, month: str, value: str) -> bool:
    at = row["missed_at"] or row["due_at"]
    judged = row["outcome"] in {"met", "missed"}
    return judged and row["commitment"] == value and f"{at:%Y-%m}" == month


def _revisits(*columns: str) -> Behind:
    """Return the cases of which one of the columns is true, in the scope that the value names."""

    def counts(row: Row, month: str, value: str) -> bool:
        in_scope = value != "complaints" or row["valid_complaint"]
        return row["month"] == month and in_scope and any(row[column] for column in columns)

    return Behind(REVISITS, counts, OF_REVISITS)


def _repeated(row: Row, month: str, value: str) -> bool:
    complains = row["category"] == "complaint" and row["validity"] != "invalid"
    return complains and row["topic"] == value and _received(row, month)


def _late(row: Row, month: str, _: str) -> bool:
    return row["late_registration_seconds"] > 0 and _received(row, month)


def _received(row: Row, month: str) -> bool:
    return row["voided_at"] is None and f"{row['received_at']:%Y-%m}" == month


FIGURES = {
    "commitment": Behind("sla", _promised, OF_PROMISES, {"kind": "complaint"}),
    "revisit": _revisits("due"),
    "revisit_on_time": _revisits("due"),
    "first_pass_satisfied": _revisits("first_revisit"),
    "final_satisfied": _revisits("final_satisfied", "unsatisfied"),
    REPEATED: Behind("cases", _repeated, OF_CASES),
    "forced": _revisits("forced"),
    "void": _revisits("void"),
    "exempt": _revisits("exempt"),
    "late": Behind("cases", _late, OF_CASES),
}
COUNTS = ("forced", "void", "exempt", "late")
"""The figures that are counted without a rate."""


async def counts(visit: Visit, centre: Mapping[str, str], month: str) -> Counter[tuple[str, str]]:
    """Return how many cases each centre, and all together, have of what is counted."""
    found: Counter[tuple[str, str]] = Counter()
    for view, narrowed in ((REVISITS, {"month": month}), ("cases", {})):
        rows = (await visit.rows(view, {**centre, **narrowed})).rows()
        for count in COUNTS:
            behind = FIGURES[count]
            if behind.view == view:
                for row in rows:
                    if behind.counts(row, month, ""):
                        found.update([(row["centre"], count), (ALL, count)])
    return found


async def build(visit: Visit) -> None:
    """Build the page of the cases behind one figure."""
    words, month, value = visit.words, visit.asked("month"), visit.asked("value")
    dimension = visit.asked("dimension")
    behind = FIGURES.get(dimension)
    Tag("h1", words("behind"))
    if behind is None:
        return
    narrowed = {"month": month} if behind.view == REVISITS else {}
    if dimension == "commitment":
        narrowed = {"commitment": value}
    filters = {**behind.filters, **narrowed, "centre": visit.asked("centre")}
    answer = await visit.rows(behind.view, filters)
    rows = [row for row in answer.rows() if behind.counts(row, month, value)]
    said = words("moment", at=answer.as_of, position=answer.position)
    Tag("p", f"{month} · {words('cases', number=len(rows))} · {said}", style="moment")
    put_rows(visit, rows, behind.columns)
