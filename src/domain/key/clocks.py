"""The promise that a lent key is back in time (domain section 5)."""

from __future__ import annotations

from collections.abc import Iterator

from ..promises import Clock, End, Step, fixed, keyed, promise
from ..promises import Key as ClockKey
from .state import Key


def clocks(key: Key) -> dict[ClockKey, Clock]:
    """Return every clock of the key by its key."""
    return keyed(_due_back(key))


def _due_back(key: Key) -> Iterator[Clock]:
    """Yield a clock for each loan: the return stops it, and any other move ends it."""
    loans = 0
    for place, custody in enumerate(key.custodies):
        if custody.step != "lend" or custody.loan is None:
            continue
        loans += 1
        limit = fixed("as agreed", custody.loan.due_back)
        clock = promise("key_due_back", loans, custody.at, limit, custody.loan.policy)
        following = key.custodies[place + 1 : place + 2]
        stops = [Step(one.at, "return") for one in following if one.step == "return"]
        ends = [End(one.at, "superseded", one.step) for one in following]
        yield clock(stops, () if stops else ends)
