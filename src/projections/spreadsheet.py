"""Cells of a CSV file that somebody opens in a spreadsheet."""

from __future__ import annotations

from typing import Any

from .query import plain

_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")


def safe(value: Any) -> object:  # noqa: ANN401 - a cell is whatever a view has
    """Return a cell that no spreadsheet takes for a formula; numbers stay numbers."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return plain(value)
