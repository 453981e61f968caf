"""Several processes on one store, and the sudden end of one of them."""

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from .conftest import Place
from .events import event

APPEND = """
import sys
from pathlib import Path
from eventsourcing.persistence import StoredEvent
from guanjia.domain.ports import Receipt, Secret
from guanjia.storage import SqlStore

url, key, name, count = sys.argv[1:]
store = SqlStore.open(url, Path(key))
for number in range(1, int(count) + 1):
    with store.transaction():
        (position,) = store.recorder.insert_events(
            [StoredEvent(name, number, "complaint.received.1", b"{}")]
        )
        store.remember(f"{name}-{number}", Receipt("desk1", "digest", str(position)))
        store.vault.seal([Secret(f"{name}-{number}", name, "text", f"value {number}")])
    print(position, flush=True)
"""


def _append(place: Place, name: str, count: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", APPEND, place.url, str(place.key), name, str(count)],
        stdout=subprocess.PIPE,
        text=True,
    )


def test_processes_and_threads_share_positions_without_a_gap(lasting: Place) -> None:
    """Two processes and four threads append at once; every position is taken exactly once."""
    with lasting.create() as store:
        children = [_append(lasting, name, 100) for name in ("A", "B")]

        def append(name: str) -> list[int]:
            return [
                position
                for version in range(1, 51)
                for position in store.recorder.insert_events([event(name, version)])
            ]

        with ThreadPoolExecutor(4) as threads:
            taken = [one for done in threads.map(append, "CDEF") for one in done]
        for child in children:
            output, _ = child.communicate(timeout=120)
            assert child.returncode == 0
            taken += map(int, output.split())
        assert sorted(taken) == list(range(1, 401))
        assert [row.position for row in store.read(0, 1000)] == list(range(1, 401))


def test_what_was_acknowledged_survives_kill_9(lasting: Place) -> None:
    """After kill -9 every acknowledged event, receipt and value is there, and nothing is half."""
    lasting.create().close()
    with _append(lasting, "A", 1_000_000) as child:
        assert child.stdout is not None
        acknowledged = [int(child.stdout.readline()) for _ in range(50)]
        child.send_signal(signal.SIGKILL)
        acknowledged += map(int, child.stdout.read().splitlines())
    assert child.returncode == -signal.SIGKILL
    with lasting.open() as store:
        positions = [row.position for row in store.read(0, 1_000_000)]
        assert positions == list(range(1, len(positions) + 1))
        assert len(acknowledged) <= len(positions) <= len(acknowledged) + 1
        for number in positions:
            receipt = store.recall(f"A-{number}")
            assert receipt is not None
            assert receipt.result == str(number)
            assert store.vault.reveal(f"A-{number}") == f"value {number}"
        assert store.recorder.insert_events([event("B")]) == [len(positions) + 1]
