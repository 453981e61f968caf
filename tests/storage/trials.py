"""What must hold after any torture; the short tests and the soak both use these."""

from __future__ import annotations

import signal
import subprocess
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import IO

from guanjia.domain.application import Application
from guanjia.domain.complaint.commands import AlertHead
from guanjia.domain.messages import Envelope
from guanjia.storage import SqlStore, check

from .. import scenarios as s
from ..spec import SHANGHAI, World, moment
from .conftest import Place
from .torture import start, write


def followed(place: Place, writers: int, events: int, seed: int, *, processes: bool) -> None:
    """Let writers append at once, with aborts; a live subscriber sees each position once."""
    seen: list[tuple[int, str, int]] = []
    with place.create() as store:
        subscription = store.recorder.subscribe()

        def follow() -> None:
            for one in subscription:
                seen.append((one.id, str(one.originator_id), one.originator_version))
                if len(seen) == writers * events:
                    return

        reader = threading.Thread(target=follow)
        reader.start()
        names = [f"W-{number}" for number in range(writers)]
        if processes:
            children = [start(place, "write", name, events, seed) for name in names]
            assert [child.wait() for child in map(_drained, children)] == [0] * writers
        else:
            with ThreadPoolExecutor(writers) as threads:
                list(threads.map(lambda name: write(store, name, events, seed), names))
        reader.join(120)
        subscription.stop()
        reader.join()
        stored = store.read(0, writers * events + 1)
    assert [position for position, _, _ in seen] == list(range(1, writers * events + 1))
    assert seen == [row[:3] for row in stored]
    for name in names:
        versions = [version for _, stream, version in seen if stream == name]
        assert versions == list(range(1, events + 1))


def _drained(child: subprocess.Popen[str]) -> subprocess.Popen[str]:
    child.communicate(timeout=600)
    return child


def staffed(place: Place) -> None:
    """Make a store whose centre has a front desk."""
    with place.create() as store:
        world = World()
        world.store, world.app = store, Application(store, SHANGHAI)
        world.run(s.STAFFED)


def received(place: Place, processes: int, each: int) -> None:
    """Receive for one centre in processes of eight threads; numbers have no gap and no double."""
    staffed(place)
    children = [start(place, "receive", f"P{number}", each) for number in range(processes)]
    told: dict[str, int] = {}
    with ThreadPoolExecutor(processes) as threads:
        for output, _ in threads.map(lambda child: child.communicate(timeout=600), children):
            told |= _acknowledged(output)
    assert [child.returncode for child in children] == [0] * processes
    assert len(told) == processes * 8 * (each - each // 5)
    _sound(place, told, whole=True)


def crowded(place: Place, threads: int, each: int) -> None:
    """Let threads add to one case at once; every version is taken once, by everyone in full."""
    with place.create() as store:
        world = World()
        world.store, world.app = store, Application(store, SHANGHAI)
        world.run(s.DISPATCHED)
        first = world.case().version
        envelope = Envelope(by="desk1", at=moment("2025-11-03 09:30"), imported=True)

        def add(_: int) -> list[int]:
            alert = AlertHead(complaint="N-1")
            return [world.app.execute(alert, envelope).position for _ in range(each)]

        with ThreadPoolExecutor(threads) as pool:
            taken = [place for places in pool.map(add, range(threads)) for place in places]
        assert len(set(taken)) == threads * each
        assert world.case().version == first + threads * each
        assert list(check(store)) == []


def killed(place: Place, name: str, random: Random, seconds: float) -> bool:
    """Kill a receiving program at a random moment; what it acknowledged is there and whole.

    Return whether it was killed before it ended by itself.
    """
    child = start(place, "receive", name, 10_000)
    output: list[str] = []
    reader = threading.Thread(target=_read, args=(_stdout(child), output.append))
    reader.start()
    while not output and child.poll() is None:
        threading.Event().wait(0.005)
    threading.Event().wait(random.uniform(0, seconds))
    child.send_signal(signal.SIGKILL)
    child.wait()
    reader.join()
    _stdout(child).close()
    _sound(place, _acknowledged("".join(output)), whole=False)
    return child.returncode == -signal.SIGKILL


def _read(lines: IO[str], keep: Callable[[str], None]) -> None:
    for line in lines:
        keep(line)


def _stdout(child: subprocess.Popen[str]) -> IO[str]:
    assert child.stdout is not None
    return child.stdout


def _acknowledged(output: str) -> dict[str, int]:
    lines = (line.split() for line in output.splitlines(keepends=True) if line.endswith("\n"))
    return {key: int(number) for key, number in lines}


def _sound(place: Place, told: dict[str, int], *, whole: bool) -> None:
    """Every acknowledged command is there, none is half there, numbers are continuous."""
    with place.open() as store:
        assert list(check(store)) == []
        world = World()
        world.store, world.app = store, Application(store, SHANGHAI)
        given = {
            facts["complaint"]: facts["number"]
            for facts in (event.model_dump() for event in world.stream("centre:north"))
        }
        assert sorted(given.values()) == list(range(1, len(given) + 1))
        assert told.items() <= given.items()
        assert not whole or told == given
        streams = {row.originator_id for row in store.read(0, 10_000_000)}
        cases = {name.removeprefix("complaint:") for name in streams if "complaint:" in name}
        assert cases == given.keys()
        assert all(_receipted(store, key) for key in given)


def _receipted(store: SqlStore, key: str) -> bool:
    return store.recall(key) is not None
