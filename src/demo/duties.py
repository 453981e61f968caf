"""The duties that come round in a centre: mostly done in time, at times late or forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from ..domain.centre import Duty, RecordDuty
from ..domain.duties import period_of
from . import phrases
from .people import Member, Team
from .tale import Step

TRAINED_AFTER = timedelta(days=120)
ROUNDS: tuple[tuple[Duty, int, int], ...] = (
    ("self_check", 30, 25),
    ("quality_check", 91, 60),
    ("case_review", 7, 4),
)
"""Each with its distance and its first time, in days; the year's own quarters are near enough."""


def duties(team: Team, start: datetime, end: datetime, rng: Random) -> Iterator[Step]:
    """Yield what the head, the desk and the company's quality department did and wrote down."""
    for day in team.hours.days(start, end):
        at = team.hours.daytime(datetime.combine(day, start.timetz()))
        desk = team.on_call(at + timedelta(hours=1))
        yield from _done(team, "web_check", desk, at + timedelta(minutes=rng.randint(5, 240)), rng)
    for duty, days, first in ROUNDS:
        at = start + timedelta(days=first, hours=10)
        while at < end:
            by = team.staff.at_company("quality") if duty == "quality_check" else team.head
            yield from _done(team, duty, by, team.hours.office(at), rng)
            at += timedelta(days=days)
    yield from _trained(team, team.hours.office(start + TRAINED_AFTER), rng)


def _done(team: Team, duty: Duty, by: Member, at: datetime, rng: Random) -> Iterator[Step]:
    """Yield a duty done, or done the next week for the period that is over; or nothing."""
    if (by is team.head and team.head_is_away(at)) or rng.random() > team.profile.prompt:
        return
    late = rng.random() > team.profile.careful
    when = team.hours.office(at + timedelta(days=9)) if late else at
    if late and by is team.head and team.head_is_away(when):
        return
    found: dict[str, Any] = {"findings": rng.choice(phrases.FINDINGS)}
    if duty == "quality_check":
        found["circular"] = f"TB-{team.profile.prefix}-{at:%Y%m}"
    command = RecordDuty(centre=team.code, duty=duty, period=period_of(duty, at), **found)
    yield Step(when, by.account, command)


def _trained(team: Team, at: datetime, rng: Random) -> Iterator[Step]:
    """Yield the training of the centre's people, and of the company's with the first centre's."""
    there = [member for member in team.people if member.works_at(at)]
    company = team.staff.company if team.code == "north" else ()
    trained = tuple(m.account for m in (*there, *company) if rng.random() < team.profile.careful)
    command = RecordDuty(centre=team.code, duty="training", trained=trained)
    yield Step(at, team.staff.at_company("quality").account, command)
