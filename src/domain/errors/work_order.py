"""Refusals of a work order's commands."""

from __future__ import annotations

from .base import Impossible, Rejected


class UnknownWorkOrder(Impossible):
    """The case has no such work order, or several; name the number that it was opened under."""


class WorkOrderNotNeeded(Rejected):
    """Only repairs and special services are done on a work order."""


class WorkOrderBeforeDispatch(Rejected):
    """A work order is opened for whom the case was sent to; dispatch_complaint first."""


class LetterMissing(Rejected):
    """Warranty work names the letter by which the builder was notified in writing."""


class CostNotExplained(Rejected):
    """Explain to the customer what paid work costs, before it begins."""


class WorkOrderNotReturned(Rejected):
    """The work order is still out; return_work_order first."""


class WorkOrderReturned(Rejected):
    """The work order is back already; verify_work_order comes next."""


class WorkOrderVerified(Rejected):
    """The work order is verified; nothing more is recorded of it."""


class WorkOrderVoid(Rejected):
    """The work order is void and keeps its number; open another one."""


class VerifiedByHandler(Rejected):
    """Whoever handled the matter does not verify the work; let another person do it."""
