"""The promises made to a customer, judged as of a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .cases import Case
from .clocks import Clock, End, clocks
from .law import Deadline

Key = tuple[Any, ...]


@dataclass(frozen=True)
class Promise:
    """One promise as of a moment; ``key`` is what the views are compared by."""

    case: str
    commitment: str
    round: int
    start: datetime
    due: datetime
    provisional: bool
    stopped: datetime | None
    end: End | None
    outcome: str
    late: int | None
    missed: datetime | None

    @property
    def key(self) -> Key:
        return (
            self.case,
            self.commitment,
            self.round,
            self.start,
            self.due,
            self.provisional,
            self.stopped,
            self.outcome,
            self.late,
        )


def promises(case: Case, as_of: datetime) -> list[Promise]:
    """Return every promise of a case."""
    return [_judge(case, clock, as_of) for clock in clocks(case, as_of)]


def _judge(case: Case, clock: Clock, as_of: datetime) -> Promise:
    due = clock.due
    stop = min(clock.stops, default=None)
    # What is past due stays missed: nothing supersedes it any more.
    lasting = [e for e in clock.ends if e.how != "superseded" or due.provisional or e.at <= due.at]
    end = min(lasting, key=lambda e: e.at, default=None)
    if stop and end and stop <= end.at:
        end = None
    elif end:
        stop = None
    if case.voided:
        end = End(case.voided, "void")
    outcome, late, missed = _outcome(due, stop, end, as_of)
    return Promise(
        case.id,
        clock.commitment,
        clock.round,
        clock.start,
        due.at,
        due.provisional,
        stop,
        end,
        outcome,
        late,
        missed,
    )


def _outcome(  # noqa: PLR0911 - one for each way to end
    due: Deadline, stop: datetime | None, end: End | None, as_of: datetime
) -> tuple[str, int | None, datetime | None]:
    if end and end.how == "void":
        return "void", None, None
    if end and end.how == "moved":
        return "missed", None, end.at
    if due.provisional:
        return "open", None, None
    if end:
        return "superseded", None, None
    if stop is None and as_of <= due.at:
        return "open", None, None
    if stop is not None and stop <= due.at:
        return "met", None, None
    late = int(((stop or as_of) - due.at).total_seconds())
    return "missed", late, due.at
