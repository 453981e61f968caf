"""Why a line is not taken: a stable code and a reason that never repeats what the line says."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from pydantic import ValidationError

from ..domain.catalogue import COMMANDS
from ..domain.errors import Malformed, Rejected

CODES = {
    "extra_forbidden": "unknown_field",
    "missing": "missing_field",
    "naive_time": "naive_time",
    "fractional_seconds": "fractional_seconds",
    "invalid_time": "invalid_time",
    "string_too_long": "text_too_long",
}
"""Pydantic's types of error by our code; every other type is ``invalid_value``."""

REASONS = {
    "bad_encoding": "the line is not valid text in the file's encoding",
    "broken_json": "the line is not one JSON value",
    "broken_row": "the row does not have the columns of the header, or a quote stands open",
    "duplicate_key": "a field stands twice on the line",
    "fractional_seconds": "a time has whole seconds only",
    "invalid_time": "not a time, such as 2025-10-08T23:50:00+08:00",
    "invalid_value": "not a value that this field can have",
    "line_too_long": "the line is longer than 1 MiB",
    "missing_field": "the field is missing",
    "naive_time": "a time needs its offset, such as +08:00",
    "not_a_number": "NaN and Infinity are no values",
    "not_an_object": "a line is one JSON object",
    "text_too_long": "the text is longer than this field can hold",
    "unknown_command": "there is no command of this name; `guanjia schema commands` lists them",
    "unknown_field": "a field that this command does not have",
    "unmapped_value": "the mapping's [values] say nothing about the row's value",
}


class HistoryError(Exception):
    """The import cannot begin, and nothing was written; ``code`` is stable."""

    def __init__(self, code: str, reason: str) -> None:
        self.code = code
        self.reason = reason
        super().__init__(f"{code}: {reason}")


class MappingError(HistoryError):
    """The mapping does not fit the file, or is none."""


class Fault(Exception):
    """One line is not taken. ``field`` is a field's name in a command, never a value."""

    def __init__(self, code: str, field: str = "", *, reason: str = "") -> None:
        self.code = code
        place = f"`{field}`: " if field else ""
        self.reason = reason or place + REASONS[code]
        super().__init__(self.code)


def refused(refusal: Rejected) -> Fault:
    """Return a refusal as a fault, without its detail: that may be an identifier of the line's.

    Only a malformed command's detail is kept: it names the field, and never the value.
    """
    detail = f" ({refusal.detail})" if isinstance(refusal, Malformed) and refusal.detail else ""
    return Fault(refusal.code, reason=refusal.reason + detail)


def invalid(error: ValidationError, given: list[str]) -> Fault:
    """Return a command's first fault; ``given`` are the line's fields in their order."""
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    place: tuple[int | str, ...] = first["loc"]
    code = CODES.get(first["type"], "invalid_value")
    if code == "unknown_field":
        return Fault(code, reason=_unknown(place, given))
    return Fault(code, _named(place))


def _unknown(place: tuple[int | str, ...], given: list[str]) -> str:
    """Say which field is unknown; a name no command has could be anything, and is not repeated."""
    name = place[-1]
    if name in _vocabulary():
        return f"`{_named(place)}`: {REASONS['unknown_field']}"
    if len(place) > 1:
        return f"in `{_named(place[:-1])}`: {REASONS['unknown_field']}"
    return f"field {given.index(str(name)) + 1} of the line: {REASONS['unknown_field']}"


def _named(place: tuple[int | str, ...]) -> str:
    """Return the place as a path of known field names and positions."""
    return ".".join(str(part) for part in place if isinstance(part, int) or part in _vocabulary())


@cache
def _vocabulary() -> frozenset[str]:
    """Return every field name that a command or a part of one has, ``by`` and ``at`` too."""
    names = {"do", "by", "at", "recorded_at"}
    for command in COMMANDS.values():
        names.update(_properties(command.model_json_schema()))
    return frozenset(names)


def _properties(schema: object) -> Iterator[str]:
    if isinstance(schema, dict):
        properties = schema.get("properties")
        if isinstance(properties, dict):
            yield from properties
        for part in schema.values():
            yield from _properties(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from _properties(part)
