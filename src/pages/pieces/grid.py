"""A table of rows, page by page; on a phone each row becomes a card."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from nicegui import ui

ROWS = 25
"""Rows of a page of a table."""

CELL = """
<q-td :props="props" :data-label="props.col.label">
  <a v-if="props.value.href" :href="props.value.href">{{ props.value.text }}</a>
  <span v-else-if="props.value.tone" :class="props.value.tone">{{ props.value.text }}</span>
  <template v-else>{{ props.value }}</template>
</q-td>
"""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's text, where it leads, and how it is meant (``bad``, ``soon``, ``good``)."""

    text: str
    href: str = ""
    tone: str = ""


class Grid:
    """A table whose rows can be shown anew; ``heads`` are its columns with their headings."""

    def __init__(self, heads: Mapping[str, str]) -> None:
        named = [
            {"name": name, "label": label, "field": name, "align": "left"}
            for name, label in heads.items()
        ]
        self._table = ui.table(columns=named, rows=[], row_key="id", pagination=ROWS)
        self._table.props["rows-per-page-options"] = [ROWS]
        self._table.props("flat bordered wrap-cells")
        self._table.classes("grid")
        self._table.add_slot("body-cell", CELL)

    def show(self, rows: Iterable[Mapping[str, Cell]]) -> None:
        """Show these rows in the place of those before."""
        made = [_row(number, row) for number, row in enumerate(rows)]
        self._table.props["hide-pagination"] = len(made) <= ROWS
        self._table.rows = made


def _row(number: int, row: Mapping[str, Cell]) -> dict[str, Any]:
    return {"id": number, **{name: _sent(cell) for name, cell in row.items()}}


def _sent(cell: Cell) -> str | dict[str, str]:
    """Return a cell as the template takes it: most are text alone."""
    return asdict(cell) if cell.href or cell.tone else cell.text
