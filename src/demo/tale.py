"""One case as it is being told: who has it, what time it is, what was promised and missed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from ..domain.complaint.commands import CaseCommand
from ..domain.messages import Command
from ..domain.policy import Policy
from .people import Member, Profile, Team
from .plan import Report


@dataclass(frozen=True, slots=True)
class Step:
    """A command with its envelope; ``refusal`` is the code with which it is meant to be refused."""

    at: datetime
    by: str | None
    command: Command
    recorded_at: datetime | None = None
    refusal: str | None = None


class Telling:
    """Somebody of a centre at work: ``now`` only moves forward."""

    def __init__(self, team: Team, now: datetime, rng: Random) -> None:
        self.team = team
        self.now = now
        self.rng = rng

    @property
    def profile(self) -> Profile:
        """The character of the centre."""
        return self.team.profile

    def chance(self, share: float) -> bool:
        """Return true with this chance."""
        return self.rng.random() < share

    def one_of(self, words: Sequence[str]) -> str:
        """Return one of several ways to say it."""
        return self.rng.choice(words)

    def pass_minutes(self, least: int, most: int) -> None:
        """Let time pass."""
        seconds = self.rng.randint(least * 60, most * 60)
        self.now += timedelta(seconds=seconds)

    def until_office(self, least: int = 3, most: int = 40) -> None:
        """Wait for office hours, and a little more if it was closed."""
        self._until(self.team.hours.office(self.now), least, most)

    def until_daytime(self, least: int = 5, most: int = 60) -> None:
        """Wait for the front desk to open, and a little more if it was closed."""
        self._until(self.team.hours.daytime(self.now), least, most)

    def until_head(self) -> None:
        """Wait until the head is at work."""
        self.until_office()
        if self.team.head_is_away(self.now):
            self._until(self.team.hours.office(self.team.leave.until), 5, 90)

    def _until(self, moment: datetime, least: int, most: int) -> None:
        if moment > self.now:
            self.now = moment
            self.pass_minutes(least, most)

    def desk(self) -> Member:
        """Return who sits at the desk now."""
        return self.team.on_call(self.now)


class Tale(Telling):
    """The state of one case's story."""

    def __init__(self, report: Report, team: Team, policy: Policy, rng: Random) -> None:
        super().__init__(team, report.at, rng)
        self.report = report
        self.policy = policy
        self.emergency = report.urgency == "emergency"
        self.urgent_since = report.at
        self.mistyped: dict[str, Any] = {}
        self.handler: Member | None = None
        self.handlers: set[str] = set()
        self.misses: list[datetime] = []
        self.rungs = 0
        self.classified: str | None = None

    def does(
        self,
        by: Member,
        kind: type[CaseCommand],
        *,
        case: str | None = None,
        refusal: str | None = None,
        **fields: Any,  # noqa: ANN401 - the command checks its fields
    ) -> Step:
        """Return the step of ``by`` doing this to the case now."""
        command = kind(complaint=case or self.report.id, **fields)
        return Step(self.now, by.account, command, refusal=refusal)

    def for_head(self) -> Member:
        """Return the head, or on leave the delegate: for what may be delegated."""
        team = self.team
        return team.supervisor if team.head_is_away(self.now) else team.head

    def misses_at(self, due: datetime) -> None:
        """Note a promise missed if it is past due by now."""
        if self.now > due:
            self.misses.append(due)

    @property
    def respond_due(self) -> datetime:
        """When the first response is due."""
        policy = self.policy
        limit = (
            policy.respond_emergency_minutes if self.emergency else policy.respond_normal_minutes
        )
        return self.urgent_since + timedelta(minutes=limit)

    @property
    def control_due(self) -> datetime:
        """When the case should be over."""
        days = (
            self.policy.control_company_working_days
            if self.report.level == "company"
            else self.policy.control_department_working_days
        )
        return self.team.hours.due(self.report.at, days)
