"""A case's standing after an event: its row, its rounds and its clocks.

Every complaint event carries the rows it changed, computed once when it was decided, under the
policy and calendar that bound then. The read side takes the latest row of each key and only judges
it at a time; nothing later can change what an event said.
"""

from __future__ import annotations

from typing import Literal

from ..messages import Message
from ..moments import Moment

Duty = Literal[
    "owed", "not_owing", "invalid", "on_the_spot", "anonymous", "pathless", "sensitive", "settled"
]


class RoundRow(Message):
    """One round of handling and what its revisit came to.

    ``ended_at`` is the first finish, answer, closing or forcing in the round. ``due_at`` is the
    revisit's. ``attempts`` counts unreachable revisits, ``voids`` those by a handler.
    """

    round: int
    started_at: Moment
    ended_at: Moment | None = None
    finished_at: Moment | None = None
    handler: str | None = None
    duty: Duty | None = None
    due_at: Moment | None = None
    provisional: bool = False
    revisit: Literal["satisfied", "unsatisfied"] | None = None
    revisited_at: Moment | None = None
    attempts: int = 0
    voids: int = 0
    replied_after_at: Moment | None = None


class CaseRow(Message):
    """The case itself, as figures need it; times as in its events.

    ``handler`` is the account it was last sent to, or that took it when nobody sent it.
    """

    number: int
    centre: str
    department: str | None = None
    handler: str | None = None
    handler_person: str | None = None
    handler_since: Moment | None = None
    unit: str | None = None
    channel: str
    category: str
    urgency: str
    level: str
    topic: str
    validity: str | None = None
    cause: str | None = None
    reach: str
    major: bool = False
    sensitive: bool = False
    rung: str = "handler"
    escalated_at: Moment | None = None
    status: Literal["open", "closed", "forced", "voided"] = "open"
    received_at: Moment
    late_registration_seconds: int = 0
    closed_at: Moment | None = None
    merged_into: str | None = None
    merged_at: Moment | None = None
    voided_at: Moment | None = None
    customer_caused_days: int = 0
    progress_contacts: int
    implied_months: int
    irregular: str | None = None
