"""Others' event stores doing the same work: load a case, decide, save one event, durably.

They come with the dependency group ``bench``, in an environment of its own (``make bench``).
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

AT = "2025-11-03T09:00:00+08:00"


class Ticket(Aggregate):
    """eventsourcing's case."""

    @event("Received")
    def __init__(self, centre: str, topic: str) -> None:
        self.centre = centre
        self.topic = topic
        self.last = ("", "")

    @event("HeadAlerted")
    def alert(self, by: str, at: str) -> None:
        """Record that the head was told."""
        self.last = (by, at)


class Eventsourcing:
    """eventsourcing with any persistence module, as it comes; in threads too."""

    def __init__(self, cases: int, **environment: str) -> None:
        self.application = Application[UUID](env=environment)
        self._next = count()
        tickets = [Ticket(centre="north", topic="leak") for _ in range(cases)]
        self.application.save(*tickets)
        self._ids = [ticket.id for ticket in tickets]

    def append(self, commands: int) -> None:
        """Load, decide, save."""
        for _ in range(commands):
            self._execute(lambda ticket: ticket.alert(by="desk1", at=AT))

    def together(self, commands: int, threads: int) -> None:
        """Do the same in threads."""
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(self.append, [commands // threads] * threads))

    def close(self) -> None:
        """Close its connections."""
        self.application.close()

    def _execute(self, decide: Callable[[Any], None]) -> None:
        ticket: Any = self.application.repository.get(self._ids[next(self._next) % len(self._ids)])
        decide(ticket)
        self.application.save(ticket)


def on_sqlite(folder: Path, cases: int) -> Eventsourcing:
    """Return stock eventsourcing on its SQLite recorder: WAL, synchronous=FULL."""
    name = str(folder / "stock.db")
    return Eventsourcing(cases, PERSISTENCE_MODULE="eventsourcing.sqlite", SQLITE_DBNAME=name)


def on_postgres(socket: str, cases: int) -> Eventsourcing:
    """Return stock eventsourcing on its PostgreSQL recorder."""
    return Eventsourcing(
        cases,
        PERSISTENCE_MODULE="eventsourcing.postgres",
        POSTGRES_DBNAME="postgres",
        POSTGRES_HOST=socket,
        POSTGRES_PORT="5432",
        POSTGRES_USER="postgres",
        POSTGRES_PASSWORD="",
    )


def on_sqlalchemy(folder: Path, cases: int) -> Eventsourcing:
    """Return eventsourcing-sqlalchemy on a SQLite file that was made with WAL."""
    path = folder / "sqlalchemy.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
    return Eventsourcing(
        cases,
        PERSISTENCE_MODULE="eventsourcing_sqlalchemy",
        SQLALCHEMY_URL=f"sqlite:///{path}",
    )


class EventsourcePy:
    """eventsource-py on its SQLite store: WAL, SQLite's own synchronous=FULL."""

    def __init__(self, folder: Path, cases: int) -> None:
        from . import eventsource_case as case  # noqa: PLC0415 - only there when it is installed

        self._loop = asyncio.new_event_loop()
        self._store = case.store(folder / "eventsource.db")
        self._repository = case.repository(self._store)
        self._ids = [uuid4() for _ in range(cases)]
        self._next = count()
        self._case = case
        self._loop.run_until_complete(self._receive())

    async def _receive(self) -> None:
        for id in self._ids:
            ticket = self._case.Ticket(id)
            ticket.receive("north", "leak")
            await self._repository.save(ticket)

    def append(self, commands: int) -> None:
        """Load, decide, save."""
        self._loop.run_until_complete(self._append(commands))

    def together(self, commands: int, threads: int) -> None:
        """Do the same in tasks, which are its threads."""
        self._loop.run_until_complete(self._gather(commands // threads, threads))

    async def _gather(self, commands: int, tasks: int) -> None:
        await asyncio.gather(*(self._append(commands) for _ in range(tasks)))

    def close(self) -> None:
        """End the thread that its driver keeps."""
        self._loop.run_until_complete(self._store.close())

    async def _append(self, commands: int) -> None:
        for _ in range(commands):
            ticket = await self._repository.load(self._ids[next(self._next) % len(self._ids)])
            ticket.alert("desk1", AT)
            await self._repository.save(ticket)
