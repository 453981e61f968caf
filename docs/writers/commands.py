"""The page of commands: their fields, who may do them, what may refuse them."""

from __future__ import annotations

import sys
from typing import get_args

from guanjia.domain import policy, posts
from guanjia.domain.catalogue import COMMANDS
from guanjia.domain.messages import Command
from guanjia.domain.subjects import SUBJECTS

from .fields import fields, sentence
from .rules import SETS, Rules
from .words import WORDS, beginning


def page() -> str:
    """Return the catalogue of commands."""
    sets = "\n".join(f"- **{name}**: {_plain(known)}" for name, known in SETS.items())
    text = f"{beginning('commands')}{sets}{WORDS['page']['commands_more']}"
    for name, command in sorted(COMMANDS.items(), key=_place):
        text += _command(name, command)
    return text.rstrip() + "\n"


def _place(named: tuple[str, type[Command]]) -> tuple[bool, str, int]:
    """Return where a command stands: aggregates first, each in the order of its module."""
    command = named[1]
    of_aggregate = any(issubclass(command, subject.commands) for subject in SUBJECTS)
    place = [*vars(sys.modules[command.__module__])].index(command.__name__)
    return not of_aggregate, command.__module__, place


def _plain(known: frozenset[str]) -> str:
    return ", ".join(post for post in get_args(posts.Post) if post in known)


def _command(name: str, command: type[Command]) -> str:
    rules = Rules(command)
    who = WORDS["who"].get(name) or " and ".join(rules.who)
    refusals = ", ".join(f"[`{code}`](refusals.md#{code})" for code in sorted(rules.codes))
    rows = "\n".join(fields(command, {"do"}))
    if command is policy.AdoptPolicy:
        kept = [row for row in rows.splitlines() if "`version`" in row or "`effective_from`" in row]
        rows = "\n".join([*kept, "| any policy value by name | number | |"])
    return (
        f"## {name}\n\n{sentence(command)} Python: `{command.__name__}`.\n\n**Who**: {who}\n\n"
        f"| field | what | |\n|---|---|---|\n{rows}\n\n**May refuse with**: {refusals}\n\n"
    )
