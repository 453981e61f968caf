"""Commands appended one by one, by one thread and by eight, here and by others."""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

from eventsourcing.application import Application as StockApplication
from eventsourcing.domain import Aggregate, event

from guanjia.domain.application import Application
from guanjia.domain.catalogue import COMMANDS
from guanjia.domain.messages import Command, Envelope

from .measuring import Row, at_least, interleave, medians, per
from .workload import ZONE, create

CASES = 400
THREADS = 8
TEXT = "已联系业主，等待配件，预计明天上午上门。"

Make = Callable[[int], Command]


class Ours:
    """An application with open cases."""

    def __init__(self, folder: Path) -> None:
        self.store = create(folder)
        self.path = folder / "events.db"
        self.application = Application(self.store, ZONE)
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


def alert(case: int) -> Command:
    """Return a command that seals nothing."""
    return COMMANDS["alert_head"].model_validate({"complaint": f"C-{case}"})


def report(case: int) -> Command:
    """Return a command that seals a text."""
    return COMMANDS["report_progress"].model_validate({"complaint": f"C-{case}", "text": TEXT})


class Bare:
    """The same rows through the driver alone: no rules, no state, no encryption, no triggers."""

    def __init__(self, like: Ours, folder: Path) -> None:
        folder.mkdir()
        self.path = folder / "bare.db"
        self.sample = like.store.read(like.store.last_position() - 1, 1)[0]
        self._next = count()
        source = sqlite3.connect(like.path)
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
        self, commands: int, *, sealed: bool, connection: sqlite3.Connection | None = None
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


class Ticket(Aggregate):
    """Stock eventsourcing's case."""

    @event("Received")
    def __init__(self, centre: str, topic: str) -> None:
        self.centre = centre
        self.topic = topic
        self.last = ("", "")

    @event("HeadAlerted")
    def alert(self, by: str, at: str) -> None:
        """Record that the head was told."""
        self.last = (by, at)


class Stock:
    """Stock eventsourcing on its SQLite recorder, as it comes."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._application = StockApplication[UUID](
            env={
                "PERSISTENCE_MODULE": "eventsourcing.sqlite",
                "SQLITE_DBNAME": str(folder / "stock.db"),
            }
        )
        tickets = [Ticket(centre="north", topic="leak") for _ in range(CASES)]
        self._application.save(*tickets)
        self._ids = [ticket.id for ticket in tickets]
        self._next = count()

    def append(self, commands: int) -> None:
        """Load, decide, save."""
        for _ in range(commands):
            id = self._ids[next(self._next) % CASES]
            ticket: Any = self._application.repository.get(id)
            ticket.alert(by="desk1", at="2025-11-03T09:00:00+08:00")
            self._application.save(ticket)


def measure(folder: Path, *, quick: bool) -> Iterator[Row]:
    """Yield the rows about appending."""
    rounds, commands = (7, 160) if quick else (15, 400)
    ours = Ours(folder / "ours")
    ours.append(alert, CASES)
    bare = Bare(ours, folder / "bare")
    yield from _one_thread(ours, bare, rounds, commands)
    yield _threads(ours, bare, rounds, commands)
    ours, stock = Ours(folder / "ours-2"), Stock(folder / "stock")
    seconds = interleave(
        {
            "stock": lambda: stock.append(commands),
            "ours": lambda: ours.append(alert, commands),
        },
        rounds,
    )
    took = medians(seconds)
    yield at_least(
        "append, 1 thread, against stock eventsourcing (SQLite)",
        took["stock"] / took["ours"],
        2.5,
        rounds,
        f"{per(took['ours'], commands)} against {per(took['stock'], commands)} a command; both on"
        " WAL with synchronous=FULL; the stock one without cache, which is its default, and with"
        " no rules; eventsourcing-sqlalchemy and eventsource-py are not installed here",
    )


def _one_thread(ours: Ours, bare: Bare, rounds: int, commands: int) -> Iterator[Row]:
    for name, make, sealed in (("", alert, False), (", one text sealed", report, True)):
        seconds = interleave(
            {
                "bare": partial(bare.append, commands, sealed=sealed),
                "ours": partial(ours.append, make, commands),
            },
            rounds,
        )
        took = medians(seconds)
        yield at_least(
            f"append, 1 thread, against the bare driver (SQLite){name}",
            took["bare"] / took["ours"],
            0.85,
            rounds,
            f"{per(took['ours'], commands)} against {per(took['bare'], commands)} a command;"
            " the bare loop has no rules, clocks, encryption or triggers",
        )


def _threads(ours: Ours, bare: Bare, rounds: int, commands: int) -> Row:
    connections = [bare.connect() for _ in range(THREADS)]
    each = commands // THREADS

    def theirs() -> None:
        with ThreadPoolExecutor(THREADS) as threads:
            list(
                threads.map(
                    lambda connection: bare.append(each, sealed=False, connection=connection),
                    connections,
                )
            )

    def own() -> None:
        with ThreadPoolExecutor(THREADS) as threads:
            list(threads.map(lambda _: ours.append(alert, each), range(THREADS)))

    took = medians(interleave({"bare": theirs, "ours": own}, rounds))
    return at_least(
        "append, 8 threads in one process, against the bare loop with 8 (SQLite)",
        took["bare"] / took["ours"],
        2.0,
        rounds,
        f"{per(took['ours'], each * THREADS)} against {per(took['bare'], each * THREADS)} a"
        f" command on {os.cpu_count()} cores; there is no group commit yet",
    )
