"""What the public views promise to who asks them: rows, columns, types, units, sources."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from .edition import Edition
from .views import PUBLIC_VIEWS, View

VERSION = 1
"""Grows when a column is taken away or means something else; columns may be added without."""

UNITS = (
    (r".*_seconds", "seconds"),
    (r".*\.(.*_)?days(_.*)?|.*\.customer_caused", "days"),
    (r"patrol-coverage\.(patrolled|missing)", "days"),
    (r".*\.rate", "share from 0 to 1"),
    (r".*\.month", "YYYY-MM"),
    (r".*\.(from|to)", "YYYY-MM-DD"),
)
"""What is counted or written, by the names of a view and its column."""
TYPES = {"string": "text", "bool": "true/false", "double": "number"}


def type_of(arrow: pa.DataType) -> str:
    """Return a column's type in the contract's words."""
    return "time" if pa.types.is_timestamp(arrow) else TYPES.get(str(arrow), "integer")


def unit_of(view: str, name: str, kind: str) -> str | None:
    """Return what the values of a view's column are in, None where there is nothing."""
    if kind == "time":
        return "moment, in the organisation's zone"
    return next((unit for pattern, unit in UNITS if re.fullmatch(pattern, f"{view}.{name}")), None)


def described() -> dict[str, Any]:
    """Return every public view by name: its version, grain, source, order and columns."""
    edition = Edition.empty(ZoneInfo("UTC"))
    try:
        return {name: _described(edition, view) for name, view in PUBLIC_VIEWS.items()}
    finally:
        edition.close()


def _described(edition: Edition, view: View) -> dict[str, Any]:
    schema = edition.answer(view.name, datetime.now(UTC), None, {}).table.schema
    types = {field.name: type_of(field.type) for field in schema}
    return {
        "version": VERSION,
        "sql": view.relation,
        "grain": view.grain,
        "title": {"zh": view.zh, "en": view.en},
        "source": view.source,
        "order": ", ".join(view.order),
        "columns": types,
        "units": {name: unit for name in types if (unit := unit_of(view.name, name, types[name]))},
    }
