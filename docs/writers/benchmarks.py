"""The page of what was measured."""

from __future__ import annotations

import json
from typing import Any

from .words import DOCS


def page() -> str:
    """Return the page of what was measured, from the results of the last runs."""
    lines = [
        "# Benchmarks 测量",
        "",
        "What the last runs of `make bench` and `make soak` left in `benchmarks/results.json` and",
        "`benchmarks/soak.json`. Contenders take turns within one run; a ratio compares their",
        "medians, over `n` rounds. `x`: times as fast, or for `<=` times as long. How they are",
        "measured is in `benchmarks/`; figures differ from machine to machine, ratios less.",
        "",
        "| work | ratio | target | holds | n |",
        "|---|---:|---:|---|---:|",
    ]
    rows = _results("results")
    for row in rows:
        unit = "" if row["unit"] == "x" else f" {row['unit']}"
        holds = "yes" if row["holds"] else "**no**"
        lines.append(
            f"| {row['name']} | {row['ratio']:g}{unit} | {row['target']} | {holds} | {row['n']} |"
        )
    lines += ["", "## What each row compares", ""]
    lines += [f"- **{row['name']}**: {row['note']}." for row in rows]
    lines += ["", "## Long runs", "", "| run | runs | kills | failures | seconds |"]
    lines += ["|---|---:|---:|---:|---:|"]
    lines += [
        f"| {row['name']} | {row['runs']} | {row['kills']} | {row['failures']} | {row['seconds']} |"
        for row in _results("soak")
    ]
    return "\n".join(lines) + "\n"


def _results(name: str) -> list[dict[str, Any]]:
    path = DOCS.parent / "benchmarks" / f"{name}.json"
    found: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))
    return found
