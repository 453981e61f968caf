"""The forms a report is written in, by the ending of the file's name."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa

from . import columnar, delimited, picture, workbook
from .definition import Report
from .errors import NotAReport
from .issue import Issue


@dataclass(frozen=True, slots=True)
class Format:
    """Writes a report, and reads what names it out of a file."""

    media: str
    write: Callable[[Issue], bytes]
    names: Callable[[bytes], dict[str, str]]

    def read(self, content: bytes) -> dict[str, str]:
        """Return what names the report in a file; raises ``NotAReport``."""
        try:
            return self.names(content)
        except (UnicodeDecodeError, zipfile.BadZipFile, pa.ArrowInvalid):
            msg = "the file is not what the ending of its name says"
            raise NotAReport(msg) from None


SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

FORMATS = {
    ".xlsx": Format(SPREADSHEET, workbook.write, workbook.read),
    ".csv": Format("text/csv; charset=utf-8", delimited.write, delimited.read),
    ".parquet": Format("application/vnd.apache.parquet", columnar.write, columnar.read),
    ".svg": Format("image/svg+xml", picture.write, picture.read),
}


def forms_of(report: Report) -> list[str]:
    """Return the endings of the files that a report can be written in."""
    return [ending for ending in FORMATS if report.has_picture or ending != ".svg"]
