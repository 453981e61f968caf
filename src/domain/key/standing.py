"""A key's standing after an event: the row that the event carries."""

from __future__ import annotations

from typing import Literal

from ..messages import Message
from ..moments import Moment
from .commands import KeyKind, Purpose

Place = Literal["cabinet", "owner", "entrusted", "lent", "lost", "replaced", "destroyed"]
"""Where a key is: ``entrusted`` ones hang in the cabinet for a resident; ``replaced`` is a lost one
whose lock was changed.
"""


class KeyRow(Message):
    """The key as the register has it; ``since`` is when it came to its place."""

    centre: str
    unit: str
    kind: KeyKind
    place: Place
    since: Moment
    resident: str | None = None
    purpose: Purpose | None = None
    until: Moment | None = None
    holder: str | None = None
    person: str | None = None
    permit: str | None = None
    complaint: str | None = None
    due_back: Moment | None = None
    irregular: str | None = None
