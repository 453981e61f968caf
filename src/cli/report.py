"""The departments' reports: made as a file, and checked against the register later."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from ..labels import Language
from ..reports import (
    FORMATS,
    REPORTS,
    Check,
    Format,
    Question,
    UnknownForm,
    check,
    form_of,
    issue,
    report,
)
from .output import Format as Form
from .output import write
from .session import DATA, AsOf, Data, Now, opened, refusing, say


def _month(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007 - a month has no zone
    except ValueError:
        msg = "a month is YYYY-MM"
        raise typer.BadParameter(msg) from None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        msg = "a day is YYYY-MM-DD"
        raise typer.BadParameter(msg) from None


def _format(file: Path) -> Format:
    try:
        return form_of(file.suffix)
    except UnknownForm as error:
        raise typer.BadParameter(str(error)) from None


def report_command(
    name: Annotated[str, typer.Argument(help=f"Which one: {', '.join(REPORTS)}.")],
    data: Data = DATA,
    month: Annotated[
        date | None,
        typer.Option(parser=_month, metavar="YYYY-MM", help="Default: the last that is over."),
    ] = None,
    week: Annotated[
        date | None,
        typer.Option(parser=_day, metavar="YYYY-MM-DD", help="Any day of it; weekly ones only."),
    ] = None,
    centre: Annotated[str | None, typer.Option()] = None,
    as_of: AsOf = None,
    position: Annotated[int | None, typer.Option(min=0, help="An older store state.")] = None,
    out: Annotated[
        Path | None,
        typer.Option(dir_okay=False, help=f"Where to write it: {', '.join(FORMATS)}."),
    ] = None,
    issued: Annotated[
        Path | None,
        typer.Option(
            "--check",
            exists=True,
            dir_okay=False,
            help="Say what changed since this one, with --out in a restated report too.",
        ),
    ] = None,
    form: Annotated[Form, typer.Option("--format", help="How changes are written.")] = "table",
    lang: Annotated[Language, typer.Option("--lang", help="The headings' language.")] = "both",
    now: Now = None,
) -> None:
    """Make a report of a month, quarter or week, or check an issued one. It says what it is from.

    Checking ends with 1 when the file is not what it was made as; restated figures are no fault.
    """
    if not (out or issued):
        msg = "--out, --check or both"
        raise typer.BadParameter(msg)
    forms = {file: _format(file) for file in (out, issued) if file}
    with refusing():
        definition = report(name)
    if week and (month or definition.period != "week"):
        msg = "--week is for weekly reports, without --month"
        raise typer.BadParameter(msg)
    asked = Question(definition, month, week, centre, as_of, position)
    with opened(data, now) as office:
        if issued:
            found = check(office, definition, issued.read_bytes(), forms[issued], as_of)
            made = found.restated()
        else:
            found, made = None, issue(office, asked, lang)
        if out:
            out.write_bytes(forms[out].write(made))
    if found:
        _say_changes(found, form, lang)
    else:
        named = made.provenance().items()
        sys.stdout.write("".join(f"{name}: {value}\n" for name, value in named))


def _say_changes(found: Check, form: Form, lang: Language) -> None:
    changes = [change.plain() for change in found.changes()]
    since = f"{found.issued.as_of.isoformat()}, position {found.issued.question.position}"
    until = f"{found.now.as_of.isoformat()}, position {found.now.question.position}"
    columns = ["change", "section", "row", "column", "issued", "now"]
    caption = f"{len(changes)} cells changed from {since} to {until}"
    write(changes, columns, form, lang, caption)
    if not found.same_rows:
        say("rows_differ: the register no longer gives the rows that the file was made of")
    elif not found.same_file:
        say("file_differs: the file is not, byte for byte, what is made of its rows")
    if not found.same_file:
        raise typer.Exit(1)
