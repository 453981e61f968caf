"""Complaint 客户诉求: from the first call to the closing.

Read in this order: ``commands`` (what people do), ``events`` (what happened), ``state`` (what
decisions need) and ``evolve`` (how events change it), ``handling``, ``oversight`` and ``ending``
(the rules), ``clocks`` (the promises); ``orders`` has the work orders, in the same order.
"""

from __future__ import annotations

from ..context import Context
from ..errors import DuplicateComplaint, UnknownComplaint
from . import commands as c
from . import ending, handling, oversight
from .guards import Decided, Group
from .orders import rules as orders
from .orders.commands import WorkOrderCommand
from .state import Case


def decide(  # noqa: C901, PLR0911, PLR0912 - a case per command
    case: Case | None, command: c.CaseCommand, ctx: Context, group: Group
) -> Decided:
    """Return the events of one command, by case; raises ``Rejected`` and its children."""
    if isinstance(command, c.ReceiveComplaint):
        if case is not None:
            raise DuplicateComplaint(command.complaint)
        return handling.receive(command, ctx)
    if case is None:
        raise UnknownComplaint(command.complaint)
    match command:
        case c.TriageComplaint():
            return handling.triage(case, command, ctx)
        case c.ClassifyComplaint():
            return handling.classify(case, command, ctx)
        case c.SignClassification():
            return handling.sign_classification(case, command, ctx)
        case c.AnswerComplaint():
            return ending.answer(case, command, ctx, group)
        case c.DispatchComplaint():
            return handling.dispatch(case, command, ctx)
        case c.TransferComplaint():
            return handling.transfer(case, command, ctx)
        case c.AcceptComplaint():
            return handling.accept(case, command, ctx)
        case c.ConsultOnComplaint():
            return handling.consult(case, command, ctx)
        case c.ApproveReply():
            return handling.approve_reply(case, command, ctx)
        case c.ReplyToComplaint():
            return handling.reply(case, command, ctx)
        case c.StartHandling():
            return handling.start(case, command, ctx)
        case c.AgreeAppointment():
            return handling.agree_appointment(case, command, ctx)
        case c.MoveAppointment():
            return handling.move_appointment(case, command, ctx)
        case c.ReportProgress():
            return handling.report_progress(case, command, ctx)
        case c.ApproveRemedy():
            return handling.approve_remedy(case, command, ctx)
        case c.FinishHandling():
            return handling.finish(case, command, ctx, group)
        case c.ConfirmResult():
            return oversight.confirm_result(case, command, ctx)
        case c.RevisitComplaint():
            return oversight.revisit(case, command, ctx, group)
        case c.EscalateComplaint():
            return oversight.escalate(case, command, ctx)
        case c.AlertHead():
            return oversight.alert_head(case, command, ctx)
        case c.MarkSensitive():
            return oversight.mark_sensitive(case, command, ctx)
        case c.MarkMajor():
            return oversight.mark_major(case, command, ctx)
        case c.VerifyClosure():
            return oversight.verify_closure(case, command, ctx, group)
        case c.CloseComplaint():
            return ending.close(case, command, ctx, group)
        case c.ForceCloseComplaint():
            return ending.force_close(case, command, ctx, group)
        case c.ReopenComplaint():
            return ending.reopen(case, command, ctx)
        case c.MergeComplaint():
            return ending.merge(case, command, ctx, group)
        case c.CorrectComplaint():
            return ending.correct(case, command, ctx, group)
        case c.VoidComplaint():
            return ending.void(case, command, ctx)
        case WorkOrderCommand():
            return orders.decide(case, command, ctx, group)
        case _:
            raise TypeError(command.do)
