"""Who saw an owner's data: the trail for auditors, the statement for the owner."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from ..domain.unit.state import Unit
from ..labels import NAMES, Language
from ..projections import PUBLIC_VIEWS
from .output import Format, write
from .session import DATA, AsOf, Data, Now, opened, say

trail_app = typer.Typer(help="审计 Who saw what, and what for.", no_args_is_help=True)

Lang = Annotated[Language, typer.Option("--lang", help="The headings' language.")]
Form = Annotated[Format, typer.Option("--format", help="How rows are written.")]

STATED = ("at", "centre", "post", "fields", "purpose", "complaint", "outcome", "break_glass")
TITLE = "个人信息查阅声明 Statement of who saw your data: {unit} {resident}"


@trail_app.command("trace")
def audit_trace(
    data: Data = DATA,
    unit: Annotated[str | None, typer.Option(help="The home asked about.")] = None,
    person: Annotated[str | None, typer.Option(help="The person who asked.")] = None,
    complaint: Annotated[str | None, typer.Option(help="The case asked about, or for.")] = None,
    as_of: AsOf = None,
    form: Form = "table",
    lang: Lang = "both",
    now: Now = None,
) -> None:
    """Print every answer of the gateway about a home or a case, or to a person."""
    if not (unit or person or complaint):
        msg = "at least one of --unit, --person, --complaint"
        raise typer.BadParameter(msg)
    with opened(data, now) as office:
        answer = office.query("access", as_of=as_of, unit=unit, person=person, complaint=complaint)
    columns = PUBLIC_VIEWS["access"].brief if form == "table" else answer.columns
    caption = f"as of {answer.as_of.isoformat()}, position {answer.position}"
    write(answer.plain(), columns, form, lang, caption)


@trail_app.command("statement")
def audit_statement(
    unit: Annotated[str, typer.Option(help="The home.")],
    resident: Annotated[str, typer.Option(help="Whose data.")],
    data: Data = DATA,
    as_of: AsOf = None,
    form: Form = "table",
    lang: Lang = "both",
    now: Now = None,
) -> None:
    """Print, for the owner or another resident, who asked for their data and what was answered.

    Of the home's cases, renovations and parcels it lists what was asked while they lived there.
    """
    with opened(data, now) as office:
        answer = office.query("access", as_of=as_of, unit=unit)
        home = office.application.home(unit)
    if home is None or resident not in home.residents:
        say(f"unknown_resident: {resident} is not in the register of {unit}")
        raise typer.Exit(1)
    plain = zip(answer.rows(), answer.plain(), strict=True)
    rows = [_stated(said, lang) for row, said in plain if _concerns(row, home, resident)]
    title = TITLE.format(unit=unit, resident=resident)
    if form == "table":
        sys.stdout.write(f"{title}\n")
    write(rows, STATED, form, lang, f"as of {answer.as_of.isoformat()}: {len(rows)}")


def _concerns(row: dict[str, Any], home: Unit, resident: str) -> bool:
    if row["kind"] == "unit":
        return resident in row["residents"].split(", ")
    return home.resident_on(resident, row["at"]) is not None


def _stated(row: dict[str, Any], lang: Language) -> dict[str, Any]:
    fields = row["fields"].split(", ")
    words = {
        "post": _word("posts", row["post"], lang),
        "fields": ", ".join(_word("personal_field", field, lang) for field in fields),
        "purpose": _word("purpose", row["purpose"], lang),
    }
    return {name: row[name] for name in STATED} | words


def _word(kind: str, name: str, lang: Language) -> str:
    chinese = NAMES[kind].get(name, name)
    return {"zh": chinese, "en": name, "both": f"{chinese} {name}"}[lang]
