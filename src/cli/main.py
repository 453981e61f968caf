"""The commands for making a data folder, filling it and asking it."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer

from ..domain.catalogue import COMMANDS
from ..domain.messages import TOPICS
from ..folder import OfficeError, init, read_config
from ..history import HistoryError, Summary, import_csv, import_ndjson
from ..labels import Language
from ..office import open_office
from ..projections import PUBLIC_VIEWS, Result, contract
from ..projections.explain import explain as explain_clocks
from . import doing, keeping, organisation, service
from .audit import audit_app
from .keys import keys_app
from .output import Format, advancing, progress_bar, table, write
from .report import report_command
from .session import DATA, AsOf, Data, Now, opened, refusing, say
from .trail import trail_app
from .views import sql, views_app, what_if

app = typer.Typer(
    name="guanjia",
    help="管家: promises, revisits and records of residential service centres.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(views_app, name="views")
app.add_typer(keeping.store_app, name="store")
app.add_typer(keys_app, name="keys")
audit_app.add_typer(trail_app)
app.add_typer(audit_app, name="audit")
app.command("report")(report_command)
for name, group in organisation.GROUPS.items():
    app.add_typer(group, name=name)

app.command()(service.serve)
app.command()(service.token)

Lang = Annotated[Language, typer.Option("--lang", help="The headings' language.")]
Form = Annotated[Format, typer.Option("--format", help="How rows are written.")]
DEMO = Path("guanjia-demo")
REJECTS_SAID = 100
DEMO_PROMISES = 30


@app.command("init")
def make(
    folder: Annotated[Path, typer.Argument(help="The folder to make.")],
    store: Annotated[str | None, typer.Option(help="Another event store's URL.")] = None,
    zone: Annotated[str, typer.Option(help="The organisation's time zone.")] = "Asia/Shanghai",
    rehearsal: Annotated[
        bool, typer.Option("--rehearsal", help="A folder that takes --now.")
    ] = False,
) -> None:
    """Make a data folder: configuration, event store, keys. Refuses to overwrite."""
    with refusing("[rehearsal] " if rehearsal else ""):
        init(folder, zone=zone, store=store, rehearsal=rehearsal)
        service.make_key(folder)
    sys.stdout.write(f"{folder}\n")


@app.command()
def demo(
    folder: Annotated[Path, typer.Option("--dir", help="Where to build it.")] = DEMO,
    lang: Lang = "both",
) -> None:
    """Build a demonstration community with a past year of life and print its views."""
    from ..demo import build  # noqa: PLC0415 - its stories are of no use elsewhere

    with refusing():
        _clear_demo(folder)
        init(folder, demo=True)
        with open_office(folder) as office:
            with progress_bar() as bar:
                end = office.application.clock()
                summary = build(office, end=end, progress=advancing(bar, "demo"))
            cases = sum(summary.cases.values())
            sys.stdout.write(
                f"{len(summary.centres)} centres, {cases} cases, {summary.commands} commands from"
                f" {summary.start:%Y-%m-%d} to {summary.end:%Y-%m-%d} in {folder}\n"
            )
            for name in ("sla", "revisits", "volume"):
                _show(office.query(name), lang)
    sys.stdout.write(f"guanjia query sla --data {folder} --centre north\n")
    sys.stdout.write(f"guanjia serve --data {folder}\n")


def _show(answer: Result, lang: Language) -> None:
    """Print a view; of the promises, those that were not kept and those about to be due."""
    rows = answer.plain()
    if answer.name == "sla":
        rows = [row for row in rows if row["outcome"] in ("open", "missed")]
        rows = sorted(rows, key=lambda row: row["due_at"])[-DEMO_PROMISES:]
    table(rows, _columns(answer, "table"), lang, _caption(answer, lang))


def _columns(answer: Result, form: Format) -> Sequence[str]:
    return (form == "table" and PUBLIC_VIEWS[answer.name].brief) or answer.columns


def _caption(answer: Result, lang: Language) -> str:
    view = PUBLIC_VIEWS[answer.name]
    titles = {"zh": view.zh, "en": view.en, "both": f"{view.zh} {view.en}"}
    as_of = answer.as_of.isoformat()
    return f"{titles[lang]}: as of {as_of}, position {answer.position}"


def _clear_demo(folder: Path) -> None:
    """A demonstration may be built anew; anything else is never overwritten."""
    if folder.is_dir() and any(folder.iterdir()):
        if not read_config(folder).demo:
            code = "folder_exists"
            raise OfficeError(code, "the folder is no demonstration; nothing was overwritten")
        shutil.rmtree(folder)


@app.command("import")
def import_history(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="NDJSON, or CSV.")],
    data: Data = DATA,
    mapping: Annotated[
        Path | None,
        typer.Option("--map", exists=True, dir_okay=False, help="What a CSV's columns mean."),
    ] = None,
    keep_irregular: Annotated[
        bool, typer.Option("--keep-irregular", help="Record what today's rules would refuse.")
    ] = False,
    rejects: Annotated[Path | None, typer.Option(help="Where refused lines go.")] = None,
    source: Annotated[str | None, typer.Option(help="The source's label.")] = None,
    now: Now = None,
) -> None:
    """Import a history; all or nothing per line, and nothing twice."""
    if file.suffix.lower() == ".csv" and mapping is None:
        msg = "a CSV needs --map MAP.toml"
        raise typer.BadParameter(msg)
    with opened(data, now) as office, progress_bar() as bar:
        try:
            options: dict[str, Any] = {
                "source": source,
                "keep_irregular": keep_irregular,
                "rejects": rejects,
                "progress": advancing(bar, "import"),
            }
            if mapping is not None:
                summary = import_csv(office.application, file, mapping, **options)
            else:
                summary = import_ndjson(office.application, file, **options)
        except HistoryError as error:
            say(f"{error.code}: {error.reason}")
            raise typer.Exit(1) from None
        office.views.catch_up()
    _report(summary)
    if summary.rejected and not keep_irregular:
        raise typer.Exit(1)


def _report(summary: Summary) -> None:
    if summary.rejects:
        with summary.rejects.open(encoding="utf-8") as lines:
            for line in islice(lines, REJECTS_SAID):
                reject = json.loads(line)
                say(f"line {reject['line']}: {reject['code']}: {reject['reason']}")
        if summary.rejected > REJECTS_SAID:
            say(f"{summary.rejected - REJECTS_SAID} more in {summary.rejects}")
    for code, count in sorted(summary.irregular.items()):
        sys.stdout.write(f"irregular {code}: {count}\n")
    sys.stdout.write(
        f"read {summary.read} = imported {summary.imported} + rejected {summary.rejected}"
        f" + already {summary.already} + ignored {summary.ignored}\n"
    )


@app.command()
def query(
    name: Annotated[str, typer.Argument(help="The view: sla, revisits, volume, …")],
    data: Data = DATA,
    as_of: AsOf = None,
    position: Annotated[int | None, typer.Option(min=0, help="An older store state.")] = None,
    month: Annotated[str | None, typer.Option(metavar="YYYY-MM")] = None,
    centre: Annotated[str | None, typer.Option()] = None,
    unit: Annotated[str | None, typer.Option()] = None,
    person: Annotated[str | None, typer.Option()] = None,
    form: Form = "table",
    lang: Lang = "both",
    now: Now = None,
) -> None:
    """Ask a view, as of any moment; the newest events are taken in first."""
    with opened(data, now) as office:
        answer = office.query(
            name,
            as_of=as_of,
            position=position,
            month=month,
            centre=centre,
            unit=unit,
            person=person,
        )
        write(answer.plain(), _columns(answer, form), form, lang, _caption(answer, lang))


@app.command()
def explain(
    case: Annotated[str, typer.Argument(help="The case's identifier.")],
    data: Data = DATA,
    as_of: AsOf = None,
    form: Form = "table",
    lang: Lang = "both",
    now: Now = None,
) -> None:
    """Explain each clock of a case: start, days counted and skipped, versions, what stopped it."""
    with opened(data, now) as office:
        answer = office.query("sla", as_of=as_of, complaint=case)
        explained = explain_clocks(answer.rows(), office.application.counting(answer.as_of))
    if not explained:
        say(f"unknown_complaint: no clock of {case} had been recorded by then")
        raise typer.Exit(1)
    if form == "json":
        sys.stdout.write(json.dumps([e.plain() for e in explained], ensure_ascii=False) + "\n")
        return
    rows = [e.plain() | {"days": e.counted_days(lang)} for e in explained]
    caption = f"{case}: as of {answer.as_of.isoformat()}, position {answer.position}"
    write(rows, list(rows[0]), form, lang, caption)


app.command()(doing.do)
app.command()(doing.disclose)
app.command()(doing.export)
app.command()(sql)
app.command("what-if")(what_if)


@app.command()
def schema(
    what: Annotated[str, typer.Argument(help="commands, events or views")],
) -> None:
    """Print JSON Schemas of commands or events, or the columns of the views."""
    if what == "commands":
        printed: dict[str, Any] = {
            name: command.model_json_schema() for name, command in sorted(COMMANDS.items())
        }
    elif what == "events":
        printed = {topic: event.model_json_schema() for topic, event in sorted(TOPICS.items())}
    elif what == "views":
        printed = contract.described()
    else:
        msg = "commands, events or views"
        raise typer.BadParameter(msg)
    sys.stdout.write(json.dumps(printed, ensure_ascii=False, indent=2) + "\n")
