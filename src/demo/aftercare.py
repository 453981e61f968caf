"""After the work: revisits, further rounds, escalation, closing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from ..domain.complaint import commands as c
from . import phrases
from .handling import Steps, at_hand, confirmed, finished, passed_on, replied, started
from .people import Member
from .tale import Step, Tale

MOST_RUNGS = 3


def revisit(t: Tale, by: Member, outcome: str, *, case: str | None = None) -> Step:
    """Ask the customer afterwards."""
    answers: dict[str, Any] = {}
    if outcome != "unreachable":
        pleased = outcome == "satisfied"
        answers = {
            "timely": t.chance(0.95 if pleased else 0.5),
            "result_ok": pleased,
            "attitude_ok": t.chance(0.98 if pleased else 0.7),
        }
    return t.does(by, c.RevisitComplaint, case=case, outcome=outcome, channel="phone", **answers)


def to_revisit(t: Tale) -> bool:
    """Wait until somebody asks the customer; return whether anybody does."""
    care = t.rng.random()
    if care > t.profile.careful + 0.015:
        return False
    due = t.team.hours.due(t.now, t.policy.revisit_working_days)
    if care > t.profile.careful - 0.03:
        t.now = due
        t.pass_minutes(600, 3000)
        t.misses.append(due)
    else:
        t.pass_minutes(90, 1200)
    t.until_daytime(30, 300)
    return True


def asked(t: Tale, outcome: str) -> Steps:
    """Revisit soon, by somebody else."""
    t.pass_minutes(90, 900)
    t.until_daytime(30, 200)
    yield revisit(t, t.team.revisitor(t.now, t.handlers), outcome)


def revisited(t: Tale, outcome: str | None = None) -> Steps:
    """Revisit until somebody answers; unsatisfied customers get a further round."""
    if not to_revisit(t):
        t.misses.append(t.team.hours.due(t.now, t.policy.revisit_working_days))
        t.misses.append(t.control_due)
        yield from reviewed(t)
        return
    if outcome is None and t.chance(0.07):
        yield revisit(t, t.team.revisitor(t.now, t.handlers), "unreachable")
        t.pass_minutes(120, 420)
        t.until_daytime(20, 120)
    pleased = outcome or ("satisfied" if t.chance(t.profile.pleasing) else "unsatisfied")
    yield revisit(t, t.team.revisitor(t.now, t.handlers), pleased)
    if pleased == "satisfied":
        t.misses_at(t.control_due)
        yield from closed(t)
    else:
        yield from another_round(t)


def another_round(t: Tale) -> Steps:
    """Escalate (or forget to), do the work again, ask again, and force it closed if in vain."""
    if t.rungs < MOST_RUNGS and t.chance(t.profile.attentive + 0.08):
        t.pass_minutes(5, 60)
        yield from escalated(t, "unsatisfied")
    t.pass_minutes(60, 600)
    t.until_daytime()
    yield from at_hand(t)
    if t.chance(0.3):
        yield from passed_on(t, t.report.topic.department)
    yield from again(t)
    if t.rungs and t.chance(0.2):
        yield from forced(t)
    else:
        yield from revisited(t)


def again(t: Tale) -> Steps:
    """Do the work of a further round."""
    t.pass_minutes(30, 1500)
    t.until_daytime()
    yield from at_hand(t)
    yield t.does(t.handler or t.desk(), c.StartHandling)
    t.pass_minutes(20, 200)
    yield from finished(t)
    yield from confirmed(t)


def escalated(t: Tale, reason: str) -> Steps:
    """Take the case one rung up and tell the customer."""
    t.rungs += 1
    yield t.does(t.team.revisitor(t.now, set()), c.EscalateComplaint, reason=reason)
    if t.report.reachable and not t.report.on_the_web:
        t.pass_minutes(3, 40)
        yield replied(t, t.desk(), phrases.LATER_REPLIES)


def reviewed(t: Tale) -> Steps:
    """Escalate what was missed, in the head's weekly review: if anybody looks."""
    t.misses = [missed for missed in t.misses if missed > t.report.at]
    if not t.misses or t.rungs >= MOST_RUNGS or not t.chance(t.profile.attentive):
        return
    latest = max(t.misses)
    monday = (latest + timedelta(days=7 - latest.weekday())).replace(hour=9, minute=30, second=0)
    at = t.team.hours.office(monday) + timedelta(minutes=t.rng.randint(1, 50))
    t.rungs += 1
    t.misses.clear()
    by = t.team.supervisor
    command = c.EscalateComplaint(complaint=t.report.id, reason="missed")
    yield Step(at, by.account, command)


def closed(t: Tale, by: Member | None = None) -> Steps:
    """Close the case, verified by the company where it must be; then look back at it."""
    t.pass_minutes(5, 240)
    if t.report.level == "company" or t.report.on_the_web:
        t.until_office()
        yield t.does(t.team.staff.at_company("complaint_commissioner"), c.VerifyClosure)
        t.pass_minutes(5, 90)
    t.until_daytime()
    yield t.does(by or t.desk(), c.CloseComplaint)
    yield from reviewed(t)


def forced(t: Tale) -> Steps:
    """Force the case closed, by the head, reported to the company."""
    t.pass_minutes(600, 4000)
    t.until_head()
    t.misses_at(t.control_due)
    reason = t.one_of(phrases.REASONS["forced"])
    yield t.does(t.team.head, c.ForceCloseComplaint, reason=reason)
    yield from reviewed(t)


def reopened(t: Tale) -> Steps:
    """Ask, close, open again after some days and do the work once more."""
    yield from asked(t, "satisfied")
    yield from closed(t)
    t.pass_minutes(3 * 1440, 12 * 1440)
    t.until_office()
    reason = t.one_of(phrases.REASONS["reopen"])
    yield t.does(t.team.supervisor, c.ReopenComplaint, reason=reason)
    yield from again(t)
    yield from revisited(t, "satisfied")


def worked(t: Tale, *, on_the_spot: bool = False) -> Steps:
    """Begin and finish the work of the first round."""
    yield from started(t)
    t.pass_minutes(15, 70)
    yield from finished(t, on_the_spot=on_the_spot)
    yield from confirmed(t)
