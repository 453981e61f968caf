"""The stories of mistakes: typed wrong, typed twice, asked by the wrong person, tried in vain."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from ..domain.complaint import commands as c
from ..domain.messages import Contact
from . import phrases
from .aftercare import asked, closed, reviewed, revisit, revisited, worked
from .customers import INVENTED
from .handling import Steps, also_received, the_handler
from .stories import after, looked_into, ordinary, prepared, toward_work
from .tale import Step, Tale


def duplicate(t: Tale) -> Steps:
    """Two colleagues write down the same call; the second entry is voided."""
    (other,) = t.report.others
    steps = ordinary(t)
    yield next(steps)
    yield from also_received(t, other)
    at = t.team.hours.office(other.at + timedelta(minutes=t.rng.randint(20, 300)))
    reason = t.one_of(phrases.REASONS["void"])
    command = c.VoidComplaint(complaint=other.id, reason=reason)
    yield Step(at, t.team.supervisor.account, command)
    yield from steps


def corrected(t: Tale) -> Steps:
    """Find a fact typed wrong, and put it right with its reason."""
    fact = t.report.story.removeprefix("wrong_")
    old: str | Contact | None = None
    new: str | Contact
    match fact:
        case "at":
            old, new = str(t.now.isoformat()), _earlier(t)
        case "topic":
            old, new = "other", t.report.topic.code
            t.mistyped = {"topic": old}
        case "level":
            old, new = "company", t.report.level
            t.mistyped = {"level": old}
        case _:
            wrong = Contact(name="待核实", phone=f"{INVENTED}0000")
            new = t.report.contact or wrong
            t.mistyped = {"contact": wrong}
    reason = t.one_of(phrases.REASONS[fact])
    for count, step in enumerate(ordinary(t)):
        yield step
        if count == 3:
            t.pass_minutes(5, 45)
            supervisor = t.team.supervisor
            facts: dict[str, Any] = {"fact": fact, "old": old, "new": new, "reason": reason}
            yield t.does(supervisor, c.CorrectComplaint, **facts)


def _earlier(t: Tale) -> str:
    return (t.now - timedelta(minutes=t.rng.randint(3, 15))).isoformat()


def unapproved(t: Tale) -> Steps:
    """Somebody answers a posting without the head's leave, and is refused."""
    steps = ordinary(t)
    yield next(steps)
    t.pass_minutes(2, 10)
    text = t.one_of(phrases.WEB_REPLIES)
    facts = {"channel": t.report.channel, "text": text}
    yield t.does(t.desk(), c.ReplyToComplaint, **facts, refusal="not_approved")
    yield from steps


def overreach(t: Tale) -> Steps:
    """A handler tries to force the case closed, and is refused."""
    yield from toward_work(t)
    yield from worked(t)
    t.pass_minutes(2, 20)
    reason = t.one_of(phrases.REASONS["forced"])
    yield t.does(the_handler(t), c.ForceCloseComplaint, reason=reason, refusal="head_only")
    yield from after(t)


def asked_twice(t: Tale) -> Steps:
    """A colleague asks the satisfied customer once more, and is refused."""
    yield from toward_work(t)
    yield from worked(t)
    yield from asked(t, "satisfied")
    t.pass_minutes(30, 200)
    second = revisit(t, t.team.revisitor(t.now, t.handlers), "satisfied")
    yield replace(second, refusal="already_revisited")
    yield from closed(t)


def hasty(t: Tale) -> Steps:
    """Somebody closes before anyone has asked the customer, and is refused."""
    yield from toward_work(t)
    yield from worked(t)
    t.pass_minutes(5, 30)
    yield t.does(t.desk(), c.CloseComplaint, refusal="not_revisited")
    yield from after(t)


def second_account(t: Tale) -> Steps:
    """The handler asks through a second account: void; a colleague asks properly, or nobody."""
    own, other = t.team.two_accounts()
    yield from prepared(t, own)
    yield from looked_into(t)
    yield from worked(t)
    t.pass_minutes(60, 600)
    t.until_daytime(20, 90)
    yield revisit(t, other, "satisfied")
    if t.chance(t.profile.attentive - 0.25):
        yield from revisited(t, "satisfied")
    else:
        t.misses.append(t.team.hours.due(t.now, t.policy.revisit_working_days))
        yield from reviewed(t)
