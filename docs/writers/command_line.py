"""The page of the command line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer

from guanjia.cli import app

from .words import beginning


def page() -> str:
    """Return every subcommand with its arguments and options."""
    text = beginning("command_line")
    for name, leaf in subcommands(typer.main.get_command(app)):
        arguments = [p for p in leaf.params if p.param_type_name == "argument"]
        options = [p for p in leaf.params if p.param_type_name == "option"]
        usage = " ".join(["guanjia", name, *(_argument(p) for p in arguments)])
        text += f"## {name}\n\n{' '.join((leaf.help or '').split())}\n\n```text\n{usage}\n```\n\n"
        for option in options:
            needed = "required" if option.required else ""
            about = "; ".join(part for part in (option.help or "", needed) if part)
            text += f"- `{', '.join(option.opts)}`{': ' if about else ''}{about}\n"
        text += "\n"
    return text.rstrip() + "\n"


def subcommands(group: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    """Yield (name, command) of every subcommand, groups resolved."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from subcommands(command, f"{prefix}{name} ")
        else:
            yield prefix + name, command


def _argument(parameter: Any) -> str:  # noqa: ANN401
    name = parameter.name.upper() + ("…" if parameter.nargs == -1 else "")
    return name if parameter.required else f"[{name}]"
