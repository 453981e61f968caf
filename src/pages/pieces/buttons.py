"""A button that does something here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from nicegui import ui

from ...api.errors import TokenInvalid
from .tags import Tag


def act(text: str, work: Callable[[], Awaitable[None]]) -> Tag:
    """Put a button; it does nothing more while its work is going on."""
    made = Tag("button", text, type="button", style="act")

    async def pressed() -> None:
        made.props["disabled"] = True
        try:
            await work()
        except TokenInvalid:
            ui.navigate.reload()
        finally:
            made.props["disabled"] = False

    made.on("click", pressed, [])
    return made
