"""Unit 房屋: the home, from its registration to its owners, papers and defects.

Read in this order: ``commands`` (what people do), ``events`` (what happened), ``state`` (what
decisions need) and ``evolve`` (how events change it), ``household``, ``handover``, ``archive``,
``copies`` and ``warranty`` (the rules), ``clocks`` (the promises).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..context import Context
from ..errors import DuplicateUnit, UnknownUnit
from . import archive, copies, handover, household, warranty
from . import commands as c
from .guards import Decided
from .state import Unit

RULES: dict[type[c.UnitCommand], Callable[[Unit, Any, Context], Decided]] = {
    c.RegisterResident: household.register_resident,
    c.ChangeOwner: household.change_owner,
    c.EndResidence: household.end_residence,
    c.UpdateContact: household.update_contact,
    c.AssignParking: household.assign_parking,
    c.EndParking: household.end_parking,
    c.GiveHandoverNotice: handover.give_notice,
    c.InspectUnit: handover.inspect,
    c.HandOverUnit: handover.hand_over,
    c.RecordVisit: handover.record_visit,
    c.FileDocument: archive.file,
    c.CopyDocument: archive.copy,
    c.BorrowDocument: archive.borrow,
    c.ReturnDocument: archive.take_back,
    c.ReportDocumentMissing: archive.report_missing,
    c.IssuePaperCopy: copies.issue,
    c.ReplaceCopyPages: copies.replace_pages,
    c.RecallPaperCopy: copies.recall,
    c.ReportDefect: warranty.report,
    c.NotifyBuilder: warranty.notify_builder,
    c.FinishDefect: warranty.finish,
    c.VerifyDefect: warranty.verify,
}
"""The rule of each command on a home that is registered."""


def decide(unit: Unit | None, command: c.UnitCommand, ctx: Context) -> Decided:
    """Return the events of one command; raises ``Rejected`` and its children."""
    if isinstance(command, c.RegisterUnit):
        if unit is not None:
            raise DuplicateUnit(command.unit)
        return household.register(command, ctx)
    if unit is None:
        raise UnknownUnit(command.unit)
    return RULES[type(command)](unit, command, ctx)
