"""For what a page shows anew by itself."""

from __future__ import annotations

from nicegui import ui

from ...api.errors import TokenInvalid
from ..visit import Visit


async def renewed(visit: Visit) -> Visit | None:
    """Return the visit with the rights of now; without any, lead the visitor to the sign-in."""
    try:
        return await visit.again()
    except TokenInvalid:
        ui.navigate.reload()
        return None
