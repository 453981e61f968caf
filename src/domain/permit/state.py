"""The state of a renovation: only what decisions and clocks need."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from ..promises import Clock, Key
from .commands import Step
from .standing import PermitRow, Status, ViolationRow, WorkRow

LADDER: tuple[Step, ...] = ("found", "dissuaded", "notice", "reported", "legal")
"""The steps against a violation; none is skipped, and it can be corrected at any."""


class Reviewed(NamedTuple):
    """How the application was judged."""

    at: datetime
    outcome: str


class Agreement(NamedTuple):
    """What was signed and checked before the issue."""

    at: datetime
    deposit: Decimal
    fees_paid: bool
    water_test_ok: bool


class Term(NamedTuple):
    """A last day promised at ``at``, in this turn of work."""

    at: datetime
    round: int
    valid_to: date


class Work(NamedTuple):
    """A turn of work; the first begins with the issue, each other with a failed acceptance."""

    round: int
    started_at: datetime
    completed_at: datetime | None = None


class WorkerPass(NamedTuple):
    """When a pass was issued, and came back."""

    issued_at: datetime
    returned_at: datetime | None = None


class Violation(NamedTuple):
    """The step a violation stands on, since when."""

    found_at: datetime
    step: Step
    since: datetime

    @property
    def open(self) -> bool:
        """Whether it is not corrected."""
        return self.step != "corrected"


@dataclass(frozen=True)
class Permit:
    """A renovation as decisions see it."""

    id: str
    centre: str
    unit: str
    policy: str
    applied_at: datetime
    recorded_at: datetime
    version: int = 1
    review: Reviewed | None = None
    agreement: Agreement | None = None
    issued_at: datetime | None = None
    valid_from: date | None = None
    terms: tuple[Term, ...] = ()
    works: tuple[Work, ...] = ()
    passes: dict[str, WorkerPass] = field(default_factory=dict)
    violations: dict[str, Violation] = field(default_factory=dict)
    stopped_at: datetime | None = None
    resumed_at: datetime | None = None
    accepted_at: datetime | None = None
    settled_at: datetime | None = None
    archived_at: datetime | None = None
    irregular: tuple[str, ...] = ()
    row: PermitRow | None = None
    work_rows: dict[int, WorkRow] = field(default_factory=dict)
    violation_rows: dict[str, ViolationRow] = field(default_factory=dict)
    clocks: dict[Key, Clock] = field(default_factory=dict)

    @property
    def approved(self) -> bool:
        """Whether the application was approved."""
        return self.review is not None and self.review.outcome == "approved"

    @property
    def rejected(self) -> bool:
        """Whether the application was rejected."""
        return self.review is not None and not self.approved

    @property
    def valid_to(self) -> date | None:
        """The last day promised last."""
        return self.terms[-1].valid_to if self.terms else None

    @property
    def work(self) -> Work | None:
        """The current turn of work, None before the first."""
        return self.works[-1] if self.works else None

    @property
    def completed_at(self) -> datetime | None:
        """When the current turn of work was completed."""
        return self.work.completed_at if self.work else None

    @property
    def passes_out(self) -> list[str]:
        """The passes that workers have."""
        return [number for number, one in self.passes.items() if one.returned_at is None]

    @property
    def open_violations(self) -> list[str]:
        """The violations that are not corrected."""
        return [id for id, violation in self.violations.items() if violation.open]

    @property
    def status(self) -> Status:
        """How far the renovation is; what came last in the course of things counts."""
        reached: tuple[tuple[object, Status], ...] = (
            (self.archived_at, "archived"),
            (self.settled_at, "settled"),
            (self.accepted_at, "accepted"),
            (self.completed_at, "completed"),
            (self.stopped_at, "stopped"),
            (self.issued_at, "issued"),
            (self.rejected, "rejected"),
            (self.agreement, "agreed"),
            (self.approved, "approved"),
        )
        for holds, status in reached:
            if holds:
                return status
        return "applied"
