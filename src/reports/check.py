"""Checks an issued report: is the file as it was made, and what would it say today?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Literal, get_args

from ..domain import moments
from ..domain.errors import Malformed
from ..labels import Language
from ..office import Office
from ..projections import PUBLIC_VIEWS
from .definition import Report
from .errors import NotAReport, OtherReport
from .formats import Format
from .issue import Block, Issue, issue
from .question import Question

Kind = Literal["restated", "added", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Change:
    """A cell that is not what was issued; of a row that came or went, all but its names."""

    change: Kind
    section: str
    row: str
    column: str
    issued: object
    now: object

    def plain(self) -> dict[str, object]:
        """Return the change as a row."""
        return asdict(self)


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
        pairs = zip(self.issued.blocks, self.now.blocks, strict=True)
        return [change for before, after in pairs for change in _changes(before, after)]


def check(
    office: Office, report: Report, content: bytes, form: Format, as_of: datetime | None = None
) -> Check:
    """Make an issued report again and compare: with its file, and with ``as_of`` (default now).

    A report of how things stood at a month's end is asked about that moment again. Raises
    ``NotAReport`` and ``OtherReport``.
    """
    named = form.read(content)
    question, language = _asked(named, report)
    issued = issue(office, question, language)
    now = issue(office, replace(issued.question, as_of=as_of, position=None))
    checksum = issued.provenance()["checksum"]
    same_rows = named.get("checksum") == checksum
    return Check(issued, now, same_rows, same_rows and form.write(issued) == content)


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


def _changes(before: Block, after: Block) -> Iterator[Change]:
    """Yield what differs between two answers, row by row in the order of their keys."""
    old = dict(zip(before.keys, before.plain(), strict=True))
    new = dict(zip(after.keys, after.plain(), strict=True))
    named = PUBLIC_VIEWS[before.section.view].order
    columns = [column for column in before.section.columns if column not in named]
    for key in dict.fromkeys([*old, *new]):
        kind: Kind = "restated"
        if key not in old or key not in new:
            kind = "added" if key in new else "withdrawn"
        was, now = old.get(key, {}), new.get(key, {})
        row = " ".join(str(part) for part in key)
        for column in columns:
            cells = was.get(column), now.get(column)
            if cells[0] != cells[1]:
                yield Change(kind, before.section.name, row, column, *cells)
