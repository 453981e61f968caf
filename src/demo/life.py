"""What the organisation does besides its cases: shifts, leave, policy, learning from repetition."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from ..domain.centre import Delegate, HandOverDuty, TakeCorrectiveAction
from ..domain.complaint.commands import ReceiveComplaint, VoidComplaint
from ..domain.policy import AdoptPolicy
from . import phrases
from .people import Staff, Team
from .tale import Step
from .timing import missing_calendars

REPEATED = 4
"""So many cases of one topic in a month make the head look for the cause."""

BETTER_RESPONSE_MINUTES = 25


def administration(staff: Staff, policy: AdoptPolicy, end: datetime) -> Iterator[Step]:
    """Yield postings, calendars and the new policy, at the times they were adopted."""
    quality = staff.at_company("quality").account
    for at, posting in staff.postings():
        yield Step(at, None, posting)
    for calendar in missing_calendars(staff.start, end):
        late = datetime(calendar.year - 1, 12, 31, 16, tzinfo=staff.hours.zone)
        yield Step(max(late, staff.start), quality, calendar)
    yield Step(staff.hours.office(policy.effective_from - timedelta(days=14)), quality, policy)


def second_policy(start: datetime) -> AdoptPolicy:
    """Return the policy version that promises a faster first response half a year on."""
    changes: dict[str, Any] = {"respond_normal_minutes": BETTER_RESPONSE_MINUTES}
    return AdoptPolicy(version="2", effective_from=start + timedelta(days=185), **changes)


def leave(team: Team) -> Iterator[Step]:
    """Yield the head's delegation before the leave."""
    at = team.leave.start - timedelta(minutes=40)
    command = Delegate(
        to=team.supervisor.account,
        rights=("dispatch", "approve_remedy", "confirm_result"),
        from_=team.leave.start,
        until=team.leave.until,
    )
    yield Step(at, team.head.account, command)


def handovers(team: Team, steps: Iterable[Step]) -> Iterator[Step]:
    """Yield the morning handover of every night that brought something."""
    nights: dict[datetime, list[str]] = defaultdict(list)
    for step in steps:
        if isinstance(step.command, ReceiveComplaint) and not team.hours.is_day(step.at):
            morning = team.hours.daytime(step.at)
            if step.recorded_at is None or step.recorded_at <= morning:
                nights[morning].append(step.command.complaint)
    for morning, cases in sorted(nights.items()):
        duty = team.on_call(morning - timedelta(hours=1))
        at = morning + timedelta(minutes=1 + len(cases) % 5)
        to = team.on_call(at).account
        command = HandOverDuty(centre=team.code, complaints=tuple(cases), to=to)
        yield Step(at, duty.account, command)


def lessons(team: Team, steps: Iterable[Step], rng: Random) -> Iterator[Step]:
    """Yield the corrective actions that follow a month with a repeated topic."""
    received: dict[tuple[int, int, str], list[str]] = defaultdict(list)
    voided: set[str] = set()
    for step in steps:
        if isinstance(step.command, ReceiveComplaint):
            topic = step.command.topic
            received[step.at.year, step.at.month, topic].append(step.command.complaint)
        elif isinstance(step.command, VoidComplaint):
            voided.add(step.command.complaint)
    for (year, month, topic), ids in sorted(received.items()):
        cases = tuple(id for id in ids if id not in voided)
        if len(cases) < REPEATED or rng.random() > team.profile.attentive:
            continue
        following = datetime(year + month // 12, month % 12 + 1, 3, 9, 40, tzinfo=team.hours.zone)
        at = team.hours.office(following)
        if team.head_is_away(at):
            at = team.hours.office(team.leave.until)
        command = TakeCorrectiveAction(
            centre=team.code,
            topic=topic,
            complaints=cases,
            cause=rng.choice(phrases.CAUSES),
            correction=rng.choice(phrases.CORRECTIONS),
            prevention=rng.choice(phrases.PREVENTIONS),
        )
        yield Step(at + timedelta(minutes=rng.randint(1, 200)), team.head.account, command)
