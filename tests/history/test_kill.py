"""An import killed in the middle and run again ends as if nothing had happened."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

from guanjia.domain.application import Application
from guanjia.history import import_ndjson
from guanjia.storage import SqlStore

from .conftest import STAFF, ZONE, Desk, Line, a_case, at, counts, line, received, rejected

# Kills itself between two batches, or inside one, as no handler could prevent.
PROGRAM = """
import os, signal, sys
from pathlib import Path
from zoneinfo import ZoneInfo
from guanjia.domain.application import Application
from guanjia.history import import_ndjson, run
from guanjia.storage import SqlStore

run.BATCH = 100
folder, moment, limit = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])

def die():
    os.kill(os.getpid(), signal.SIGKILL)

class Dying(Application):
    executed = 0

    def execute(self, command, envelope=None):
        if moment == "command" and self.executed == limit:
            die()
        self.executed += 1
        return super().execute(command, envelope)

def progress(done, total):
    if moment == "batch" and done >= limit:
        die()

store = SqlStore.open(f"sqlite:///{folder / 'events.db'}", folder / "master.key")
import_ndjson(Dying(store, ZoneInfo("Asia/Shanghai")), folder / "history.ndjson", progress=progress)
"""


def history() -> Iterator[Line]:
    """Yield a history of several batches, with equal lines and refusals that time would cure."""
    yield from STAFF
    yield from chain.from_iterable(a_case(f"N-{n}", 1 + n % 20) for n in range(60))
    early = line("report_progress", 1, complaint="L-1", text="before its receipt in the file")
    note = line("report_progress", 1, complaint="L-1", text="twice")
    yield from (early, received("L-1", 1), note, note, {**note, "at": at(25)})
    yield "{broken"


def disk(folder: Path) -> SqlStore:
    """Make a store in a folder of its own."""
    folder.mkdir()
    return SqlStore.create(f"sqlite:///{folder / 'events.db'}", folder / "master.key")


@pytest.mark.parametrize(
    ("moment", "limit"),
    [("batch", 0), ("batch", 101), ("batch", 301), ("command", 1), ("command", 240)],
)
def test_killed_and_run_again_the_history_is_the_same(
    tmp_path: Path, moment: str, limit: int
) -> None:
    """The same events in the same order, the same rejects; nothing twice and nothing lost."""
    lines = list(history())
    with disk(tmp_path / "whole") as store:
        whole = Desk(store, Application(store, ZONE), tmp_path / "whole")
        expected = whole.imported(*lines)
        expected_events, expected_rejects = whole.events(), rejected(expected)
    assert [code for _, code in expected_rejects] == ["unknown_complaint", "broken_json"]

    with disk(tmp_path / "killed") as store:
        killed = Desk(store, Application(store, ZONE), tmp_path / "killed")
        path = killed.write(*lines)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(killed.folder), moment, str(limit)], check=False
    )
    assert done.returncode == -signal.SIGKILL
    url = f"sqlite:///{killed.folder / 'events.db'}"
    with SqlStore.open(url, killed.folder / "master.key") as store:
        resumed = Desk(store, Application(store, ZONE), killed.folder)
        summary = import_ndjson(resumed.application, path)
        read, imported, refused, already, _ = counts(summary)
        assert (read, refused, imported + already) == (
            expected.read,
            expected.rejected,
            expected.imported,
        )
        assert resumed.events() == expected_events
        assert rejected(summary) == expected_rejects
        again = import_ndjson(resumed.application, path)
        assert (again.imported, again.already) == (0, expected.imported)
