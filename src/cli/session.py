"""What every subcommand shares: the data folder, the present, and how things go wrong."""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from ..domain import moments
from ..domain.errors import Malformed, Rejected
from ..folder import OfficeError, read_config
from ..office import Office, open_office
from ..projections import ProjectionError
from ..reports import ReportError
from ..storage import StorageError

Refusal = (Rejected, OfficeError, ProjectionError, ReportError, StorageError)


def _moment(text: str) -> datetime:
    try:
        return moments.checked(text)
    except Malformed as refusal:
        raise typer.BadParameter(refusal.detail) from None


Data = Annotated[
    Path,
    typer.Option(envvar="GUANJIA_DATA", help="The data folder."),
]
DATA = Path("guanjia-data")


def moment_option(name: str, text: str) -> object:
    """Return a typer option that takes a time with its offset."""
    return typer.Option(name, parser=_moment, metavar="TIME", help=text, show_default=False)


Now = Annotated[datetime | None, moment_option("--now", "The present, in a rehearsal only.")]
AsOf = Annotated[
    datetime | None,
    moment_option("--as-of", "Answer from what had been recorded by then."),
]


def _fixed(moment: datetime) -> datetime:
    return moment


def read_values(file: Path) -> dict[str, Any]:
    """Read names and values from a TOML or JSON file; ends with status 1 if it is neither."""
    try:
        text = file.read_text(encoding="utf-8")
        values = json.loads(text) if file.suffix == ".json" else tomllib.loads(text)
        return dict(values)
    except (ValueError, TypeError):
        say("broken_file: neither JSON nor TOML")
        raise typer.Exit(1) from None


def say(text: str) -> None:
    """Say one line on standard error."""
    sys.stderr.write(text.replace("\n", " ") + "\n")


@contextmanager
def refusing(prefix: str = "") -> Generator[None, None, None]:
    """Say a refusal in one line on standard error and end with status 1."""
    try:
        yield
    except Refusal as refusal:
        text = str(refusal)
        code = refusal.code
        say(prefix + (text if text.startswith(f"{code}:") else f"{code}: {text}"))
        raise typer.Exit(1) from None


@contextmanager
def opened(
    data: Path, now: datetime | None = None, *, mend_views: bool = False
) -> Generator[Office, None, None]:
    """Open the data folder; refusals end with status 1, and say when it is a rehearsal."""
    with refusing():
        if not data.exists():
            code = "no_office"
            raise OfficeError(code, f"no data folder at {data}; guanjia init makes one")
        config = read_config(data)
    prefix = "[rehearsal] " if config.rehearsal else ""
    clock = None if now is None else partial(_fixed, now)
    with refusing(prefix), open_office(data, clock=clock, mend_views=mend_views) as office:
        if prefix:
            present = office.application.clock().astimezone(office.zone).isoformat()
            say(f"{prefix}the present is {present}")
        if office.audit.doubt:
            say(f"{prefix}history_differs: {office.audit.doubt}; nothing is recorded: audit verify")
        yield office
