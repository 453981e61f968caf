"""Programs that run in a process of their own, to be killed there."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import IO

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
import sys
from pathlib import Path
from zoneinfo import ZoneInfo
from guanjia.projections import Warehouse
from guanjia.storage import SqlStore

folder, batch, what = sys.argv[1:]
store = SqlStore.open(f"sqlite:///{folder}/events.db", Path(folder, "master.key"))
print("open", flush=True)
views = Warehouse(store, ZoneInfo("Asia/Shanghai"), Path(folder, "views.duckdb"), batch=int(batch))
getattr(views, what)(lambda reached, last: print(reached, flush=True))
print("done", flush=True)
views.close()
"""


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
