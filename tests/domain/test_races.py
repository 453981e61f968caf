"""Two threads at one counter, on a store in a file: of two that want the same, one gets it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from guanjia.domain.application import Application
from guanjia.domain.errors import Rejected
from guanjia.storage import SqlStore
from tests import scenarios as s
from tests.spec import SHANGHAI, Line, World

from . import kept as k

ROUNDS = 20
AT = "2025-11-03 12:00"


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Return a world on a SQLite file."""
    return _on(SqlStore.create(f"sqlite:///{tmp_path / 'events.db'}", tmp_path / "master.key"))


def _on(store: SqlStore) -> World:
    world = World()
    world.store, world.app = store, Application(store, SHANGHAI, lambda: world.now)
    return world


def _both(world: World, other: World, first: Line, second: Line) -> list[str]:
    """Let two threads begin at once; return what each came to, a refusal's code or the number."""
    barrier = Barrier(2)

    def enter(office: World, line: Line) -> str:
        barrier.wait(timeout=10)
        try:
            return f"done {office.execute(line).number or ''}".strip()
        except Rejected as refusal:
            return refusal.code

    with ThreadPoolExecutor(2) as threads:
        return sorted(threads.map(enter, (world, other), (first, second)))


def _no_gap(world: World) -> None:
    rows = world.store.read(0, 100_000)
    assert [row.position for row in rows] == [*range(1, len(rows) + 1)]


Contest = Callable[[str], tuple[Line, Line, Line]]


def _key(name: str) -> tuple[Line, Line, Line]:
    """A key in the cabinet, and two technicians who want to borrow it."""
    return (
        k.receive_key("2025-11-03 09:00", key=name),
        k.lend(AT, key=name),
        k.lend(AT, key=name, to="tech2"),
    )


def _issue(name: str) -> tuple[Line, Line, Line]:
    """A key that one desk lends while the other gives it to its owner."""
    begin, lend, _ = _key(name)
    return begin, lend, k.issue(AT, key=name)


def _parcel(name: str) -> tuple[Line, Line, Line]:
    """A parcel, and two who come for it."""
    return (
        k.register(parcel=name),
        k.hand_out(AT, parcel=name),
        k.hand_out(AT, parcel=name, collector="李四"),
    )


@pytest.mark.parametrize(
    ("contest", "refusal"),
    [(_key, "key_not_in_cabinet"), (_issue, "key_not_in_cabinet"), (_parcel, "parcel_done")],
)
def test_one_wins_and_the_other_is_told(world: World, contest: Contest, refusal: str) -> None:
    """Every time: one event more, one typed refusal, no gap in the positions."""
    world.run(k.CASE)
    for number in range(ROUNDS):
        begin, *wanted = contest(f"X{number}")
        world.run(begin)
        position = world.position
        assert _both(world, world, *wanted) == ["done", refusal]
        assert world.position == position + 1
    _no_gap(world)


def test_two_counters_give_two_numbers(world: World) -> None:
    """Each receipt gets a number of its own, and none is left out."""
    world.run(s.STAFFED)
    for number in range(ROUNDS):
        first, second = (s.receive(AT, complaint=f"{desk}-{number}") for desk in "AB")
        given = [f"done {2 * number + one}" for one in (1, 2)]
        assert _both(world, world, first, second) == sorted(given)
    _no_gap(world)


def test_one_identifier_is_received_once(world: World) -> None:
    """Of two receipts of the same case one gets the number, and the refused one takes none."""
    world.run(s.STAFFED)
    for number in range(ROUNDS):
        line = s.receive(AT, complaint=f"N-{number}")
        assert _both(world, world, line, line) == [f"done {number + 1}", "duplicate_complaint"]
    _no_gap(world)


def test_two_processes_with_a_store_each_do_not_differ(world: World, tmp_path: Path) -> None:
    """Each has states of its own in mind; a key is lent by one of them all the same."""
    world.run(k.CASE)
    other = _on(SqlStore.open(f"sqlite:///{tmp_path / 'events.db'}", tmp_path / "master.key"))
    for number in range(ROUNDS):
        begin, *wanted = _key(f"X{number}")
        world.run(begin)
        assert _both(world, other, *wanted) == ["done", "key_not_in_cabinet"]
    _no_gap(world)
