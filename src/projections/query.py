"""The answer to a question asked of a view."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from math import isfinite
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pyarrow as pa

if TYPE_CHECKING:
    import pandas as pd


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
        rows: list[dict[str, Any]] = self.table.to_pylist()
        return [{name: self._local(value) for name, value in row.items()} for row in rows]

    def plain(self) -> list[dict[str, Any]]:
        """Return the rows as JSON has them; times as ISO 8601 text with offset."""
        return [{name: plain(value) for name, value in row.items()} for row in self.rows()]

    def arrow(self) -> pa.Table:
        """Return the rows as an Arrow table."""
        return self.table

    def df(self) -> pd.DataFrame:
        """Return the rows as a pandas data frame (extra ``dataframe``)."""
        frame: pd.DataFrame = self.table.to_pandas()
        return frame

    def _local(self, value: object) -> object:
        if isinstance(value, datetime) and value.tzinfo:
            return value.astimezone(self.zone)
        return value


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
