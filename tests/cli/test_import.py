"""Importing at the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .conftest import RECEIVED, STAFF, Run, history, rows

FINISHED: dict[str, Any] = {
    "do": "finish_handling",
    "complaint": "N-1",
    "result": "已处理",
    "by": "desk1",
    "at": "2025-10-09T10:00:00+08:00",
}


def test_import_says_each_refusal_in_one_line(tmp_path: Path, folder: Path, run: Run) -> None:
    """A refused line has its number, code and reason, and never its values."""
    unknown = FINISHED | {"result": "已与楼上沟通", "by": "nobody"}
    file = history(tmp_path, *STAFF, RECEIVED, unknown, "{broken")
    imported = run("import", file, "--data", folder, "--rejects", tmp_path / "rejects")
    assert imported.exit_code == 1
    assert imported.stdout.endswith("read 5 = imported 0 + rejected 2 + already 3 + ignored 0\n")
    assert [line.split(": ")[:2] for line in imported.stderr.splitlines()] == [
        ["line 4", "unknown_staff"],
        ["line 5", "broken_json"],
    ]
    assert "已与楼上沟通" not in imported.stderr + (tmp_path / "rejects").read_text()


def test_keeping_irregular_history_ends_well(tmp_path: Path, folder: Path, run: Run) -> None:
    """What broke a rule is kept, and the views say which."""
    file = history(tmp_path, *STAFF, RECEIVED, FINISHED)
    imported = run("import", file, "--data", folder, "--keep-irregular")
    assert imported.exit_code == 0
    assert "irregular not_handler: 1" in imported.stdout
    asked = rows(run, "query", "sla", "--data", folder)
    assert {row["irregular"] for row in asked} == {"not_handler"}


def test_a_csv_needs_its_mapping(tmp_path: Path, folder: Path, run: Run) -> None:
    """Without a mapping nobody knows what the columns mean."""
    (tmp_path / "log.csv").write_text("a,b\n", encoding="utf-8")
    assert run("import", tmp_path / "log.csv", "--data", folder).exit_code == 2
