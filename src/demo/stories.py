"""The kinds of story: what happens to a report from the first call to its end."""

from __future__ import annotations

from collections.abc import Callable

from ..domain.complaint import commands as c
from . import phrases
from .aftercare import closed, revisited, worked
from .handling import (
    Steps,
    appointment,
    consulted,
    dispatched,
    first_reply,
    received,
    replied,
    sent,
    started,
    web_reply,
)
from .people import Member
from .tale import Tale


def inquiry(t: Tale) -> Steps:
    """Answer a question at once, or ring back and close."""
    yield from received(t)
    if t.report.on_the_web or not t.report.reachable:
        yield from first_reply(t)
        t.pass_minutes(30, 600)
        yield from closed(t)
    elif t.chance(0.8):
        t.pass_minutes(1, 14)
        yield t.does(t.desk(), c.AnswerComplaint, text=t.one_of(phrases.ANSWERS))
    else:
        yield from first_reply(t)
        t.pass_minutes(15, 120)
        yield replied(t, t.desk(), phrases.ANSWERS)
        yield from closed(t)


def idea_or_thanks(t: Tale) -> Steps:
    """Thank for a suggestion or a kind word, and close."""
    yield from received(t)
    yield from first_reply(t)
    t.pass_minutes(60, 1600)
    yield from closed(t)


def repair(t: Tale) -> Steps:
    """Repair something: at once in an emergency, otherwise by turn or by appointment."""
    yield from prepared(t)
    if not t.emergency and t.report.reachable:
        if t.chance(0.4):
            t.pass_minutes(5, 40)
            yield from appointment(t)
        else:
            t.pass_minutes(20, 900)
            t.until_daytime(10, 90)
    yield from worked(t)
    yield from after(t)


def service(t: Tale) -> Steps:
    """Render a paid service by appointment."""
    yield from prepared(t)
    t.pass_minutes(2, 30)
    if t.report.reachable:
        yield from appointment(t)
    yield from worked(t)
    yield from after(t)


def complaint(t: Tale) -> Steps:
    """Look into a complaint, judge it, put it right and ask again."""
    yield from prepared(t)
    if t.chance(0.35):
        t.pass_minutes(3, 60)
        yield from consulted(t)
    yield from judged(t)
    t.pass_minutes(60, 900)
    t.until_daytime(10, 90)
    yield from worked(t)
    yield from after(t)


def prepared(t: Tale, handler: Member | None = None) -> Steps:
    """Receive the case, reply, and send it to a handler."""
    yield from received(t)
    yield from promised(t, handler)


def promised(t: Tale, handler: Member | None = None) -> Steps:
    """Reply and send, in an emergency the other way round; whoever is anonymous is visited."""
    if t.emergency:
        yield from sent(t, handler)
        if t.chance(0.8):
            yield from first_reply(t)
    elif t.report.reachable or t.report.on_the_web:
        yield from first_reply(t)
        yield from sent(t, handler)
    else:
        yield from looked_at(t)


def looked_at(t: Tale) -> Steps:
    """Send somebody at once, at night a guard: nobody can be replied to."""
    by_day = t.team.hours.is_day(t.now)
    department = t.report.topic.department if by_day else "order"
    t.pass_minutes(1, 4)
    yield from dispatched(t, t.team.handler(department, t.now, t.rng))
    t.pass_minutes(*((1, 8) if t.chance(t.profile.prompt) else (35, 120)))
    t.misses_at(t.respond_due)
    yield from started(t)


def judged(t: Tale) -> Steps:
    """Judge most complaints valid; some are never judged."""
    if t.chance(0.88):
        t.pass_minutes(10, 240)
        t.until_daytime()
        t.classified = "valid"
        cause = "third_party" if t.chance(0.15) else "self"
        yield t.does(t.desk(), c.ClassifyComplaint, validity="valid", cause=cause)


def after(t: Tale) -> Steps:
    """Revisit who can be reached, close what needs no revisit."""
    if t.report.reachable:
        yield from revisited(t)
    else:
        yield from closed(t)


def invalid(t: Tale) -> Steps:
    """Judge the company not responsible: signed by the head, explained, closed."""
    yield from received(t)
    yield from first_reply(t)
    if t.chance(0.4):
        yield from sent(t)
        yield from worked(t)
    t.pass_minutes(60, 600)
    t.until_head()
    head, reason = t.team.head, t.one_of(phrases.REASONS["invalid"])
    facts = {"validity": "invalid", "cause": "third_party", "reason": reason}
    if t.chance(0.5):
        yield t.does(t.desk(), c.ClassifyComplaint, **facts, signed_by=head.account)
    else:
        yield t.does(t.desk(), c.ClassifyComplaint, **facts)
        t.pass_minutes(10, 400)
        t.until_head()
        yield t.does(head, c.SignClassification, validity="invalid")
    t.pass_minutes(10, 90)
    if not t.report.on_the_web:
        yield replied(t, t.desk(), phrases.INVALID_REPLIES)
    else:
        yield from web_reply(t)
    yield from closed(t)


Story = Callable[[Tale], Steps]

ORDINARY: dict[str, Story] = {
    "inquiry": inquiry,
    "suggestion": idea_or_thanks,
    "praise": idea_or_thanks,
    "repair": repair,
    "special_service": service,
    "complaint": complaint,
}


def ordinary(t: Tale) -> Steps:
    """Return the story that a report of this category has."""
    return ORDINARY[t.report.category](t)


def toward_work(t: Tale) -> Steps:
    """Come to the work, judging a complaint before."""
    yield from prepared(t)
    yield from looked_into(t)


def looked_into(t: Tale) -> Steps:
    """Judge the case if it is a complaint, and wait for its turn."""
    if t.report.category == "complaint":
        yield from judged(t)
    t.pass_minutes(30, 700)
    t.until_daytime(10, 90)
