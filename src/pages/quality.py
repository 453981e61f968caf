"""Quality: what a month's promises and revisits came to, by centre, and how the months went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nicegui import ui

from .behind import COUNTS, counts
from .figures import ALL, RATES, REPEATED, Figure, Share, Shares, shares
from .pieces.grid import Cell, Grid
from .pieces.matrix import put_matrix
from .pieces.months import last_months, month_choice
from .pieces.picker import Entry, centre_choice, picker
from .pieces.tags import Tag, section
from .visit import Visit

TREND = (
    ("commitment", "respond"),
    ("commitment", "reply"),
    ("commitment", "control"),
    ("revisit", "all"),
    ("final_satisfied", "all"),
)
"""The rates that the chart draws, by dimension and value."""


async def build(visit: Visit) -> None:
    """Build the page."""
    words = visit.words
    Tag("h1", words("quality"))
    months = last_months(visit)
    month = visit.asked("month") or months[1]
    fields = (month_choice(months), await centre_choice(visit), Entry.moment())
    picker(visit, "quality", *fields, chosen={"month": month})
    centre = {"centre": visit.asked("centre")}
    answer = await visit.rows("opinions", {"period": "month"} | centre)
    said = words("moment", at=answer.as_of, position=answer.position)
    Tag("p", said, role="status", style="moment")
    found = shares(answer.rows())
    for dimension in (*RATES, REPEATED):
        with section(words(f"of_{dimension}")):
            put_matrix(words, _of_month(visit, found, dimension, month))
    with section(words("counts")):
        put_matrix(words, await _counted(visit, centre, month))
    with section(words("trend")):
        _trend(visit, found, months[::-1])


def _of_month(
    visit: Visit, found: Shares, dimension: str, month: str
) -> dict[str, dict[str, Cell]]:
    """Return the cells of a dimension's values in a month."""
    cells: dict[str, dict[str, Cell]] = {}
    for figure, share in found.items():
        if (figure.month, figure.dimension) == (month, dimension):
            row = cells.setdefault(_called(visit, figure.dimension, figure.value), {})
            row[figure.centre] = _cell(visit, figure, share)
    return cells


def _called(visit: Visit, dimension: str, value: str) -> str:
    """Return what a value is called; a topic is the register's own word."""
    if dimension == REPEATED:
        return value
    return visit.words.code("commitment" if dimension == "commitment" else "scope", value)


def _cell(visit: Visit, figure: Figure, share: Share) -> Cell:
    text = str(share.cases)
    if share.counted is not None and figure.dimension != REPEATED:
        text = f"{visit.words.rate(share.rate)} ({share.cases}/{share.counted})"
    return Cell(text, href=_behind(visit, figure))


def _behind(visit: Visit, figure: Figure) -> str:
    """Return the address of the cases behind a figure."""
    return visit.here("quality/cases", **figure._asdict(), as_of=visit.asked("as_of"))


async def _counted(
    visit: Visit, centre: Mapping[str, str], month: str
) -> dict[str, dict[str, Cell]]:
    """Return the cells of what is counted without a rate."""
    found = await counts(visit, centre, month)
    cells: dict[str, dict[str, Cell]] = {}
    for count in COUNTS:
        row = cells[visit.words(f"count_{count}")] = {}
        for place in sorted({place for place, _ in found} | {ALL}):
            href = _behind(visit, Figure(month, place, count, ""))
            number = found[place, count]
            row[place] = Cell(str(number), href=href if number else "")
    return cells


def _trend(visit: Visit, found: Shares, months: Sequence[str]) -> None:
    """Draw the rates of all centres together; the table under it says the same in numbers."""
    rates = {
        f"{visit.words(f'of_{dimension}')}: {_called(visit, dimension, value)}": [
            share.rate if (share := found.get(Figure(month, ALL, dimension, value))) else None
            for month in months
        ]
        for dimension, value in TREND
    }
    chart = ui.echart(_options(rates, months)).classes("chart")
    chart.props["role"] = "img"
    chart.props["aria-label"] = visit.words("trend")
    with Tag("details"):
        Tag("summary", visit.words("in_numbers"))
        _numbers(visit, rates, months)


def _options(
    rates: Mapping[str, Sequence[float | None]], months: Sequence[str]
) -> dict[str, object]:
    """Return what the chart shows, in per cent."""
    lines = [
        {
            "name": name,
            "type": "line",
            "data": [None if rate is None else round(rate * 100, 1) for rate in line],
        }
        for name, line in rates.items()
    ]
    return {
        "tooltip": {"trigger": "axis"},
        "legend": {"type": "scroll", "data": list(rates)},
        "xAxis": {"type": "category", "data": list(months)},
        "yAxis": {"type": "value", "max": 100, "axisLabel": {"formatter": "{value} %"}},
        "series": lines,
    }


def _numbers(
    visit: Visit, rates: Mapping[str, Sequence[float | None]], months: Sequence[str]
) -> None:
    heads = {str(place): name for place, name in enumerate(rates)}
    Grid({"month": visit.words.column("month"), **heads}).show(
        {"month": Cell(month)}
        | {
            str(place): Cell(visit.words.rate(line[number]))
            for place, line in enumerate(rates.values())
        }
        for number, month in enumerate(months)
    )
