"""Threads that come at the same time take one turn together: one transaction, one commit.

The first to come leads: it carries out its own work and, while it is at it, what others bring, and
commits for all. Who comes during the commit waits for the next turn, which the first of them leads.
So the disk is waited for once a turn, nobody is passed over, and a thread alone waits for nobody.
"""

from __future__ import annotations

import inspect
from collections import deque
from collections.abc import Callable, Generator, Iterator
from threading import Lock
from typing import Generic, TypeVar

W = TypeVar("W")
R = TypeVar("R")

LONGEST = 64
"""Pieces of work in one turn: the first of them waits for the last."""


class Abandoned(RuntimeError):
    """The thread that committed for several was interrupted: it is not known whether this was
    recorded. Repeat it under the same key.
    """


class Request(Generic[W, R]):
    """One thread's work, and how it ended."""

    __slots__ = ("_error", "_outcome", "_told", "leads", "work")

    def __init__(self, work: W) -> None:
        self.work = work
        self.leads = False
        self._outcome: R
        self._error: BaseException | None = None
        self._told = Lock()
        self._told.acquire()

    def succeed(self, outcome: R) -> None:
        """Keep what came of it; a later failure replaces it."""
        self._outcome = outcome

    def fail(self, error: BaseException) -> None:
        """Keep why nothing came of it."""
        self._error = error

    def end(self) -> None:
        """Let the thread that waits take what came of it."""
        self._told.release()

    def lead(self) -> None:
        """Let the thread that waits lead the next turn."""
        self.leads = True
        self._told.release()

    def wait(self) -> None:
        """Wait until it ended, or until its thread shall lead."""
        self._told.acquire()

    def result(self) -> R:
        """Return what came of it, or raise why nothing did."""
        if self._error is not None:
            raise self._error
        return self._outcome


class Turns(Generic[W, R]):
    """Calls ``together`` with the requests of a turn; an exception of it fails the whole turn.

    When it fails in the middle of a turn of several, each of them is tried in a turn of its own,
    so that only those fail that must. A failure at the end (the commit) is that of all.
    """

    def __init__(self, together: Callable[[Iterator[Request[W, R]]], None]) -> None:
        self._together = together
        self._waiting: deque[Request[W, R]] = deque()
        self._mutex = Lock()
        self._led = False

    def take(self, work: W) -> R:
        """Return what comes of the work, whichever thread carries it out."""
        request = Request[W, R](work)
        with self._mutex:
            self._waiting.append(request)
            request.leads, self._led = not self._led, True
        try:
            if not request.leads:
                request.wait()
            if request.leads:
                self._lead()
        except BaseException:
            self._leave(request)
            raise
        return request.result()

    def _lead(self) -> None:
        taken: list[Request[W, R]] = []
        try:
            self._run(taken)
        except BaseException:
            for request in taken or self._all(taken):
                request.fail(Abandoned())
            raise
        finally:
            self._hand_on(taken)

    def _run(self, taken: list[Request[W, R]]) -> None:
        arrivals = self._arrivals(taken)
        try:
            self._together(arrivals)
        except Exception as error:  # noqa: BLE001 - it is raised where the work came from
            in_the_middle = inspect.getgeneratorstate(arrivals) == inspect.GEN_SUSPENDED
            if in_the_middle and len(taken) > 1:
                self._each_alone(taken)
                return
            for request in taken or self._all(taken):
                request.fail(error)

    def _arrivals(self, taken: list[Request[W, R]]) -> Generator[Request[W, R], None, None]:
        while len(taken) < LONGEST:
            with self._mutex:
                if not self._waiting:
                    return
                taken.append(self._waiting.popleft())
            yield taken[-1]

    def _all(self, taken: list[Request[W, R]]) -> list[Request[W, R]]:
        """Take whoever waits: nobody's turn could even begin."""
        return list(self._arrivals(taken))

    def _each_alone(self, taken: list[Request[W, R]]) -> None:
        for request in taken:
            try:
                self._together(iter((request,)))
            except Exception as error:  # noqa: BLE001 - it is raised where the work came from
                request.fail(error)

    def _hand_on(self, taken: list[Request[W, R]]) -> None:
        with self._mutex:
            self._appoint()
        for request in taken:
            request.end()

    def _appoint(self) -> None:
        self._led = bool(self._waiting)
        if self._led:
            self._waiting[0].lead()

    def _leave(self, request: Request[W, R]) -> None:
        """Take back the request of a thread that was interrupted, unless somebody has it."""
        with self._mutex:
            if request in self._waiting:
                self._waiting.remove(request)
                if request.leads:
                    self._appoint()
