"""Checks an issued report: is the file as it was made, and what would it say today?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import get_args

from ..domain import moments
from ..domain.errors import Malformed
from ..labels import Language
from ..office import Office
from .block import Change
from .definition import Report
from .errors import NotAReport, OtherReport
from .formats import Format
from .issue import Issue, issue
from .question import Question


@dataclass(frozen=True, slots=True)
class Check:
    """What was issued, made again, and what the same question answers now.

    ``same_rows``: the register gives the rows that the file names the checksum of; ``same_file``:
    the file is the one that is made from them, byte for byte.
    """

    issued: Issue
    now: Issue
    same_rows: bool
    same_file: bool

    def changes(self) -> list[Change]:
        """Return every cell that differs, in the order of the report."""
        return self.now.changes_since(self.issued)

    def restated(self) -> Issue:
        """Return the report of now with a list of what changed since it was issued."""
        return replace(self.now, since=replace(self.issued, since=None))


def check(
    office: Office, report: Report, content: bytes, form: Format, as_of: datetime | None = None
) -> Check:
    """Make an issued report again and compare: with its file, and with ``as_of`` (default now).

    A report of how things stood at a month's end is asked about that moment again. Raises
    ``NotAReport`` and ``OtherReport``.
    """
    named = form.read(content)
    issued = _made_again(office, report, named)
    now = issue(office, replace(issued.question, as_of=as_of, position=None), issued.language)
    same_rows = named.get("checksum") == issued.provenance()["checksum"]
    return Check(issued, now, same_rows, same_rows and form.write(issued) == content)


def _made_again(office: Office, report: Report, named: dict[str, str]) -> Issue:
    """Make the report again that a file names, and what it was restated since."""
    question, language = _asked(named, report)
    made = issue(office, question, language)
    if "since_as_of" not in named:
        return made
    earlier = {name: named.get(f"since_{name}", "") for name in ("as_of", "position")}
    question, language = _asked(named | earlier, report)
    return replace(made, since=issue(office, question, language))


def _asked(named: dict[str, str], report: Report) -> tuple[Question, Language]:
    if named.get("report", report.name) != report.name:
        msg = f"the file is a report of {named['report']}"
        raise OtherReport(msg)
    try:
        question = Question(
            report,
            month=_day(f"{named['month']}-01") if named["month"] else None,
            week=_day(named["week"]) if named["week"] else None,
            centre=named["centre"] or None,
            as_of=moments.checked(named["as_of"]),
            position=int(named["position"]),
        )
        language = next(known for known in get_args(Language) if known == named["language"])
    except (KeyError, ValueError, Malformed, StopIteration):
        msg = "the file does not say what it was made from"
        raise NotAReport(msg) from None
    return question, language


def _day(text: str) -> date:
    return date.fromisoformat(text)
