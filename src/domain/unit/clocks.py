"""The promises about a home (domain section 4).

- ``handover_notice``: the owner hears of the handover's day at least ten days before; one clock for
  each notice, running since the registration.
- ``greeting``: a greeting visit within one month of each moving in: the handover, a tenant's
  registration, and a new owner who did not live there before. Who leaves before is owed none.
- ``data_update``: data that changed is in the register, and on the pages of each paper copy that is
  out, within the calendar month of the change [000].
- ``document_due_back``: a borrowed document comes back by the time agreed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import zip_longest
from zoneinfo import ZoneInfo

from ..moments import end_of_day, end_of_month
from ..policy import Policy
from ..promises import Clock, End, Key, Step, calendar_months, fixed, keyed, promise, steps
from .state import Change, Loan, MovedIn, Notice, Place, Unit


def clocks(unit: Unit, policy: Policy, zone: ZoneInfo) -> dict[Key, Clock]:
    """Return every clock of the home by its key."""
    return keyed(
        (
            *(_notice(unit, number, policy, zone) for number in range(len(unit.notices))),
            *_greetings(unit, policy, zone),
            *(_update(unit, round, zone) for round in range(1, len(unit.changes) + 1)),
            *_borrowings(unit),
        )
    )


def _notice(unit: Unit, number: int, policy: Policy, zone: ZoneInfo) -> Clock:
    notice: Notice = unit.notices[number]
    days = policy.handover_notice_days
    last_day = notice.handover_on - timedelta(days=days)
    limit = fixed(f"{days} calendar days before {notice.handover_on}", end_of_day(last_day, zone))
    judge = promise("handover_notice", number + 1, unit.registered_at, limit, unit.policy)
    return judge([Step(notice.at, "notice")], ())


def _greetings(unit: Unit, policy: Policy, zone: ZoneInfo) -> Iterator[Clock]:
    """Yield a clock for each moving in; a greeting counts for the latest one before it."""
    for round, moved in enumerate(unit.move_ins, start=1):
        limit = calendar_months(moved.at, policy.greeting_months, zone)
        later = [move.at for move in unit.move_ins[round : round + 1]]
        greeted = [
            at for at in unit.greetings if moved.at <= at and all(at < then for then in later)
        ]
        judge = promise("greeting", round, moved.at, limit, unit.policy)
        ends = [End(at, "superseded", "moving in") for at in later]
        yield judge(steps("greeting", greeted), [*ends, *_gone(unit, moved, limit.due.at)])


def _gone(unit: Unit, moved: MovedIn, due_at: datetime) -> Iterator[End]:
    """Yield the leaving of who moved in, before the greeting was due."""
    row = unit.residents.get(moved.resident or "")
    if row and row.until and moved.at <= row.until <= due_at:
        yield End(row.until, "void", "moving out")


def _update(unit: Unit, round: int, zone: ZoneInfo) -> Clock:
    change: Change = unit.changes[round - 1]
    limit = fixed("the same month", end_of_month(change.at, zone))
    renewed = [_renewed(unit, copy, change.at) for copy in _out(unit, change.at)]
    done = [at for at in renewed if at]
    kept = [Step(max((change.recorded_at, *done)), "update")] if done == renewed else []
    return promise("data_update", round, change.at, limit, unit.policy)(kept, ())


def _out(unit: Unit, moment: datetime) -> Sequence[str]:
    """Return the paper copies with the data of before ``moment`` that were out then."""
    return [
        name
        for name, copy in unit.copies.items()
        if copy.issued_at < moment and (copy.recalled_at is None or copy.recalled_at >= moment)
    ]


def _renewed(unit: Unit, copy: str, since: datetime) -> datetime | None:
    """Return when a copy's pages were replaced first, or it came back, at or after ``since``."""
    recalled_at = unit.copies[copy].recalled_at
    times = (*unit.copy_updates.get(copy, ()), *((recalled_at,) if recalled_at else ()))
    return min((at for at in times if at >= since), default=None)


def _borrowings(unit: Unit) -> Iterator[Clock]:
    """Yield a clock for each loan: the return stops it, and any other step ends it."""
    for places in unit.places.values():
        for lent, following in zip_longest(places, places[1:]):
            if lent.loan:
                yield _due_back(lent.row.since, lent.loan, [following] if following else [])


def _due_back(since: datetime, loan: Loan, following: Sequence[Place]) -> Clock:
    limit = fixed("as agreed", loan.due_back)
    judge = promise("document_due_back", loan.number, since, limit, loan.policy)
    back = [Step(one.row.since, "return") for one in following if one.step == "return"]
    ends = [End(one.row.since, "superseded", one.step) for one in following]
    return judge(back, () if back else ends)
