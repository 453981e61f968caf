"""The rows of a section, and how two answers of it differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal

import pyarrow as pa

from ..labels import Language, named
from ..projections import PUBLIC_VIEWS, Result
from .definition import Section

Kind = Literal["restated", "added", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Block:
    """The rows of a section; ``keys`` are the values that tell each of them from the others.

    Rows of subjects have a column ``stale`` last: the error for which later events of theirs are
    passed over, None when all is well.
    """

    section: Section
    answer: Result
    keys: tuple[tuple[Any, ...], ...]

    @property
    def columns(self) -> list[str]:
        """The names of the columns, in order."""
        return self.answer.columns

    def rows(self) -> list[dict[str, Any]]:
        """Return the rows; times as aware datetimes in the organisation's zone."""
        return self.answer.rows()

    def plain(self) -> list[dict[str, Any]]:
        """Return the rows as JSON has them; times as ISO 8601 text with offset."""
        return self.answer.plain()

    def table(self) -> pa.Table:
        """Return the rows as an Arrow table, the section's name before them."""
        table = self.answer.arrow()
        names = pa.array([self.section.name] * table.num_rows, pa.string())
        return table.add_column(0, "section", names)

    def shown(self, column: str, value: object, language: Language) -> object:
        """Return a cell as it is shown to people: a code by its name."""
        kind = self.section.names.get(column)
        return named(kind, str(value), language) if kind and value is not None else value

    def label(self, row: dict[str, Any], language: Language) -> str:
        """Return what a row is called in a picture."""
        names = self.columns[: self.named_by + 1]
        return " · ".join(str(self.shown(name, row[name], language)) for name in names)

    @property
    def named_by(self) -> int:
        """The last of the columns that name a row in a picture."""
        return self.columns.index(self.section.chart.by) if self.section.chart else 0


@dataclass(frozen=True, slots=True)
class Change:
    """A cell that is not what was issued; of a row that came or went, all but its names."""

    change: Kind
    section: str
    row: str
    column: str
    issued: object
    now: object

    def plain(self) -> dict[str, object]:
        """Return the change as a row."""
        return asdict(self)


def differences(before: Block, after: Block) -> Iterator[Change]:
    """Yield what differs between two answers, row by row in the order of their keys."""
    old = dict(zip(before.keys, before.plain(), strict=True))
    new = dict(zip(after.keys, after.plain(), strict=True))
    named = PUBLIC_VIEWS[before.section.view].order
    columns = [column for column in before.columns if column not in named]
    for key in dict.fromkeys([*old, *new]):
        kind: Kind = "restated"
        if key not in old or key not in new:
            kind = "added" if key in new else "withdrawn"
        was, now = old.get(key, {}), new.get(key, {})
        row = " ".join(str(part) for part in key)
        for column in columns:
            cells = was.get(column), now.get(column)
            if cells[0] != cells[1]:
                yield Change(kind, before.section.name, row, column, *cells)
