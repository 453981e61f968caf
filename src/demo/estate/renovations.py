"""Renovations, from the application to the archive, and what goes wrong on the way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from random import Random

from ...domain.key import commands as k
from ...domain.messages import Command
from ...domain.permit import commands as p
from ...domain.unit.commands import RegisterResident
from ..people import Member, Team
from ..tale import Step
from . import words
from .home import Errand, Home, Steps, day_after

DEPOSIT = 2000
PASSES = (1, 2)


class Renovation(Errand):
    """One home's renovation."""

    def __init__(self, team: Team, home: Home, now: datetime, rng: Random) -> None:
        super().__init__(team, home, now, rng)
        self.permit = f"ZX-{home.unit}"
        self.violation = f"WZ-{home.unit}"
        self.resident = home.owner
        self.consent: str | None = None
        self.days = rng.randint(14, 26)
        self.last = home.moves_in.date()

    def steps(self, by: Member, kind: type[p.PermitCommand], **fields: object) -> Step:
        """Return the step of ``by`` doing this to the renovation now."""
        command: Command = kind.model_validate({"permit": self.permit, **fields})
        return self.does(by, command)

    def patroller(self) -> Member:
        """Return a guard on patrol, or the steward."""
        if self.chance(0.3):
            return self.steward()
        return self.team.handler("order", self.now, self.rng)


Story = Callable[[Renovation], Steps]


def renovations(team: Team, homes: Sequence[Home], end: datetime, rng: Random) -> Steps:
    """Yield a renovation of each kind, the last ones still at work when the year ends."""
    for number, (home, story) in enumerate(zip(homes, STORIES, strict=False)):
        r = Renovation(team, home, home.moves_in, rng)
        r.pass_days(4 + number, 30 + 5 * number)
        yield from story(r)
    for home, (days, story) in zip(homes[len(STORIES) :], AT_THE_END, strict=False):
        begins = max(home.moves_in + timedelta(days=1), end - timedelta(days=days))
        r = Renovation(team, home, begins, rng)
        r.until_office()
        yield from story(r)


# --- The parts of a renovation --------------------------------------------------------------------


def _applied(r: Renovation, plan: str | None = None) -> Steps:
    yield r.steps(
        r.steward(),
        p.ApplyForPermit,
        unit=r.home.unit,
        resident=r.resident,
        owner_consent=r.consent,
        plan=plan or r.one_of(words.PLANS),
        contractor=r.one_of(words.CONTRACTORS),
        licence=f"建装-{r.rng.randint(100, 999)}",
    )
    r.pass_days(0, 2)


def _issued(r: Renovation) -> Steps:
    """Approve, sign, issue; the workers get their passes."""
    yield from _applied(r)
    yield r.steps(r.team.supervisor, p.ReviewPermit, outcome="approved")
    r.pass_days(0, 3)
    water, electricity, gas = (f"{r.rng.uniform(1, 30):.1f}" for _ in range(3))
    yield r.steps(
        r.desk(),
        p.SignAgreement,
        agreement=f"XY-{r.home.unit}",
        deposit=str(DEPOSIT),
        fees_paid=True,
        water_test_ok=True,
        meters=p.Meters(water=water, electricity=electricity, gas=gas),
    )
    r.pass_days(0, 1)
    r.last = day_after(r.now, 45)
    first = r.now.date()
    yield r.steps(r.team.supervisor, p.IssuePermit, valid_from=first, valid_to=r.last)
    for number in PASSES:
        r.pass_minutes(1, 9)
        yield r.steps(r.desk(), p.IssuePass, pass_=_pass(r, number))


def _pass(r: Renovation, number: int) -> str:
    return f"CR-{r.home.unit}-{number}"


def _patrolled(r: Renovation, days: int, *, seen: str | None = None) -> Steps:
    """Look at the site each day, but for the days on which nobody went."""
    for day in range(days):
        if day:
            r.now = datetime.combine(day_after(r.now, 1), r.now.time(), r.now.tzinfo).replace(
                hour=r.rng.randint(9, 16), minute=r.rng.randint(0, 59)
            )
        if r.chance(1 - (1 - r.profile.attentive) * 0.4):
            order = r.chance(0.93)
            found = seen if day == days - 1 else None
            r.now += timedelta(minutes=r.rng.randint(1, 50))
            fields = {"fire_safety": order and not found, "passes": r.chance(0.95)}
            by = r.patroller()
            yield r.steps(by, p.PatrolRenovation, **fields, site=order, violation=found)
        elif seen and day == days - 1:
            yield r.steps(r.steward(), p.RecordViolation, violation=seen, step="found")


def _stepped(r: Renovation, *steps: str) -> Steps:
    """Take steps against the violation, day by day while the patrols go on."""
    for step in steps:
        yield from _patrolled(r, r.rng.randint(2, 3))
        r.pass_minutes(5, 60)
        by = r.team.supervisor if step in ("reported", "legal") else r.steward()
        yield r.steps(by, p.RecordViolation, violation=r.violation, step=step)


def _completed(r: Renovation) -> Steps:
    r.pass_minutes(5, 50)
    yield r.steps(r.steward(), p.CompleteRenovation)


def _accepted(r: Renovation, *, withheld: int = 0) -> Steps:
    """Accept the work, settle the deposit, take the passes back, file the papers."""
    r.pass_days(1, 5)
    yield r.steps(r.team.supervisor, p.AcceptRenovation, water_test_ok=True, structure_ok=True)
    for number in PASSES:
        r.pass_minutes(1, 5)
        lost = number == 2 and bool(withheld)
        yield r.steps(r.desk(), p.ReturnPass, pass_=_pass(r, number), lost=lost)
    r.pass_days(1, 9)
    amounts = {"refunded": str(DEPOSIT - withheld), "withheld": str(withheld)}
    reason = words.WITHHELD if withheld else None
    yield r.steps(r.team.supervisor, p.SettleDeposit, **amounts, reason=reason)
    r.pass_days(0, 4)
    yield r.steps(r.desk(), p.ArchivePermit)


def _with_key(r: Renovation, holder: Member, *, back: bool) -> Steps:
    """Lend the key that the owner left for the renovation; some never bring it back."""
    key, until = r.home.door_key(2), r.now + timedelta(days=60)
    r.pass_minutes(5, 30)
    yield r.does(
        r.desk(),
        k.EntrustKey(
            key=key, resident=r.home.owner, purpose="renovation", permit=r.permit, until=until
        ),
    )
    r.pass_minutes(5, 30)
    due = (r.now + timedelta(days=1)).replace(hour=18, minute=0)
    lend = k.LendKey(key=key, to=holder.account, permit=r.permit, due_back=due)
    yield r.does(r.desk(), lend)
    if back:
        r.pass_minutes(60, 150)
        yield r.does(r.desk(), k.ReturnKey(key=key))
        r.pass_minutes(1, 20)
        yield r.does(r.desk(), k.ReturnKey(key=key))


# --- The stories ----------------------------------------------------------------------------------


def plain(r: Renovation) -> Steps:
    """Renovate as it should be; whoever leaves soon keeps the key."""
    leaver = next((m for m in r.team.people if m.post == "technician" and m.until), None)
    yield from _issued(r)
    stays = leaver is None or not leaver.works_at(r.now)
    yield from _with_key(r, r.technician() if stays or not leaver else leaver, back=stays)
    yield from _patrolled(r, r.days)
    yield from _completed(r)
    yield from _accepted(r)


def rejected(r: Renovation) -> Steps:
    """Refuse the plan that takes a bearing wall away."""
    yield from _applied(r, words.FORBIDDEN_PLAN)
    by = r.team.supervisor
    yield r.steps(by, p.ReviewPermit, outcome="rejected", reason=words.REJECTED)
    r.pass_days(1, 5)
    yield r.steps(r.desk(), p.ArchivePermit)


def laddered(r: Renovation) -> Steps:
    """Go up the whole ladder until the violation is corrected."""
    yield from _issued(r)
    yield from _with_key(r, r.technician(), back=True)
    yield from _patrolled(r, 5, seen=r.violation)
    yield from _stepped(r, "dissuaded", "notice", "reported", "legal", "corrected")
    yield from _patrolled(r, 6)
    yield from _completed(r)
    yield from _accepted(r, withheld=300)


def halted(r: Renovation) -> Steps:
    """Stop the work for a few days."""
    yield from _issued(r)
    yield from _with_key(r, r.technician(), back=True)
    yield from _patrolled(r, 6, seen=r.violation)
    r.pass_minutes(10, 50)
    yield r.steps(r.steward(), p.StopWork, reason=words.HALTED)
    yield from _stepped(r, "dissuaded", "corrected")
    yield r.steps(r.steward(), p.ResumeWork)
    yield from _patrolled(r, r.days)
    yield from _completed(r)
    yield from _accepted(r)


def extended(r: Renovation) -> Steps:
    """Take longer than was allowed."""
    yield from _issued(r)
    yield from _with_key(r, r.technician(), back=True)
    yield from _patrolled(r, 38)
    r.pass_minutes(5, 40)
    later: date = r.last + timedelta(days=20)
    yield r.steps(r.team.supervisor, p.ExtendPermit, valid_to=later)
    yield from _patrolled(r, 12)
    yield from _completed(r)
    yield from _accepted(r)


def reworked(r: Renovation) -> Steps:
    """Let a tenant renovate with the owner's consent; the first water test fails."""
    r.resident, r.consent = f"{r.home.unit}-T1", f"TY-{r.home.unit}"
    tenant = RegisterResident(
        unit=r.home.unit, resident=r.resident, role="tenant", contact=r.somebody()
    )
    yield r.does(r.desk(), tenant)
    r.pass_days(1, 4)
    yield from _issued(r)
    yield from _patrolled(r, r.days)
    yield from _completed(r)
    r.pass_days(1, 3)
    yield r.steps(r.team.supervisor, p.AcceptRenovation, water_test_ok=False, structure_ok=True)
    yield from _patrolled(r, 4)
    yield from _completed(r)
    yield from _accepted(r)


def unaccepted(r: Renovation) -> Steps:
    """Finish shortly before the end of the year; the acceptance is still to come."""
    yield from _issued(r)
    yield from _patrolled(r, 15)
    yield from _completed(r)


def at_work(r: Renovation) -> Steps:
    """Be at work when the year ends, with a violation open and the key overdue."""
    yield from _issued(r)
    yield from _with_key(r, r.steward(), back=False)
    yield from _patrolled(r, 5, seen=r.violation)
    yield from _stepped(r, "dissuaded", "notice")
    yield from _patrolled(r, 40)


def applied(r: Renovation) -> Steps:
    """Have applied and wait."""
    yield from _applied(r)


STORIES: tuple[Story, ...] = (plain, rejected, laddered, halted, extended, reworked)
AT_THE_END: tuple[tuple[int, Story], ...] = ((27, unaccepted), (24, at_work), (2, applied))
RENOVATED = len(STORIES) + len(AT_THE_END)
"""So many homes are renovated."""
