"""Build the demonstration: plan the year, tell every case, carry it out in order of time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain
from random import Random
from zoneinfo import ZoneInfo

from ..domain.complaint.commands import ReceiveComplaint
from ..domain.errors import InFuture, Rejected
from ..domain.messages import Envelope
from ..domain.moments import checked
from ..domain.policy import Policies, decide, evolve
from ..office import Office
from .duties import duties
from .estate import estate
from .life import administration, handovers, leave, lessons, second_policy
from .orders import with_orders
from .owners_data import asked, matrix_versions
from .people import PROFILES, Staff, Team
from .plan import Year
from .rare import told
from .tale import Step, Tale
from .timing import Hours, loaded, missing_calendars

BATCH = 500
"""So many commands are committed together."""

SMALLEST = 60
"""With fewer cases a centre no longer has every kind of story."""

Progress = Callable[[int, int], None]


class DemoFailed(Exception):
    """The demonstration did not go as planned: a step was refused, or meant to be and was not."""


@dataclass(frozen=True, slots=True)
class DemoSummary:
    """What was built: centres by code with their names, cases by centre, refusals by code.

    Every refusal counted was provoked on purpose.
    """

    start: datetime
    end: datetime
    seed: int
    position: int
    commands: int
    centres: dict[str, str] = field(default_factory=dict[str, str])
    cases: dict[str, int] = field(default_factory=dict[str, int])
    refusals: dict[str, int] = field(default_factory=dict[str, int])


def build(
    office: Office,
    *,
    end: datetime,
    seed: int = 2026,
    cases_per_centre: int = 400,
    progress: Progress | None = None,
) -> DemoSummary:
    """Fill a new office with three centres' past year, up to ``end``.

    The same seed, size and end give the same year. ``end`` must not lie in the future;
    ``progress`` is told how many commands are done, and of how many. Raises ``DemoFailed`` when
    the office is not new, or anything but the provoked refusals is refused, and ``InFuture``.
    """
    end = checked(end).astimezone(office.zone)
    if end > office.application.clock():
        raise InFuture("end")
    if office.application.store.last_position():
        msg = "the office is not new; a demonstration needs an empty one"
        raise DemoFailed(msg)
    start = (end - timedelta(days=365)).replace(hour=0, minute=0, second=0)
    steps = plan(start, end, seed, max(cases_per_centre, SMALLEST))
    refusals, position = _carry_out(office, steps, progress)
    received = (step.command for step in steps if isinstance(step.command, ReceiveComplaint))
    return DemoSummary(
        start=start,
        end=end,
        seed=seed,
        position=position,
        commands=len(steps),
        centres={profile.code: profile.name for profile in PROFILES},
        cases=dict(Counter(command.centre for command in received)),
        refusals=dict(sorted(refusals.items())),
    )


def plan(start: datetime, end: datetime, seed: int, size: int) -> list[Step]:
    """Return every step of the year in order of time."""
    zone = start.tzinfo
    if not isinstance(zone, ZoneInfo):
        raise TypeError(zone)
    hours = Hours(zone, start, loaded(missing_calendars(start, end), start))
    staff = Staff(start, hours)
    adopted = second_policy(start)
    facts = {"at": start, "recorded_at": start, "by": "system", "post": "system"}
    policies = evolve(Policies(), decide(Policies(), adopted, facts))
    steps = [*administration(staff, adopted, end), *matrix_versions(staff)]
    for profile in PROFILES:
        team = Team(profile, staff)
        rng = Random(f"{seed}:{profile.code}")  # noqa: S311 - nothing secret
        year = Year(profile, hours, start, end, rng)
        own: list[Step] = []
        for report in year.reports(round(size * profile.size)):
            limits = policies.binding(report.at, end)[1]
            luck = Random(f"{seed}:{report.id}")  # noqa: S311 - nothing secret
            tale = told(Tale(report, team, limits, luck))
            papers = Random(f"{seed}:{report.id}:orders")  # noqa: S311 - nothing secret
            own += _until(end, with_orders(tale, team, papers))
        steps += chain(own, leave(team), handovers(team, own), lessons(team, own, rng))
        steps += estate(team, sorted(own, key=_moment), start, end, seed)
        steps += asked(team, own, Random(f"{seed}:{profile.code}:asked"))  # noqa: S311 - nothing secret
        steps += duties(team, start, end, Random(f"{seed}:{profile.code}:duties"))  # noqa: S311 - nothing secret
    return sorted((step for step in steps if step.at <= end), key=_moment)


def _moment(step: Step) -> datetime:
    return step.at


def _until(end: datetime, tale: Iterator[Step]) -> list[Step]:
    """Return the steps that have happened by ``end``; none if the receipt is yet to be typed in."""
    steps = list(tale)
    known = all(step.recorded_at is None or step.recorded_at <= end for step in steps)
    return [step for step in steps if step.at <= end] if known else []


def _carry_out(
    office: Office, steps: list[Step], progress: Progress | None
) -> tuple[Counter[str], int]:
    refusals: Counter[str] = Counter()
    position = 0
    for first in range(0, len(steps), BATCH):
        batch = steps[first : first + BATCH]
        with office.application.transaction():
            for step in batch:
                position = _execute(office, step, refusals) or position
        if progress:
            progress(first + len(batch), len(steps))
    return refusals, position


def _execute(office: Office, step: Step, refusals: Counter[str]) -> int | None:
    """Carry out one step; return its position, or nothing where the refusal was meant."""
    envelope = Envelope(by=step.by, at=step.at, recorded_at=step.recorded_at, imported=True)
    about = f"{step.command.do} {getattr(step.command, 'complaint', '')} at {step.at.isoformat()}"
    try:
        position = office.application.execute(step.command, envelope).position
    except Rejected as refusal:
        if refusal.code != step.refusal:
            msg = f"{about} was refused: {refusal.code}"
            raise DemoFailed(msg) from refusal
        refusals[refusal.code] += 1
        return None
    if step.refusal:
        msg = f"{about} should have been refused: {step.refusal}"
        raise DemoFailed(msg)
    return position
