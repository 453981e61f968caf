"""The state of a complaint: only what decisions and clocks need."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple

from ..changing import replace
from ..promises import Clock, Key
from .standing import CaseRow, RoundRow, WorkOrderRow

ClosedHow = Literal["answer", "close", "force_close"]
Revisit = Literal["satisfied", "unsatisfied"]
RUNGS = ("handler", "supervisor", "department_head", "company")


class Triage(NamedTuple):
    """The urgency changed, in this round."""

    at: datetime
    urgency: str
    round: int


class ValidityChange(NamedTuple):
    """From ``at`` on the company was responsible, or was not."""

    at: datetime
    validity: str


class Closing(NamedTuple):
    """The case ended, in this round."""

    at: datetime
    how: ClosedHow
    round: int


class Absorption(NamedTuple):
    """Another case, received earlier or later, was merged into this one at ``at``."""

    at: datetime
    received_at: datetime
    policy: str
    member: str


class Sensitive(NamedTuple):
    """Since when, and from which round on, a revisit would do harm."""

    at: datetime
    from_round: int


class Pending(NamedTuple):
    """A validity that waits for the head's signature."""

    at: datetime
    validity: str


class Approval(NamedTuple):
    """The head approved the next reply."""

    at: datetime


class InHand(NamedTuple):
    """Who has the case, by which account, since when."""

    account: str
    person: str
    since: datetime


@dataclass(frozen=True)
class Appointment:
    """An agreed window; ``moved`` tells who moved it away, ``moved_days`` by how many days if it
    was the customer.
    """

    round: int
    agreed_at: datetime
    ends: datetime
    moved_at: datetime | None = None
    moved: Literal["customer", "company"] | None = None
    moved_days: int = 0


@dataclass(frozen=True)
class Round:
    """One round of handling; ``settled``: the reporter was satisfied before and owes nothing."""

    number: int
    started_at: datetime
    reopened: bool = False
    settled: bool = False
    finished_at: datetime | None = None
    handler: str | None = None
    on_the_spot: bool = False
    ended_at: datetime | None = None
    confirmed_at: datetime | None = None
    verified_at: datetime | None = None
    revisit: Revisit | None = None
    revisited_at: datetime | None = None
    attempts: tuple[datetime, ...] = ()
    voids: int = 0
    left_at: datetime | None = None


@dataclass(frozen=True)
class Case:
    """A complaint as decisions see it."""

    id: str
    number: int
    centre: str
    channel: str
    policy: str
    received_at: datetime
    first_recorded_at: datetime
    recorded_at: datetime
    category: str
    urgency: str
    level: str
    topic: str
    reach: str
    unit: str | None = None
    posted_at: datetime | None = None
    forwarded_at: datetime | None = None
    promised_reply_at: datetime | None = None
    version: int = 1
    department: str | None = None
    cause: str | None = None
    validity: str | None = None
    validity_changes: tuple[ValidityChange, ...] = ()
    pending: Pending | None = None
    triages: tuple[Triage, ...] = ()
    consults: tuple[datetime, ...] = ()
    replies: tuple[datetime, ...] = ()
    approved_replies: tuple[datetime, ...] = ()
    reply_approval: Approval | None = None
    starts: tuple[datetime, ...] = ()
    dispatched: dict[str, datetime] = field(default_factory=dict)
    handlers: frozenset[str] = frozenset()
    in_hand: InHand | None = None
    appointments: tuple[Appointment, ...] = ()
    remedy_approved_at: datetime | None = None
    rounds: tuple[Round, ...] = ()
    closings: tuple[Closing, ...] = ()
    closed_at: datetime | None = None
    rung: str = RUNGS[0]
    escalated_at: datetime | None = None
    alerted: bool = False
    sensitive: Sensitive | None = None
    major: bool = False
    merged_into: str | None = None
    merged_at: datetime | None = None
    members: tuple[str, ...] = ()
    absorptions: tuple[Absorption, ...] = ()
    voided_at: datetime | None = None
    work_orders: dict[int, WorkOrderRow] = field(default_factory=dict)
    irregular: tuple[str, ...] = ()
    row: CaseRow | None = None
    round_rows: dict[int, RoundRow] = field(default_factory=dict)
    clocks: dict[Key, Clock] = field(default_factory=dict)

    @property
    def round(self) -> Round:
        """The current round."""
        return self.rounds[-1]

    @property
    def last_finished(self) -> Round | None:
        """The latest finished round, whatever came after it."""
        return next((r for r in reversed(self.rounds) if r.finished_at), None)

    @property
    def urgency_now(self) -> str:
        """The urgency after every triage."""
        latest = max(reversed(self.triages), key=lambda triage: triage.at, default=None)
        return latest.urgency if latest else self.urgency

    @property
    def customer_caused_days(self) -> int:
        """Days by which the customer moved windows, in all rounds."""
        return sum(window.moved_days for window in self.appointments)

    def judged_at(self, at: datetime) -> Case:
        """Return the case with the validity that was in force at a time."""
        known = [change.validity for change in self.validity_changes if change.at <= at]
        return replace(self, validity=known[-1] if known else None)

    @property
    def on_the_web(self) -> bool:
        """Whether it came by web or forum: replies need the head's approval."""
        return self.channel in ("web", "forum")
