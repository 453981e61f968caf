"""History as a CSV log: rows of activities in cases, read by a mapping."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import datetime
from hashlib import blake2b
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

from ..domain.catalogue import COMMANDS
from .faults import Fault, MappingError
from .lines import LONGEST_LINE, Broken, Found, Item, LineEnvelope, Step, envelope_of, short
from .mapping import Mapping, Rule, rules_of
from .ndjson import command_of, too_long
from .templates import Row, fill, fill_text
from .times import TimeFormat


class CsvReader:
    """Reads a CSV log; ``zone`` is the organisation's, ``now`` the present moment."""

    def __init__(
        self, file: BinaryIO, mapping: Mapping, source: str, zone: ZoneInfo, now: datetime
    ) -> None:
        self.source = source
        self._now = now
        self._file = file
        self._mapping = mapping
        self._rules = rules_of(mapping)
        time = mapping.time
        self._times = TimeFormat(time.format, time.zone, time.cut_fractions, zone)
        self._columns: dict[str, int] = {}
        self._staff: dict[str, tuple[datetime, dict[str, Any]]] = {}
        self._begun: set[int] = set()

    def scan(self) -> Iterator[Found | Broken]:
        """Yield every row; raises ``MappingError`` for columns or activities that do not fit."""
        records = self._records()
        self._columns = self._header(next(records, None))
        unmapped: dict[str, int] = {}
        for line, offset, cells in records:
            if isinstance(cells, Fault):
                yield Broken(line, cells)
            elif cells:
                yield self._found(line, offset, cells, unmapped)
        if unmapped:
            reason = (
                f"{len(unmapped)} activities of the file are neither under [[rows]] nor `ignore`; "
                f"the first stands on line {min(unmapped.values())}"
            )
            raise MappingError(code="unmapped_activity", reason=reason)

    def _header(self, record: tuple[int, int, list[str] | Fault] | None) -> dict[str, int]:
        if record is None or isinstance(record[2], Fault):
            raise MappingError(
                code="no_header", reason="the file's first line must name its columns"
            )
        names = [name.strip() for name in record[2]]
        for column in sorted(self._mapping.columns()):
            if names.count(column) != 1:
                reason = f"the mapping names the column {column!r}; the file has not one of it"
                raise MappingError(code="unknown_column", reason=reason)
        return {name: place for place, name in enumerate(names)}

    def _found(
        self, line: int, offset: int, cells: list[str], unmapped: dict[str, int]
    ) -> Found | Broken:
        content = _content(cells)
        try:
            row = self._row(cells)
            activity = fill_text(self._mapping.activity, row, "do")
            rule = self._rules.get(activity)
            if rule is None:
                unmapped.setdefault(activity, line)
            if rule is None or not (rule.first or rule.later):
                return Found(line, offset, 0, content)
            fill_text(self._mapping.case, row, "complaint")
            moment = self._moment(row)
            self._see_staff(row, moment)
        except Fault as fault:
            return Broken(line, fault)
        return Found(line, offset, int(moment.timestamp()), content)

    def _row(self, cells: list[str]) -> Row:
        if len(cells) < len(self._columns):
            raise Fault(code="broken_row")
        return Row(cells, self._columns, self._mapping.values, self._times.read)

    def _moment(self, row: Row) -> datetime:
        return self._times.read(row.cell(self._mapping.time.column), "at")

    def _see_staff(self, row: Row, moment: datetime) -> None:
        table = self._mapping.staff
        if table is None or moment > self._now:
            return
        account = fill_text(table.account, row, "staff")
        known = self._staff.get(account)
        if known is None or moment < known[0]:
            given = {"person": table.account, **table.model_dump(exclude_none=True)}
            del given["account"]
            posting = {name: fill(value, row, name) for name, value in given.items()}
            self._staff[account] = (moment, posting)

    def setup(self) -> Iterator[Item]:
        """Yield the posting of each account, at the time of its first row."""
        for account, (moment, posting) in self._staff.items():
            fields = {"do": "post_staff", "staff": account, **posting}
            try:
                command = command_of(fields, list(fields))
            except Fault:
                continue  # its rows are rejected, each with its number
            step = Step(command, LineEnvelope(at=moment))
            yield Item(json.dumps(["staff", account]).encode(), (step,))

    def load(self, offset: int) -> Item:
        """Read a row again, and say what it becomes."""
        cells = self._record(offset)[0]
        row = self._row(cells)
        rule = self._rules[fill_text(self._mapping.activity, row, "do")]
        commands = self._commands(rule, row)
        return Item(_content(cells), tuple(self._step(fields, row) for fields in commands))

    def _commands(self, rule: Rule, row: Row) -> list[dict[str, Any]]:
        if rule.first == rule.later:
            return rule.first
        case = fill_text(self._mapping.case, row, "complaint")
        begun = short(json.dumps([rule.kind, case]).encode())
        if begun in self._begun:
            return rule.later
        self._begun.add(begun)
        return rule.first

    def _step(self, templates: dict[str, Any], row: Row) -> Step:
        filled = {name: fill(value, row, name) for name, value in templates.items() if name != "by"}
        fields = {name: value for name, value in filled.items() if value is not None}
        if "complaint" in COMMANDS[templates["do"]].model_fields:
            fields.setdefault("complaint", fill_text(self._mapping.case, row, "complaint"))
        by = fill_text(templates.get("by", self._mapping.by), row, "by")
        envelope = envelope_of({"by": by, "at": self._moment(row)}, [])
        return Step(command_of(fields, list(fields)), envelope)

    def _records(self) -> Iterator[tuple[int, int, list[str] | Fault]]:
        """Yield (line, offset, cells or what is wrong); after a broken row the next line counts."""
        line, offset = 1, 0
        while True:
            try:
                cells, lines, length = self._record(offset)
            except StopIteration:
                return
            except Fault as fault:
                yield line, offset, fault
                lines, length = 1, self._line_length(offset)
            else:
                yield line, offset, cells
            line, offset = line + lines, offset + length

    def _record(self, offset: int) -> tuple[list[str], int, int]:
        """Return (cells, physical lines, bytes) of the row at ``offset``."""
        feed = _Feed(self._file, self._mapping.file.encoding, offset)
        reader = csv.reader(feed, delimiter=self._mapping.file.delimiter, strict=True)
        try:
            cells = next(reader)
        except csv.Error:
            raise Fault(code="broken_row") from None
        return cells, feed.lines, feed.length

    def _line_length(self, offset: int) -> int:
        self._file.seek(offset)
        length = 0
        while raw := self._file.readline(LONGEST_LINE):
            length += len(raw)
            if raw.endswith(b"\n"):
                break
        return length

    def digest(self) -> bytes:
        """Return the digest of the file and its mapping."""
        digest = blake2b(self._mapping.digest)
        self._file.seek(0)
        while chunk := self._file.read(LONGEST_LINE):
            digest.update(chunk)
        return digest.digest()


class _Feed:
    """Hands a file's lines to the CSV parser, one when it asks for one."""

    def __init__(self, file: BinaryIO, encoding: str, offset: int) -> None:
        self._file = file
        self._encoding = encoding
        self._start = offset == 0
        self.lines = 0
        self.length = 0
        file.seek(offset)

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        raw = self._file.readline(LONGEST_LINE + 2)
        if not raw:
            raise StopIteration
        self.lines += 1
        self.length += len(raw)
        if too_long(raw) or self.length > LONGEST_LINE + 2:
            raise self._fault("line_too_long")
        try:
            text = raw.decode(self._encoding)
        except UnicodeDecodeError:
            raise self._fault("bad_encoding") from None
        return text.removeprefix("\ufeff") if self._start and self.lines == 1 else text

    def _fault(self, code: str) -> Fault:
        """Return the fault of a row's only line; in a further one, a quote was left open before."""
        return Fault(code if self.lines == 1 else "broken_row")


def _content(cells: list[str]) -> bytes:
    return json.dumps(cells).encode()
