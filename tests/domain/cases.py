"""The cases of the tests of commands: what has happened, the command, and what comes of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

import pytest

from tests import scenarios as s
from tests.spec import Line, Outcome, given, moment


class Produces(NamedTuple):
    """A command that leaves an event of this topic with these facts."""

    history: list[Line]
    command: Line
    topic: str
    facts: dict[str, Any]


class Refuses(NamedTuple):
    """A command that is refused with this code."""

    history: list[Line]
    command: Line
    code: str


def each(cases: Iterable[Produces | Refuses]) -> pytest.MarkDecorator:
    """Give a test each ``case``, named by its command and by what comes of it."""
    listed = [*cases]
    names = [f"{command['do']}-{outcome}" for _, command, outcome, *_ in listed]
    return pytest.mark.parametrize("case", listed, ids=names)


def produced(case: Produces, *also: str) -> Outcome:
    """Require the event with its facts, at the time of its line, and then these topics."""
    outcome = given(case.history).when(case.command).then((case.topic, case.facts), *also)
    assert outcome.events[0].at == moment(case.command["at"])
    return outcome


def only_these_may(history: list[Line], command: Line, may: Collection[str]) -> None:
    """Require that north's posts may do it if they are named, and that all others are refused."""
    for post, account in s.NORTH.items():
        outcome = given(history).when({**command, "by": account})
        if post in may:
            assert outcome.refusal is None
        else:
            outcome.then_refused("wrong_post")
