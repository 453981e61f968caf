"""The clocks of a case: when each promise begins, is due, and what stops or ends it."""

# ruff: noqa: PLR0917 - plain rather than parted: it is read beside the law

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from typing import NamedTuple

from ..register import SHANGHAI
from .cases import Case, Round
from .law import HANDLED, SECOND, WEEK, Deadline, moment, working_days


class End(NamedTuple):
    at: datetime
    how: str


class Clock(NamedTuple):
    commitment: str
    round: int
    start: datetime
    due: Deadline
    stops: list[datetime]
    ends: list[End]


Counting = Callable[[datetime, datetime, dict[str, int]], tuple[Deadline, list[datetime]]]
"""From (start, since, policy): when it is due, and what stops it from then on."""


def clocks(case: Case, as_of: datetime) -> Iterator[Clock]:
    """Yield every clock of a case."""
    yield from _respond(case)
    yield from _reply(case)
    yield from _promised(case)
    yield from _appointments(case)
    for round in case.rounds:
        yield from revisit_clocks(case, round)
    yield from _control(case)
    yield from _progress(case, as_of)


def _respond(case: Case) -> Iterator[Clock]:
    turns = [(case.received, case.facts["urgency"], 1)]
    turns += sorted(case.triages, key=lambda triage: triage[0])
    finishes = [r.finish for r in case.rounds if r.finish]
    for index, (start, urgency, round) in enumerate(turns):
        after = turns[index + 1][0] if index + 1 < len(turns) else None
        ends = _closings(case, start) + _merging(case)
        ends += [End(after, "superseded")] if after else []
        events = [*case.starts, *finishes]
        if urgency == "normal":
            events += case.replies

        def clock(
            start: datetime,
            since: datetime,
            policy: dict[str, int],
            urgency: str = urgency,
            after: datetime | None = after,
            events: list[datetime] = events,
        ) -> tuple[Deadline, list[datetime]]:
            minutes = policy[f"respond_{urgency}_minutes"]
            due = start + timedelta(minutes=minutes)
            if urgency == "normal":
                cap = timedelta(minutes=policy["respond_consult_minutes"])
                heard = [c for c in case.consults if c >= since and (not after or c < after)]
                due = min([due, *(c + cap for c in heard)])
            return Deadline(due), [e for e in events if e >= since]

        found = list(_absorb(case, "respond", round, start, clock, ends, index == 0))
        yield from found
        stops = found[-1].stops
        if stops and (after is None or min(stops) <= after) and _stopped(found[-1]):
            return


def _stopped(clock: Clock) -> bool:
    stops = clock.stops
    lasting = [e.at for e in clock.ends if e.how != "superseded" or e.at <= clock.due.at]
    return bool(stops) and (not lasting or min(stops) <= min(lasting))


def _absorb(
    case: Case,
    name: str,
    round: int,
    start: datetime,
    clock: Counting,
    ends: list[End],
    first: bool,
) -> Iterator[Clock]:
    """Yield the clock, replaced while it is open by one from an earlier receipt merged in."""
    due, stops = clock(start, start, case.policy)
    for at, received, policy in (
        sorted(case.absorptions.values(), key=lambda one: one[:2]) if first else ()
    ):
        ended = [s for s in stops if s <= at] + [
            e.at for e in ends if e.at <= at and (e.at <= due.at or due.provisional)
        ]
        if received < start and not ended and at <= due.at:
            yield Clock(name, round, start, due, [], [End(at, "superseded")])
            start = received
            due, stops = clock(start, at, policy)
    yield Clock(name, round, start, due, stops, ends)


def _reply(case: Case) -> Iterator[Clock]:
    if case.facts["reach"] != "path" and not case.web:
        return
    start = case.received
    if case.web:
        told = case.facts.get("forwarded_at") or case.facts.get("posted_at")
        start = moment(told) if told else start

    def clock(
        start: datetime, since: datetime, policy: dict[str, int]
    ) -> tuple[Deadline, list[datetime]]:
        stops = [at for at in _told(case) if at >= since]
        if case.web:
            return Deadline(start + timedelta(hours=policy["reply_web_hours"])), stops
        return working_days(start, policy["reply_working_days"]), stops

    ends = _closings(case, start) + _merging(case)
    yield from _absorb(case, "reply", 1, start, clock, ends, first=True)


def _promised(case: Case) -> Iterator[Clock]:
    promised = case.facts.get("promised_reply_at")
    if promised:
        ends = _closings(case, case.received)
        due = Deadline(moment(promised))
        yield Clock("promised_reply", 1, case.received, due, _told(case), ends)


def _appointments(case: Case) -> Iterator[Clock]:
    for number, agreed, until, moved, by in case.windows:
        finish = case.rounds[number - 1].finish
        ends = _closings(case, agreed)
        if moved and by == "company" and moved <= until:
            ends.append(End(moved, "moved"))
        elif moved:
            ends.append(End(moved, "superseded"))
        stops = [finish] if finish else []
        yield Clock("appointment", number, agreed, Deadline(until), stops, ends)


def revisit_clocks(case: Case, round: Round) -> Iterator[Clock]:
    """Yield the clocks of a round's revisit."""
    if round.finish is None or round.settled or round.on_the_spot:
        return
    if case.category not in HANDLED or case.facts["reach"] != "path":
        return
    ends = [
        End(at, "superseded")
        for at, how, number in case.closings
        if number == round.number and how != "force_close"
    ]
    if round.left and not round.revisit:
        ends.append(End(round.left, "superseded"))
    if case.sensitive and round.number >= case.sensitive[1]:
        if round.number > case.sensitive[1] or case.sensitive[0] < round.finish:
            return
        ends.append(End(case.sensitive[0], "void"))
    for start, until in _responsible(case, round.finish):
        if round.left and not round.revisit and start >= round.left:
            return  # nobody can be asked about a round that was left before it was owed
        due = working_days(start, case.policy["revisit_working_days"])
        stops = [round.revisited] if round.revisited else []
        turned = [End(until, "void")] if until else []
        yield Clock("revisit", round.number, start, due, stops, [*ends, *turned])
        if round.revisited and (until is None or round.revisited <= until):
            return  # asked once, the customer is asked no more


def _responsible(case: Case, finish: datetime) -> Iterator[tuple[datetime, datetime | None]]:
    """Yield the spans since the finish in which the case was not invalid."""
    changes = case.changes if case.category == "complaint" else []
    invalid = [v for at, v in changes if at <= finish][-1:] == ["invalid"]
    start = None if invalid else finish
    for at, validity in changes:
        if at <= finish:
            continue
        if validity == "invalid" and start:
            yield start, at
            start = None
        elif validity == "valid":
            start = start or at
    if start:
        yield start, None


def _control(case: Case) -> Iterator[Clock]:
    firsts = [1, *(r.number for r in case.rounds if r.reopened)]
    level = case.facts["level"]
    for index, first in enumerate(firsts):
        after = firsts[index + 1] if index + 1 < len(firsts) else len(case.rounds) + 1
        last = case.rounds[after - 2]
        stops = [last.revisited] if last.revisit == "satisfied" and last.revisited else []
        ends = []
        for at, how, number in case.closings:
            if first <= number < after:
                owed = how == "force_close" or case.duty(last, at) == "owed"
                if owed:
                    ends.append(End(at, "superseded"))
                else:
                    stops.append(at)
        if after <= len(case.rounds):
            ends.append(End(case.rounds[after - 1].start, "superseded"))
        ends += _merging(case)

        def clock(
            start: datetime,
            since: datetime,
            policy: dict[str, int],
            stops: list[datetime] = stops,
        ) -> tuple[Deadline, list[datetime]]:
            days = policy[f"control_{level}_working_days"]
            return working_days(start, days), [at for at in stops if at >= since]

        start = case.rounds[first - 1].start
        yield from _absorb(case, "control", first, start, clock, ends, index == 0)


def _progress(case: Case, as_of: datetime) -> Iterator[Clock]:
    if case.category not in HANDLED:
        return
    contacts = sorted([*_replied(case), *case.reports])
    for round in case.rounds:
        until = min([*round.ended, *_some(case.merged, case.voided, round.left)], default=None)
        day = round.start.date() - timedelta(days=round.start.weekday())
        monday = datetime.combine(day, time(), SHANGHAI)
        while monday <= as_of:
            following = monday + WEEK
            if monday >= round.start and (until is None or until >= following):
                inside = [c for c in contacts if monday <= c < following]
                wanted = case.policy["progress_contacts_per_week"]
                stops = inside[wanted - 1 : wanted]
                due = Deadline(following - SECOND)
                yield Clock("progress", round.number, monday, due, stops, [])
            monday = following


def _told(case: Case) -> list[datetime]:
    spot = [r.finish for r in case.rounds if r.on_the_spot and r.finish]
    return [*case.replies, *spot]


def _closings(case: Case, since: datetime) -> list[End]:
    return [End(at, "superseded") for at, _, _ in case.closings if at >= since]


def _merging(case: Case) -> list[End]:
    return [End(case.merged, "superseded")] if case.merged else []


def _replied(case: Case) -> list[datetime]:
    """Return the replies; an answer ends the case and the weeks with it."""
    answers = [at for at, how, _ in case.closings if how == "answer"]
    replies = list(case.replies)
    for at in answers:
        replies.remove(at)
    return replies


def _some(*moments: datetime | None) -> list[datetime]:
    return [moment for moment in moments if moment]
