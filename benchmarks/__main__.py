"""Measure, print the table, write ``results.json``."""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from . import appending, disclosing, importing, reading, server, serving, streams, trailing
from .measuring import Row

RESULTS = Path(__file__).with_name("results.json")
WORK = (appending, disclosing, server, streams, importing, reading, trailing, serving)


def main() -> None:
    """Run every kind of work."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--quick", action="store_true", help="smaller sizes, at most five minutes")
    parser.add_argument("--only", help="the work of one module; the other rows stay as they were")
    arguments = parser.parse_args()
    quick = arguments.quick
    started = time.monotonic()
    console = Console()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="guanjia-bench-") as place:
        for work in WORK:
            if arguments.only not in {None, work.__name__.rpartition(".")[2]}:
                continue
            folder = Path(place, work.__name__.rpartition(".")[2])
            folder.mkdir()
            for row in work.measure(folder, quick=quick):
                console.print(f"{row.name}: {row.ratio} {row.unit} ({row.target})")
                rows.append(row)
    _print(console, rows)
    shown = _with_known(rows) if arguments.only else rows
    text = json.dumps(shown, default=asdict, ensure_ascii=False, indent=2)
    RESULTS.write_text(text + "\n", encoding="utf-8")
    console.print(f"{time.monotonic() - started:.0f} s; written to {RESULTS.name}")


def _with_known(rows: list[Row]) -> list[Row]:
    """Return the rows of the last run with these in their places, new ones at the end."""
    known = {row["name"]: Row(**row) for row in json.loads(RESULTS.read_text("utf-8"))}
    return list((known | {row.name: row for row in rows}).values())


def _print(console: Console, rows: list[Row]) -> None:
    table = Table(show_lines=False)
    for column in ("work", "ratio", "target", "holds", "n"):
        table.add_column(column, justify="left" if column == "work" else "right")
    for row in rows:
        figure = f"{row.ratio:g}" + ("" if row.unit == "x" else f" {row.unit}")
        table.add_row(row.name, figure, row.target, "yes" if row.holds else "no", str(row.n))
    console.print(table)


if __name__ == "__main__":
    main()
