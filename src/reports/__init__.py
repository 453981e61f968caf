"""The departments' reports: definitions over the public views, made as files of several forms."""

from .block import Change
from .check import Check, check
from .definition import REPORTS, Period, Report, report
from .document import Document, document, form_of
from .errors import ReportError, UnknownForm
from .formats import FORMATS, Format, forms_of
from .issue import Issue, issue
from .question import Question

__all__ = [
    "FORMATS",
    "REPORTS",
    "Change",
    "Check",
    "Document",
    "Format",
    "Issue",
    "Period",
    "Question",
    "Report",
    "ReportError",
    "UnknownForm",
    "check",
    "document",
    "form_of",
    "forms_of",
    "issue",
    "report",
]
