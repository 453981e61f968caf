"""The stories that not every case has: the burst pipe, the wrong caller, the forced closing."""

from __future__ import annotations

from ..domain.complaint import commands as c
from . import phrases
from .aftercare import (
    again,
    asked,
    closed,
    escalated,
    forced,
    reopened,
    revisit,
    worked,
)
from .handling import (
    Steps,
    also_received,
    finished,
    lasting,
    passed_on,
    received,
    replied,
    sent,
    started,
)
from .mistakes import (
    asked_twice,
    corrected,
    duplicate,
    hasty,
    overreach,
    second_account,
    unapproved,
)
from .stories import (
    ORDINARY,
    Story,
    after,
    invalid,
    looked_into,
    prepared,
    promised,
    toward_work,
)
from .tale import Step, Tale


def told(t: Tale) -> Steps:
    """Return the steps of the tale's own story."""
    return (RARE.get(t.report.story) or ORDINARY[t.report.category])(t)


def burst(t: Tale) -> Steps:
    """Several people report one burst pipe; it is one matter, each is asked afterwards."""
    others = t.report.others
    yield from received(t)
    yield from sent(t)
    for other in others:
        yield from also_received(t, other)
    yield from started(t)
    t.now = max(t.now, others[-1].at)
    for other in others:
        t.pass_minutes(1, 4)
        yield t.does(t.team.supervisor, c.MergeComplaint, case=other.id, into=t.report.id)
    yield replied(t, t.desk(), phrases.FIRST_REPLIES["repair"])
    t.pass_minutes(60, 240)
    yield from finished(t)
    yield from asked(t, "satisfied")
    *content, last = others
    for other in content:
        t.pass_minutes(3, 15)
        yield revisit(t, t.team.revisitor(t.now, t.handlers), "satisfied", case=other.id)
    t.pass_minutes(3, 15)
    if t.profile.attentive < 0.6 or t.chance(0.3):
        yield revisit(t, t.team.revisitor(t.now, t.handlers), "unsatisfied", case=last.id)
        yield from escalated(t, "unsatisfied")
        yield from again(t)
        t.pass_minutes(60, 300)
        t.until_daytime()
    yield revisit(t, t.team.revisitor(t.now, t.handlers), "satisfied", case=last.id)
    t.misses_at(t.control_due)
    yield from closed(t)


def triaged_up(t: Tale) -> Steps:
    """See that it is worse than it sounded: from then on it is an emergency."""
    yield from received(t)
    t.pass_minutes(2, 8)
    yield t.does(t.desk(), c.TriageComplaint, urgency="emergency")
    t.emergency, t.urgent_since = True, t.now
    yield from promised(t)
    yield from worked(t)
    yield from after(t)


def triaged_down(t: Tale) -> Steps:
    """See that it can wait until the morning."""
    yield from received(t)
    t.pass_minutes(1, 4)
    yield t.does(t.desk(), c.TriageComplaint, urgency="normal")
    t.emergency, t.urgent_since = False, t.now
    yield from promised(t)
    yield from worked(t)
    yield from after(t)


def major(t: Tale) -> Steps:
    """A major case: the head may not force it closed, the general manager may."""
    yield from prepared(t)
    t.until_head()
    yield t.does(t.team.head, c.MarkMajor, reason=t.one_of(phrases.REASONS["major"]))
    yield from looked_into(t)
    yield from worked(t)
    yield from asked(t, "unsatisfied")
    yield from escalated(t, "unsatisfied")
    yield from again(t)
    t.pass_minutes(600, 2000)
    t.until_head()
    reason = t.one_of(phrases.REASONS["forced"])
    yield t.does(t.team.head, c.ForceCloseComplaint, reason=reason, refusal="major_case")
    yield from escalated(t, "beyond_authority")
    t.pass_minutes(600, 3000)
    t.until_office()
    manager = t.team.staff.at_company("general_manager")
    yield t.does(manager, c.ForceCloseComplaint, reason=reason)


def sensitive(t: Tale) -> Steps:
    """A revisit would do harm: marked in time, closed without one."""
    yield from toward_work(t)
    yield from worked(t)
    t.pass_minutes(20, 120)
    t.until_office()
    yield _marked(t)
    yield from closed(t)


def sensitive_late(t: Tale) -> Steps:
    """Marked too late: the revisit stays due, and the head ends the case."""
    yield from toward_work(t)
    yield from worked(t)
    due = t.team.hours.due(t.now, t.policy.revisit_working_days)
    t.now = due
    t.pass_minutes(600, 2000)
    t.until_office()
    t.misses.append(due)
    yield _marked(t)
    yield from forced(t)


def _marked(t: Tale) -> Step:
    away = t.team.head_is_away(t.now)
    by = t.team.staff.at_company("quality") if away else t.team.head
    return t.does(by, c.MarkSensitive, reason=t.one_of(phrases.REASONS["sensitive"]))


def forced_closing(t: Tale) -> Steps:
    """Twice in vain; the head forces the case closed."""
    yield from toward_work(t)
    yield from worked(t)
    yield from asked(t, "unsatisfied")
    yield from escalated(t, "unsatisfied")
    yield from again(t)
    yield from forced(t)


def unreachable(t: Tale) -> Steps:
    """Three vain calls on two days; the head closes."""
    yield from toward_work(t)
    yield from worked(t)
    yield from asked(t, "unreachable")
    for least, most in ((100, 300), (1300, 1500)):
        t.pass_minutes(least, most)
        t.until_daytime()
        yield revisit(t, t.team.revisitor(t.now, t.handlers), "unreachable")
    t.until_head()
    t.misses_at(t.control_due)
    yield from closed(t, t.team.head)


def transferred(t: Tale) -> Steps:
    """It belongs to another department after all."""
    yield from prepared(t)
    t.pass_minutes(20, 200)
    yield from passed_on(t, "service" if t.report.topic.department != "service" else "order")
    yield from looked_into(t)
    yield from worked(t)
    yield from after(t)


def long(t: Tale) -> Steps:
    """It takes weeks: parts, weather, other people's consent."""
    yield from toward_work(t)
    yield from lasting(t, t.rng.randint(9, 24))
    yield from worked(t)
    yield from after(t)


def on_the_spot(t: Tale) -> Steps:
    """The customer signs on the spot and needs no revisit."""
    yield from toward_work(t)
    yield from worked(t, on_the_spot=True)
    yield from closed(t)


def opened_again(t: Tale) -> Steps:
    """Closed, and open again some days later."""
    yield from toward_work(t)
    yield from worked(t)
    yield from reopened(t)


RARE: dict[str, Story] = {
    "burst": burst,
    "duplicate": duplicate,
    "wrong_at": corrected,
    "wrong_topic": corrected,
    "wrong_level": corrected,
    "wrong_contact": corrected,
    "triaged_up": triaged_up,
    "triaged_down": triaged_down,
    "major": major,
    "invalid": invalid,
    "sensitive": sensitive,
    "sensitive_late": sensitive_late,
    "unapproved": unapproved,
    "forced": forced_closing,
    "overreach": overreach,
    "asked_twice": asked_twice,
    "hasty": hasty,
    "unreachable": unreachable,
    "second_account": second_account,
    "transferred": transferred,
    "long": long,
    "on_the_spot": on_the_spot,
    "reopened": opened_again,
}
