"""A report made: its rows, and everything needed to make it again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import pyarrow as pa
from pyarrow import compute

from ..labels import Language
from ..office import Office
from ..projections import PUBLIC_VIEWS, Result
from .block import Block, Change, differences
from .definition import Report, Section
from .errors import MomentAhead
from .question import Question

CHANGES = Section(
    name="changes",
    zh="自上次发出以来的变动",
    en="Changed since it was issued",
    view="",
    columns=("change", "row", "column", "issued", "now"),
    names={"change": "change", "column": "column"},
)


@dataclass(frozen=True, slots=True)
class Issue:
    """A report made from one state of the register: the same question gives the same rows.

    ``parked`` counts the streams of which events are passed over, so that figures may lack them;
    ``since`` is the former issue that this one says the changes of.
    """

    question: Question
    language: Language
    policy: str
    calendar: str
    parked: int
    blocks: tuple[Block, ...]
    since: Issue | None = None

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
            lines.append([block.section.name, *block.columns])
            lines += [list(row.values()) for row in block.plain()]
        text = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
        return hashlib.sha256(text.encode()).hexdigest()

    def printed(self) -> tuple[Block, ...]:
        """Return the blocks to print: the report's own, and what changed since the former issue."""
        return (*self.blocks, self._changed()) if self.since else self.blocks

    def changes_since(self, before: Issue) -> list[Change]:
        """Return every cell that another issue of the report had differently, in its order."""
        pairs = zip(before.blocks, self.blocks, strict=True)
        return [change for former, block in pairs for change in differences(former, block)]

    def _changed(self) -> Block:
        """Return what changed since the former issue, as a section."""
        cells = [
            (c.change, f"{c.section}: {c.row}", c.column, _text(c.issued), _text(c.now))
            for c in self.changes_since(self.since or self)
        ]
        columns = zip(*cells, strict=True) if cells else [()] * len(CHANGES.columns)
        table = pa.table(dict(zip(CHANGES.columns, map(_strings, columns), strict=True)))
        answer = replace(self.blocks[0].answer, name=CHANGES.name, table=table)
        return Block(CHANGES, answer, tuple(cells))

    def provenance(self) -> dict[str, str]:
        """Return what names this issue, for who wants to make it again or to check it."""
        asked = self.question
        named = {
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
            "parked": str(self.parked),
            "checksum": f"sha256:{self.checksum}",
        }
        if self.since:
            former = self.since.provenance()
            named |= {f"since_{name}": former[name] for name in ("as_of", "position", "checksum")}
        return named


def issue(office: Office, question: Question, language: Language = "both") -> Issue:
    """Make a report; raises ``MomentAhead``, and ``UnknownFilter`` where there is no centre."""
    now = office.application.clock()
    if question.as_of and question.as_of > now:
        msg = f"--as-of {question.as_of.isoformat()} is still to come"
        raise MomentAhead(msg)
    asked = question.settled(now, office.views.catch_up(), office.zone)
    answers = {
        view: office.query(view, as_of=asked.as_of, position=asked.position, **asked.filters())
        for view in asked.report.views
    }
    blocks = tuple(
        _block(answers[section.view], asked.report, section) for section in asked.report.sections
    )
    parked = office.query("parked", as_of=asked.as_of, position=asked.position)
    return Issue(asked, language, *_versions(office, asked), parked.table.num_rows, blocks)


def _block(answer: Result, report: Report, section: Section) -> Block:
    """Return a section of a view's answer."""
    table = answer.table
    for column, value in (report.where | section.where).items():
        table = table.filter(compute.field(column) == value)
    kept = replace(answer, table=table)
    view = PUBLIC_VIEWS[section.view]
    keys = tuple(tuple(row[column] for column in view.order) for row in kept.plain())
    columns = [*section.columns, *(["stale"] if view.of else [])]
    return Block(section, replace(answer, table=table.select(columns)), keys)


def _versions(office: Office, asked: Question) -> tuple[str, str]:
    """Return the versions of policy and calendar in force when the span began."""
    as_of = asked.as_of or office.application.clock()
    day = asked.week or asked.month or as_of.astimezone(office.zone).date()
    begun = datetime(day.year, day.month, day.day, tzinfo=office.zone)
    version, _ = office.application.policies().binding(begun, as_of)
    calendars = office.application.counting(as_of).calendars
    calendar = calendars.official(day.year, begun, as_of)
    return version, calendar.version if calendar else ""


def _text(value: object) -> str:
    """Return a changed cell as text: a share in percent."""
    if value is None:
        return ""
    return f"{value:.1%}" if isinstance(value, float) else str(value)


def _strings(values: Sequence[str]) -> pa.Array:
    return pa.array(values, pa.string())
