"""Measure, print the table, write ``results.json``."""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Container
from dataclasses import asdict
from pathlib import Path
from types import ModuleType

from rich.console import Console
from rich.table import Table

from . import (
    appending,
    disclosing,
    growing,
    importing,
    reading,
    server,
    serving,
    streams,
    trailing,
)
from .measuring import Row

RESULTS = Path(__file__).with_name("results.json")
WORK = (appending, disclosing, server, streams, importing, reading, trailing, serving)
ONCE = (growing,)
"""What is measured only when it is named, for it takes long."""
MODULES = {work.__name__.rpartition(".")[2]: work for work in (*WORK, *ONCE)}


def main() -> None:
    """Run every kind of work."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--quick", action="store_true", help="smaller sizes, at most five minutes")
    parser.add_argument(
        "--only", choices=MODULES, help="the work of one module; the other rows stay as they were"
    )
    arguments = parser.parse_args()
    quick = arguments.quick
    started = time.monotonic()
    console = Console()
    wanted = _wanted(arguments.only)
    measured: list[tuple[str, Row]] = []
    with tempfile.TemporaryDirectory(prefix="guanjia-bench-") as place:
        for name, work in wanted.items():
            folder = Path(place, name)
            folder.mkdir()
            for row in work.measure(folder, quick=quick):
                console.print(f"{row.name}: {row.ratio} {row.unit} ({row.target})")
                measured.append((name, row))
    _print(console, [row for _, row in measured])
    _write(measured, wanted)
    console.print(f"{time.monotonic() - started:.0f} s; written to {RESULTS.name}")


def _wanted(only: str | None) -> dict[str, ModuleType]:
    """Return the modules whose work is measured, by name."""
    return {
        name: work for name, work in MODULES.items() if (name == only if only else work not in ONCE)
    }


def _write(measured: list[tuple[str, Row]], wanted: Container[str]) -> None:
    """Write the rows in the place of those of the same modules; the others stay."""
    known = json.loads(RESULTS.read_text("utf-8"))
    rows = [row for row in known if row["work"] not in wanted]
    rows += [{"work": name} | asdict(row) for name, row in measured]
    rows.sort(key=lambda row: [*MODULES].index(row["work"]))
    text = json.dumps(rows, ensure_ascii=False, indent=2)
    RESULTS.write_text(text + "\n", encoding="utf-8")


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
