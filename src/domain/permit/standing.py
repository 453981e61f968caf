"""A renovation's standing after an event: its row, its turns of work and its violations.

Every event of a permit carries the rows it changed; the read side takes the latest of each key.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from ..messages import Message
from ..moments import Moment
from .commands import Step

Status = Literal[
    "applied",
    "rejected",
    "approved",
    "agreed",
    "issued",
    "stopped",
    "completed",
    "accepted",
    "settled",
    "archived",
]


class PermitRow(Message):
    """The renovation itself, as figures need it; ``completed_at`` is the latest completion."""

    centre: str
    unit: str
    status: Status
    applied_at: Moment
    issued_at: Moment | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    completed_at: Moment | None = None
    patrols_per_day: int
    irregular: str | None = None


class WorkRow(Message):
    """One turn of work: from the issue, or a failed acceptance, to its completion."""

    round: int
    started_at: Moment
    completed_at: Moment | None = None


class ViolationRow(Message):
    """A violation and the step it stands on, since when."""

    violation: str
    found_at: Moment
    step: Step
    since: Moment
