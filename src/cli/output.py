"""Rows as a table for people, or as JSON or CSV for programs."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from ..labels import Language, heading

Format = Literal["table", "json", "csv"]
TABLE_ROWS = 200
PIPE_WIDTH = 240


def write(
    rows: Sequence[dict[str, Any]],
    columns: Sequence[str],
    form: Format,
    language: Language,
    caption: str = "",
) -> None:
    """Write rows (times as ISO 8601 text) on standard output."""
    if form == "json":
        sys.stdout.write(json.dumps(list(rows), ensure_ascii=False) + "\n")
    elif form == "csv":
        _csv(rows, columns)
    else:
        table(rows, columns, language, caption)


def _csv(rows: Iterable[dict[str, Any]], columns: Sequence[str]) -> None:
    writer = csv.DictWriter(sys.stdout, columns, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _written(value) for name, value in row.items()})


def _written(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else value


def table(
    rows: Sequence[dict[str, Any]], columns: Sequence[str], language: Language, caption: str = ""
) -> None:
    """Print a table of at most ``TABLE_ROWS`` rows; columns empty in every row are left out."""
    console = Console(file=sys.stdout)
    if not console.is_terminal:
        console = Console(file=sys.stdout, width=PIPE_WIDTH)
    shown = [column for column in columns if any(row[column] is not None for row in rows)]
    made = Table()
    for column in shown or columns:
        numeric = all(isinstance(row[column], int | float | None) for row in rows)
        made.add_column(heading(column, language), justify="right" if numeric else "left")
    for row in rows[:TABLE_ROWS]:
        made.add_row(*(Text(_cell(row[column])) for column in shown or columns))
    console.print(made)
    if caption:
        console.print(Text(caption))
    if len(rows) > TABLE_ROWS:
        more = len(rows) - TABLE_ROWS
        console.print(f"… {more} more rows 其余 {more} 行 (--format csv)")


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "✓" if value else ""
    if isinstance(value, float):
        return f"{value:.1%}" if value <= 1 else f"{value:.2f}"
    text = str(value)
    is_time = len(text) == len("2025-10-08T23:50:00+08:00") and text[10] == "T"
    return text[:19].replace("T", " ") if is_time else text


def progress_bar() -> Progress:
    """Return a bar on standard error, which shows nothing where that is no terminal."""
    return Progress(
        "{task.description}",
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    )


def advancing(bar: Progress, title: str) -> Callable[[int, int], None]:
    """Return what moves a bar when told how much of how much is done."""
    task = bar.add_task(title, total=None)

    def advance(done: int, total: int) -> None:
        bar.update(task, completed=done, total=total)

    return advance
