"""From the first word to the finished work: the parts that the stories are made of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from ..domain.complaint import commands as c
from . import phrases
from .people import Member
from .plan import Report
from .tale import Step, Tale

Steps = Iterator[Step]


def received(t: Tale) -> Steps:
    """Record the case, sometimes long after the call."""
    step = t.does(_taker(t, t.report), c.ReceiveComplaint, **{**_facts(t, t.report), **t.mistyped})
    if not t.emergency and t.report.channel in ("phone", "patrol") and t.chance(0.03):
        typed_in = t.team.hours.daytime(t.now + timedelta(minutes=t.rng.randint(70, 400)))
        step = Step(step.at, step.by, step.command, recorded_at=typed_in)
    yield step
    if t.emergency and not t.team.hours.is_day(t.now) and t.chance(0.9):
        t.pass_minutes(1, 3)
        yield t.does(t.desk(), c.AlertHead)


def also_received(t: Tale, other: Report) -> Steps:
    """Record another report of the same matter, at its own time."""
    by = _taker(t, other)
    command = c.ReceiveComplaint(complaint=other.id, **_facts(t, other))
    yield Step(other.at, by.account, command)


def _facts(t: Tale, report: Report) -> dict[str, Any]:
    promised = None
    if report.channel == "phone" and report.urgency == "normal" and t.chance(0.1):
        promised = report.at + timedelta(minutes=60 * t.rng.randint(1, 4))
    return {
        "centre": report.centre,
        "channel": report.channel,
        "category": report.category,
        "urgency": report.urgency,
        "level": report.level,
        "topic": report.topic.code,
        "text": report.text,
        "contact": report.contact,
        "unit": report.unit if report.contact else None,
        "posted_at": report.posted_at,
        "forwarded_at": report.forwarded_at,
        "preferred_channel": "app" if report.channel == "app" else None,
        "promised_reply_at": promised,
        "read_back": report.channel in ("phone", "visit") and t.chance(0.9),
    }


def _taker(t: Tale, report: Report) -> Member:
    match report.channel:
        case "authority":
            return t.team.staff.at_company("quality")
        case "patrol":
            return t.team.post("security")
        case _:
            return t.team.on_call(report.at)


def first_reply(t: Tale) -> Steps:
    """Tell the customer what happens, in time or not."""
    if t.report.on_the_web:
        yield from web_reply(t)
    elif t.report.reachable:
        if not t.emergency:
            _respond(t)
        night = not t.team.hours.is_day(t.now)
        words = phrases.NIGHT_REPLIES if night else phrases.FIRST_REPLIES[t.report.category]
        yield replied(t, t.desk(), words)


def _respond(t: Tale) -> None:
    """Let the time to the first response pass: within the limit, or well beyond it."""
    limit = int((t.respond_due - t.urgent_since).total_seconds() // 60)
    if t.chance(t.profile.prompt):
        t.now = max(t.now, t.urgent_since + timedelta(minutes=t.rng.randint(2, limit - 4)))
    else:
        t.pass_minutes(limit + 2, limit + 110)
        t.misses_at(t.respond_due)


def replied(t: Tale, by: Member, words: tuple[str, ...]) -> Step:
    """Reply by the customer's own channel."""
    channel = t.report.channel if t.report.channel in ("app", "web", "forum") else "phone"
    return t.does(by, c.ReplyToComplaint, channel=channel, text=t.one_of(words))


def web_reply(t: Tale) -> Steps:
    """Reply to a posting: by the head's leave, within 24 hours if the company is prompt."""
    posted = t.report.forwarded_at or t.report.posted_at or t.now
    luck = t.rng.random()
    if luck < t.profile.prompt - 0.1:
        t.pass_minutes(2, 12)
    elif luck < t.profile.prompt - 0.03:
        t.pass_minutes(30, 240)
    else:
        t.pass_minutes(18 * 60, 40 * 60)
    t.until_head()
    words = phrases.WEB_REPLIES
    if t.chance(0.5):
        yield t.does(t.team.head, c.ApproveReply, text=t.one_of(words))
        t.pass_minutes(1, 10)
        yield replied(t, t.desk(), words)
    else:
        text, channel = t.one_of(words), t.report.channel
        head = t.team.head.account
        yield t.does(t.desk(), c.ReplyToComplaint, channel=channel, text=text, approved_by=head)
    t.misses_at(t.respond_due)
    t.misses_at(posted + timedelta(hours=t.policy.reply_web_hours))


def sent(t: Tale, handler: Member | None = None) -> Steps:
    """Dispatch the case and let the handler take it."""
    if not t.emergency:
        t.pass_minutes(2, 25)
        t.until_daytime()
    else:
        t.pass_minutes(1, 2)
    yield from dispatched(t, handler or t.team.handler(t.report.topic.department, t.now, t.rng))


def dispatched(t: Tale, handler: Member) -> Steps:
    """Send the case to this handler, who takes it."""
    by = t.for_head() if t.chance(0.03) else t.desk()
    department = handler.department
    yield t.does(by, c.DispatchComplaint, department=department, handler=handler.account)
    t.pass_minutes(1, 3 if t.emergency or not t.report.reachable else 20)
    yield _accepted(t, handler)


def _accepted(t: Tale, handler: Member) -> Step:
    t.handler = handler
    t.handlers.add(handler.person)
    return t.does(handler, c.AcceptComplaint)


def passed_on(t: Tale, department: str) -> Steps:
    """Let the supervisor move the case to another department, or to a colleague."""
    t.until_daytime()
    handler = t.team.handler(department, t.now, t.rng)
    yield t.does(
        t.team.supervisor,
        c.TransferComplaint,
        department=handler.department,
        handler=handler.account,
    )
    t.pass_minutes(2, 30)
    yield _accepted(t, handler)


def at_hand(t: Tale) -> Steps:
    """Make sure that the handler is still here: whoever left or moved passes the case on."""
    if t.handler is None:
        yield from sent(t)
    elif not t.handler.works_at(t.now):
        yield from passed_on(t, t.report.topic.department)


def the_handler(t: Tale) -> Member:
    """Return the handler; the case must have been sent."""
    if t.handler is None:
        msg = f"{t.report.id} has no handler yet"
        raise LookupError(msg)
    return t.handler


def consulted(t: Tale) -> Steps:
    """Talk with the people concerned, then tell the customer, mostly within 15 minutes."""
    yield t.does(the_handler(t), c.ConsultOnComplaint)
    in_time = t.chance(t.profile.prompt)
    t.pass_minutes(*((4, 13) if in_time else (17, 50)))
    if t.report.reachable and not t.report.on_the_web:
        yield replied(t, the_handler(t), phrases.FIRST_REPLIES[t.report.category])


def started(t: Tale) -> Steps:
    """Begin the work on site."""
    if t.emergency:
        limit = t.policy.respond_emergency_minutes
        late = not t.chance(t.profile.prompt - 0.04)
        minutes = t.rng.randint(limit + 2, 50) if late else t.rng.randint(8, limit)
        t.now = max(t.now, t.urgent_since + timedelta(minutes=minutes))
        t.misses_at(t.respond_due)
    else:
        yield from at_hand(t)
    yield t.does(the_handler(t), c.StartHandling)


def appointment(t: Tale) -> Steps:
    """Agree a window, sometimes move it, and come in time or not."""
    starts, ends = _window(t, t.rng.choice((0, 1, 1, 1, 2)))
    window: dict[str, Any] = {"from_": starts, "to": ends}
    yield t.does(the_handler(t), c.AgreeAppointment, **window)
    mover = t.rng.random()
    if mover < 0.16:
        asked_by = "customer" if mover < 0.11 else "company"
        t.now = max(t.now, starts - timedelta(minutes=t.rng.randint(20, 90)))
        if asked_by == "company":
            t.misses.append(t.now)
        starts, ends = _window(t, 1)
        window = {"from_": starts, "to": ends}
        yield t.does(t.desk(), c.MoveAppointment, asked_by=asked_by, **window)
    t.now = max(t.now, starts)
    if t.chance(t.profile.prompt):
        t.pass_minutes(2, 30)
    else:
        t.now = max(t.now, ends)
        t.pass_minutes(10, 120)
        t.misses_at(ends)
    yield from at_hand(t)


def _window(t: Tale, days: int) -> tuple[datetime, datetime]:
    """Return two hours in the daytime, ``days`` later."""
    opens = t.rng.choice((9, 10, 14, 15, 16, 18))
    starts = datetime.combine(t.now.date() + timedelta(days), time(opens), t.team.hours.zone)
    if starts <= t.now + timedelta(minutes=20):
        starts += timedelta(days=1)
    return starts, starts + timedelta(hours=2)


def lasting(t: Tale, days: int) -> Steps:
    """Work for days, telling the customer twice a week as promised, or less."""
    zone, began, until = t.team.hours.zone, t.now, t.now + timedelta(days=days)
    while t.now < until:
        monday = t.now.date() - timedelta(days=t.now.weekday())
        contacts = 2 if t.chance(t.profile.careful - 0.12) else t.rng.choice((0, 1))
        for weekday in (1, 3)[:contacts]:
            day = monday + timedelta(days=weekday)
            moment = datetime.combine(day, time(10, t.rng.randrange(60)), zone)
            if t.now < moment:
                t.now = moment
                yield t.does(t.desk(), c.ReportProgress, text=t.one_of(phrases.PROGRESS))
        following = datetime.combine(monday + timedelta(days=7), time(9, 30), zone)
        if contacts < 2 and monday > began.date():
            t.misses.append(following - timedelta(hours=10))
        t.now = following
    t.pass_minutes(0, 3 * 1440)
    t.until_daytime()
    yield from at_hand(t)


def finished(t: Tale, *, on_the_spot: bool = False) -> Steps:
    """Finish the work, with the head's leave where it is a valid complaint."""
    if t.classified == "valid":
        t.until_office()
        yield t.does(t.for_head(), c.ApproveRemedy)
        t.pass_minutes(10, 120)
    yield from at_hand(t)
    results, topic = phrases.RESULTS, t.report.topic
    words = results.get(topic.code) or results[topic.category]
    evidence = t.one_of(phrases.EVIDENCE) if on_the_spot else None
    yield t.does(
        the_handler(t),
        c.FinishHandling,
        result=t.one_of(words),
        on_the_spot_satisfied=on_the_spot,
        evidence=evidence,
    )


def confirmed(t: Tale) -> Steps:
    """Let the head check and sign the result of a valid complaint."""
    if t.classified == "valid":
        t.pass_minutes(20, 180)
        t.until_office()
        yield t.does(t.for_head(), c.ConfirmResult)
