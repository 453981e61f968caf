"""Whatever fails, nothing is shown without its event."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from .faults import ERRORS, Fault, attempt, on_disk, works

CHILD = """
import sys
from pathlib import Path
from zoneinfo import ZoneInfo
from guanjia.domain.application import Application
from guanjia.domain.disclosure.commands import Ask
from guanjia.domain.disclosure.gateway import Gateway
from guanjia.storage import SqlStore

folder = Path(sys.argv[1])
store = SqlStore.open(f"sqlite:///{folder}/events.db", folder / "master.key")
gateway = Gateway(Application(store, ZoneInfo("Asia/Shanghai")))
print("open", flush=True)
for number in range(100_000):
    ask = Ask.of(["phone"], "repair", complaint="N-1", request=f"{sys.argv[2]}-{number}-")
    with gateway.disclose(ask, by="desk1") as seen:
        print(ask.request, seen.phone, flush=True)
"""
"""Shows a value over and over, to be killed."""


@pytest.mark.parametrize("number", range(len(ERRORS)))
def test_a_fault_at_any_step_shows_nothing_unrecorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """Before and after every statement and every decryption; and the store goes on afterwards."""
    world = on_disk(tmp_path)
    shown = steps = 0
    for before in (True, False):
        for step in range(1000):
            request = f"request-{before}-{step}-"
            fault = Fault(step, before, ERRORS[number])
            seen = attempt(world, fault, monkeypatch, request)
            if not fault.reached:
                assert seen
                break
            shown += seen
            steps += 1
            assert world.recorded(request) or not seen
            assert works(world)
    assert steps > 8
    assert shown == 0


def test_a_denial_that_cannot_be_recorded_is_no_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A denied request shows nothing at whatever step it fails, and is counted if it repeats."""
    world = on_disk(tmp_path)
    for step in range(1000):
        fault = Fault(step, step % 2 == 0, ERRORS[step % len(ERRORS)])
        request = f"denied-{step}-"
        assert not attempt(world, fault, monkeypatch, request, by="guard1")
        if not fault.reached:
            break
        world.later(minutes=2)
    assert works(world)


def test_a_killed_process_has_shown_nothing_unrecorded(tmp_path: Path) -> None:
    """Kill -9 while values are shown: each one printed has its event."""
    world = on_disk(tmp_path)
    world.store.close()
    for number in range(3):
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(tmp_path), f"run{number}"],
            stdout=subprocess.PIPE,
            text=True,
        )
        with child:
            assert child.stdout
            assert child.stdout.readline() == "open\n"
            printed = [child.stdout.readline() for _ in range(20 + 13 * number)]
            child.kill()
            printed += child.stdout.read().splitlines()
        whole = [line.split() for line in printed if line.strip().endswith("13900139000")]
        assert whole
        assert all(world.recorded(request) for request, _ in whole)
