"""The commands about the views themselves, and SQL over them."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from ..labels import Language
from ..projections import Parked
from ..projections.sandbox import Limits
from .output import Format, advancing, progress_bar, write
from .session import DATA, AsOf, Data, Now, opened, read_values, say

views_app = typer.Typer(help="The views: their state, and making them anew.", no_args_is_help=True)

Lang = Annotated[Language, typer.Option("--lang", help="The headings' language.")]
Form = Annotated[Format, typer.Option("--format", help="How rows are written.")]
LIMITS = Limits()
PARKED = ["stream", "version", "position", "topic", "error"]


@views_app.command("status")
def views_status(data: Data = DATA, form: Form = "table", now: Now = None) -> None:
    """Say how far the views have followed the store, how fast, and what room they take."""
    with opened(data, now) as office:
        row = asdict(office.views.status())
        write([row], list(row), form, "en")


@views_app.command("rebuild")
def views_rebuild(data: Data = DATA, now: Now = None) -> None:
    """Make the views anew from the store, compare them with the old ones, and swap them in."""
    with opened(data, now, mend_views=True) as office, progress_bar() as bar:
        position, differing = office.views.rebuild(advancing(bar, "rebuild"))
    for name in differing:
        say(f"view_differed: {name} had other rows before")
    sys.stdout.write(f"rebuilt to position {position}\n")


@views_app.command("rollback")
def views_rollback(data: Data = DATA, now: Now = None) -> None:
    """Go back to the views that a rebuild replaced, kept where their rows were others."""
    with opened(data, now) as office:
        position = office.views.roll_back()
    sys.stdout.write(f"rolled back, and followed to position {position}\n")


@views_app.command("verify")
def views_verify(
    data: Data = DATA, form: Form = "table", lang: Lang = "both", now: Now = None
) -> None:
    """Compare every view with one made anew from the store; status 1 if any differs."""
    with opened(data, now) as office, progress_bar() as bar:
        compared = office.views.verify(advancing(bar, "verify"))
    rows = [asdict(one) | {"same": one.same} for one in compared]
    write(rows, list(rows[0]), form, lang)
    wrong = [one.name for one in compared if not one.same]
    for name in wrong:
        say(f"view_differs: {name}; guanjia views rebuild makes it anew")
    if wrong:
        raise typer.Exit(1)


@views_app.command("parked")
def views_parked(
    data: Data = DATA, form: Form = "table", lang: Lang = "both", now: Now = None
) -> None:
    """List the streams with an event that cannot be read, and why."""
    with opened(data, now) as office:
        office.views.catch_up()
        _write_parked(office.views.parked(), form, lang)


@views_app.command("retry")
def views_retry(
    data: Data = DATA, form: Form = "table", lang: Lang = "both", now: Now = None
) -> None:
    """Read parked streams again; list those that stay parked, with status 1 if there are any."""
    with opened(data, now) as office:
        office.views.catch_up()
        parked = office.views.retry()
    _write_parked(parked, form, lang)
    if parked:
        raise typer.Exit(1)


def _write_parked(parked: list[Parked], form: Format, lang: Language) -> None:
    write([one._asdict() for one in parked], PARKED, form, lang)


def sql(
    statement: Annotated[str, typer.Argument(help="One SELECT; a view's - is written _.")],
    data: Data = DATA,
    as_of: AsOf = None,
    rows: Annotated[int, typer.Option(min=1, help="At most so many rows.")] = LIMITS.rows,
    seconds: Annotated[float, typer.Option(min=0.1, help="At most so long.")] = LIMITS.seconds,
    megabytes: Annotated[int, typer.Option(min=16, help="At most so much.")] = LIMITS.megabytes,
    form: Form = "table",
    lang: Lang = "both",
    now: Now = None,
) -> None:
    """Ask the views in SQL; it reaches nothing else, and changes nothing."""
    limits = Limits(seconds=seconds, rows=rows, megabytes=megabytes)
    with opened(data, now) as office:
        answer = office.sql(statement, as_of=as_of, limits=limits)
        write(answer.plain(), answer.columns, form, lang)


def what_if(
    policy: Annotated[
        Path, typer.Option("--policy", exists=True, dir_okay=False, help="TOML or JSON: values.")
    ],
    month: Annotated[str, typer.Option("--month", metavar="YYYY-MM")],
    data: Data = DATA,
    as_of: AsOf = None,
    form: Form = "table",
    lang: Lang = "both",
    now: Now = None,
) -> None:
    """Show a month's figures beside those under other policy values; nothing is changed."""
    from ..whatif import compare  # noqa: PLC0415 - only this command replays a history

    changes = read_values(policy)
    with opened(data, now) as office:
        rows = compare(office, changes, month, as_of)
        write(rows, ["centre", "figure", "promised", "what_if"], form, lang)
