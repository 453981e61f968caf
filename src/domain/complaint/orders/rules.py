"""Decisions about work orders ([003] 报修处理程序, [004] 客户报事处理流程).

No case needs one to be finished or closed: old registers have none, and the view ``equalities``
shows what is missing.
"""

from __future__ import annotations

from ... import errors, posts
from ...context import Context
from .. import guards
from ..guards import Decided, Group, require_after, require_live, require_role
from ..standing import WorkOrderRow
from ..state import Case
from . import commands as c
from . import events as e

ORDERED = frozenset({"repair", "special_service"})
"""Categories whose work is done on an order ([003] 报修, [004] 特约服务)."""


def decide(case: Case, command: c.WorkOrderCommand, ctx: Context, group: Group) -> Decided:
    """Return the event of one command; raises ``Rejected`` and its children."""
    match command:
        case c.OpenWorkOrder():
            return open_order(case, command, ctx)
        case c.ReturnWorkOrder():
            return return_order(case, command, ctx)
        case c.VerifyWorkOrder():
            return verify(case, command, ctx, group)
        case c.VoidWorkOrder():
            return void(case, command, ctx)
        case _:
            raise TypeError(command.do)


def open_order(case: Case, command: c.OpenWorkOrder, ctx: Context) -> Decided:
    """Open an order for what was dispatched and is not finished.

    Whoever dispatches opens it: 工程部秘书开具工程维修工作单 after the entry in the dispatch sheet
    [003]. Within the warranty the builder is told in writing; otherwise the customer is told what
    it costs, unless it is free [003, 004].
    """
    require_live(ctx, case, late=True)
    require_role(ctx, case, posts.DESK, right="dispatch")
    ctx.require(case.category in ORDERED, errors.WorkOrderNotNeeded(case.id))
    ctx.require(case.dispatched, errors.WorkOrderBeforeDispatch(case.id))
    require_after(ctx, case, min(case.dispatched.values(), default=None))
    guards.require_unfinished(ctx, case)
    warranty, paid = command.charge == "warranty", command.charge == "paid"
    ctx.require(command.letter or not warranty, errors.LetterMissing(case.id))
    ctx.require(command.explained or not paid, errors.CostNotExplained(case.id))
    opened = e.WorkOrderOpened(
        number=ctx.centre.last_order + 1,
        charge=command.charge,
        letter=command.letter,
        explained=command.explained,
        **ctx.facts,
    )
    return ((case.id, opened),)


def return_order(case: Case, command: c.ReturnWorkOrder, ctx: Context) -> Decided:
    """Take the order back: the technician brings it, dispatch records it ([003] note 5)."""
    order = _found(case, command, ctx)
    require_role(ctx, case, posts.DESK, handler=True)
    _require_standing(order, ctx)
    ctx.require(order.status != "returned", errors.WorkOrderReturned(case.id))
    require_after(ctx, case, order.opened_at)
    return ((case.id, e.WorkOrderReturned(number=order.number, **ctx.facts)),)


def verify(case: Case, command: c.VerifyWorkOrder, ctx: Context, group: Group) -> Decided:
    """Check the work: 客服部客务 signs the order ([003] notes 6 and 7).

    As with revisits, nobody who handled the matter; nor whom the order was for.
    """
    order = _found(case, command, ctx)
    require_role(ctx, case, posts.DESK)
    did_it = guards.handlers(case, group) | {order.handler}
    ctx.require(ctx.actor.person not in did_it, errors.VerifiedByHandler(case.id))
    _require_standing(order, ctx)
    ctx.require(order.status != "opened", errors.WorkOrderNotReturned(case.id))
    require_after(ctx, case, order.opened_at, order.returned_at)
    verified = e.WorkOrderVerified(number=order.number, accepted=command.accepted, **ctx.facts)
    return ((case.id, verified),)


def void(case: Case, command: c.VoidWorkOrder, ctx: Context) -> Decided:
    """Set a spoiled order aside, its number kept: 废单保留; a supervisor signs for it.

    [003] note 4, and 报废单据必需经过主管签字才有效 among its rules for papers.
    """
    order = _found(case, command, ctx)
    require_role(ctx, case, posts.SENIOR)
    _require_standing(order, ctx)
    require_after(ctx, case, order.opened_at, order.returned_at)
    voided = e.WorkOrderVoided(number=order.number, reason=ctx.refs["reason"], **ctx.facts)
    return ((case.id, voided),)


def _found(case: Case, command: c.IssuedOrderCommand, ctx: Context) -> WorkOrderRow:
    """Return the order that is meant; papers come back after a closing or merging too."""
    require_live(ctx, case, merged=True, closed=True)
    standing = [order for order in case.work_orders.values() if order.status != "void"]
    order = standing[0] if len(standing) == 1 else None
    if command.number is not None:
        order = case.work_orders.get(command.number)
    if order is None:
        raise errors.UnknownWorkOrder(case.id)
    return order


def _require_standing(order: WorkOrderRow, ctx: Context) -> None:
    number = str(order.number)
    ctx.require(order.status != "void", errors.WorkOrderVoid(number))
    ctx.require(order.status != "verified", errors.WorkOrderVerified(number))
