"""The clock engine: promises with a start, a due time, and what stopped or ended them.

Every aggregate computes its clocks from its state and its events carry those that changed. A clock
takes the earliest ``at`` that stops it; what is past due stays missed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from .messages import Message
from .moments import Moment, end_of_day, months_later
from .workdays import Counting, Due

Commitment = Literal[
    "respond", "reply", "promised_reply", "appointment", "revisit", "control",
    "permit_validity",
    "key_due_back", "parcel_notice", "parcel_pickup", "parcel_search",
    "handover_notice", "greeting", "data_update", "document_due_back",
    "glass_review",
]  # fmt: skip
Ended = Literal["superseded", "void", "moved_by_company", "withdrawn"]
Key = tuple[str, int, datetime, int]
"""Commitment, round, start and a number that tells twins apart."""


class Clock(Message):
    """One promise: when it started, by when it is due, what stopped or ended it.

    ``stopped_at`` is the keeping of the promise, early or late; ``ended`` any other end, at
    ``ended_at``. ``limit`` names the policy limit the due time was computed from, ``cause`` the
    step that stopped or ended it, ``customer_caused`` the days by which the customer moved windows
    in a control's span. The key is (commitment, round, started_at, seq).
    """

    commitment: Commitment
    round: int
    started_at: Moment
    seq: int = 0
    due_at: Moment
    limit: str
    policy: str
    calendar: str | None = None
    provisional: bool = False
    stopped_at: Moment | None = None
    ended: Ended | None = None
    ended_at: Moment | None = None
    cause: str | None = None
    customer_caused: int = 0

    @property
    def key(self) -> Key:
        """What identifies the clock within its aggregate."""
        return (self.commitment, self.round, self.started_at, self.seq)


class Step(NamedTuple):
    """What keeps a promise, early or late."""

    at: datetime
    cause: str


class End(NamedTuple):
    """What ends a promise without keeping it."""

    at: datetime
    ended: Ended
    cause: str


class Limit(NamedTuple):
    """What was promised: the limit's name, and the due time it comes to."""

    name: str
    due: Due


Judge = Callable[[Iterable[Step], Iterable[End]], Clock]
"""Makes a clock from what may have stopped or ended it."""


def promise(
    commitment: Commitment, round: int, start: datetime, limit: Limit, policy: str
) -> Judge:
    """Return what makes the clock once told the steps and ends; the earliest of each counts."""
    name, due = limit

    def judged(stops: Iterable[Step], ends: Iterable[End] = ()) -> Clock:
        stop = min(stops, key=_at, default=None)
        end = min((end for end in ends if _ends(end, due)), key=_at, default=None)
        stopped = stop is not None and (end is None or stop.at <= end.at)
        return Clock(
            commitment=commitment,
            round=round,
            started_at=start,
            due_at=due.at,
            limit=name,
            policy=policy,
            calendar=due.calendar or None,
            provisional=due.provisional,
            stopped_at=stop.at if stop and stopped else None,
            ended=None if stopped or end is None else end.ended,
            ended_at=None if stopped or end is None else end.at,
            cause=stop.cause if stop and stopped else end.cause if end else None,
        )

    return judged


def _at(step: Step | End) -> datetime:
    return step.at


def _ends(end: End, due: Due) -> bool:
    """What is past due stays missed: nothing supersedes it any more."""
    return end.ended != "superseded" or due.provisional or end.at <= due.at


def fixed(name: str, due_at: datetime) -> Limit:
    """Return a limit that no calendar moves."""
    return Limit(name, Due(due_at, "", False))


def minutes(start: datetime, count: int) -> Limit:
    """Return a limit of ``count`` minutes of elapsed time."""
    return fixed(f"{count} min", start + timedelta(minutes=count))


def calendar_days(start: datetime, count: int, zone: ZoneInfo) -> Limit:
    """Return a limit of ``count`` days of any kind: the start's day not counted, to 23:59:59."""
    name = f"{count} calendar days" if count else "the same day"
    day = start.astimezone(zone).date() + timedelta(days=count)
    return fixed(name, end_of_day(day, zone))


def calendar_months(start: datetime, count: int, zone: ZoneInfo) -> Limit:
    """Return a limit of ``count`` months: to 23:59:59 of the same day, or of the month's last."""
    day = months_later(start.astimezone(zone).date(), count)
    return fixed(f"{count} months" if count > 1 else "1 month", end_of_day(day, zone))


def working_days(
    promised: Mapping[Key, Clock],
    counting: Counting,
    which: tuple[Commitment, int, datetime],
    count: int,
) -> Limit:
    """Return a limit in working days: as ``promised`` before if it was, else counted now.

    ``which`` is the clock's commitment, round and start. A provisional deadline is counted anew
    each time: it becomes firm with the first event recorded after its calendar was loaded.
    """
    name = f"{count} WD"
    for key, clock in promised.items():
        if key[:3] == which and clock.limit == name and not clock.provisional:
            return Limit(name, Due(clock.due_at, clock.calendar or "", clock.provisional))
    return Limit(name, counting.due(which[2], count))


def steps(cause: str, times: Iterable[datetime]) -> Iterator[Step]:
    """Yield a step for each time."""
    return (Step(at, cause) for at in times)


def steps_since(found: Iterable[Step], moment: datetime) -> list[Step]:
    """Return the steps at ``moment`` or later."""
    return [step for step in found if step.at >= moment]


def open_at(clock: Clock, moment: datetime) -> bool:
    """Return whether the clock was running at ``moment``: not stopped, ended or past due."""
    stopped = clock.stopped_at is not None and clock.stopped_at <= moment
    ended = clock.ended_at is not None and clock.ended_at <= moment
    return not stopped and not ended and moment <= clock.due_at


def keyed(clocks: Iterable[Clock]) -> dict[Key, Clock]:
    """Return the clocks by key, twins numbered."""
    found: dict[Key, Clock] = {}
    for clock in clocks:
        twins = sum(key[:3] == clock.key[:3] for key in found)
        unique = clock.model_copy(update={"seq": twins}) if twins else clock
        found[unique.key] = unique
    return found


def changed(
    before: Mapping[Key, Clock], after: Mapping[Key, Clock], at: datetime
) -> tuple[Clock, ...]:
    """Return the clocks an event must carry: new and changed ones, and those withdrawn."""
    new = [clock for key, clock in after.items() if before.get(key) != clock]
    gone = [clock for key, clock in before.items() if key not in after]
    withdrawn = {"ended": "withdrawn", "ended_at": at}
    return (*new, *(clock.model_copy(update=withdrawn) for clock in gone))


def merged(before: Mapping[Key, Clock], carried: Iterable[Clock]) -> dict[Key, Clock]:
    """Return the clocks after an event that carries these."""
    after = {**before, **{clock.key: clock for clock in carried}}
    return {key: clock for key, clock in after.items() if clock.ended != "withdrawn"}
