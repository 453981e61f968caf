"""What happened to a case's work orders: immutable facts, stored under stable topics."""

from __future__ import annotations

from ...messages import Ref, stored_as
from ..events import ComplaintEvent


class WorkOrderEvent(ComplaintEvent):
    """A fact about one work order of the case."""

    number: int


@stored_as("complaint.work_order_opened.1")
class WorkOrderOpened(WorkOrderEvent):
    """开单: an order was opened under the centre's next number."""

    charge: str
    letter: str | None = None
    explained: bool = False


@stored_as("complaint.work_order_returned.1")
class WorkOrderReturned(WorkOrderEvent):
    """工作单返回: the order came back to dispatch."""


@stored_as("complaint.work_order_verified.1")
class WorkOrderVerified(WorkOrderEvent):
    """核实: customer service checked the work; not ``accepted``, the order went out again."""

    accepted: bool


@stored_as("complaint.work_order_voided.1")
class WorkOrderVoided(WorkOrderEvent):
    """废单: the order was spoiled; its number stays."""

    reason: Ref
