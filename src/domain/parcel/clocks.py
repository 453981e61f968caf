"""The promises of a parcel: told the same day, picked up in time, its addressee looked for."""

from __future__ import annotations

from collections.abc import Iterator

from ..policy import Policies
from ..promises import Clock, End, Key, Step, calendar_days, keyed, promise, steps
from ..workdays import Counting
from .state import Parcel


def clocks(parcel: Parcel, policies: Policies, counting: Counting) -> dict[Key, Clock]:
    """Return every clock of the parcel by its key."""
    return keyed(_clocks(parcel, policies, counting))


def _clocks(parcel: Parcel, policies: Policies, counting: Counting) -> Iterator[Clock]:
    if parcel.keeping == "letter_box":
        return
    policy = policies.version(parcel.policy)
    zone = counting.zone
    taken, ends = _endings(parcel)
    told = [*steps("notice", parcel.notices), *taken]
    start = parcel.registered_at
    if parcel.keeping == "pending":
        search = calendar_days(start, policy.fax_days, zone)
        yield promise("parcel_search", 1, start, search, parcel.policy)(told, ends)
        if not parcel.notices:
            return
        start = parcel.notices[0]
    else:
        notice = calendar_days(start, 0, zone)
        yield promise("parcel_notice", 1, start, notice, parcel.policy)(told, ends)
    pickup = calendar_days(start, policy.parcel_days, zone)
    yield promise("parcel_pickup", 1, start, pickup, parcel.policy)(taken, ends)


def _endings(parcel: Parcel) -> tuple[list[Step], list[End]]:
    """Return what keeps the promises to the end, and what ends them otherwise."""
    ended = parcel.ended
    if ended is None:
        return [], []
    if ended.how == "handed_out":
        return [Step(ended.at, "hand-out")], []
    return [], [End(ended.at, "superseded", ended.how)]
