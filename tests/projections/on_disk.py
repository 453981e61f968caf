"""Views in a folder on disk, and programs that follow them in processes of their own."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import guanjia as gj
from guanjia.projections import PUBLIC_VIEWS, Warehouse

from .register import PRESENT, Register, moment

CANARY = "13712345678"
"""A telephone number that is nowhere in the views."""

FOLLOW = """
import sys
from pathlib import Path
from zoneinfo import ZoneInfo
from guanjia.projections import Warehouse, rebuild
from guanjia.storage import SqlStore

folder, batch, what = sys.argv[1:4]
rebuild.DRIVEN = int(batch)
if sys.argv[4:]:
    rebuild.WORTH_A_PROCESS = 1
store = SqlStore.open(f"sqlite:///{folder}/events.db", Path(folder, "master.key"))
views = Warehouse(store, ZoneInfo("Asia/Shanghai"), Path(folder, "views.duckdb"), batch=int(batch))
print("open", flush=True)

def progress(reached, last):
    print(reached, flush=True)
    sys.stdin.readline()

getattr(views, what)(progress)
print("done", flush=True)
sys.stdin.readline()
"""


def opened(folder: Path) -> Register:
    """Open a rehearsal folder on disk."""
    return Register(gj.open(folder, clock=lambda: moment(PRESENT)))


def rows(views: Warehouse) -> dict[str, list[dict[str, Any]]]:
    """Return every view's rows at the present."""
    return {name: views.query(name, moment(PRESENT)).rows() for name in PUBLIC_VIEWS}


def follow(folder: Path, batch: int, what: str, *more: str) -> subprocess.Popen[str]:
    """Start another process on the views of a folder."""
    return subprocess.Popen(
        [sys.executable, "-c", FOLLOW, str(folder), str(batch), what, *more],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def steps(child: subprocess.Popen[str], count: int) -> list[str]:
    """Let the other process take some batches; return what it printed."""
    assert child.stdin is not None
    assert child.stdout is not None
    printed = [child.stdout.readline().strip()]
    for _ in range(count):
        printed.append(child.stdout.readline().strip())
        if printed[-1] == "done":
            break
        child.stdin.write("\n")
        child.stdin.flush()
    return printed
