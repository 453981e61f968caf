"""The homes that are delivered during the year, and the errands that people run about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from ...domain.complaint.commands import ReceiveComplaint
from ...domain.messages import Command, Contact
from ..customers import contact
from ..people import Member, Team
from ..tale import Step, Telling

Steps = Iterator[Step]

DELIVERED, WAITING_DAYS = 26, (1, 2, 9, 60)
"""So many homes are handed over within the year; the others so many days after its end."""

KNOWN = 14
"""Of so many homes a case is reported later in the year."""


@dataclass(frozen=True, slots=True)
class Home:
    """A home of the register, and the day on which it is to be handed over."""

    unit: str
    building: str
    moves_in: datetime

    @property
    def owner(self) -> str:
        """Return who bought it."""
        return f"{self.unit}-R1"

    def door_key(self, number: int) -> str:
        """Return the name of one of its two door keys."""
        return f"{self.unit}-K{number}"

    def card(self, number: int) -> str:
        """Return the name of one of its two cards."""
        return f"{self.unit}-C{number}"

    def document(self, number: int) -> str:
        """Return the name of a document of its file."""
        return f"{self.unit}-A{number}"


class Errand(Telling):
    """Something to be done about one home."""

    def __init__(self, team: Team, home: Home, now: datetime, rng: Random) -> None:
        super().__init__(team, now, rng)
        self.home = home

    def does(self, by: Member, command: Command) -> Step:
        """Return the step of ``by`` doing this now."""
        return Step(self.now, by.account, command)

    def pass_days(self, least: int, most: int) -> None:
        """Let some days pass, up to office hours."""
        self.pass_minutes(least * 1440, most * 1440)
        self.until_office()

    def until(self, moment: datetime) -> None:
        """Wait for ``moment``, and for office hours after it."""
        self.now = max(self.now, moment)
        self.until_office()

    def steward(self) -> Member:
        """Return a steward who works here now."""
        return self.team.handler("service", self.now, self.rng)

    def technician(self) -> Member:
        """Return a technician who works here now."""
        return self.team.handler("engineering", self.now, self.rng)

    def somebody(self) -> Contact | None:
        """Return a name and a number that nobody has."""
        return contact("visit", self.rng)


def homes(
    team: Team, cases: Iterable[Step], start: datetime, end: datetime, rng: Random
) -> list[Home]:
    """Return the year's homes in order of their handover, those of some later cases among them."""
    units = [*_reported(cases, start + timedelta(days=130), rng)]
    while len(units) < DELIVERED + len(WAITING_DAYS):
        building, floor = rng.randint(1, team.profile.buildings), rng.randint(2, 26)
        unit = f"{team.profile.prefix}{building}-{floor}{rng.randint(1, 4):02}"
        if unit not in units:
            units.append(unit)
    days = sorted([*_early(rng, DELIVERED - 5), *(rng.randint(110, 320) for _ in range(5))])
    moments = [start + timedelta(days=day, hours=rng.randint(9, 16)) for day in days]
    moments += [end + timedelta(days=day) for day in WAITING_DAYS]
    prefix = team.profile.prefix
    return [
        Home(unit, unit.removeprefix(prefix).partition("-")[0], team.hours.office(at))
        for unit, at in zip(units, moments, strict=True)
    ]


def _early(rng: Random, count: int) -> Iterator[int]:
    return (rng.randint(22, 100) for _ in range(count))


def _reported(cases: Iterable[Step], since: datetime, rng: Random) -> Sequence[str]:
    """Return some homes of which nothing was reported before ``since``."""
    first: dict[str, datetime] = {}
    for step in cases:
        if isinstance(step.command, ReceiveComplaint) and step.command.unit:
            first.setdefault(step.command.unit, step.at)
    late = sorted(unit for unit, at in first.items() if at > since)
    return rng.sample(late, min(KNOWN, len(late)))


def day_after(moment: datetime, days: int) -> date:
    """Return the calendar day so many days later."""
    return moment.date() + timedelta(days=days)
