"""A parcel's standing after an event: the row that the event carries."""

from __future__ import annotations

from typing import Literal

from ..messages import Message
from ..moments import Moment
from .commands import Condition, ParcelKind

Keeping = Literal["held", "pending", "letter_box"]
"""How it is kept: held for its addressee, 待查 without one, or put in the letter box at once."""
Ending = Literal["handed_out", "returned", "lost"]


class ParcelRow(Message):
    """The parcel as the register has it; ``reminded_at`` is the first notice once overdue."""

    centre: str
    unit: str | None = None
    kind: ParcelKind
    condition: Condition
    status: Keeping | Ending
    registered_at: Moment
    notified_at: Moment | None = None
    notices: int = 0
    reminded_at: Moment | None = None
    due_at: Moment | None = None
    ended_at: Moment | None = None
    irregular: str | None = None
