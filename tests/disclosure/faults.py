"""Disclosures whose database, vault or process fails at a chosen step."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from random import Random
from typing import Any, Self

import pytest

from guanjia.domain.disclosure.commands import Ask
from guanjia.domain.disclosure.seen import Denied
from guanjia.storage import SqlStore

from .places import COMMUNITY, Community

ERRORS: list[Callable[[], BaseException]] = [
    lambda: sqlite3.OperationalError("disk I/O error"),
    lambda: sqlite3.OperationalError("database is locked"),
    lambda: sqlite3.OperationalError("database or disk is full"),
    lambda: sqlite3.DatabaseError("database disk image is malformed"),
    MemoryError,
    KeyboardInterrupt,
]


@dataclass
class Fault:
    """Fails at one step, before or after what it does; ``reached`` says whether it came so far."""

    step: int
    before: bool
    error: Callable[[], BaseException]
    steps: Iterator[int] = field(default_factory=count)
    reached: bool = False

    @classmethod
    def chosen(cls, random: Random, steps: int, *errors: Callable[[], BaseException]) -> Self:
        """Return a fault at one of so many steps, before or after it."""
        return cls(random.randrange(steps), random.random() < 0.5, random.choice(errors))

    def around(self, act: Callable[..., Any]) -> Callable[..., Any]:
        """Return the act, failing where it is its turn."""

        def acting(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401
            mine = next(self.steps) == self.step
            self.reached |= mine
            if mine and self.before:
                raise self.error()
            result = act(*arguments, **named)
            if mine:
                raise self.error()
            return result

        return acting


class Failing:
    """A cursor or a connection whose statements may fail; everything else is as it was."""

    def __init__(self, whole: Any, fault: Fault) -> None:  # noqa: ANN401
        self._whole = whole
        self._fault = fault

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        found = getattr(self._whole, name)
        if name == "cursor":
            return lambda: Failing(found(), self._fault)
        return self._fault.around(found) if name in {"execute", "executemany"} else found


class OnDisk(Community):
    """The community in a folder, so that another connection sees what is durable."""

    folder: Path

    def open(self) -> SqlStore:
        """Return a new store in the folder."""
        return SqlStore.create(f"sqlite:///{self.folder}/events.db", self.folder / "master.key")

    def open_again(self) -> SqlStore:
        """Return the store as another process left it."""
        return SqlStore.open(f"sqlite:///{self.folder}/events.db", self.folder / "master.key")

    def recorded(self, request: str, last: int = 1_000_000) -> bool:
        """Return whether the disclosure is durable: another connection reads the last events."""
        with closing(sqlite3.connect(self.folder / "events.db")) as apart:
            query = (
                "SELECT 1 FROM events WHERE topic LIKE 'access.%' AND instr(state, ?) > 0"
                " AND position > (SELECT max(position) FROM events) - ?"
            )
            return apart.execute(query, (request.encode(), last)).fetchone() is not None


def on_disk(folder: Path) -> OnDisk:
    """Return the community on disk."""
    kind = type("Here", (OnDisk,), {"folder": folder})
    world: OnDisk = kind()
    with world.app.transaction():
        world.run(COMMUNITY)
    return world


@contextmanager
def failing(store: SqlStore, fault: Fault, patch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the store's statements and its vault fail as told."""
    database, vault = store._database, store.vault
    connection = database._connection
    with patch.context() as here:
        here.setattr(database, "_writer", Failing(database._writer, fault))
        here.setattr(database, "_connection", lambda: Failing(connection(), fault))
        here.setattr(vault, "reveal", fault.around(vault.reveal))
        yield


def attempt(
    world: OnDisk, fault: Fault, patch: pytest.MonkeyPatch, request: str, *, by: str = "desk1"
) -> bool:
    """Ask while the fault is there; return whether anything was shown."""
    shown: list[str] = []
    ask = Ask.of(["phone"], "repair", request=request, complaint="N-1")
    reveal = world.store.vault.reveal

    def revealing(ref: str) -> str:
        assert world.recorded(request, last=1), "decrypted before its event was durable"
        return reveal(ref)

    with patch.context() as here:
        here.setattr(world.store.vault, "reveal", revealing)
        with (
            failing(world.store, fault, patch),
            suppress(BaseException),
            world.gateway.disclose(ask, by=by) as seen,
        ):
            shown += [value.clear for value in seen.of("phone")]
    return bool(shown)


def works(world: OnDisk) -> bool:
    """Return whether the store still answers after a failure."""
    try:
        return world.ask("phone", complaint="N-1").phone == "13900139000"
    except Denied:
        return False


def steps_of(world: OnDisk, patch: pytest.MonkeyPatch) -> int:
    """Return how many steps a disclosure has when every state is known."""
    fault = Fault(-1, True, MemoryError)
    assert attempt(world, fault, patch, "before")
    fault.steps = count()
    assert attempt(world, fault, patch, "counted")
    return next(fault.steps)


def killed() -> BaseException:
    """Kill this process, as kill -9 does."""
    os.kill(os.getpid(), signal.SIGKILL)
    return SystemExit()
