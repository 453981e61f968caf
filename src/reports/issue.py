"""A report made: its rows, and everything needed to make it again."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pyarrow as pa
from pyarrow import compute

from ..labels import Language
from ..office import Office
from ..projections import PUBLIC_VIEWS, Result
from .definition import Section
from .errors import MomentAhead
from .question import Question


@dataclass(frozen=True, slots=True)
class Block:
    """The rows of a section; ``keys`` are the values that tell each of them from the others."""

    section: Section
    answer: Result
    keys: tuple[tuple[Any, ...], ...]

    def rows(self) -> list[dict[str, Any]]:
        """Return the rows; times as aware datetimes in the organisation's zone."""
        return self.answer.rows()

    def plain(self) -> list[dict[str, Any]]:
        """Return the rows as JSON has them; times as ISO 8601 text with offset."""
        return self.answer.plain()

    def table(self) -> pa.Table:
        """Return the rows as an Arrow table, the section's name before them."""
        table = self.answer.arrow()
        names = pa.array([self.section.name] * table.num_rows, pa.string())
        return table.add_column(0, "section", names)


@dataclass(frozen=True, slots=True)
class Issue:
    """A report made from one state of the register: the same question gives the same rows."""

    question: Question
    language: Language
    policy: str
    calendar: str
    blocks: tuple[Block, ...]

    @property
    def as_of(self) -> datetime:
        """The moment it answers from."""
        assert self.question.as_of  # noqa: S101 - an issue's question is settled
        return self.question.as_of

    @property
    def checksum(self) -> str:
        """The SHA-256 of the sections' names, columns and rows, as lines of JSON."""
        lines: list[list[object]] = []
        for block in self.blocks:
            lines.append([block.section.name, *block.section.columns])
            lines += [list(row.values()) for row in block.plain()]
        text = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
        return hashlib.sha256(text.encode()).hexdigest()

    def provenance(self) -> dict[str, str]:
        """Return what names this issue, for who wants to make it again or to check it."""
        asked = self.question
        return {
            "report": asked.report.name,
            "span": asked.span(),
            "month": f"{asked.month:%Y-%m}" if asked.month else "",
            "week": asked.week.isoformat() if asked.week else "",
            "centre": asked.centre or "",
            "as_of": self.as_of.isoformat(),
            "position": str(asked.position),
            "policy": self.policy,
            "calendar": self.calendar,
            "language": self.language,
            "rows": str(sum(block.answer.table.num_rows for block in self.blocks)),
            "checksum": f"sha256:{self.checksum}",
        }


def issue(office: Office, question: Question, language: Language = "both") -> Issue:
    """Make a report; raises ``MomentAhead``, and ``UnknownFilter`` where there is no centre."""
    now = office.application.clock()
    if question.as_of and question.as_of > now:
        msg = f"--as-of {question.as_of.isoformat()} is still to come"
        raise MomentAhead(msg)
    asked = question.settled(now, office.views.catch_up(), office.zone)
    views = dict.fromkeys(section.view for section in asked.report.sections)
    answers = {
        view: office.query(view, as_of=asked.as_of, position=asked.position, **asked.filters())
        for view in views
    }
    blocks = tuple(_block(answers[section.view], section) for section in asked.report.sections)
    return Issue(asked, language, *_versions(office, asked), blocks)


def _block(answer: Result, section: Section) -> Block:
    """Return a section of a view's answer."""
    table = answer.table
    for column, value in section.where.items():
        table = table.filter(compute.field(column) == value)
    kept = replace(answer, table=table)
    order = PUBLIC_VIEWS[section.view].order
    keys = tuple(tuple(row[column] for column in order) for row in kept.plain())
    return Block(section, replace(answer, table=table.select(section.columns)), keys)


def _versions(office: Office, asked: Question) -> tuple[str, str]:
    """Return the versions of policy and calendar in force when the span began."""
    as_of = asked.as_of or office.application.clock()
    day = asked.week or asked.month or as_of.astimezone(office.zone).date()
    begun = datetime(day.year, day.month, day.day, tzinfo=office.zone)
    version, _ = office.application.policies().binding(begun, as_of)
    calendars = office.application.counting(as_of).calendars
    calendar = calendars.official(day.year, begun, as_of)
    return version, calendar.version if calendar else ""
