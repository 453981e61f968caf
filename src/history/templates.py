"""What a mapping writes in place of a value: words with ``{column}`` in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from .faults import Fault

Scalar = str | bool | int | float
Values = Mapping[str, Mapping[str, Scalar]]
"""By column: what the log writes → what is meant; ``*`` stands for everything else."""

_PLACE = re.compile(r"\{([^{}|]+)(\|time)?\}")
OTHERWISE = "*"


@dataclass(frozen=True, slots=True)
class Row:
    """One row's cells, and what is needed to read them."""

    cells: Sequence[str]
    columns: Mapping[str, int]
    values: Values
    read_time: Callable[[str, str], datetime]

    def cell(self, column: str) -> str:
        """Return the cell without the space around it."""
        return self.cells[self.columns[column]].strip()

    def value(self, column: str, field: str) -> Scalar:
        """Return the cell as the mapping translates it; raises ``Fault`` about ``field``."""
        cell = self.cell(column)
        known = self.values.get(column)
        if known is None:
            return cell
        if cell not in known and OTHERWISE not in known:
            raise Fault(code="unmapped_value", field=field)
        return known.get(cell, known.get(OTHERWISE, ""))


def columns_of(template: object) -> Iterator[str]:
    """Yield each column that a value of the mapping names, at any depth."""
    if isinstance(template, str):
        yield from (match[1] for match in _PLACE.finditer(template))
    elif isinstance(template, dict):
        for part in template.values():
            yield from columns_of(part)
    elif isinstance(template, list):
        for part in template:
            yield from columns_of(part)


def fill(template: object, row: Row, field: str) -> object:
    """Return a value of the mapping for one row; None where nothing is left of it.

    Raises ``Fault`` about ``field``.
    """
    if isinstance(template, str):
        return _fill_text(template, row, field)
    if isinstance(template, dict):
        filled = {name: fill(part, row, f"{field}.{name}") for name, part in template.items()}
        return {name: value for name, value in filled.items() if value is not None} or None
    if isinstance(template, list):
        parts = (fill(part, row, field) for part in template)
        return [part for part in parts if part is not None]
    return template


def _fill_text(template: str, row: Row, field: str) -> Scalar | None:
    whole = _PLACE.fullmatch(template)
    if whole:
        value = _place(whole, row, field)
        return None if value == "" else value
    return _PLACE.sub(lambda match: str(_place(match, row, field)), template) or None


def _place(match: re.Match[str], row: Row, field: str) -> Scalar:
    if match[2] is None:
        return row.value(match[1], field)
    cell = row.cell(match[1])
    return row.read_time(cell, field).isoformat() if cell else ""


def fill_text(template: str, row: Row, field: str) -> str:
    """Return a text of the mapping for one row; raises ``Fault`` when nothing is left of it."""
    value = _fill_text(template, row, field)
    if value is None:
        raise Fault(code="missing_field", field=field)
    return str(value)
