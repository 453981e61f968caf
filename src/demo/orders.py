"""Work orders of repairs and special services: opened with the dispatch, back with the finish."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from random import Random

from ..domain.complaint import commands as c
from ..domain.complaint.orders import commands as o
from . import phrases
from .people import Team
from .tale import Step

FORGOTTEN, SPOILED, LOST, UNVERIFIED, REJECTED = 0.015, 0.03, 0.012, 0.05, 0.04
WARRANTY = 0.35
"""Of repairs in a home; those of public areas are free."""


def with_orders(steps: Iterable[Step], team: Team, luck: Random) -> Iterator[Step]:
    """Yield a tale's steps with those of its work orders; ``luck`` is theirs alone."""
    received: dict[str, c.ReceiveComplaint] = {}
    out: set[str] = set()
    for step in steps:
        yield step
        match step.command:
            case c.ReceiveComplaint(category="repair" | "special_service"):
                received[step.command.complaint] = step.command
            case c.DispatchComplaint(complaint=case) if case in received:
                receipt = received.pop(case)
                if luck.random() > FORGOTTEN:
                    out.add(case)
                    yield from _opened(step, receipt, team, luck)
            case c.FinishHandling(complaint=case) if case in out:
                out.remove(case)
                if luck.random() > LOST:
                    yield Step(step.at, step.by, o.ReturnWorkOrder(complaint=case))
                    yield from _verified(case, step.at, team, luck)
            case _:
                pass


def _opened(step: Step, receipt: c.ReceiveComplaint, team: Team, luck: Random) -> Iterator[Step]:
    """Open the order at the dispatch; a spoiled one is set aside for another."""
    case, later = receipt.complaint, step.at + timedelta(minutes=2)
    order = _order(receipt, luck)
    yield Step(step.at, step.by, order)
    if luck.random() < SPOILED:
        reason = luck.choice(phrases.REASONS["order"])
        spoiled = o.VoidWorkOrder(complaint=case, reason=reason)
        yield Step(later, team.supervisor.account, spoiled)
        yield Step(later, step.by, order)


def _order(receipt: c.ReceiveComplaint, luck: Random) -> o.OpenWorkOrder:
    case = receipt.complaint
    if receipt.category == "special_service":
        return o.OpenWorkOrder(complaint=case, charge="paid", explained=True)
    if receipt.unit is None:
        return o.OpenWorkOrder(complaint=case, charge="free")
    if luck.random() < WARRANTY:
        return o.OpenWorkOrder(complaint=case, charge="warranty", letter=f"BX-{case}")
    return o.OpenWorkOrder(complaint=case, charge="paid", explained=True)


def _verified(case: str, finished_at: datetime, team: Team, luck: Random) -> Iterator[Step]:
    """Verify the work, mostly; what is not accepted comes back a day later."""
    at = _soon(finished_at, team, luck)
    by = team.revisitor(at, set()).account
    chance = luck.random()
    if chance < REJECTED:
        yield Step(at, by, o.VerifyWorkOrder(complaint=case, accepted=False))
        at = _soon(at + timedelta(days=1), team, luck)
        by = team.revisitor(at, set()).account
        yield Step(at, by, o.ReturnWorkOrder(complaint=case))
    if chance < 1 - UNVERIFIED:
        yield Step(at, by, o.VerifyWorkOrder(complaint=case, accepted=True))


def _soon(moment: datetime, team: Team, luck: Random) -> datetime:
    """Return a time of an open front desk, some hours later."""
    return team.hours.daytime(moment + timedelta(minutes=luck.randint(20, 600)))
