"""Programs that run in a process of their own, to be killed there."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

PATIENCE = 600.0

IMPORT = """
import sys
from pathlib import Path
from zoneinfo import ZoneInfo
from guanjia.domain.application import Application
from guanjia.history import import_ndjson, run
from guanjia.storage import SqlStore

folder, run.BATCH = Path(sys.argv[1]), int(sys.argv[2])
store = SqlStore.open(f"sqlite:///{folder / 'events.db'}", folder / "master.key")

def progress(done, total):
    print(store.last_position(), flush=True)

print("open", flush=True)
application = Application(store, ZoneInfo("Asia/Shanghai"))
import_ndjson(application, folder / "history.ndjson", progress=progress)
print("done", flush=True)
"""

FOLLOW = """
import os, signal, sys, time
from pathlib import Path
from zoneinfo import ZoneInfo
from guanjia.projections import Warehouse
from guanjia.storage import SqlStore

def work(folder, batch, what):
    store = SqlStore.open(f"sqlite:///{folder}/events.db", Path(folder, "master.key"))
    path = Path(folder, "views.duckdb")
    views = Warehouse(store, ZoneInfo("Asia/Shanghai"), path, batch=int(batch))
    getattr(views, what)(lambda reached, last: print(reached, flush=True))
    print("done", flush=True)
    views.close()

for line in sys.stdin:
    *asked, seconds = line.split()
    until = time.monotonic() + float(seconds)
    child = os.fork()
    if not child:
        work(*asked)
        os._exit(0)
    ended, status = 0, 0
    while not ended and time.monotonic() < until:
        # Waiting for a process with a limit of time is asking again and again.
        time.sleep(0.001)
        ended, status = os.waitpid(child, os.WNOHANG)
    if not ended:
        os.kill(child, signal.SIGKILL)
        ended, status = os.waitpid(child, 0)
    print("ended", os.waitstatus_to_exitcode(status), flush=True)
"""
"""Works on views in forks of a process that has loaded everything: a kill costs no start."""


class Followers:
    """Lets processes, one after the other, work on the views of a folder for some time."""

    def __init__(self, folder: Path, batch: int) -> None:
        self._asked = f"{folder} {batch}"
        self._parent = subprocess.Popen(
            [sys.executable, "-c", FOLLOW],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, what: str, seconds: float) -> tuple[list[str], bool]:
        """Let one do ``what`` and kill it after some seconds.

        Return the lines it had printed, and whether it was killed before it ended.
        """
        assert self._parent.stdin is not None
        self._parent.stdin.write(f"{self._asked} {what} {seconds}\n")
        self._parent.stdin.flush()
        printed: list[str] = []
        for line in _output(self._parent):
            printed.append(line.strip())
            if printed[-1].startswith("ended"):
                break
        code = int(printed.pop().split()[1])
        assert code in {0, -signal.SIGKILL}
        return printed, code != 0

    def timed(self, what: str) -> float:
        """Let one do ``what`` to its end; return how many seconds it took."""
        started = time.monotonic()
        printed, _ = self.run(what, PATIENCE)
        assert printed[-1:] == ["done"]
        return time.monotonic() - started

    def close(self) -> None:
        """End the process that forks."""
        self._parent.communicate()


def start(program: str, *arguments: object) -> subprocess.Popen[str]:
    """Start a program and return once it has opened the store."""
    child = subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)], stdout=subprocess.PIPE, text=True
    )
    assert _output(child).readline() == "open\n"
    return child


def kill(child: subprocess.Popen[str], after: float) -> list[str]:
    """Kill the program after some seconds of work; return the lines it had printed."""
    try:
        child.wait(after)
    except subprocess.TimeoutExpired:
        child.kill()
    with child:
        return _output(child).read().split()


def timed(program: str, *arguments: object) -> float:
    """Run a program to its end; return how many seconds it worked."""
    child = start(program, *arguments)
    started = time.monotonic()
    with child:
        assert _output(child).read().split()[-1:] == ["done"]
    return time.monotonic() - started


def reached(printed: list[str]) -> int:
    """Return the last position that was acknowledged, 0 if none was."""
    return max((int(text) for text in printed if text.isdigit()), default=0)


def store_url(folder: Path) -> str:
    """Return the address of a folder's store."""
    return f"sqlite:///{folder / 'events.db'}"


def _output(child: subprocess.Popen[str]) -> IO[str]:
    assert child.stdout is not None
    return child.stdout
