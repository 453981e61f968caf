"""A table with a row for each thing counted and a column for each centre, all of them first."""

from __future__ import annotations

from collections.abc import Mapping

from ..words import Words
from .grid import Cell, Grid

Counted = Mapping[str, Mapping[str, Cell]]
"""Cells by what a row is called and by centre; the empty centre is all together."""


def put_matrix(words: Words, counted: Counted) -> None:
    """Put the table; a centre for which there is nothing has an empty cell."""
    centres = sorted({centre for row in counted.values() for centre in row})
    heads = {_column(centre): centre or words("all") for centre in centres}
    Grid({"value": words.column("value"), **heads}).show(
        {"value": Cell(name)} | {_column(centre): row.get(centre, Cell("")) for centre in centres}
        for name, row in counted.items()
    )


def _column(centre: str) -> str:
    return f"centre {centre}"
