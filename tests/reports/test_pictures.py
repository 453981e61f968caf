"""Pictures: in the workbook as the spreadsheet's own charts, beside it as SVG."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree.ElementTree import Element, fromstring

import pyarrow as pa
import pytest

from guanjia.projections import Result
from guanjia.reports import FORMATS, REPORTS, Issue
from guanjia.reports.errors import NoPicture

from ..projections.register import Register
from .conftest import made, reopened

SVG = "{http://www.w3.org/2000/svg}"


def drawn(made: Issue) -> Element:
    """Return a report's picture, parsed."""
    return fromstring(FORMATS[".svg"].write(made))  # noqa: S314 - it is our own


def texts(svg: Element) -> list[str]:
    """Return the texts of a picture, in order."""
    return [text.text or "" for text in svg.iter(f"{SVG}text")]


def test_a_picture_says_what_it_is_and_was_made_of(register: Register) -> None:
    """Title and description are read out, the moment and the checksum stand under the bars."""
    answer = made(register)
    svg = drawn(answer)
    assert svg.get("role") == "img"
    assert svg.findtext(f"{SVG}title") == "月客户意见统计分析表 Monthly opinion statistics 2025-10"
    assert f"checksum: sha256:{answer.checksum}" in (svg.findtext(f"{SVG}desc") or "")
    assert texts(svg)[-1] == f"2025-11-03T09:00:00+08:00 · {answer.checksum}"


def test_bars_are_as_long_as_their_figures(register: Register) -> None:
    """Of two cases received one was finished: its bar is half as long."""
    svg = drawn(made(register))
    bars = [bar for bar in svg.iter(f"{SVG}rect") if bar.get("height") == "13"]
    lengths = [int(bar.get("width") or 0) for bar in bars[:4]]
    assert texts(svg)[2:10:2] == [
        f"north · {name}" for name in
        ("转下期 carried_over", "闭合 closed", "处理完成 finished", "受理 received")
    ]  # fmt: skip
    assert texts(svg)[3:10:2] == ["1", "0", "1", "2"]
    assert lengths == [250, 0, 250, 500]


def test_several_amounts_have_a_colour_each(register: Register) -> None:
    """Quota and visits stand under each other, and what the colours are above them."""
    svg = drawn(made(register, "visit-quotas"))
    assert texts(svg)[2:4] == ["走访户数 visited", "指标 quota"]
    bars = [bar.get("fill") for bar in svg.iter(f"{SVG}rect") if bar.get("height") == "13"]
    assert len(set(bars)) == 2


@pytest.mark.parametrize(
    "evil", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "]]>&lt;"]
)
def test_markup_in_a_text_stays_text(evil: str, register: Register) -> None:
    """A centre called like a script is drawn letter by letter."""
    answer = made(register)
    block = answer.blocks[0]
    table = pa.table({"centre": [evil], "value": [evil], "cases": [1]})
    result = Result(block.answer.name, answer.as_of, 1, block.answer.zone, table)
    bad = replace(answer, blocks=(replace(block, answer=result, keys=((evil,),)),))
    svg = drawn(bad)
    assert f"{evil} · {evil}" in texts(svg)
    assert {element.tag.removeprefix(SVG) for element in svg.iter()} == {
        "svg", "title", "desc", "rect", "text",
    }  # fmt: skip


def test_a_report_without_charts_has_no_picture(register: Register) -> None:
    """It is refused rather than drawn empty."""
    with pytest.raises(NoPicture):
        FORMATS[".svg"].write(made(register, "keys-out"))


def test_a_workbook_has_the_charts_on_a_sheet_of_their_own(register: Register) -> None:
    """Each reads its figures from the table, so that both say the same."""
    answer = made(register)
    book = reopened(answer)
    assert book.sheetnames == ["opinion-monthly", "图表 charts"]
    charts = book.worksheets[1]._charts
    charted = [b for b in answer.blocks if b.section.chart and b.rows()]
    assert len(charts) == len(charted)
    series = charts[0].series[0]
    first, last = re.findall(r"\$(\d+)", series.val.numRef.f)
    table = book.worksheets[0]
    cells = [table.cell(row, 3).value for row in range(int(first), int(last) + 1)]
    assert cells == [row["cases"] for row in charted[0].rows()]
    assert series.cat.multiLvlStrRef.f == f"'opinion-monthly'!$A${first}:$B${last}"


def test_without_rows_there_is_no_sheet_of_charts(register: Register) -> None:
    """A month without warranty repairs has a form to sign, and nothing to draw."""
    assert reopened(made(register, "handovers")).sheetnames == ["handovers"]


@pytest.mark.parametrize("name", REPORTS)
def test_charts_are_of_columns_that_are_shown(name: str) -> None:
    """What a chart is by comes early: all columns before it name the row."""
    for section in REPORTS[name].sections:
        if section.chart:
            by = section.columns.index(section.chart.by)
            assert all(section.columns.index(amount) > by for amount in section.chart.amounts)
