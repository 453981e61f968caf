"""Writes docs/reference/ from the code: run it after a change of commands, events or views.

    .venv/bin/python docs/generate.py

Each page has its writer in writers/. Words that the code does not have (Chinese terms, what a
column means) are in words.toml. Who may do a command and what may refuse it are read from the
rules themselves, call by call.
"""

from __future__ import annotations

from collections.abc import Callable

from writers import (
    benchmarks,
    command_line,
    commands,
    events,
    glossary,
    problems,
    refusals,
    transitions,
    views,
)
from writers.words import DOCS

PAGES: dict[str, Callable[[], str]] = {
    "reference/commands.md": commands.page,
    "reference/events.md": events.page,
    "reference/refusals.md": refusals.page,
    "reference/problems.md": problems.page,
    "reference/views.md": views.page,
    "reference/glossary.md": glossary.page,
    "reference/command-line.md": command_line.page,
    "reference/transitions.md": transitions.page,
    "reference/benchmarks.md": benchmarks.page,
}


def main() -> None:
    """Write every page."""
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
