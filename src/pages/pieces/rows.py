"""Rows of views as cells: codes in words, and what has a page of its own as a link to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from ...api.records import RECORDS
from ...projections import PUBLIC_VIEWS
from ..visit import Visit
from .grid import Cell, Grid
from .tags import Tag

CODES = {
    "category": "category",
    "cause": "cause",
    "channel": "channel",
    "charge": "charge",
    "commitment": "commitment",
    "duty": "duties",
    "level": "level",
    "outcome": "outcome",
    "post": "posts",
    "purpose": "purpose",
    "reason": "denial",
    "rung": "rung",
    "scope": "scope",
    "status": "standing",
    "step": "step",
    "urgency": "urgency",
    "validity": "validity",
}
"""Columns that hold codes, and of which kind (``labels/names.toml``)."""

NO_NAMES: Mapping[str, str] = MappingProxyType({})
OF_VIEW: Mapping[str, Mapping[str, str]] = {
    "access": {"outcome": "answer"},
    "exports": {"status": "export_status"},
    "keys-out": {"purpose": "key_purpose"},
    "leavers": {"kind": "holding", "how": "move"},
    "parcels-waiting": {"kind": "parcel_kind"},
    "sla": {"cause": "clock_cause"},
    "warranty": {"kind": "defect_kind"},
}
"""The same for columns that hold other codes in one view."""
LISTS = {"fields": "personal_field"}
"""Columns that hold several codes, separated by commas."""

TONES = {"missed": "bad", "denied": "bad", "open": "soon", "met": "good"}


def cell(
    visit: Visit, row: Mapping[str, Any], column: str, names: Mapping[str, str] = NO_NAMES
) -> Cell:
    """Return one cell of a view's row; ``names`` are kinds of codes that only this view has."""
    value = row[column]
    if value is None:
        return Cell("")
    kind = row.get("kind") if column == "subject" else column
    if kind in RECORDS:
        return Cell(str(value), href=visit.here(f"{kind}/{value}", as_of=visit.asked("as_of")))
    if column in LISTS:
        codes = str(value).split(", ")
        return Cell(", ".join(visit.words.code(LISTS[column], code) for code in codes))
    if code := names.get(column) or CODES.get(column):
        tone = TONES.get(str(value), "") if column == "outcome" else ""
        return Cell(visit.words.code(code, str(value)), tone=tone)
    tone = "bad" if column == "overdue" and value else ""
    text = visit.words.rate(value) if column.endswith("rate") else visit.words.value(value)
    return Cell(text, tone=tone)


def cells(
    visit: Visit,
    rows: Iterable[Mapping[str, Any]],
    columns: Sequence[str],
    names: Mapping[str, str] = NO_NAMES,
) -> list[dict[str, Cell]]:
    """Return the cells of rows."""
    return [{column: cell(visit, row, column, names) for column in columns} for row in rows]


def put_rows(
    visit: Visit,
    rows: Iterable[Mapping[str, Any]],
    columns: Sequence[str],
    view: str = "",
) -> None:
    """Put a table of rows of a view."""
    names = OF_VIEW.get(view, NO_NAMES)
    Grid(visit.words.heads(columns)).show(cells(visit, rows, columns, names))


def title(visit: Visit, view: str) -> str:
    """Return what a view is called."""
    listed = PUBLIC_VIEWS[view]
    return listed.zh if visit.words.tongue == "zh" else listed.en


def put(cell: Cell) -> None:
    """Put a cell outside a table."""
    if cell.href:
        Tag("a", cell.text, href=cell.href)
    else:
        Tag("span", cell.text, style=cell.tone)
