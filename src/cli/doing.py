"""What a person does at a terminal: any command, owners' data shown, an export written."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any, get_args

import typer
from pydantic.fields import FieldInfo

from ..domain.catalogue import COMMANDS
from ..domain.matrix import PersonalField, Purpose
from ..domain.messages import Command
from .organisation import At, By, Form, Lang, carry_out
from .output import write
from .session import DATA, Data, Now, opened

SHOWN = ("field", "resident", "value")


def do(
    command: Annotated[str, typer.Argument(help="Its name; guanjia schema commands lists them.")],
    values: Annotated[list[str] | None, typer.Argument(help="name=value …")] = None,
    by: By = "system",
    data: Data = DATA,
    at: At = None,
    now: Now = None,
) -> None:
    """Carry out one command: a duty, an erasure, a legal hold, an export asked for, …

    Several values of one name are parted by commas. ``name=-`` reads the value from a line of
    standard input, so that what is personal stands in no list of processes and no shell history.
    """
    if command not in COMMANDS:
        msg = f"no command {command}; guanjia schema commands lists them"
        raise typer.BadParameter(msg)
    kind = COMMANDS[command]
    carry_out(kind, _fields(kind, values or []), data, now, by, at)


def _fields(kind: type[Command], values: list[str]) -> dict[str, Any]:
    """Return a command's fields from ``name=value``; ``contact.phone`` is a field of a field."""
    known = {field.alias or name: field for name, field in kind.model_fields.items()}
    fields: dict[str, Any] = {}
    for text in values:
        name, given, value = text.partition("=")
        if not given:
            msg = "values are name=value"
            raise typer.BadParameter(msg)
        value = sys.stdin.readline().rstrip("\n") if value == "-" else value
        outer, inside, inner = name.partition(".")
        if inside:
            fields.setdefault(outer, {})[inner] = value
        else:
            fields[name] = value.split(",") if _takes_many(known.get(name)) else value
    return fields


def _takes_many(field: FieldInfo | None) -> bool:
    return field is not None and getattr(field.annotation, "__origin__", None) is tuple


def disclose(
    fields: Annotated[list[str], typer.Argument(help=", ".join(get_args(PersonalField)))],
    purpose: Annotated[str, typer.Option(help=", ".join(get_args(Purpose)))],
    by: Annotated[str, typer.Option("--by", help="The account that asks.")],
    unit: Annotated[str | None, typer.Option(help="The home asked about.")] = None,
    complaint: Annotated[
        str | None, typer.Option(help="The case asked about; of a home, the case it is for.")
    ] = None,
    glass: Annotated[str | None, typer.Option(help="The broken glass it is under.")] = None,
    data: Data = DATA,
    form: Form = "table",
    lang: Lang = "both",
    now: Now = None,
) -> None:
    """Show owners' data, once the question and its answer are on record."""
    if not (unit or complaint):
        msg = "at least one of --unit, --complaint"
        raise typer.BadParameter(msg)
    about = {"unit": unit, "complaint": complaint, "glass": glass, "origin": "command_line"}
    with (
        opened(data, now) as office,
        office.disclose(fields=fields, purpose=purpose, by=by, **about) as seen,
    ):
        rows = [
            {"field": one.name, "resident": one.resident, "value": one.clear}
            for field in fields
            for one in seen.of(field)
        ]
        write(rows, SHOWN, form, lang, f"position {seen.position}")


def export(
    name: Annotated[str, typer.Argument(help="An export that was asked for and approved.")],
    file: Annotated[Path, typer.Argument(help="The file to make, readable by its owner only.")],
    by: Annotated[str, typer.Option("--by", help="Who asked for it.")],
    data: Data = DATA,
    now: Now = None,
) -> None:
    """Write an approved export in clear, once; each row bears who has it and the event's number."""
    if file.exists():
        msg = "there is something already; nothing was overwritten"
        raise typer.BadParameter(msg)
    with opened(data, now) as office:
        position = office.export(name, file, by=by)
    sys.stdout.write(f"position {position}\n")
