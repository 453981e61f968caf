"""Eight threads at one centre's counter."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from guanjia.domain.application import Application
from guanjia.domain.complaint.commands import ReceiveComplaint
from guanjia.domain.errors import Rejected
from guanjia.domain.messages import Envelope
from guanjia.storage import SqlStore

from .. import scenarios as s
from ..spec import SHANGHAI, World, moment
from .children import store_url
from .figures import recorded

THREADS = 8
EACH = 250
ROUNDS = 6

pytestmark = pytest.mark.soak


def test_numbers_are_continuous_whatever_is_refused_between(tmp_path: Path) -> None:
    """Eight threads receive for one centre; one command in five is refused and takes no number."""
    with recorded("8 threads receiving for one centre") as figures:
        for number in range(ROUNDS):
            figures.runs += 1
            _round(tmp_path / f"round-{number}")


def _round(folder: Path) -> None:
    folder.mkdir()
    with SqlStore.create(store_url(folder), folder / "master.key") as store:
        world = World()
        world.store, world.app = store, Application(store, SHANGHAI)
        world.run(s.STAFFED)
        with ThreadPoolExecutor(THREADS) as threads:
            told = list(threads.map(lambda thread: _receive(world.app, thread), range(THREADS)))
        numbers = [number for given, _ in told for number in given]
        refused = sum(count for _, count in told)
        assert refused == THREADS * EACH // 5
        assert sorted(numbers) == list(range(1, THREADS * EACH - refused + 1))
        assert all(given == sorted(given) for given, _ in told)
        stored = [event.model_dump()["number"] for event in world.stream("centre:north")]
        assert stored == sorted(numbers)
        rows = store.read(0, 1_000_000)
        assert [row.position for row in rows] == list(range(1, len(rows) + 1))


def _receive(application: Application, thread: int) -> tuple[list[int], int]:
    """Receive as one thread; return the numbers given and how many commands were refused."""
    given: list[int] = []
    refused = 0
    for number in range(EACH):
        bad = number % 5 == 4
        # A case that is there already, or one that a technician's account receives.
        same = bad and number % 2
        command = ReceiveComplaint(
            complaint=f"T{thread}-{number - 1 if same else number}",
            centre="north",
            channel="phone",
            category="repair",
            topic="noise",
            text="楼上噪音",
            contact=None,
        )
        at = moment("2025-11-03 09:00")
        envelope = Envelope(by="nobody" if bad and not same else "desk1", at=at, imported=True)
        try:
            done = application.execute(command, envelope)
        except Rejected:
            refused += 1
        else:
            assert done.number is not None
            given.append(done.number)
    return given, refused
