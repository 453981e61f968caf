"""Commands that wait for the store at the same time share a transaction and nothing else."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from eventsourcing.persistence import StoredEvent

from guanjia.domain.application import Application, Done
from guanjia.domain.complaint.commands import ReceiveComplaint
from guanjia.domain.errors import DuplicateComplaint, Rejected
from guanjia.domain.messages import Command, Envelope
from guanjia.domain.streams import CENTRE, COMPLAINT
from guanjia.domain.turns import Abandoned, Request, Turns

from .. import scenarios as s
from ..spec import World, moment

ENVELOPE = Envelope(by="desk1", at=moment("2025-11-03 09:00"), imported=True)


class Broken(Exception):
    """What a test lets a store run into."""


class Interrupted(BaseException):
    """As when a person presses Ctrl-C."""


@pytest.fixture
def world() -> World:
    """Return a staffed centre on a store in memory."""
    return World().run(s.STAFFED)


def receive(name: str) -> ReceiveComplaint:
    """Return a command that takes the centre's next number."""
    return ReceiveComplaint(
        complaint=name, centre="north", channel="phone", category="repair", topic="noise",
        text="楼上噪音", contact=None,
    )  # fmt: skip


def at_once(app: Application, commands: Sequence[Command]) -> list[Done | Exception]:
    """Execute the commands, a thread to each, all waiting for the store before the first begins."""
    with ThreadPoolExecutor(len(commands)) as threads:
        with app.transaction():
            told: list[Future[Done]] = []
            for command in commands:
                told.append(threads.submit(app.execute, command, ENVELOPE))
                while len(app._turns._waiting) < len(told):
                    threading.Event().wait(0.001)
        return [_outcome(future) for future in told]


def _outcome(future: Future[Done]) -> Done | Exception:
    error = future.exception(30)
    assert error is None or isinstance(error, Exception)
    return error or future.result()


def counted(app: Application, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list that grows by one with each outermost transaction of the application."""
    found: list[int] = []
    transaction = app.store.transaction

    @contextmanager
    def counting() -> Iterator[None]:
        with transaction():
            found.append(1)
            yield

    monkeypatch.setattr(app.store, "transaction", counting)
    return found


def numbers(world: World) -> list[int]:
    """Return the numbers the centre gave, as stored."""
    return [event.model_dump()["number"] for event in world.stream("centre:north")]


def test_commands_that_wait_are_committed_together(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Eight commands that wait for the store need one transaction; each has its own position."""
    transactions = counted(world.app, monkeypatch)
    done = at_once(world.app, [receive(f"C-{n}") for n in range(8)])
    assert len(transactions) == 2  # the one they waited for, and their own
    assert sorted(d.number for d in done if isinstance(d, Done) and d.number) == [*range(1, 9)]
    assert len({d.position for d in done if isinstance(d, Done)}) == 8
    assert numbers(world) == [*range(1, 9)]


def test_a_refused_command_leaves_the_others_alone(world: World) -> None:
    """A refusal in the middle takes no number, and its neighbours are recorded."""
    done = at_once(world.app, [receive("C-1"), receive("C-1"), receive("C-2")])
    assert [type(d) for d in done] == [Done, DuplicateComplaint, Done]
    assert numbers(world) == [1, 2]


def failing(
    world: World, monkeypatch: pytest.MonkeyPatch, when: Callable[[list[StoredEvent]], bool]
) -> None:
    """Let the store's append fail, after it has written, for some events."""
    append = world.store.append

    def broken(stored: list[StoredEvent]) -> int:
        position = append(stored)
        if when(stored):
            raise Broken
        return position

    monkeypatch.setattr(world.store, "append", broken)


def test_a_failing_append_is_its_own_commands_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One command whose events cannot be written fails; those before and after it are recorded."""
    failing(world, monkeypatch, lambda stored: stored[0].originator_id == "complaint:C-1")
    done = at_once(world.app, [receive(f"C-{n}") for n in range(4)])
    assert [type(d) for d in done] == [Done, Broken, Done, Done]
    assert numbers(world) == [1, 2, 3]
    assert world.app._streams.state(COMPLAINT, "C-1") is None
    rows = world.store.read(0, 999)
    assert [row.position for row in rows] == [*range(1, len(rows) + 1)]


def test_a_failed_commit_fails_exactly_its_own_commands(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All that shared the transaction are told, nothing of them is there, and the next go on."""
    before = world.store.last_position()
    undecided = [receive(f"C-{n}") for n in range(4)]
    with monkeypatch.context() as patched:
        transaction = world.store.transaction

        @contextmanager
        def broken() -> Iterator[None]:
            with transaction():
                yield
                if world.store.last_position() > before:
                    raise Broken

        patched.setattr(world.store, "transaction", broken)
        done = at_once(world.app, undecided)
    assert [type(d) for d in done] == [Broken] * 4
    assert world.store.last_position() == before
    assert world.app._streams.state(CENTRE, "north").last_number == 0
    assert world.app.execute(receive("C-1"), ENVELOPE).number == 1


def test_a_turn_that_cannot_begin_fails_everyone_who_waits(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the store cannot be locked nobody waits for the lock a second time."""

    def closed() -> None:
        raise Broken

    with ThreadPoolExecutor(3) as threads:
        with world.app.transaction():
            told = [threads.submit(world.app.execute, receive(f"C-{n}")) for n in range(3)]
            while len(world.app._turns._waiting) < 3:
                threading.Event().wait(0.001)
            monkeypatch.setattr(world.store, "transaction", closed)
        assert [type(future.exception(30)) for future in told] == [Broken] * 3


def test_commands_inside_a_transaction_are_not_queued(world: World) -> None:
    """A thread whose transaction is open executes in it, and all of it is undone with it."""
    with pytest.raises(Broken), world.app.transaction():
        assert world.app.execute(receive("C-1"), ENVELOPE).number == 1
        with pytest.raises(Rejected):
            world.app.execute(receive("C-1"), ENVELOPE)
        assert world.app.execute(receive("C-2"), ENVELOPE).number == 2
        raise Broken
    assert world.app.execute(receive("C-3"), ENVELOPE).number == 1


def test_a_nested_transaction_takes_back_its_own_states(world: World) -> None:
    """What an inner transaction did is undone in the store and in the states that are kept."""
    with world.app.transaction():
        world.app.execute(receive("C-1"), ENVELOPE)
        with pytest.raises(Broken), world.app.transaction():
            world.app.execute(receive("C-2"), ENVELOPE)
            raise Broken
        assert world.app.execute(receive("C-3"), ENVELOPE).number == 2
    assert numbers(world) == [1, 2]


def test_what_others_wrote_is_followed(world: World) -> None:
    """A second application on the store gives the next number after the first one's, and back."""
    other = Application(world.store, world.app.zone, world.app.clock)
    for number in range(1, 7):
        app = other if number % 2 else world.app
        assert app.execute(receive(f"C-{number}"), ENVELOPE).number == number
    assert other._streams.state(COMPLAINT, "C-6") == world.app._streams.state(COMPLAINT, "C-6")


def _serve(requests: Iterator[Request[Any, Any]]) -> None:
    for request in requests:
        request.succeed(request.work())


def test_an_interrupted_leader_tells_the_others() -> None:
    """Those whose turn was broken off are told that nobody knows; the queue goes on."""
    turns = Turns[Callable[[], int], int](_serve)
    begun, go_on = threading.Event(), threading.Event()

    def interrupted() -> int:
        begun.set()
        assert go_on.wait(30)
        return 1

    def interrupting() -> int:
        raise Interrupted

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(turns.take, interrupted)
        assert begun.wait(30)
        second = threads.submit(turns.take, interrupting)
        while not turns._waiting:
            threading.Event().wait(0.001)
        go_on.set()
        assert {type(first.exception(30)), type(second.exception(30))} == {Interrupted, Abandoned}
    assert turns.take(lambda: 3) == 3


def test_an_interrupted_follower_leaves_the_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who stopped waiting is neither served nor made to lead."""
    turns = Turns[Callable[[], int], int](_serve)
    served: list[int] = []

    def serve() -> int:
        served.append(1)
        return 1

    def leading() -> int:
        def interrupt(_: object) -> None:
            raise Interrupted

        with monkeypatch.context() as patched, pytest.raises(Interrupted):
            patched.setattr(Request, "wait", interrupt)
            turns.take(serve)
        return 2

    assert turns.take(leading) == 2
    assert served == []
    assert turns.take(lambda: 3) == 3
