"""The answer to a question asked of a view."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from math import isfinite
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    import pandas as pd


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Part(NamedTuple):
    """Which of an answer's rows are wanted: so many from the one numbered ``start``, from 0."""

    start: int = 0
    rows: int | None = None


WHOLE = Part()


@dataclass(frozen=True, slots=True)
class Result:
    """Rows of a view, with the moment and the store position they answer from.

    The pair (``as_of``, ``position``) gives the same rows for ever. Times are in the
    organisation's zone.
    """

    name: str
    as_of: datetime
    position: int
    zone: ZoneInfo
    table: pa.Table

    @property
    def columns(self) -> list[str]:
        """The names of the columns, in order."""
        return list(self.table.column_names)

    def rows(self) -> list[dict[str, Any]]:
        """Return the rows as dictionaries; times as aware datetimes."""
        return self._by_row([self._cells(column) for column in self.table.columns])

    def plain(self) -> list[dict[str, Any]]:
        """Return the rows as JSON has them; times as ISO 8601 text with offset."""
        return self._by_row([self._plain_cells(column) for column in self.table.columns])

    def between(
        self, column: str, after: datetime | None = None, until: datetime | None = None
    ) -> Result:
        """Return the rows whose time in a column is after the one, and not after the other."""
        kept = self.table
        if after is not None:
            kept = kept.filter(pc.field(column) > _scalar(after))
        if until is not None:
            kept = kept.filter(pc.field(column) <= _scalar(until))
        return replace(self, table=kept)

    def beyond(self, known: pa.Table | None) -> Result:
        """Return the rows that are not in a table of columns that tell one row from another."""
        if known is None:
            return self
        new = self.table.join(known, list(known.column_names), join_type="left anti")
        return replace(self, table=new)

    def arrow(self) -> pa.Table:
        """Return the rows as an Arrow table."""
        return self.table

    def df(self) -> pd.DataFrame:
        """Return the rows as a pandas data frame (extra ``dataframe``)."""
        frame: pd.DataFrame = self.table.to_pandas()
        return frame

    def _by_row(self, columns: list[list[Any]]) -> list[dict[str, Any]]:
        names = self.table.column_names
        return [dict(zip(names, cells, strict=True)) for cells in zip(*columns, strict=True)]

    def _cells(self, column: pa.ChunkedArray) -> list[Any]:
        return self._moments(column) if _is_moment(column.type) else list(column.to_pylist())

    def _plain_cells(self, column: pa.ChunkedArray) -> list[Any]:
        if _is_moment(column.type):
            return [moment and moment.isoformat() for moment in self._moments(column)]
        cells: list[Any] = column.to_pylist()
        return cells if _is_plain(column.type) else [plain(cell) for cell in cells]

    def _moments(self, column: pa.ChunkedArray) -> list[datetime | None]:
        # By way of numbers: pyarrow looks up the zone for each time that it makes.
        numbers = column.cast(pa.timestamp("us", "UTC")).cast(pa.int64()).to_pylist()
        return [None if n is None else self._moment(n) for n in numbers]

    def _moment(self, microseconds: int) -> datetime:
        return (EPOCH + timedelta(microseconds=microseconds)).astimezone(self.zone)


def _scalar(moment: datetime) -> pa.Scalar:
    return pa.scalar(moment.astimezone(UTC), pa.timestamp("us", "UTC"))


def _is_moment(kind: pa.DataType) -> bool:
    return pa.types.is_timestamp(kind) and kind.tz is not None


def _is_plain(kind: pa.DataType) -> bool:
    types = pa.types
    return bool(types.is_string(kind) or types.is_boolean(kind) or types.is_integer(kind))


def plain(value: object) -> object:
    """Return a cell as JSON has it: times as ISO 8601 text, what it has no form for as text."""
    match value:
        case datetime() | date() | time():
            return value.isoformat()
        case float() if not isfinite(value):
            return None
        case None | bool() | int() | float() | str():
            return value
        case dict():
            return {str(name): plain(inner) for name, inner in value.items()}
        case list() | tuple():
            return [plain(inner) for inner in value]
        case _:
            return str(value)
