"""Two desks with one store on disk: a handover takes all its keys with it, or leaves all alone."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from guanjia.domain.errors import Rejected
from guanjia.domain.streams import KEY, UNIT
from guanjia.storage import SqlStore
from tests import scenarios as s
from tests import units as u
from tests.spec import Line, World

from .kept import lend

ROUNDS = range(6)
AT = "2025-10-20 10:00"
CASE = s.receive("2025-10-02 08:00", category="repair")
NAMED = ("unit", "key", "keys", "cards")
THIRD = u.key("2025-10-05 09:00", "C3")


class Desk(World):
    """A way in of its own to a store on disk, as another process has it."""

    def __init__(self, place: Path, *, create: bool = False) -> None:
        self.place, self.create = place, create
        super().__init__()

    def open(self) -> SqlStore:
        """Return the store, made by the first desk."""
        how = SqlStore.create if self.create else SqlStore.open
        return how(f"sqlite:///{self.place / 'events.db'}", self.place / "master.key")


@pytest.fixture
def desks(tmp_path: Path) -> Iterator[list[Desk]]:
    """Yield two desks of one staffed organisation."""
    first = Desk(tmp_path, create=True)
    first.run(s.STAFFED, CASE)
    desks = [first, Desk(tmp_path)]
    yield desks
    for desk in desks:
        desk.app.close()
        desk.store.close()


def numbered(command: Line, number: int, home: str = "") -> Line:
    """Return a line about other homes and keys: the names of this round."""

    def renamed(value: Any) -> Any:  # noqa: ANN401 - a line's value
        return [renamed(one) for one in value] if isinstance(value, list) else f"{value}{number}"

    named = {name: renamed(command[name]) for name in NAMED if command.get(name)}
    return {**command, **named, **({"unit": f"{home}{number}"} if home else {})}


def at_once(desks: list[Desk], *commands: Line) -> list[str]:
    """Let each desk execute its command when all are ready; return what came of them."""
    ready = Barrier(len(desks))

    def attempt(desk: Desk, command: Line) -> str:
        ready.wait()
        try:
            desk.execute(command)
        except Rejected as refusal:
            return refusal.code
        return "done"

    with ThreadPoolExecutor(len(desks)) as threads:
        return list(threads.map(attempt, desks, commands))


def places(desk: Desk, number: int, *names: str) -> list[str]:
    """Return where keys of a round are, as their streams say."""
    desk.app._streams.forget()
    keys = [desk.app._streams.state(KEY, f"{name}{number}") for name in names]
    return [key.now.place for key in keys if key]


def handed_over(desk: Desk, unit: str) -> int:
    """Return how often a home was handed over, as its stream says."""
    desk.app._streams.forget()
    home = desk.app._streams.state(UNIT, unit)
    assert home
    topics = [event.topic for event in desk.stream(f"unit:{unit}")]
    assert bool(home.handed_over) == ("unit.handed_over.1" in topics)
    return topics.count("unit.handed_over.1")


def begin(desk: Desk, number: int, *more: Line) -> None:
    """Let the homes of a round be inspected, their keys received."""
    history = [one for one in u.READY if one not in s.STAFFED]
    desk.run([numbered(one, number) for one in (*history, *more)])


def test_a_handover_against_the_lending_of_one_of_its_keys(desks: list[Desk]) -> None:
    """The card is lent and the home is not handed over, or it is with all its keys."""
    lending = lend(AT, "2025-10-21 18:00", key="C1")
    for number in ROUNDS:
        begin(desks[0], number)
        pair = [numbered(one, number) for one in (u.hand_over(AT), lending)]
        turned = pair if number % 2 else pair[::-1]
        codes = at_once(desks, *turned)
        assert sorted(codes) == ["done", "key_not_in_cabinet"]
        won = turned[codes.index("done")]["do"] == "hand_over_unit"
        assert handed_over(desks[0], f"U1{number}") == won
        found = places(desks[0], number, "K1", "C1", "C2")
        assert found == (["owner"] * 3 if won else ["cabinet", "lent", "cabinet"])


def test_two_desks_hand_over_one_home(desks: list[Desk]) -> None:
    """With different cards: those of the desk that won are the owner's, the other is kept."""
    for number in ROUNDS:
        begin(desks[0], number, THIRD)
        pair = [u.hand_over(AT), u.hand_over(AT, cards=["C3", "C2"])]
        codes = at_once(desks, *(numbered(one, number) for one in pair))
        assert codes.count("done") == 1
        assert set(codes) <= {"done", "already_handed_over", "key_not_in_cabinet"}
        assert handed_over(desks[0], f"U1{number}") == 1
        taken = ["owner", "cabinet"] if codes[0] == "done" else ["cabinet", "owner"]
        assert places(desks[0], number, "C1", "C3") == taken
        assert places(desks[0], number, "K1", "C2") == ["owner", "owner"]


def test_two_homes_and_one_card(desks: list[Desk]) -> None:
    """Only the home that the card belongs to has it; the other one is not handed over at all."""
    ours = ("K2", "door"), ("C4", "card")
    for number in ROUNDS:
        second = [one for one in u.INSPECTED if one not in s.STAFFED]
        desks[1].run([numbered(one, number, "U2") for one in second])
        begin(desks[0], number)
        received = [u.key("2025-10-05 09:00", name, kind) for name, kind in ours]
        desks[1].run([numbered(one, number, "U2") for one in received])
        other = u.hand_over(AT, keys=["K2"], cards=["C4", "C1"])
        pair = [numbered(u.hand_over(AT), number), numbered(other, number, "U2")]
        codes = at_once(desks, *pair)
        assert codes == ["done", "key_of_other_unit"]
        assert [handed_over(desks[1], f"{unit}{number}") for unit in ("U1", "U2")] == [1, 0]
        assert places(desks[1], number, "K1", "C1", "K2", "C4") == [
            "owner", "owner", "cabinet", "cabinet",
        ]  # fmt: skip
