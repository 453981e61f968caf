"""Who answers for which homes, and the visits they owe each month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

from ...domain.centre import AssignArea
from ...domain.unit.commands import RecordVisit, VisitKind
from ..people import Member, Team
from ..tale import Step
from . import words
from .home import Home, Steps

FORGOTTEN = 2
"""So many homes stay with a steward who moved, until somebody notices."""

HELPED = 12
"""So many homes a steward looks after who came from another centre."""

Area = tuple[Member, Sequence[Home]]


def assigned(team: Team, homes: Sequence[Home], start: datetime) -> Steps:
    """Yield the areas at the beginning, and those after a steward moved from centre to centre."""
    first = team.hours.office(start + timedelta(days=2))
    yield from _given(team, _areas(team, homes), first + timedelta(hours=6))
    moved = team.staff.moves_at + timedelta(hours=3)
    yield from _given(team, _changed(team, homes), moved)


def _given(team: Team, areas: Sequence[Area], at: datetime) -> Steps:
    for steward, area in areas:
        units = tuple(home.unit for home in area)
        command = AssignArea(staff=steward.account, centre=team.code, units=units)
        yield Step(at, team.supervisor.account, command)


def _areas(team: Team, homes: Sequence[Home]) -> list[Area]:
    first, second = team.account("steward1"), team.account("steward2")
    return [(first, homes[::2]), (second, homes[1::2])]


def _changed(team: Team, homes: Sequence[Home]) -> list[Area]:
    """Return the area of who took over when a steward moved to another centre."""
    return [(member, homes[1::2][FORGOTTEN:]) for member in _came(team) if _new(member, team)]


def _helped(team: Team, homes: Sequence[Home]) -> list[Area]:
    """Return the homes that a steward from another centre looks after without an area yet."""
    return [(member, homes[:HELPED]) for member in _came(team) if not _new(member, team)]


def _came(team: Team) -> list[Member]:
    return [m for m in team.people if m.post == "steward" and m.since == team.staff.moves_at]


def _new(member: Member, team: Team) -> bool:
    return member.account.startswith(team.code)


def _neglected(team: Team) -> int:
    """Return how many homes of an area the stewards of a less attentive centre never get to."""
    return 0 if team.profile.attentive > 0.85 else FORGOTTEN


class Rounds:
    """The visits of a centre's people, month by month."""

    def __init__(self, team: Team, homes: Sequence[Home], rng: Random) -> None:
        self.team = team
        self.homes = homes
        self.rng = rng
        self._areas = {
            steward.account: area[_neglected(team) :]
            for steward, area in (
                *_areas(team, homes),
                *_changed(team, homes),
                *_helped(team, homes),
            )
        }
        self._seen_at: dict[tuple[str, str], datetime] = {}

    def steps(self, start: datetime, end: datetime) -> Steps:
        """Yield the visits of stewards and of those above them, and calls to homes."""
        for month in _months(start, end):
            for steward in self.team.people:
                if steward.account in self._areas:
                    count = self.rng.randint(13 - 3 * _neglected(self.team), 13)
                    yield from self._round(steward, self._areas[steward.account], count, month)
            for above in (self.team.supervisor, self.team.head):
                count = self.rng.choice((1, 2, 2, 3))
                yield from self._round(above, self.homes, count, month)
            yield from self._called(month)

    def _round(self, by: Member, homes: Sequence[Home], count: int, month: datetime) -> Steps:
        """Yield visits to the homes lived in that were not seen for longest."""
        kind: VisitKind = "regular" if by.post == "steward" else "key_client"
        texts = words.VISITS if by.post == "steward" else words.KEY_CLIENTS
        seen = {home: self._seen_at.get((by.account, home.unit), home.moves_in) for home in homes}
        lived_in = [home for home in homes if home.moves_in < month]
        for home in sorted(lived_in, key=seen.__getitem__)[:count]:
            at = self._some_day(month)
            if by.works_at(at):
                self._seen_at[by.account, home.unit] = at
                text = self.rng.choice(texts)
                yield Step(at, by.account, RecordVisit(unit=home.unit, kind=kind, text=text))

    def _called(self, month: datetime) -> Steps:
        """Yield a call to a home that may not be renovated yet."""
        home, at = self.rng.choice(self.homes), self._some_day(month)
        if home.moves_in < at:
            by = self.team.handler("service", at, self.rng).account
            text = self.rng.choice(words.CALLS)
            yield Step(at, by, RecordVisit(unit=home.unit, kind="renovation_call", text=text))

    def _some_day(self, month: datetime) -> datetime:
        days, hours = self.rng.randint(0, 26), self.rng.randint(9, 18)
        at = self.team.hours.daytime(month + timedelta(days=days, hours=hours))
        return at + timedelta(minutes=self.rng.randint(0, 110))


def _months(start: datetime, end: datetime) -> Iterator[datetime]:
    """Yield the first day of each month from the one after ``start``."""
    month = (start.replace(day=1) + timedelta(days=32)).replace(day=1)
    while month <= end:
        yield month
        month = (month + timedelta(days=32)).replace(day=1)
