"""The pictures of a report in its workbook: the spreadsheet's own charts, on a sheet of theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..labels import Language, heading
from .block import Block

if TYPE_CHECKING:
    from xlsxwriter import Workbook

SHEET: dict[Language, str] = {"zh": "图表", "en": "charts", "both": "图表 charts"}
ROW_HEIGHT = 20
WIDTH = 720


def draw(book: Workbook, table: str, placed: dict[int, Block], language: Language) -> None:
    """Add a sheet with the charts of what is on the sheet ``table``, by the first row of each."""
    charted = {row: block for row, block in placed.items() if block.section.chart and block.rows()}
    if not charted:
        return
    sheet = book.add_worksheet(SHEET[language])
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    row = 0
    for first, block in charted.items():
        chart, height = _chart(book, table, first, block, language)
        sheet.insert_chart(row, 0, chart, {"description": block.section.title(language)})
        row += height // ROW_HEIGHT + 2


def _chart(
    book: Workbook, table: str, first: int, block: Block, language: Language
) -> tuple[Any, int]:
    """Return a chart of bars that reads its figures from the table, and its height in pixels."""
    asked, columns, rows = block.section.chart, block.columns, block.rows()
    assert asked  # noqa: S101 - only sections with a chart are drawn
    last = first + len(rows) - 1
    chart: Any = book.add_chart({"type": "bar"})
    for amount in asked.amounts:
        column = columns.index(amount)
        chart.add_series(
            {
                "name": heading(amount, language).replace("\n", " "),
                "categories": [table, first, 0, last, block.named_by],
                "categories_data": _named(block, language),
                "values": [table, first, column, last, column],
                "data_labels": {"value": True},
            }
        )
    chart.set_title({"name": block.section.title(language), "name_font": {"size": 12}})
    chart.set_y_axis({"reverse": True})
    chart.set_x_axis({"min": 0, **({"max": 1} if asked.amounts[0].endswith("rate") else {})})
    chart.set_legend({"none": True} if len(asked.amounts) == 1 else {"position": "bottom"})
    height = 120 + 24 * len(rows) * len(asked.amounts)
    chart.set_size({"width": WIDTH, "height": height})
    return chart, height


def _named(block: Block, language: Language) -> list[Any]:
    """Return what the rows are called, column by column where several columns name them."""
    levels = [
        [str(block.shown(name, row[name], language)) for row in block.rows()]
        for name in block.columns[: block.named_by + 1]
    ]
    return levels if len(levels) > 1 else levels[0]
