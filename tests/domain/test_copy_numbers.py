"""The numbers of paper copies: each is given once, by however many hands at a time."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from guanjia.domain.application import Application
from guanjia.domain.errors import Rejected
from guanjia.domain.messages import Envelope
from guanjia.domain.moments import parse
from guanjia.storage import SqlStore
from tests.spec import SHANGHAI, Line, command_of, enter, given, moment

from .papers import AT, HOME, SECOND, UNIT, issue


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of a store with two registered homes of north."""
    with SqlStore.create(*_place(tmp_path)) as store:
        enter(_application(store), HOME, SECOND)
    return tmp_path


def _place(folder: Path) -> tuple[str, Path]:
    return f"sqlite:///{folder / 'events.db'}", folder / "master.key"


def _application(store: SqlStore) -> Application:
    return Application(store, SHANGHAI, lambda: moment("2031-01-01 00:00"))


def _execute(app: Application, one: Line) -> str:
    """Return ``done``, or the refusal's code."""
    try:
        app.execute(command_of(one), Envelope(by=one.get("by"), at=parse(one["at"]), imported=True))
    except Rejected as refusal:
        return refusal.code
    return "done"


def test_two_hands_cannot_give_one_number(folder: Path) -> None:
    """Two stores on one file, as two processes have: each number goes to exactly one home."""
    barrier = Barrier(2)

    def hand(unit: str) -> Iterator[str]:
        with SqlStore.open(*_place(folder)) as store:
            app = _application(store)
            for number in range(20):
                barrier.wait(30)
                yield _execute(app, issue(AT, unit=unit, copy=f"P-{number:03}"))

    with ThreadPoolExecutor(2) as threads:
        codes = threads.map(lambda unit: [*hand(unit)], ["U1", "U3"])
        assert [sorted(pair) for pair in zip(*codes, strict=True)] == [
            ["done", "duplicate_copy"]
        ] * 20
    with SqlStore.open(*_place(folder)) as store:
        topics = [row.topic for row in store.read(0, 1000)]
    assert topics.count("centre.copy_listed.1") == topics.count("unit.copy_issued.1") == 20


def test_a_used_number_is_known_after_opening_the_store_again(folder: Path) -> None:
    """The register of numbers is in the events, not in a process."""
    codes = []
    for unit in ("U1", "U3"):
        with SqlStore.open(*_place(folder)) as store:
            codes.append(_execute(_application(store), issue(AT, unit=unit)))
    assert codes == ["done", "duplicate_copy"]


def test_the_number_is_noted_in_the_same_transaction() -> None:
    """A refused issue leaves no number used."""
    world = given(HOME)
    world.when(issue("2025-09-01 09:00")).then_refused("out_of_order")
    world.when(issue(AT)).then("unit.copy_issued.1", "centre.copy_listed.1")
    assert len(world.stream(UNIT)) == 2
