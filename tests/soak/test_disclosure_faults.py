"""Ten thousand disclosures that fail somewhere, and none that shows a value without its event."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from guanjia.storage import check

from ..disclosure.faults import ERRORS, Fault, attempt, on_disk, steps_of
from .figures import recorded

RUNS = 10_000
KILLS = 2_000
STEPS_WHEN_OPENED = 24

pytestmark = pytest.mark.soak


def test_ten_thousand_faults_show_nothing_unrecorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Any error, before or after any statement or decryption."""
    random = Random(4)  # noqa: S311 - chance is only chance
    world = on_disk(tmp_path)
    steps = steps_of(world, monkeypatch)
    with recorded("disclosures that fail at a random step") as figures:
        while figures.runs < RUNS:
            figures.runs += 1
            world.later(minutes=10)
            fault = Fault.chosen(random, steps, *ERRORS)
            assert not attempt(world, fault, monkeypatch, f"request-{figures.runs}-")
            assert fault.reached
    assert list(check(world.store)) == []


def test_kills_at_any_step_show_nothing_unrecorded(tmp_path: Path) -> None:
    """Kill -9 before or after any statement or decryption; what was printed is on record."""
    world = on_disk(tmp_path)
    world.store.close()
    program = [sys.executable, "-m", "tests.disclosure.killed", str(tmp_path)]
    with recorded("disclosures killed at a random step") as figures:
        arguments = [str(KILLS), str(STEPS_WHEN_OPENED), "4"]
        done = subprocess.run([*program, *arguments], check=True, capture_output=True, text=True)
        printed = [line.split() for line in done.stdout.splitlines()]
        figures.runs, figures.kills = KILLS, printed.count(["killed"])
        shown = [line[0] for line in printed if line[1:] == ["13900139000"]]
        assert len(shown) + figures.kills == KILLS + 1
        assert all(world.recorded(request) for request in shown)
    with world.open_again() as store:
        assert list(check(store)) == []
