"""Parcel 代收邮件: told, held unopened, and handed to whom it is for.

Read in this order: ``commands`` (what people do), ``events`` (what happened), ``state`` (what
decisions need) and ``evolve`` (how events change it), ``keeping`` (the rules), ``clocks`` (the
promises).
"""

from __future__ import annotations

from ..context import Context
from ..errors import DuplicateParcel, UnknownParcel
from . import commands as c
from . import keeping
from .events import ParcelEvent
from .state import Parcel


def decide(parcel: Parcel | None, command: c.ParcelCommand, ctx: Context) -> ParcelEvent:
    """Return the event of one command; raises ``Rejected`` and its children."""
    if isinstance(command, c.RegisterParcel):
        if parcel is not None:
            raise DuplicateParcel(command.parcel)
        return keeping.register(command, ctx)
    if parcel is None:
        raise UnknownParcel(command.parcel)
    match command:
        case c.NotifyAddressee():
            return keeping.notify(parcel, command, ctx)
        case c.HandOutParcel():
            return keeping.hand_out(parcel, command, ctx)
        case c.ReturnParcel():
            return keeping.send_back(parcel, command, ctx)
        case c.ReportParcelLost():
            return keeping.lose(parcel, command, ctx)
        case _:
            raise TypeError(command.do)
