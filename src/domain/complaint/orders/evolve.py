"""How each event changes the work orders of a case; the first of two equal steps stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from ..standing import WorkOrderRow
from ..state import Case
from . import events as e

Orders = dict[int, WorkOrderRow]


def evolve(case: Case, event: e.WorkOrderEvent) -> Orders:
    """Return the case's work orders after one more event; refuses nothing."""
    if isinstance(event, e.WorkOrderOpened):
        return {**case.work_orders, event.number: _opened(case, event)}
    order = case.work_orders[event.number]
    match event:
        case e.WorkOrderReturned() if order.status == "opened":
            changes = {"status": "returned", "returned_at": event.at}
        case e.WorkOrderVerified(accepted=True) if order.status in ("opened", "returned"):
            changes = {"status": "verified", "verified_at": event.at, "verified_by": event.person}
        case e.WorkOrderVerified(accepted=False) if order.status in ("opened", "returned"):
            rejections = order.rejections + 1
            changes = {"status": "opened", "returned_at": None, "rejections": rejections}
        case e.WorkOrderVoided() if order.status != "void":
            changes = {"status": "void", "voided_at": event.at}
        case _:
            changes = {}
    return {**case.work_orders, event.number: order.model_copy(update=changes)}


def _opened(case: Case, event: e.WorkOrderOpened) -> WorkOrderRow:
    return WorkOrderRow(
        centre=case.centre,
        number=event.number,
        charge=event.charge,
        letter=event.letter,
        handler=case.in_hand.person if case.in_hand else None,
        opened_at=event.at,
        opened_by=event.person,
    )


def voided(orders: Mapping[int, WorkOrderRow], at: datetime) -> Orders:
    """Return the orders of a case that was entered by mistake: void with it."""
    spoiled = {"status": "void", "voided_at": at}
    return {
        number: order if order.status == "void" else order.model_copy(update=spoiled)
        for number, order in orders.items()
    }
