"""What can go wrong with a report; every error has a stable code."""

from __future__ import annotations

from typing import ClassVar


class ReportError(Exception):
    """Base of the reports' errors."""

    code: ClassVar[str] = "report_error"


class UnknownReport(ReportError):
    """There is no report of that name."""

    code = "unknown_report"


class UnknownForm(ReportError):
    """Reports are not written in files of that ending."""

    code = "unknown_form"


class NoPicture(ReportError):
    """The report has no charts; ask for a workbook, CSV or Parquet."""

    code = "no_picture"


class MomentAhead(ReportError):
    """A report cannot answer for a moment to come: what it says could still change."""

    code = "moment_ahead"


class NotAReport(ReportError):
    """The file does not name what it was made from; only files made by `report` can be checked."""

    code = "not_a_report"


class OtherReport(ReportError):
    """The file is a report of another name; check it under that one."""

    code = "other_report"


class ExcelMissing(ReportError):
    """Workbooks need the extra `excel`: install `guanjia[excel]`."""

    code = "excel_missing"
