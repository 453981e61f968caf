"""History as NDJSON: one command a line, with ``by``, ``at`` and sometimes ``recorded_at``."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from datetime import datetime
from hashlib import blake2b
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from ..domain.catalogue import COMMANDS
from ..domain.messages import Command
from ..domain.subjects import subject_of
from .faults import Fault, invalid
from .lines import (
    BEFORE_ALL,
    LONGEST_LINE,
    SETUP,
    Broken,
    Found,
    Item,
    LineEnvelope,
    Step,
    Timeline,
    envelope_of,
)

BOM = b"\xef\xbb\xbf"
ENVELOPE = tuple(LineEnvelope.model_fields)


class NdjsonReader:
    """Reads NDJSON; ``zone`` is the organisation's, ``now`` the present moment."""

    def __init__(self, file: BinaryIO, source: str, zone: ZoneInfo, now: datetime) -> None:
        self.source = source
        self._file = file
        self._zone = zone
        self._timeline = Timeline(now)
        self._hash = blake2b(b"ndjson")

    def scan(self) -> Iterator[Found | Broken]:
        """Yield every line but the blank ones."""
        self._file.seek(0)
        number = offset = 0
        while raw := self._file.readline(LONGEST_LINE + 2):
            number += 1
            self._hash.update(raw)
            if too_long(raw):
                self._skip(raw)
                yield Broken(number, Fault("line_too_long"))
            elif raw.strip() not in {b"", BOM}:
                yield self._found(number, offset, raw)
            offset = self._file.tell()

    def _skip(self, raw: bytes) -> None:
        while raw and not raw.endswith(b"\n"):
            raw = self._file.readline(LONGEST_LINE)
            self._hash.update(raw)

    def _found(self, number: int, offset: int, raw: bytes) -> Found | Broken:
        try:
            item = parse(raw, self._zone)
        except Fault as fault:
            return Broken(number, fault)
        (step,) = item.steps
        return Found(number, offset, self._time(step), item.content)

    def _time(self, step: Step) -> int:
        if step.command.do in SETUP:
            return BEFORE_ALL
        moment = step.envelope.recorded_at or step.envelope.at
        return self._timeline.place(aggregate_of(step), moment)

    def setup(self) -> Iterator[Item]:
        """Yield nothing: every command stands on a line."""
        yield from ()

    def load(self, offset: int) -> Item:
        """Read a line again."""
        self._file.seek(offset)
        return parse(self._file.readline(LONGEST_LINE + 2), self._zone)

    def digest(self) -> bytes:
        """Return the digest of the scanned bytes."""
        return self._hash.digest()


def too_long(raw: bytes) -> bool:
    """Return whether a line read up to two bytes more than the longest is longer than that."""
    unended = len(raw) == LONGEST_LINE + 2 and not raw.endswith(b"\n")
    return unended or len(raw.rstrip(b"\r\n")) > LONGEST_LINE


def aggregate_of(step: Step) -> str:
    """Return which aggregate a command belongs to; its lines keep the file's order."""
    subject = subject_of(step.command)
    if subject is not None:
        return subject.kind.stream(subject.id_of(step.command))
    centre = getattr(step.command, "centre", None)
    return f"centre:{centre}" if centre else f"{step.command.do}:{step.envelope.by}"


def parse(raw: bytes, zone: ZoneInfo) -> Item:
    """Return the command on a line; raises ``Fault``."""
    fields = _object(raw)
    given = list(fields)
    content = json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()
    around = {name: fields.pop(name) for name in ENVELOPE if name in fields}
    command = command_of(fields, given)
    envelope = envelope_of(around, given)
    _check_reach(envelope, zone)
    return Item(content, (Step(command, envelope),))


def command_of(fields: dict[str, Any], given: list[str]) -> Command:
    """Return the command that JSON fields describe; types are JSON's own. Raises ``Fault``."""
    if "do" not in fields:
        raise Fault(code="missing_field", field="do")
    name = fields["do"]
    if not isinstance(name, str) or name not in COMMANDS:
        raise Fault(code="unknown_command", field="do")
    try:
        return COMMANDS[name].model_validate_json(json.dumps(fields), strict=True)
    except ValidationError as error:
        raise invalid(error, given) from None


def _check_reach(envelope: LineEnvelope, zone: ZoneInfo) -> None:
    """Refuse a time that the organisation's zone cannot express: before year 1, after 9999."""
    for name in ("at", "recorded_at"):
        moment = getattr(envelope, name)
        try:
            if moment is not None:
                moment.astimezone(zone)
        except OverflowError:
            raise Fault(code="invalid_time", field=name) from None


def _object(raw: bytes) -> dict[str, Any]:
    try:
        text = raw.removeprefix(BOM).decode()
    except UnicodeDecodeError:
        raise Fault(code="bad_encoding") from None
    try:
        value = _DECODER.decode(text.strip())
    except (ValueError, RecursionError):
        raise Fault(code="broken_json") from None
    if not isinstance(value, dict):
        raise Fault(code="not_an_object")
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise Fault(code="duplicate_key")
    return fields


def _no_number(_: str) -> float:
    raise Fault(code="not_a_number")


def _finite(digits: str) -> float:
    number = float(digits)
    return number if math.isfinite(number) else _no_number(digits)


_DECODER = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_number, parse_float=_finite)
