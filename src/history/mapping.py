"""A mapping: TOML that says what the rows of a CSV log mean (docs/how-to/import-a-ticket-log.md).

Everything wrong with it is found before the first row is read.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from ..domain.catalogue import COMMANDS
from ..domain.posts import COMPANY, Post
from .faults import MappingError
from .templates import Scalar, columns_of
from .times import ISO

OWN_KEYS = frozenset({"do", "by"})


def _zone(name: object) -> object:
    try:
        return ZoneInfo(name) if isinstance(name, str) else name
    except (KeyError, ValueError, OSError):
        msg = f"no time zone is named {name!r}"
        raise ValueError(msg) from None


def _encoding(name: str) -> str:
    try:
        fits = "\n".encode(name) == b"\n"
    except LookupError:
        fits = False
    if not fits:
        msg = "no encoding of this name, or not one that is read line by line: save as UTF-8"
        raise ValueError(msg)
    return name


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


Activities = Annotated[list[str], BeforeValidator(_listed), Field(min_length=1)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class FileTable(_Table):
    """[file]: how the CSV is written."""

    delimiter: str = Field(default=",", min_length=1, max_length=1, pattern=r'[^"\r\n]')
    encoding: Annotated[str, AfterValidator(_encoding)] = "utf-8"


class TimeTable(_Table):
    """[time]: when a row happened."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    column: str
    format: str = ISO
    zone: Annotated[ZoneInfo | None, BeforeValidator(_zone)] = None
    cut_fractions: bool = False


class StaffTable(_Table):
    """[staff]: who the log's people become; each account is posted as it is first seen."""

    account: str
    person: str | None = None
    post: Post
    centre: str | None = None
    department: str | None = None


class RowsTable(_Table):
    """[[rows]]: what rows of these activities become; no commands: left out on purpose."""

    activity: Activities
    when: Literal["first", "later"] | None = None
    commands: list[dict[str, Any]]


class Mapping(_Table):
    """The whole mapping."""

    source: str = Field(min_length=1)
    case: str
    activity: str
    by: str
    file: FileTable = FileTable()
    time: TimeTable
    staff: StaffTable | None = None
    values: dict[str, dict[str, Scalar]] = {}
    rows: list[RowsTable] = Field(min_length=1)
    ignore: list[str] = []
    digest: bytes = Field(default=b"", exclude=True)

    def columns(self) -> set[str]:
        """Return every column that the mapping names."""
        named = [self.case, self.activity, self.by, [rule.commands for rule in self.rows]]
        staff = self.staff.model_dump() if self.staff else {}
        return {self.time.column, *self.values, *columns_of([*named, staff])}


@dataclass(frozen=True, slots=True)
class Rule:
    """What rows of an activity become: the first of its kind in a case, and later ones."""

    kind: tuple[str, ...]
    first: list[dict[str, Any]]
    later: list[dict[str, Any]]


def read_mapping(path: Path) -> Mapping:
    """Return the mapping in a TOML file; raises ``MappingError`` and ``OSError``."""
    raw = path.read_bytes()
    try:
        tables = tomllib.loads(raw.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        code = "mapping_unreadable"
        raise MappingError(code, f"not TOML in UTF-8: {error}") from None
    try:
        mapping = Mapping.model_validate({**tables, "digest": blake2b(raw).digest()})
    except ValidationError as error:
        raise _invalid(error) from None
    for fault in _faults(mapping):
        raise MappingError(code="mapping_invalid", reason=fault)
    return mapping


def rules_of(mapping: Mapping) -> dict[str, Rule]:
    """Return the rule of each activity; ignored ones have no commands."""
    rules = {activity: Rule((activity,), [], []) for activity in mapping.ignore}
    later = {tuple(table.activity): table.commands for table in _tables(mapping, "later")}
    for table in mapping.rows:
        if table.when == "later":
            continue
        kind = tuple(table.activity)
        again = later[kind] if table.when else table.commands
        rules.update(dict.fromkeys(kind, Rule(kind, table.commands, again)))
    return rules


def _tables(mapping: Mapping, when: str | None) -> Iterator[RowsTable]:
    return (table for table in mapping.rows if table.when == when)


def _invalid(error: ValidationError) -> MappingError:
    first = error.errors(include_input=False, include_url=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    return MappingError("mapping_invalid", f"{place}: {first['msg']}")


def _faults(mapping: Mapping) -> Iterator[str]:
    """Yield what a table alone does not show."""
    yield from _activity_faults(mapping)
    for rule in mapping.rows:
        for command in rule.commands:
            yield from _command_faults(rule.activity[0], command)
    if mapping.staff and (mapping.staff.post in COMPANY) == bool(mapping.staff.centre):
        yield "staff: a centre's post needs `centre`, a company's has none"


def _activity_faults(mapping: Mapping) -> Iterator[str]:
    firsts = sorted(tuple(table.activity) for table in _tables(mapping, "first"))
    laters = sorted(tuple(table.activity) for table in _tables(mapping, "later"))
    if firsts != laters:
        yield 'rows: when = "first" and when = "later" go together, with the same activities'
    named = [
        activity for table in mapping.rows if table.when != "later" for activity in table.activity
    ]
    named += mapping.ignore
    for activity in named:
        if named.count(activity) > 1:
            yield f"the activity {activity!r} is spoken of twice"


def _command_faults(activity: str, fields: dict[str, Any]) -> Iterator[str]:
    place = f"rows of {activity!r}"
    do = fields.get("do")
    if do not in COMMANDS:
        yield f"{place}: `do` must name a command; `guanjia schema commands` lists them"
        return
    schema = COMMANDS[do].model_json_schema()
    known = set(schema["properties"])
    for name in fields.keys() - known - OWN_KEYS:
        yield f"{place}: {do} has no field `{name}`"
    for name in set(schema.get("required", ())) - fields.keys() - {"complaint"}:
        yield f"{place}: {do} needs `{name}`"
