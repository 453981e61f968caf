"""RenovationPermit 装修许可: from the application to the household's file.

Read in this order: ``commands`` (what people do), ``events`` (what happened), ``state`` (what
decisions need) and ``evolve`` (how events change it), ``papers`` and ``site`` (the rules),
``clocks`` (the promises).
"""

from __future__ import annotations

from ..context import Context
from ..errors import DuplicatePermit, UnknownPermit
from ..unit.state import Unit
from . import commands as c
from . import papers, site
from .guards import Decided
from .state import Permit


def decide(  # noqa: C901, PLR0911, PLR0912 - a case per command
    permit: Permit | None, command: c.PermitCommand, ctx: Context, home: Unit | None = None
) -> Decided:
    """Return the events of one command; ``home`` is the one applied for, if it is registered.

    Raises ``Rejected`` and its children.
    """
    if isinstance(command, c.ApplyForPermit):
        if permit is not None:
            raise DuplicatePermit(command.permit)
        return papers.apply(command, ctx, home)
    if permit is None:
        raise UnknownPermit(command.permit)
    match command:
        case c.ReviewPermit():
            return papers.review(permit, command, ctx)
        case c.SignAgreement():
            return papers.sign_agreement(permit, command, ctx)
        case c.IssuePermit():
            return papers.issue(permit, command, ctx)
        case c.ExtendPermit():
            return papers.extend(permit, command, ctx)
        case c.IssuePass():
            return papers.issue_pass(permit, command, ctx)
        case c.ReturnPass():
            return papers.return_pass(permit, command, ctx)
        case c.PatrolRenovation():
            return site.patrol(permit, command, ctx)
        case c.RecordViolation():
            return site.record_violation(permit, command, ctx)
        case c.StopWork():
            return site.stop_work(permit, command, ctx)
        case c.ResumeWork():
            return site.resume_work(permit, command, ctx)
        case c.CompleteRenovation():
            return site.complete_renovation(permit, command, ctx)
        case c.AcceptRenovation():
            return site.accept(permit, command, ctx)
        case c.SettleDeposit():
            return papers.settle_deposit(permit, command, ctx)
        case c.ArchivePermit():
            return papers.archive(permit, command, ctx)
        case _:
            raise TypeError(command.do)
