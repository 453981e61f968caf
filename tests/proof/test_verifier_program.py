"""The verifier as a program: what it prints, the witness's state, and that it is one file alone."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from guanjia import verifier
from guanjia.verifier import Checkpoint

from .logs import Log, append
from .proofs import Proofs, resigned

SOURCE = Path(verifier.__file__)


def run(*arguments: object) -> int:
    """Run the verifier as a program does; return its exit status."""
    return verifier.main([str(argument) for argument in arguments])


@pytest.fixture
def files(tmp_path: Path, proofs: Proofs) -> Path:
    """The proofs as files."""
    for name in ("receipt", "update"):
        (tmp_path / name).write_bytes(getattr(proofs, name).encode())
    (tmp_path / "event").write_bytes(proofs.event)
    (tmp_path / "older").write_bytes(proofs.older.note.encode())
    return tmp_path


def test_the_program_says_what_is_proved(
    files: Path, proofs: Proofs, capsys: pytest.CaptureFixture[str]
) -> None:
    """Status 0 and what the proof is about, or status 1 and one line."""
    key = ("--key", proofs.public)
    assert run(files / "receipt", *key, "--event", files / "event") == 0
    assert run(files / "update", *key, "--old", files / "older") == 0
    said = capsys.readouterr().out
    assert "proved: event 200 of a log of 300" in said
    assert "'complaint.head_alerted.1', number 12 of 'complaint:N-13'" in said
    assert "the log of 300 events begins with the older one" in said
    assert run(files / "receipt", *key, "--event", files / "older") == 1
    assert run(files / "update", *key) == 1
    assert run(files / "nothing", *key) == 1
    (files / "receipt").write_bytes(b"\xff" * 20_000)
    assert run(files / "receipt", *key) == 1
    refusals = capsys.readouterr().err.splitlines()
    assert [line.partition(":")[0] for line in refusals] == [
        "other_event", "malformed", "unreadable", "malformed",
    ]  # fmt: skip


def test_a_witness_keeps_only_what_continues(
    files: Path, proofs: Proofs, log: Log, capsys: pytest.CaptureFixture[str]
) -> None:
    """It takes the newer checkpoint once, and neither an older nor an inconsistent one."""
    state = files / "state"
    arguments = (files / "update", "--key", proofs.public, "--state", state)
    assert run(*arguments) == 1
    assert not state.exists()
    shutil.copy(files / "older", state)
    assert run(*arguments) == 0
    newest = state.read_text("utf-8")
    assert proofs.update.endswith(newest)
    assert run(*arguments) == 1
    with log.opened() as (store, audit):
        (files / "update").write_bytes(audit.update(300).encode())
        assert run(*arguments) == 0
        append(store, 5)
        audit.checkpoint()
        other = resigned(audit.update(300), log, root=bytes(32))
        (files / "update").write_bytes(other.encode())
        assert run(*arguments) == 1
        assert state.read_text("utf-8") == newest
        (files / "update").write_bytes(audit.update(300).encode())
        assert run(*arguments) == 0
    codes = [line.partition(":")[0] for line in capsys.readouterr().err.splitlines()]
    assert codes == ["unreadable", "out_of_range", "not_proved"]
    assert Checkpoint.parse(verifier.read(state), proofs.key).size == 305


def test_a_damaged_state_is_refused(files: Path, proofs: Proofs) -> None:
    """A witness whose own file was altered does not go on from it."""
    state = files / "state"
    state.write_text(proofs.older.note.replace("100", "101"), "utf-8")
    assert run(files / "update", "--key", proofs.public, "--state", state) == 1


def test_a_crash_leaves_the_witness_the_old_state(
    files: Path, proofs: Proofs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the new state cannot be made durable, the old one stays in its place."""
    state = files / "state"
    shutil.copy(files / "older", state)

    def fail(_descriptor: int) -> None:
        raise OSError(28, "no space left on device")

    arguments = (files / "update", "--key", proofs.public, "--state", state)
    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", fail)
        assert run(*arguments) == 1
    assert state.read_text("utf-8") == proofs.older.note
    assert run(*arguments) == 0


def test_of_two_witnesses_on_one_state_one_takes_the_step(files: Path, proofs: Proofs) -> None:
    """The step from an older checkpoint is taken once, however many try it together."""
    state = files / "state"
    shutil.copy(files / "older", state)
    arguments = (files / "update", "--key", proofs.public, "--state", state)
    with ThreadPoolExecutor(8) as threads:
        done = list(threads.map(lambda _: run(*arguments), range(8)))
    assert sorted(done) == [0, *[1] * 7]


def test_the_verifier_needs_nothing_but_cryptography() -> None:
    """It imports the standard library and cryptography, and can be read in one sitting."""
    tree = ast.parse(SOURCE.read_text("utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert not any(isinstance(node, ast.ImportFrom) and node.level for node in imports)
    modules = [node.module or "" for node in imports if isinstance(node, ast.ImportFrom)]
    modules += [one.name for node in imports if isinstance(node, ast.Import) for one in node.names]
    names = {module.partition(".")[0] for module in modules}
    assert names - sys.stdlib_module_names == {"cryptography"}
    assert len(SOURCE.read_text("utf-8").splitlines()) <= 300


def test_the_verifier_works_as_a_copy_of_one_file(files: Path, proofs: Proofs) -> None:
    """Copied alone, and run where guanjia is not."""
    copy = shutil.copy(SOURCE, files / "check.py")
    program = [sys.executable, "-I", str(copy), str(files / "receipt"), "--key", proofs.public]
    done = subprocess.run(program, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("proved: event 200")
