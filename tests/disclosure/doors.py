"""Every command that takes something personal, as a year of one centre brings it: with canaries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any, get_args, get_type_hints

from pydantic import BaseModel

from guanjia.demo.build import plan
from guanjia.demo.tale import Step
from guanjia.domain.catalogue import COMMANDS
from guanjia.domain.messages import Contact, Message, _marks
from tests import scenarios as s
from tests.spec import SHANGHAI, Line, line

from .canary import Canary

START, END = datetime(2024, 12, 1, tzinfo=SHANGHAI), datetime(2025, 12, 1, tzinfo=SHANGHAI)
CASES = 60
EACH = 2
"""So often each field carries a canary; the other commands are as the year has them."""

NUMBERED = {"register_resident", "change_owner"}
"""Commands that may bring an identity number, which the year leaves out."""


def sealed_fields() -> set[tuple[str, str]]:
    """Return every field of every command that is sealed, by the command's name and its path."""
    return {(do, path) for do, kind in COMMANDS.items() for path in _paths(kind)}


def _paths(kind: type[BaseModel], prefix: str = "") -> Iterator[str]:
    for name, hint in get_type_hints(kind, include_extras=True).items():
        if name in kind.model_fields:
            if name in _marks(kind):
                yield f"{prefix}{name}"
            for inner in _messages(hint):
                yield from _paths(inner, f"{prefix}{name}.")


def _messages(hint: object) -> Iterator[type[Message]]:
    if isinstance(hint, type) and issubclass(hint, Message):
        yield hint
    for part in get_args(hint):
        yield from _messages(part)


def year(canary: Canary) -> list[Line]:
    """Return a year of the centre north, and what a year does not bring; some of it is refused."""
    seen: Counter[tuple[str, str]] = Counter()
    lines = []
    for step in plan(START, END, 2026, CASES):
        here = (step.by or "hq.").startswith(("north.", "hq."))
        if here and step.command.do in COMMANDS:
            sealed = {(step.command.do, path) for path, _, _ in step.command.secrets()}
            lines.append(_line(step, canary if any(seen[one] < EACH for one in sealed) else None))
            seen.update(sealed if not step.refusal else ())
    contact, words = canary.contact, canary.words
    return [
        *lines,
        s.correct("2025-11-03 10:00", "contact", contact(), contact()) | {"complaint": "BY-0001"},
        line("approve_reply", "north.head", "2025-11-04 09:00", complaint="BY-0001", text=words()),
    ]


def _line(step: Step, canary: Canary | None) -> Line:
    given = step.command.model_dump(mode="json", by_alias=True, exclude_none=True)
    if canary:
        given = _with(canary, step.command, given)
        if step.command.do in NUMBERED:
            given["id_number"] = canary.digits(18)
    times = {"at": step.at, "recorded_at": step.recorded_at}
    written = {name: time.isoformat() for name, time in times.items() if time}
    return given | ({"by": step.by} if step.by else {}) | written


def _with(canary: Canary, message: Message, given: dict[str, Any]) -> dict[str, Any]:
    """Return a message's fields with other values in those that are sealed."""
    if isinstance(message, Contact):
        return {**given, **canary.contact()}
    changed = dict(given)
    for name in type(message).model_fields:
        value, key = getattr(message, name), type(message).model_fields[name].alias or name
        if isinstance(value, Message):
            changed[key] = _with(canary, value, given[key])
        elif isinstance(value, tuple) and value and isinstance(value[0], Message):
            pairs = zip(value, given[key], strict=True)
            changed[key] = [_with(canary, one, fields) for one, fields in pairs]
        elif value is not None and name in _marks(type(message)):
            changed[key] = canary.words()
    return changed


def carried(lines: list[Line], canary: Canary) -> set[tuple[str, str]]:
    """Return which sealed fields have a canary in these lines."""
    values = {*canary.values}
    return {(one["do"], path) for one in lines for path in _found(one, values)}


def _found(part: object, values: set[str], prefix: str = "") -> Iterator[str]:
    if isinstance(part, dict):
        for name, inner in part.items():
            yield from _found(inner, values, f"{prefix}.{name}")
    elif isinstance(part, list):
        for inner in part:
            yield from _found(inner, values, prefix)
    elif part in values:
        yield prefix.removeprefix(".")
