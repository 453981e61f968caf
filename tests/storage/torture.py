"""Writers that append, abort and receive at random, in threads or as programs of their own."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from threading import Lock

from guanjia.domain.application import Application
from guanjia.domain.complaint.commands import ReceiveComplaint
from guanjia.domain.errors import Rejected
from guanjia.domain.messages import Envelope
from guanjia.storage import SqlStore

from ..spec import SHANGHAI, moment
from .conftest import Place
from .events import event

THREADS = 8
LARGEST = 16
"""Events in one transaction."""


class Aborted(Exception):
    """What a writer runs into now and then."""


def _now_and_then(random: Random) -> None:
    if random.random() < 0.2:
        raise Aborted


def write(store: SqlStore, name: str, events: int, seed: int) -> int:
    """Append a stream of so many events, a few at a time; return how often it was aborted."""
    random = Random(f"{name} {seed}")  # noqa: S311 - chance is only chance
    written = aborted = 0
    while written < events:
        count = min(random.randint(1, LARGEST), events - written)
        batch = [event(name, version) for version in range(written + 1, written + count + 1)]
        try:
            with store.transaction():
                store.append(batch)
                _now_and_then(random)
        except Aborted:
            aborted += 1
        else:
            written += count
    return aborted


def receive(store: SqlStore, name: str, each: int) -> None:
    """Receive for one centre in eight threads; one command in five is refused.

    Each receipt is acknowledged by a line on standard output: its key and number.
    """
    application = Application(store, SHANGHAI)
    printing = Lock()

    def run(thread: int) -> None:
        for number in range(each):
            key = f"{name}-{thread}-{number}"
            bad = number % 5 == 4
            command = ReceiveComplaint(
                complaint=key, centre="north", channel="phone", category="repair",
                topic="noise", text="楼上噪音", contact=None,
            )  # fmt: skip
            at = moment("2025-11-03 09:00")
            envelope = Envelope(by="nobody" if bad else "desk1", at=at, imported=True, key=key)
            try:
                done = application.execute(command, envelope)
            except Rejected:
                continue
            with printing:
                sys.stdout.write(f"{key} {done.number}\n")
                sys.stdout.flush()

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(run, range(THREADS)))


def start(place: Place, what: str, *arguments: object) -> subprocess.Popen[str]:
    """Start ``write`` or ``receive`` as a program of its own, on a store of its own."""
    program = [sys.executable, "-m", __name__, what, place.url, str(place.key)]
    return subprocess.Popen(
        [*program, *map(str, arguments)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )


def main() -> None:
    """Do what the arguments say."""
    what, url, key, name, count, *seed = sys.argv[1:]
    with SqlStore.open(url, Path(key)) as store:
        if what == "write":
            write(store, name, int(count), *map(int, seed))
        else:
            receive(store, name, int(count))


if __name__ == "__main__":
    main()
