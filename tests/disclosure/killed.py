"""A program that shows a value over and over, and is killed at a chosen step of each disclosure.

``python -m tests.disclosure.killed FOLDER RUNS STEPS SEED`` prints ``killed`` for each that was,
and the request and the value of each that was shown, and of one more.
"""

from __future__ import annotations

import gc
import os
import sys
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from guanjia.domain.application import Application
from guanjia.domain.disclosure.commands import Ask
from guanjia.domain.disclosure.gateway import Gateway
from guanjia.storage import SqlStore
from tests.spec import SHANGHAI, moment

from .faults import Fault, failing, killed
from .places import NOW


def main() -> None:
    """Let a child of its own show each value."""
    folder, runs, steps, seed = Path(sys.argv[1]), *map(int, sys.argv[2:])
    random = Random(seed)  # noqa: S311 - chance is only chance
    _show(folder, runs, Fault(-1, True, killed))  # what is made once need not be made in each child
    gc.freeze()
    for number in range(runs):
        fault = Fault.chosen(random, steps, killed)
        child = os.fork()
        if not child:
            _show(folder, number, fault)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        os.write(1, b"killed\n" if os.WIFSIGNALED(status) else b"")


def _show(folder: Path, number: int, fault: Fault) -> None:
    now = moment(NOW) + timedelta(minutes=10 * number)
    store = SqlStore.open(f"sqlite:///{folder}/events.db", folder / "master.key")
    gateway = Gateway(Application(store, SHANGHAI, lambda: now))
    ask = Ask.of(["phone"], "repair", complaint="N-1", request=f"run-{number}-")
    with (
        pytest.MonkeyPatch.context() as patch,
        failing(store, fault, patch),
        gateway.disclose(ask, by="desk1") as seen,
    ):
        os.write(1, f"{ask.request} {seen.phone}\n".encode())


if __name__ == "__main__":
    main()
