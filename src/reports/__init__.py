"""The departments' reports: definitions over the public views, made as workbook, CSV or Parquet."""

from .check import Change, Check, check
from .definition import REPORTS, Period, Report, report
from .errors import ReportError
from .formats import FORMATS, Format
from .issue import Issue, issue
from .question import Question

__all__ = [
    "FORMATS",
    "REPORTS",
    "Change",
    "Check",
    "Format",
    "Issue",
    "Period",
    "Question",
    "Report",
    "ReportError",
    "check",
    "issue",
    "report",
]
