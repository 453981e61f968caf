"""A case of the tests of commands: what has happened, the command, and what comes of it."""

from __future__ import annotations

from typing import Any, NamedTuple

from tests.spec import Line


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
