"""What people do with a case's work orders; each class is one command ([003] 报修处理程序)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ...messages import Flag, FreeText, Id
from ..commands import CaseCommand

Charge = Literal["warranty", "paid", "free"]
"""Who pays: the builder, within the warranty; the customer; nobody, as in public areas."""


class WorkOrderCommand(CaseCommand):
    """A command about the work orders of one case."""


class OpenWorkOrder(WorkOrderCommand):
    """开单: open the centre's next work order; for warranty work with the ``letter`` that told the
    builder, for paid work once its cost was ``explained`` ([004] 房屋整改, [003] 收费/无偿).
    """

    do: Literal["open_work_order"] = "open_work_order"
    charge: Charge
    letter: Id | None = None
    explained: Flag = False


class IssuedOrderCommand(WorkOrderCommand):
    """A command about one work order: that ``number``, or the only one of the case not void."""

    number: Annotated[int, Field(ge=1)] | None = None


class ReturnWorkOrder(IssuedOrderCommand):
    """工作单返回: the work is done, and its order comes back to dispatch."""

    do: Literal["return_work_order"] = "return_work_order"


class VerifyWorkOrder(IssuedOrderCommand):
    """核实: customer service checks the work, on site or by asking; not accepted, it goes on."""

    do: Literal["verify_work_order"] = "verify_work_order"
    accepted: Flag


class VoidWorkOrder(IssuedOrderCommand):
    """废单: the order was spoiled; its number stays, with the reason."""

    do: Literal["void_work_order"] = "void_work_order"
    reason: FreeText
