"""Commands appended one by one, by one thread and by eight, here and by others on SQLite."""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import count
from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar

from guanjia.domain.application import Application
from guanjia.domain.catalogue import COMMANDS
from guanjia.domain.messages import Command, Envelope
from guanjia.storage import SqlStore

from . import peers
from .measuring import Row, Work, at_least, interleave, medians, per
from .workload import ZONE, create

CASES = 400
THREADS = 8
TEXT = "已联系业主，等待配件，预计明天上午上门。"

Make = Callable[[int], Command]
C = TypeVar("C")


class Ours:
    """An application with open cases."""

    def __init__(self, store: SqlStore) -> None:
        self.store = store
        self.application = Application(store, ZONE)
        self._next = count()
        self._do(
            "post_staff", None,
            staff="desk1", person="p1", post="front_desk", centre="north", department="service",
        )  # fmt: skip
        for number in range(CASES):
            self._do(
                "receive_complaint", "desk1", complaint=f"C-{number}", centre="north",
                channel="phone", category="repair", topic="leak", text=TEXT,
                contact={"name": "张三", "phone": "13800138000"},
            )  # fmt: skip

    def _do(self, do: str, by: str | None, **fields: object) -> None:
        self.application.execute(COMMANDS[do].model_validate(fields), Envelope(by=by))

    def append(self, make: Make, commands: int) -> None:
        """Execute commands, each on the next case."""
        envelope = Envelope(by="desk1")
        for _ in range(commands):
            self.application.execute(make(next(self._next) % CASES), envelope)

    def together(self, commands: int) -> None:
        """Do the same in threads."""
        with ThreadPoolExecutor(THREADS) as threads:
            list(threads.map(lambda _: self.append(alert, commands // THREADS), range(THREADS)))


def alert(case: int) -> Command:
    """Return a command that seals nothing."""
    return COMMANDS["alert_head"].model_validate({"complaint": f"C-{case}"})


def report(case: int) -> Command:
    """Return a command that seals a text."""
    return COMMANDS["report_progress"].model_validate({"complaint": f"C-{case}", "text": TEXT})


class Floor(Protocol[C]):
    """What the driver alone can do."""

    def connect(self) -> C:
        """Open a connection as durable as the store's."""
        ...

    def append(self, commands: int, *, sealed: bool = False, connection: C | None = None) -> None:
        """Write what so many commands write."""
        ...


class Bare:
    """The same rows through the driver alone: no rules, no state, no encryption, no triggers."""

    def __init__(self, like: SqlStore, path: Path, folder: Path) -> None:
        folder.mkdir()
        self.path = folder / "bare.db"
        self.sample = like.read(like.last_position() - 1, 1)[0]
        self._next = count()
        source = sqlite3.connect(path)
        tables = source.execute(
            "select sql from sqlite_master where type in ('table', 'index') and sql is not null"
        ).fetchall()
        source.close()
        connection = self.connect()
        for (sql,) in tables:
            connection.execute(sql)
        for case in range(CASES):
            connection.execute("insert into vault_keys values (?, ?)", [f"C-{case}", b"k" * 61])
            connection.execute(
                "insert into events values (?, ?, 1, ?, ?, 0, ?)",
                [case + 1, f"complaint:C-{case}", *self.sample[3:5], self.sample.leaf],
            )
        connection.close()
        self._own = self.connect()

    def connect(self) -> sqlite3.Connection:
        """Open a connection as durable as the store's."""
        connection = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000"):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    def append(
        self, commands: int, *, sealed: bool = False, connection: sqlite3.Connection | None = None
    ) -> None:
        """Write what so many commands write."""
        run = (connection or self._own).execute
        for _ in range(commands):
            case = f"C-{next(self._next) % CASES}"
            run("BEGIN IMMEDIATE")
            (version,) = run(
                "select max(originator_version) from events where originator_id = ?",
                [f"complaint:{case}"],
            ).fetchone()
            (position,) = run("select max(position) from events").fetchone()
            run(
                "insert into events values (?, ?, ?, ?, ?, ?, ?)",
                [position + 1, f"complaint:{case}", version + 1, *self.sample[3:]],
            )
            if sealed:
                run("select wrapped from vault_keys where subject = ?", [case]).fetchone()
                run(
                    "insert into vault_values values (?, ?, 'text', ?)",
                    [secrets.token_hex(16), case, b"s" * 90],
                )
            run("COMMIT")


class Size(NamedTuple):
    """How often, and how many commands each time."""

    rounds: int
    commands: int


def size(*, quick: bool) -> Size:
    """Return how much is measured."""
    return Size(7, 160) if quick else Size(15, 400)


def measure(folder: Path, *, quick: bool) -> Iterator[Row]:
    """Yield the rows about appending on SQLite."""
    ours = Ours(create(folder / "ours"))
    ours.append(alert, CASES)
    bare = Bare(ours.store, folder / "ours" / "events.db", folder / "bare")
    yield from one_thread(ours, bare, size(quick=quick), 0.85, "SQLite")
    yield eight_threads(ours, bare, size(quick=quick), 2.0, "SQLite")
    yield from _peers(folder, size(quick=quick))


def _peers(folder: Path, size: Size) -> Iterator[Row]:
    rounds, commands = size
    ours = Ours(create(folder / "ours-2"))
    theirs: dict[str, tuple[peers.Eventsourcing | peers.EventsourcePy, float]] = {
        "stock eventsourcing": (peers.on_sqlite(folder, CASES), 2.5),
        "eventsourcing-sqlalchemy": (peers.on_sqlalchemy(folder, CASES), 5),
        "eventsource-py": (peers.EventsourcePy(folder, CASES), 2.5),
    }
    alone: dict[str, Work] = {
        name: partial(peer.append, commands) for name, (peer, _) in theirs.items()
    }
    together: dict[str, Work] = {
        name: partial(peer.together, commands, THREADS) for name, (peer, _) in theirs.items()
    }
    works = {
        "1 thread": alone | {"ours": partial(ours.append, alert, commands)},
        f"{THREADS} threads": together | {"ours": partial(ours.together, commands)},
    }
    for threads, contenders in works.items():
        took = medians(interleave(contenders, rounds))
        for name, (_, target) in theirs.items():
            yield at_least(
                f"append, {threads}, against {name} (SQLite)",
                took[name] / took["ours"],
                target,
                rounds,
                f"{per(took['ours'], commands)} against {per(took[name], commands)} a command; all"
                " on WAL with synchronous=FULL; theirs load a short stream each time, as they do"
                " by default, and have no rules, no clocks and no numbers",
            )
    for peer, _ in theirs.values():
        peer.close()


def one_thread(
    ours: Ours, bare: Floor[C], size: Size, target: float, database: str
) -> Iterator[Row]:
    """Yield a row for commands that seal nothing and one for commands that seal a text."""
    rounds, commands = size
    for name, make, sealed in (("", alert, False), (", one text sealed", report, True)):
        contenders: dict[str, Work] = {
            "bare": partial(bare.append, commands, sealed=sealed),
            "ours": partial(ours.append, make, commands),
        }
        took = medians(interleave(contenders, rounds))
        yield at_least(
            f"append, 1 thread, against the bare driver ({database}){name}",
            took["bare"] / took["ours"],
            target,
            rounds,
            f"{per(took['ours'], commands)} against {per(took['bare'], commands)} a command;"
            " the bare loop has no rules, clocks, encryption or triggers",
        )


def eight_threads(ours: Ours, bare: Floor[C], size: Size, target: float, database: str) -> Row:
    """Return the row of eight threads in one process."""
    rounds, commands = size
    connections = [bare.connect() for _ in range(THREADS)]

    def theirs() -> None:
        with ThreadPoolExecutor(THREADS) as threads:
            each = commands // THREADS
            list(threads.map(lambda one: bare.append(each, connection=one), connections))

    took = medians(interleave({"bare": theirs, "ours": partial(ours.together, commands)}, rounds))
    return at_least(
        f"append, 8 threads in one process, against the bare loop with 8 ({database})",
        took["bare"] / took["ours"],
        target,
        rounds,
        f"{per(took['ours'], commands)} against {per(took['bare'], commands)} a command on"
        f" {os.cpu_count()} cores",
    )
