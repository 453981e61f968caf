"""The auditor's commands, as a person or a script uses them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import guanjia as gj
from guanjia import verifier
from guanjia.cli import app

Run = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with three events."""
    data = tmp_path / "data"
    with gj.open(data) as office:
        for number in range(3):
            posted = gj.PostStaff(
                staff=f"desk{number}", person="p1", post="front_desk", centre="north"
            )
            office.execute(posted)
    return data


@pytest.fixture
def run(folder: Path) -> Run:
    """Run a subcommand of audit on the folder."""

    def run(*arguments: object) -> Result:
        words = ["audit", *map(str, arguments), "--data", str(folder)]
        return CliRunner().invoke(app, words)

    return run


def edit(folder: Path) -> None:
    """Edit the second event with a client that removes the trigger first."""
    with closing(sqlite3.connect(folder / "events.db")) as raw:
        raw.execute("DROP TRIGGER events_are_not_updated")
        raw.execute("UPDATE events SET state = x'7b7d' WHERE position = 2")
        raw.commit()


def test_verify_is_silent_about_an_honest_store(run: Run) -> None:
    """Status 0, one line, and nothing on standard error."""
    result = run("verify")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "ok: 3 events, 1 checkpoints; 3 events are signed\n"


def test_verify_names_an_edited_event(run: Run, folder: Path, tmp_path: Path) -> None:
    """Status 1, and a line on standard error for each finding, with a checkpoint or without."""
    assert run("checkpoint", "--out", tmp_path / "kept").exit_code == 0
    edit(folder)
    for arguments in ((), ("--checkpoint", tmp_path / "kept")):
        result = run("verify", *arguments)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.startswith("event_altered: event 2: ")


def test_verify_takes_a_checkpoint_from_elsewhere(run: Run, tmp_path: Path) -> None:
    """A checkpoint that is none of this log is a finding."""
    run("checkpoint", "--out", tmp_path / "kept")
    assert run("verify", "--checkpoint", tmp_path / "kept").exit_code == 0
    (tmp_path / "kept").write_text("nothing\n", "utf-8")
    result = run("verify", "--checkpoint", tmp_path / "kept")
    assert result.exit_code == 1
    assert result.stderr.startswith("checkpoint_invalid: the checkpoint given: ")


def test_an_outsider_checks_a_receipt_with_what_the_commands_print(
    run: Run, tmp_path: Path
) -> None:
    """Key, receipt and the event's bytes, and an update from an older checkpoint."""
    files = [str(tmp_path / name) for name in ("receipt", "event", "update", "older")]
    receipt, event, update, older = files
    key = run("key").stdout.strip()
    assert run("proof", "--position", 2, "--out", receipt, "--event", event).exit_code == 0
    assert verifier.main([receipt, "--key", key, "--event", event]) == 0
    Path(older).write_bytes(run("checkpoint").stdout.encode())
    assert run("proof", "--since", 3, "--out", update).exit_code == 0
    assert verifier.main([update, "--key", key, "--old", older]) == 0


def test_proof_wants_to_know_which(run: Run) -> None:
    """Neither or both is wrong usage; what is not in the log is refused."""
    assert run("proof").exit_code == 2
    assert run("proof", "--position", 1, "--since", 1).exit_code == 2
    assert run("proof", "--since", 1, "--event", "e").exit_code == 2
    for arguments in (("--position", 4), ("--since", 4)):
        result = run("proof", *arguments)
        assert result.exit_code == 1
        assert result.stderr.startswith("not_in_log: ")


def test_a_rolled_back_folder_is_spoken_of(run: Run, folder: Path) -> None:
    """Other commands say so on standard error, and record nothing."""
    with closing(sqlite3.connect(folder / "events.db")) as raw:
        raw.execute("DROP TRIGGER events_are_not_deleted")
        raw.execute("DELETE FROM events WHERE position = 3")
        raw.commit()
    words = ["query", "sla", "--format", "json", "--data", str(folder)]
    result = CliRunner().invoke(app, words)
    assert (result.exit_code, result.stdout) == (0, "[]\n")
    assert result.stderr.startswith("history_differs: 3 events were signed and the store holds 2")
    words = ["staff", "post", "desk9", "p9", "front_desk", "--data", str(folder)]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 1
    assert run("checkpoint").exit_code == 1
    assert run("verify").exit_code == 1


def test_there_must_be_a_folder(tmp_path: Path) -> None:
    """No folder is made by asking for its proof."""
    result = CliRunner().invoke(app, ["audit", "verify", "--data", str(tmp_path / "none")])
    assert (result.exit_code, result.stderr[:10]) == (1, "no_office:")
    assert not (tmp_path / "none").exists()
