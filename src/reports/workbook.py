"""A report as a workbook (extra ``excel``), laid out as the departments print it.

Text is always written as text: no cell is ever a formula or a link.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ..labels import Language, heading, text_width
from . import charts
from .block import Block
from .errors import ExcelMissing
from .issue import Issue

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

A4 = 9
WIDEST = 36
LONGEST = 32_767
"""Characters that a cell can hold."""

DECIMALS = {"score"}
"""Columns whose fractions are no shares."""

PARKED: dict[Language, str] = {
    "zh": "有 {} 个事件流停摆,其后续事件未计入本表",
    "en": "{} streams are parked: later events of theirs are not in these figures",
    "both": "有 {0} 个事件流停摆,其后续事件未计入本表 "
    "{0} streams are parked: later events of theirs are not in these figures",
}
YES_NO: dict[Language, tuple[str, str]] = {
    "zh": ("是", "否"),
    "en": ("yes", "no"),
    "both": ("是 yes", "否 no"),
}
FORMATS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"},
    "source": {"font_size": 8, "font_color": "#555555", "text_wrap": True, "valign": "top"},
    "warning": {"bold": True, "font_color": "#C00000"},
    "section": {"bold": True, "valign": "vcenter"},
    "head": {
        "bold": True,
        "border": 1,
        "bg_color": "#E7E6E6",
        "align": "center",
        "valign": "vcenter",
        "text_wrap": True,
    },
    "text": {"border": 1},
    "number": {"border": 1, "num_format": "#,##0"},
    "decimal": {"border": 1, "num_format": "0.00"},
    "rate": {"border": 1, "num_format": "0.0%"},
    "time": {"border": 1, "num_format": "yyyy-mm-dd hh:mm", "align": "left"},
    "remark": {"border": 1, "valign": "top", "text_wrap": True},
    "signature": {"bottom": 1},
}


@dataclass(slots=True)
class _Sheet:
    """A worksheet being filled from the top: the next row, and how wide the columns must be."""

    sheet: Worksheet
    formats: dict[str, Any]
    width: int
    language: Language
    row: int = 0
    widths: dict[int, int] = field(default_factory=dict[int, int])

    def across(self, text: str, style: str, first: int = 0, last: int | None = None) -> None:
        """Write text over several columns of the row, all of them by default."""
        end = self.width - 1 if last is None else last
        if end > first:
            self.sheet.merge_range(self.row, first, self.row, end, "", self.formats[style])
        self.text(first, text, style)

    def text(self, column: int, text: str, style: str) -> None:
        """Write text as text, whatever it begins with."""
        self.sheet.write_string(self.row, column, text[:LONGEST], self.formats[style])

    def measure(self, column: int, text: str) -> None:
        """Make room for a cell."""
        wide = max(text_width(line) for line in text.split("\n"))
        self.widths[column] = max(self.widths.get(column, 8), min(wide + 2, WIDEST))


def write(issue: Issue) -> bytes:
    """Return the report as the bytes of a workbook; raises ``ExcelMissing``."""
    try:
        from xlsxwriter import Workbook  # noqa: PLC0415 - an extra
    except ImportError:
        msg = "workbooks need the extra: pip install 'guanjia[excel]'"
        raise ExcelMissing(msg) from None
    content = io.BytesIO()
    with Workbook(content, {"in_memory": True, "strings_to_formulas": False}) as book:
        _name(book, issue)
        _fill(book, issue)
    return content.getvalue()


def _name(book: Workbook, issue: Issue) -> None:
    """Put what names the report into the workbook's properties; its bytes tell no other time."""
    report = issue.question.report
    created = issue.as_of.replace(tzinfo=None)
    book.set_properties({"title": report.title("both"), "created": created})
    for name, value in issue.provenance().items():
        book.set_custom_property(f"guanjia.{name}", value, "text")


def _fill(book: Workbook, issue: Issue) -> None:
    report = issue.question.report
    formats = {name: book.add_format(style) for name, style in FORMATS.items()}
    width = max(len(_columns(block)) for block in issue.printed())
    sheet = _Sheet(book.add_worksheet(report.name), formats, max(width, 4), issue.language)
    _top(sheet, issue)
    frozen = sheet.row
    placed: dict[int, Block] = {}
    for block in issue.printed():
        _section(sheet, block)
        if issue.blocks == (block,):
            frozen = sheet.row
        placed[sheet.row] = block
        _rows(sheet, block)
    _bottom(sheet, issue)
    sheet.sheet.freeze_panes(frozen, 0)
    sheet.sheet.repeat_rows(0, frozen - 1)
    for column, wide in sheet.widths.items():
        sheet.sheet.set_column(column, column, wide)
    _page(sheet.sheet, issue)
    charts.draw(book, report.name, placed, issue.language)


def _top(sheet: _Sheet, issue: Issue) -> None:
    report = issue.question.report
    sheet.sheet.set_row(0, 30)
    sheet.across(f"{report.title(issue.language)} {issue.question.span()}".rstrip(), "title")
    sheet.row += 1
    named = (f"{name}: {value}" for name, value in issue.provenance().items() if value)
    sheet.sheet.set_row(1, 36)
    sheet.across(" · ".join(named), "source")
    sheet.row += 1
    if issue.parked:
        sheet.across(PARKED[issue.language].format(issue.parked), "warning")
        sheet.row += 1


def _columns(block: Block) -> list[str]:
    """Return the columns to print: what rows are stale for only where one is."""
    is_stale = any(row.get("stale") for row in block.rows())
    return [name for name in block.columns if name != "stale" or is_stale]


def _section(sheet: _Sheet, block: Block) -> None:
    """Write a section's name, the heads over its columns, and their headings."""
    section = block.section
    sheet.across(section.title(sheet.language), "section")
    sheet.row += 1
    if section.heads:
        for head in section.heads:
            first, last = (section.columns.index(name) for name in (head.first, head.last))
            sheet.across(head.title(sheet.language), "head", first, last)
        sheet.row += 1
    for column, name in enumerate(_columns(block)):
        text = heading(name, sheet.language)
        sheet.text(column, text, "head")
        sheet.measure(column, text)
    sheet.sheet.set_row(sheet.row, 30)
    sheet.row += 1


def _rows(sheet: _Sheet, block: Block) -> None:
    columns = _columns(block)
    for row in block.rows():
        for column, name in enumerate(columns):
            shown = block.shown(name, row[name], sheet.language)
            _cell(sheet, column, shown, "decimal" if name in DECIMALS else "rate")
        sheet.row += 1
    sheet.row += 1


def _cell(sheet: _Sheet, column: int, value: object, fraction: str) -> None:
    at = (sheet.row, column)
    match value:
        case None:
            sheet.sheet.write_blank(*at, None, sheet.formats["text"])
        case bool():
            sheet.text(column, YES_NO[sheet.language][not value], "text")
        case int():
            sheet.sheet.write_number(*at, value, sheet.formats["number"])
        case float():
            sheet.sheet.write_number(*at, value, sheet.formats[fraction])
        case datetime():
            sheet.sheet.write_datetime(*at, value.replace(tzinfo=None), sheet.formats["time"])
            sheet.measure(column, f"{value:%Y-%m-%d %H:%M}")
        case _:
            sheet.text(column, str(value), "text")
            sheet.measure(column, str(value))


def _bottom(sheet: _Sheet, issue: Issue) -> None:
    """Write the fields to fill in by hand and the lines to sign on."""
    report = issue.question.report
    for remark in report.remarks:
        sheet.sheet.set_row(sheet.row, 60)
        sheet.across(f"{remark.title(sheet.language)}: ", "remark")
        sheet.row += 1
    for line in report.signatures:
        sheet.sheet.set_row(sheet.row, 28)
        sheet.across(f"{line.title(sheet.language)}: ", "signature", 0, sheet.width - 2)
        date = {"zh": "日期", "en": "date", "both": "日期 date"}[sheet.language]
        sheet.text(sheet.width - 1, f"{date}: ", "signature")
        sheet.row += 1


def _page(sheet: Worksheet, issue: Issue) -> None:
    if issue.question.report.landscape:
        sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.8)
    sheet.set_footer(f"&L{issue.checksum[:16]}&C&P / &N&R{issue.as_of:%Y-%m-%d %H:%M}")


_PROPERTY = re.compile(r'name="guanjia\.(\w+)"[^>]*><vt:lpwstr(?:/>|>([^<]*)<)')


def read(content: bytes) -> dict[str, str]:
    """Return what names the report in a workbook; nothing when its properties do not."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        if "docProps/custom.xml" not in parts.namelist():
            return {}
        text = parts.read("docProps/custom.xml").decode()
    return {name: html.unescape(value) for name, value in _PROPERTY.findall(text)}
