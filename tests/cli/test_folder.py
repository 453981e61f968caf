"""A data folder at the command line: made, checked, moved, and rehearsed in."""

from __future__ import annotations

import json
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

from .. import postgres
from .conftest import LATER, RECEIVED, STAFF, Run, history, refused, rows


def test_init_makes_a_folder_only_its_owner_can_read(tmp_path: Path, run: Run) -> None:
    """The store, its key and the configuration are readable by their owner alone."""
    run("init", tmp_path / "data")
    files = {file.name: file for file in (tmp_path / "data").iterdir()}
    assert {"events.db", "master.key", "guanjia.json"} <= files.keys()
    assert {stat.S_IMODE(file.stat().st_mode) for file in files.values()} == {0o600}


def test_a_folder_may_keep_its_events_on_a_server(tmp_path: Path, run: Run) -> None:
    """With ``--store`` everything but the events is in the folder, and the address is nobody's."""
    folder = tmp_path / "office"
    url = postgres.new_url().replace("postgres@", "postgres:hunter2@")
    done = run("init", folder, "--store", url)
    assert done.exit_code == 0
    assert "hunter2" not in done.output
    assert not (folder / "events.db").exists()
    assert stat.S_IMODE((folder / "guanjia.json").stat().st_mode) == 0o600
    assert run("import", history(tmp_path, *STAFF, RECEIVED), "--data", folder).exit_code == 0
    assert {row["complaint"] for row in rows(run, "query", "sla", "--data", folder)} == {"N-1"}
    again = run("init", tmp_path / "second", "--store", url)
    refused(again, "store_exists")
    assert "hunter2" not in again.output


def test_a_store_is_checked_backed_up_restored_and_moved(
    folder: Path, tmp_path: Path, run: Run
) -> None:
    """The whole round: a sound store, its backup put back, and a move to a server and on."""
    backup = tmp_path / "backup.db"
    sound = run("store", "check", "--data", folder)
    assert sound.exit_code == 0
    assert sound.stdout.endswith("positions, nothing wrong\n")
    asked = rows(run, "query", "cases", "--data", folder)
    assert run("store", "backup", backup, "--data", folder).exit_code == 0
    assert run("store", "restore", backup, "--data", folder).exit_code == 1
    (folder / "events.db").unlink()
    assert run("store", "restore", backup, "--data", folder).exit_code == 0
    url = postgres.new_url().replace("postgres@", "postgres:hunter2@")
    moved = run("store", "copy", url, "--data", folder, "--switch")
    assert moved.exit_code == 0
    assert "hunter2" not in moved.output
    assert stat.S_IMODE((folder / "guanjia.json").stat().st_mode) == 0o600
    (folder / "events.db").unlink()
    assert rows(run, "query", "cases", "--data", folder) == asked
    assert run("store", "restore", backup, "--data", folder).exit_code == 1
    assert run("store", "backup", tmp_path / "second.db", "--data", folder).exit_code == 1
    assert run("store", "check", "--data", tmp_path).exit_code == 1


def test_the_check_says_what_is_wrong(folder: Path, run: Run) -> None:
    """Each finding is a line with its code and position, and the status is 1."""
    with closing(sqlite3.connect(folder / "events.db")) as raw, raw:
        raw.execute("delete from vault_values")
    done = run("store", "check", "--data", folder)
    assert done.exit_code == 1
    assert "value_missing: position " in done.stderr


def test_a_server_that_is_away_is_said_without_its_address(tmp_path: Path, run: Run) -> None:
    """The error is one line with a code; the password is in none of it."""
    done = run("init", tmp_path / "office", "--store", "postgresql://u:hunter2@127.0.0.1:1/x")
    refused(done, "store_unreachable")
    assert "hunter2" not in done.output


def test_init_never_overwrites(folder: Path, run: Run) -> None:
    """A folder that is not empty is refused and stays as it is."""
    before = {file: file.read_bytes() for file in folder.iterdir()}
    refused(run("init", folder), "folder_exists")
    assert {file: file.read_bytes() for file in folder.iterdir()} == before


def test_a_missing_folder_is_refused(tmp_path: Path, run: Run) -> None:
    """Asking nothing makes no folder."""
    refused(run("query", "sla", "--data", tmp_path / "nowhere"), "no_office")
    assert not (tmp_path / "nowhere").exists()


def test_another_present_is_for_rehearsals_only(folder: Path, run: Run) -> None:
    """A real folder knows one present."""
    refused(run("query", "sla", "--data", folder, "--now", LATER), "not_a_rehearsal")


def test_a_rehearsal_says_so(tmp_path: Path, run: Run) -> None:
    """Everything on standard error of a rehearsal says that it is one."""
    data = tmp_path / "data"
    run("init", data, "--rehearsal")
    file = history(tmp_path, *STAFF, RECEIVED)
    early = run("import", file, "--data", data, "--now", "2025-10-01T00:00:00+08:00")
    assert early.exit_code == 1
    assert "in_future" in early.stderr
    asked = run("query", "sla", "--data", data, "--now", LATER, "--format", "json")
    assert json.loads(asked.stdout) == []
    assert asked.stderr == f"[rehearsal] the present is {LATER}\n"
