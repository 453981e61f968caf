"""Roster, policy, calendar and matrix: who works here and what binds them."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, get_args

import typer
from pydantic import ValidationError

from ..domain import matrix, policy, roster, workdays
from ..domain.messages import Command
from ..domain.posts import Post
from ..labels import Language
from .output import Format, write
from .session import DATA, AsOf, Data, Now, moment_option, opened, read_values, say

Lang = Annotated[Language, typer.Option("--lang", help="The headings' language.")]
Form = Annotated[Format, typer.Option("--format", help="How rows are written.")]
At = Annotated[datetime | None, moment_option("--at", "When it happened; default now.")]
From = Annotated[datetime, moment_option("--from", "From when it binds.")]
By = Annotated[str, typer.Option("--by", help="The account that acts.")]

staff_app = typer.Typer(help="人员 The roster.", no_args_is_help=True)
policy_app = typer.Typer(help="服务政策 The policy's versions.", no_args_is_help=True)
calendar_app = typer.Typer(help="工作日历 The calendars' versions.", no_args_is_help=True)
matrix_app = typer.Typer(help="权限一览表 The permission matrix's versions.", no_args_is_help=True)

GROUPS = {
    "staff": staff_app,
    "policy": policy_app,
    "calendar": calendar_app,
    "matrix": matrix_app,
}


def carry_out(
    kind: type[Command],
    fields: Mapping[str, object],
    data: Path,
    now: datetime | None,
    by: str,
    at: datetime | None,
) -> None:
    """Execute a command of a kind in a data folder and print its position."""
    command = _made(kind, fields)
    with opened(data, now) as office:
        done = office.execute(command, by=by, at=at)
        sys.stdout.write(f"position {done.position}\n")


def _made(kind: type[Command], fields: Mapping[str, object]) -> Command:
    """Return the command; says in one line what is not well formed, and ends with status 1."""
    try:
        return kind.model_validate(fields)
    except ValidationError as error:
        fault = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in fault["loc"])
        say(f"invalid_value: {place}: {fault['msg']}")
        raise typer.Exit(1) from None


@staff_app.command("list")
def staff_list(
    data: Data = DATA,
    as_of: AsOf = None,
    form: Form = "table",
    lang: Lang = "both",
    now: Now = None,
) -> None:
    """List the accounts with the post each has, now or at another time."""
    with opened(data, now) as office:
        rows = _posted(office.application.roster(), as_of or office.application.clock())
        columns = ["staff", "person", "post", "centre", "department"]
        write(rows, columns, form, lang)


def _posted(known: roster.Roster, moment: datetime) -> list[dict[str, Any]]:
    actors = [
        known.at(account, moment)
        for account in sorted(known.postings)
        if not known.has_left(account, moment)
    ]
    return [
        {
            "staff": actor.account,
            "person": actor.person,
            "post": actor.post,
            "centre": actor.centre,
            "department": actor.department,
        }
        for actor in actors
    ]


@staff_app.command("post")
def staff_post(
    staff: str,
    person: str,
    post: Annotated[str, typer.Argument(help=", ".join(get_args(Post)))],
    centre: Annotated[str | None, typer.Option()] = None,
    department: Annotated[str | None, typer.Option()] = None,
    data: Data = DATA,
    at: At = None,
    by: By = "system",
    now: Now = None,
) -> None:
    """Give a person an account with a post."""
    fields = {
        "staff": staff,
        "person": person,
        "post": post,
        "centre": centre,
        "department": department,
    }
    carry_out(roster.PostStaff, fields, data, now, by, at)


@staff_app.command("transfer")
def staff_transfer(
    staff: str,
    post: Annotated[str | None, typer.Option()] = None,
    centre: Annotated[str | None, typer.Option()] = None,
    department: Annotated[str | None, typer.Option()] = None,
    data: Data = DATA,
    at: At = None,
    by: By = "system",
    now: Now = None,
) -> None:
    """Move an account to another post, centre or department."""
    fields = {"staff": staff, "post": post, "centre": centre, "department": department}
    carry_out(roster.TransferStaff, fields, data, now, by, at)


@staff_app.command("leave")
def staff_leave(
    staff: str, data: Data = DATA, at: At = None, by: By = "system", now: Now = None
) -> None:
    """Record that an account's holder leaves."""
    carry_out(roster.StaffLeaves, {"staff": staff}, data, now, by, at)


@policy_app.command("show")
def policy_show(
    data: Data = DATA,
    version: Annotated[str | None, typer.Option(help="Another version than today's.")] = None,
    form: Form = "table",
    lang: Lang = "both",
    now: Now = None,
) -> None:
    """Print every policy value by name; without a data folder, the built-in ones."""
    if not data.exists():
        name, values = policy.BUILT_IN, policy.built_in()
        write(_policy_rows(name, values), ["version", "name", "value"], form, lang)
        return
    with opened(data, now) as office:
        policies = office.application.policies()
        present = office.application.clock()
        if version is None:
            name, values = policies.binding(present, present)
        else:
            name, values = version, policies.version(version)
        write(_policy_rows(name, values), ["version", "name", "value"], form, lang)


def _policy_rows(version: str, values: policy.Policy) -> list[dict[str, Any]]:
    named = values.model_dump()
    return [{"version": version, "name": name, "value": value} for name, value in named.items()]


@policy_app.command("adopt")
def policy_adopt(
    version: str,
    values: Annotated[list[str], typer.Argument(help="name=value …")],
    effective_from: From,
    data: Data = DATA,
    at: At = None,
    by: By = "system",
    now: Now = None,
) -> None:
    """Adopt a policy version: the values given change, the others stay."""
    changes: dict[str, Any] = {}
    for text in values:
        name, _, value = text.partition("=")
        if not value.isdigit():
            msg = "values are name=number"
            raise typer.BadParameter(msg)
        changes[name] = int(value)
    fields = changes | {"version": version, "effective_from": effective_from}
    carry_out(policy.AdoptPolicy, fields, data, now, by, at)


@calendar_app.command("show")
def calendar_show(
    year: int, data: Data = DATA, form: Form = "table", lang: Lang = "both", now: Now = None
) -> None:
    """Print the days of a year that differ from an ordinary week."""
    with opened(data, now) as office:
        present = office.application.clock()
        found = office.application.counting(present).calendars.official(year, present, present)
    if found is None:
        say(f"calendar_missing: no official calendar of {year} is loaded")
        raise typer.Exit(1)
    days = sorted(found.holidays | found.workdays)
    rows = [{"version": found.version, "day": str(d), "kind": found.kind(d)} for d in days]
    write(rows, ["version", "day", "kind"], form, lang)


@calendar_app.command("load")
def calendar_load(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="TOML or JSON.")],
    data: Data = DATA,
    at: At = None,
    by: By = "system",
    now: Now = None,
) -> None:
    """Load a year's official calendar: version, year, holidays, workdays."""
    carry_out(workdays.LoadCalendar, read_values(file), data, now, by, at)


@matrix_app.command("show")
def matrix_show(
    data: Data = DATA,
    as_of: AsOf = None,
    form: Form = "table",
    lang: Lang = "both",
    now: Now = None,
) -> None:
    """Print which post may see which field for which purpose."""
    if data.exists():
        with opened(data, now) as office:
            version, grants = office.application.matrix_at(as_of or office.application.clock())
    else:
        version, grants = matrix.BUILT_IN, matrix.built_in()
    rows = [
        {
            "version": version,
            "posts": ", ".join(grant.posts),
            "fields": ", ".join(grant.fields),
            "purposes": ", ".join(grant.purposes),
            "condition": grant.condition,
        }
        for grant in grants
    ]
    write(rows, list(rows[0]), form, lang)


@matrix_app.command("adopt")
def matrix_adopt(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="TOML or JSON.")],
    data: Data = DATA,
    at: At = None,
    by: By = "system",
    now: Now = None,
) -> None:
    """Adopt a matrix version as a whole: version, effective_from, grants; another approves it."""
    carry_out(matrix.AdoptMatrix, read_values(file), data, now, by, at)


@matrix_app.command("approve")
def matrix_approve(
    version: str,
    by: Annotated[str, typer.Option("--by", help="An administrator, not who adopted it.")],
    data: Data = DATA,
    at: At = None,
    now: Now = None,
) -> None:
    """Let an adopted version bind, as the second person."""
    carry_out(matrix.ApproveMatrix, {"version": version}, data, now, by, at)
