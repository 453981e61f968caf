"""A real ``guanjia serve`` in a process of its own, to be called, killed and started again."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from secrets import token_hex
from time import monotonic

import httpx

import guanjia as gj
from guanjia.api import issue, office_key
from guanjia.client import Client
from guanjia.folder import init

PROGRAM = "from guanjia.cli import app; app()"


@dataclass
class Served:
    """A data folder with one centre, and the process that serves it."""

    folder: Path
    port: int = 0
    process: subprocess.Popen[str] | None = None

    def make(self) -> None:
        """Make the folder and post desk1 and gm1."""
        init(self.folder)
        with gj.open(self.folder) as office:
            place = {"centre": "north", "department": "service"}
            posted = {"staff": "desk1", "person": "p1", "post": "front_desk", **place}
            office.execute(gj.PostStaff.model_validate(posted))
            office.execute(gj.PostStaff(staff="gm1", person="p2", post="general_manager"))

    def start(self) -> None:
        """Start serving and return once the port is open; a restart takes the same port."""
        arguments = ["serve", "--data", str(self.folder), "--port", str(self.port)]
        with (self.folder / "log").open("a", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", PROGRAM, *arguments],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self.process.stdout
        self.port = int(self.process.stdout.readline().rpartition(":")[2])

    def stop(self, *, kill: bool = False) -> int:
        """Kill the process, or let it end; return its exit status."""
        assert self.process
        assert self.process.stdout
        if kill:
            self.process.kill()
        else:
            self.process.terminate()
        status = self.process.wait(30)
        self.process.stdout.close()
        return status

    def client(self, account: str = "desk1", **options: float) -> Client:
        """Return a client that calls as an account."""
        token = issue(office_key(self.folder), account, timedelta(hours=1))
        http = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=30, trust_env=False)
        return Client("", token, http=http, **options)


@contextmanager
def running(folder: Path) -> Generator[Served, None, None]:
    """Serve a new folder; in the end the process is gone, whatever became of it."""
    made = Served(folder)
    made.make()
    made.start()
    try:
        yield made
    finally:
        if made.process and made.process.poll() is None:
            made.stop(kill=True)


def received(id: str) -> gj.ReceiveComplaint:
    """Return the receipt of a case."""
    return gj.ReceiveComplaint(
        complaint=id,
        centre="north",
        channel="phone",
        category="complaint",
        topic="noise",
        text="楼上噪音",
        contact=gj.Contact(name="张三", phone="13800138000"),
    )


@dataclass
class Storm:
    """Clients that record cases until they are told to stop, whatever becomes of the service."""

    served: Served
    acknowledged: dict[str, int | None] = field(default_factory=dict)
    stopped: threading.Event = field(default_factory=threading.Event)

    def run(self, clients: int, disturb: Callable[[], object]) -> None:
        """Let so many clients work while ``disturb`` does its worst."""
        with ThreadPoolExecutor(clients) as pool:
            working = [pool.submit(self._work, number) for number in range(clients)]
            try:
                disturb()
            finally:
                self.stopped.set()
            for one in working:
                one.result()

    def _work(self, number: int) -> None:
        with self.served.client(patience=300) as client:
            while not self.stopped.is_set():
                id = f"N-{number}-{token_hex(4)}"
                self.acknowledged[id] = client.execute(received(id)).number

    def kill_until(self, seconds: float, acknowledged: int, each: int) -> int:
        """Kill and restart the service for a time, and until so much was done; return how often.

        ``each`` is how much must be done between two kills.
        """
        end, kills, seen = monotonic() + seconds, 0, 0
        while monotonic() < end or len(self.acknowledged) < acknowledged:
            self.stopped.wait(0.2)
            if len(self.acknowledged) >= seen + each:
                self.served.stop(kill=True)
                self.served.start()
                kills, seen = kills + 1, len(self.acknowledged)
        return kills

    def check(self) -> None:
        """Check that each acknowledged case is there, once, under the number that was told."""
        with gj.open(self.served.folder) as office:
            rows = office.query("cases").rows()
        numbers = {row["complaint"]: row["number"] for row in rows}
        assert len(numbers) == len(rows)
        assert {id: numbers.get(id) for id in self.acknowledged} == self.acknowledged
        assert sorted(numbers.values()) == [*range(1, len(rows) + 1)]
