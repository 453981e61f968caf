"""Lines of a history file, and their way through the import into a register."""

# ruff: noqa: ANN401 - the fields of a line are as loose as in a history file

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from guanjia.history import Summary, import_ndjson

from .register import Register, Row, moment

Lines = list[Row]


def at(text: str) -> str:
    """Return a short time as a history file has it."""
    return moment(text).isoformat()


def told(do: str, when: str, by: str = "desk1", **fields: Any) -> Row:
    """Return a line of a history file."""
    return {"do": do, **fields, "by": by, "at": at(when)}


def imported(
    register: Register, folder: Path, lines: Lines, *, keep_irregular: bool = False
) -> Summary:
    """Import lines, every one of which must be read."""
    file = folder / "history.ndjson"
    file.write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in lines), "utf-8")
    summary = import_ndjson(
        register.office.application,
        file,
        rejects=folder / "rejects.ndjson",
        keep_irregular=keep_irregular,
    )
    assert summary.read == len(lines)
    return summary


def rejected(summary: Summary) -> dict[int, str]:
    """Return the code of each line that was rejected, by its number."""
    text = summary.rejects.read_text("utf-8") if summary.rejects else ""
    found = (json.loads(one) for one in text.splitlines())
    return {one["line"]: one["code"] for one in found}


def load(
    register: Register, folder: Path, lines: Lines, *, keep_irregular: bool = False
) -> list[str]:
    """Import lines; return the codes of those rejected."""
    return [*rejected(imported(register, folder, lines, keep_irregular=keep_irregular)).values()]
