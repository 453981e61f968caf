"""Reports on the command line: what is written, what is refused, what is wrong usage."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from guanjia.domain.policy import BUILT_IN

from .conftest import LATER, Run, history

MADE = ("report", "opinion-monthly", "--month", "2025-10", "--as-of", LATER)


@pytest.mark.parametrize("ending", ["xlsx", "csv", "parquet"])
def test_a_report_is_made_again_to_the_byte(
    folder: Path,
    tmp_path: Path,
    run: Run,
    ending: str,
) -> None:
    """What it prints of itself is what makes it again; the check finds it unchanged."""
    first, second = tmp_path / f"1.{ending}", tmp_path / f"2.{ending}"
    done = run(*MADE, "--data", folder, "--out", first)
    assert done.exit_code == 0
    said = dict(line.split(": ", 1) for line in done.stdout.splitlines())
    assert said["as_of"] == LATER
    assert said["policy"] == BUILT_IN
    assert said["calendar"] == "cn-2025"
    again = ("--position", said["position"], "--data", folder, "--out", second)
    assert run(*MADE, *again).exit_code == 0
    assert first.read_bytes() == second.read_bytes()
    checked = run(
        "report", "opinion-monthly", "--check", first, "--as-of", LATER, "--data", folder,
        "--format", "json",
    )  # fmt: skip
    assert checked.exit_code == 0
    assert json.loads(checked.stdout) == []


def test_restated_figures_are_said_row_by_row(folder: Path, tmp_path: Path, run: Run) -> None:
    """The reply that is open on the day of the issue is missed later."""
    issued = tmp_path / "issued.csv"
    assert run(*MADE, "--data", folder, "--out", issued).exit_code == 0
    checked = run(
        "report", "opinion-monthly", "--check", issued, "--data", folder, "--format", "json"
    )
    assert checked.exit_code == 0
    changes = json.loads(checked.stdout)
    reply = {
        "change": "added",
        "section": "commitment",
        "row": "north month 2025-10-01 commitment reply",
        "column": "counted",
        "issued": None,
        "now": 1,
    }
    assert reply in changes


def test_an_edited_report_ends_with_one(folder: Path, tmp_path: Path, run: Run) -> None:
    """Standard error says in which way the file is not what was issued."""
    issued = tmp_path / "issued.csv"
    run(*MADE, "--data", folder, "--out", issued)
    text = issued.read_text("utf-8-sig")
    check = ("report", "opinion-monthly", "--check", issued, "--data", folder)
    issued.write_text("\ufeff" + text.replace("complaint,1", "complaint,0"), "utf-8")
    edited = run(*check)
    assert edited.exit_code == 1
    assert edited.stderr.startswith("file_differs: ")
    issued.write_text("\ufeff" + text.replace("sha256:", "sha256:0"), "utf-8")
    other = run(*check)
    assert other.exit_code == 1
    assert other.stderr.startswith("rows_differ: ")


@pytest.mark.parametrize(
    "arguments",
    [
        ("--month", "2025-13", "--out", "x.csv"),
        ("--month", "2025-10"),
        ("--out", "x.doc"),
        ("--week", "2025-10-06", "--out", "x.csv"),
        ("--position", "-1", "--out", "x.csv"),
        ("--check", "not-there.csv"),
    ],
)
def test_wrong_usage_ends_with_two(folder: Path, run: Run, arguments: tuple[str, ...]) -> None:
    """A month that is none, no file, an unknown ending, a week of a monthly report."""
    assert run("report", "opinion-monthly", "--data", folder, *arguments).exit_code == 2


def test_what_cannot_be_reported_is_refused(folder: Path, tmp_path: Path, run: Run) -> None:
    """An unknown report, a moment to come, a file that is none: status 1 and one line."""
    out = tmp_path / "x.csv"
    data = ("--data", folder)
    unknown = run("report", "gossip", *data, "--out", out)
    ahead = ("--as-of", "2999-01-01T00:00:00+08:00")
    early = run("report", "keys-out", *data, *ahead, "--out", out)
    assert not out.exists()
    out.write_text("a,b\n")
    foreign = run("report", "keys-out", *data, "--check", out)
    assert run("report", "keys-out", *data, "--out", out).exit_code == 0
    other = run("report", "equalities", *data, "--check", out)
    for result, code in (
        (unknown, "unknown_report"),
        (early, "moment_ahead"),
        (foreign, "not_a_report"),
        (other, "other_report"),
    ):
        assert result.exit_code == 1
        assert result.stderr.startswith(f"{code}: ")
        assert result.stderr.count("\n") == 1


KEYS: list[dict[str, Any]] = [
    {"do": "register_unit", "unit": "U1", "centre": "north", "building": "1", "area": "A"},
    {"do": "receive_key", "key": "K1", "unit": "U1", "centre": "north", "kind": "door",
     "record": "YJ-1", "signed_by_both": True},
    {"do": "lend_key", "key": "K1", "to": "tech1", "complaint": "N-1",
     "due_back": "2025-10-09T18:00:00+08:00"},
    {"do": "report_key_lost", "key": "K1", "lock_changed": True},
]  # fmt: skip


def test_stale_rows_are_marked(folder: Path, tmp_path: Path, run: Run) -> None:
    """A key of which a later event cannot be read is in the list, and the form warns of it."""
    lines = [{**line, "by": "desk1", "at": LATER} for line in KEYS]
    assert run("import", history(tmp_path, *lines), "--data", folder).exit_code == 0
    with closing(sqlite3.connect(folder / "events.db")) as connection:
        connection.execute("drop trigger if exists events_are_not_updated")
        connection.execute("update events set topic = 'key.lost.9' where topic = 'key.lost.1'")
        connection.commit()
    (folder / "views.duckdb").unlink()
    out = tmp_path / "keys.xlsx"
    done = run("report", "keys-out", "--data", folder, "--out", out)
    assert "parked: 1\n" in done.stdout
    sheet = openpyxl.load_workbook(out).worksheets[0]
    assert "停摆" in sheet["A3"].value
    assert [sheet.cell(5, 11).value, sheet.cell(6, 11).value] == [
        "停摆原因\nstale",
        "unknown_topic",
    ]


def test_a_restated_report_is_written_with_its_changes(
    folder: Path, tmp_path: Path, run: Run
) -> None:
    """Checking with a file to write: the same list on the terminal and in the file."""
    issued, again = tmp_path / "issued.csv", tmp_path / "again.csv"
    assert run(*MADE, "--data", folder, "--out", issued).exit_code == 0
    done = run(
        "report", "opinion-monthly", "--check", issued, "--out", again, "--data", folder,
        "--format", "json",
    )  # fmt: skip
    assert done.exit_code == 0
    text = again.read_text("utf-8-sig")
    assert "# since_as_of: 2025-10-09T12:00:00+08:00" in text
    changed = [line for line in text.splitlines() if line.startswith("changes,")]
    assert len(changed) == len(json.loads(done.stdout)) > 0
