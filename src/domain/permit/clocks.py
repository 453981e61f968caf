"""The promise of a renovation that its own events time: its validity (domain section 6).

``permit_validity`` begins with the issue, or with the first day of the validity if that is later,
and is due at the end of its last day. The completion keeps it. An extension supersedes it and
begins another; one given too late ends the lateness of the former, which stays missed. A failed
acceptance begins another in the next turn of work, due at its own day's end at the earliest.

The other promise, ``patrol``, comes each day without an event: sql/patrols.sql makes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from ..moments import end_of_day, start_of_day
from ..promises import Clock, End, Key, Step, fixed, keyed, promise
from .state import Permit, Term


def clocks(permit: Permit, zone: ZoneInfo) -> dict[Key, Clock]:
    """Return every clock of the renovation by its key."""
    return keyed(_validities(permit, zone))


def _validities(permit: Permit, zone: ZoneInfo) -> Iterator[Clock]:
    for round in dict.fromkeys(term.round for term in permit.terms):
        terms = [term for term in permit.terms if term.round == round]
        completions = [work.completed_at for work in permit.works if work.round == round]
        for term, following in zip(terms, [*terms[1:], None], strict=True):
            yield _validity(permit, term, following, completions, zone)


def _validity(
    permit: Permit,
    term: Term,
    following: Term | None,
    completions: list[datetime | None],
    zone: ZoneInfo,
) -> Clock:
    start = term.at
    if permit.valid_from:
        start = max(start, start_of_day(permit.valid_from, zone))
    last_day = max(term.valid_to, start.astimezone(zone).date())
    due_at = end_of_day(last_day, zone)
    stops = [Step(at, "completion") for at in completions if at]
    ends: list[End] = []
    if following and following.at > due_at:
        stops.append(Step(following.at, "late extension"))
    elif following:
        ends.append(End(following.at, "superseded", "extension"))
    limit = fixed(f"valid to {last_day}", due_at)
    return promise("permit_validity", term.round, start, limit, permit.policy)(stops, ends)
