"""The pictures of a report as one SVG: a bar for every amount of every row that has a chart.

Text stays text, so that it is read in any language's letters and nothing in it is markup; the same
report gives the same bytes on every machine.
"""

from __future__ import annotations

import html
import re
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from ..labels import heading, text_width
from .block import Block
from .errors import NoPicture
from .issue import Issue

WIDTH, MARGIN = 900, 20
BARS_FROM, LONGEST_BAR = 300, 500
LINE = 22
LABEL = 40
"""How wide a label may be at its full size."""
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#595959")
"""Told apart by people who do not see every colour; all of them dark enough on white."""


def write(issue: Issue) -> bytes:
    """Return the picture; raises ``NoPicture`` for a report without any."""
    charted = [block for block in issue.blocks if block.section.chart]
    report = issue.question.report
    if not charted:
        msg = f"{report.name} has no picture"
        raise NoPicture(msg)
    svg = Element("svg", xmlns="http://www.w3.org/2000/svg", role="img", fill="#222222")
    svg.set("font-family", "'Noto Sans CJK SC', 'Microsoft YaHei', 'PingFang SC', sans-serif")
    title = f"{report.title(issue.language)} {issue.question.span()}".rstrip()
    SubElement(svg, "title").text = title
    named = issue.provenance().items()
    SubElement(svg, "desc").text = "\n".join(f"{name}: {value}" for name, value in named)
    SubElement(svg, "rect", width="100%", height="100%", fill="#ffffff")
    y = _text(svg, (MARGIN, 40), title, size=20)
    for block in charted:
        y = _block(svg, block, y + LINE, issue)
    y = _text(svg, (MARGIN, y + LINE), f"{issue.as_of.isoformat()} · {issue.checksum}", size=10)
    svg.attrib |= {"width": str(WIDTH), "height": str(y), "viewBox": f"0 0 {WIDTH} {y}"}
    content: bytes = tostring(svg, encoding="utf-8", xml_declaration=True)
    return content


def _text(
    svg: Element, at: tuple[int, int], text: str, size: int = 13, anchor: str = "start"
) -> int:
    """Write a line of text; return where the next one goes."""
    x, y = at
    place = {"x": str(x), "y": str(y), "font-size": str(size), "text-anchor": anchor}
    SubElement(svg, "text", place).text = text
    return y + LINE


def _block(svg: Element, block: Block, y: int, issue: Issue) -> int:
    """Draw a section: its name, what the colours are, a line for every amount of its rows."""
    chart = block.section.chart
    assert chart  # noqa: S101 - only sections with a chart are drawn
    y = _text(svg, (MARGIN, y), block.section.title(issue.language), size=15)
    amounts = dict(zip(chart.amounts, COLOURS, strict=False))
    if len(amounts) > 1:
        for x, (amount, colour) in zip(range(BARS_FROM, WIDTH, 150), amounts.items(), strict=False):
            _bar(svg, x, y, 12, colour)
            _text(svg, (x + 18, y), heading(amount, issue.language).replace("\n", " "), size=11)
        y += LINE
    rows = block.rows()
    most = max((row[amount] or 0 for row in rows for amount in amounts), default=0) or 1
    for row in rows:
        label = block.label(row, issue.language)
        size = max(6, min(13, LABEL * 13 // (text_width(label) or 1)))
        _text(svg, (BARS_FROM - 10, y), label, size, anchor="end")
        for amount, colour in amounts.items():
            y = _amount(svg, row[amount], 1 if amount.endswith("rate") else most, y, colour)
    return y


def _amount(svg: Element, value: Any, most: float, y: int, colour: str) -> int:  # noqa: ANN401 - a number or nothing
    long = round((value or 0) / most * LONGEST_BAR)
    _bar(svg, BARS_FROM, y, long, colour)
    shown = "–" if value is None else f"{value:.1%}" if isinstance(value, float) else f"{value:,}"
    return _text(svg, (BARS_FROM + long + 6, y), shown, size=11)


def _bar(svg: Element, x: int, y: int, width: int, colour: str) -> None:
    place = {"x": str(x), "y": str(y - 11), "width": str(width), "height": "13", "fill": colour}
    SubElement(svg, "rect", place)


def read(content: bytes) -> dict[str, str]:
    """Return what names the report in a picture; nothing when no description does."""
    found = re.search(r"<desc>(.*?)</desc>", content.decode(), re.DOTALL)
    lines = html.unescape(found[1]).splitlines() if found else []
    return dict(line.split(": ", 1) for line in lines if ": " in line)
