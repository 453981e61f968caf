"""Completes an event with the row and the clocks that it changed."""

from __future__ import annotations

from typing import TypeVar

from ..policy import Policies
from ..promises import changed
from ..workdays import Counting
from .clocks import clocks
from .events import KeyEvent
from .evolve import carried, evolve
from .standing import KeyRow
from .state import Key

E = TypeVar("E", bound=KeyEvent)


def complete(key: Key | None, event: E, id: str, _: Policies, __: Counting) -> tuple[E, Key]:
    """Return ``event`` with the row and clocks that differ after it, and the key after it."""
    after = evolve(key, event, id)
    row = _row(after)
    completed = event.model_copy(
        update={
            "key": None if row == after.row else row,
            "clocks": changed(after.clocks, clocks(after), event.at),
        }
    )
    return completed, carried(after, completed)


def _row(key: Key) -> KeyRow:
    now = key.now
    loan = now.loan
    occasion = loan.occasion if loan else now.occasion
    return KeyRow(
        centre=key.centre,
        unit=key.unit,
        kind=key.kind,
        place=now.place,
        since=now.at,
        resident=now.resident,
        purpose=now.purpose,
        until=now.until,
        holder=loan.to if loan else None,
        person=loan.person if loan else None,
        permit=occasion.permit,
        complaint=occasion.complaint,
        due_back=loan.due_back if loan else None,
        irregular=",".join(key.irregular) or None,
    )
