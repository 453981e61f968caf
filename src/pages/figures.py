"""Shares of cases from the view ``opinions``, by month, centre, dimension and value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

RATES = (
    "commitment",
    "revisit",
    "revisit_on_time",
    "first_pass_satisfied",
    "final_satisfied",
)
"""The dimensions whose values have a rate."""
REPEATED = "repeated_topic"
ALL = ""
"""The centre that stands for all together."""


class Figure(NamedTuple):
    """What a share is of."""

    month: str
    centre: str
    dimension: str
    value: str


class Share(NamedTuple):
    """So many cases of so many counted; null where nothing but cases is counted."""

    cases: int
    counted: int | None

    @property
    def rate(self) -> float | None:
        """The share from 0 to 1, None where nothing was counted."""
        return self.cases / self.counted if self.counted else None


Shares = dict[Figure, Share]


def shares(rows: Iterable[Mapping[str, Any]]) -> Shares:
    """Return the shares of every centre and of all together, in the order of their figures."""
    found: Shares = {}
    for row in rows:
        for centre in (row["centre"], ALL):
            figure = Figure(row["month"], centre, row["dimension"], row["value"])
            before = found.get(figure, Share(0, None))
            counted = None if row["counted"] is None else row["counted"] + (before.counted or 0)
            found[figure] = Share(before.cases + row["cases"], counted)
    return dict(sorted(found.items()))
