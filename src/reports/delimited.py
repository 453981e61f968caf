"""A report as CSV: lines that name it, a header, the rows; safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io

from ..projections.spreadsheet import safe
from .issue import Issue

BOM = "\ufeff"
"""Without it Excel takes Chinese for something else."""


def write(issue: Issue) -> bytes:
    """Return the report: ``# name: value`` lines, then one table of every section's rows."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([f"# {name}: {value}"] for name, value in issue.provenance().items())
    blocks = issue.printed()
    columns = dict.fromkeys(column for block in blocks for column in block.columns)
    writer.writerow(["section", *columns])
    for block in blocks:
        for row in block.rows():
            cells = [safe(row.get(column)) for column in columns]
            writer.writerow([block.section.name, *cells])
    return (BOM + text.getvalue()).encode()


def read(content: bytes) -> dict[str, str]:
    """Return what names the report in a file; nothing when no line does."""
    named: dict[str, str] = {}
    for line in csv.reader(io.StringIO(content.decode("utf-8-sig"))):
        if not line or not line[0].startswith("# "):
            break
        name, _, value = line[0][2:].partition(": ")
        named[name] = value
    return named
