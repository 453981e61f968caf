"""Decisions of those who watch over a case: confirming, revisiting, verifying, escalating, marking
(domain section 3).
"""

from __future__ import annotations

from .. import errors, posts
from ..context import Context
from . import commands as c
from . import events as e
from .guards import (
    Decided,
    Group,
    facts_for,
    handlers,
    must_finish,
    open_members,
    require_after,
    require_head,
    require_live,
    require_role,
)
from .state import RUNGS, Case

REVISITORS = posts.DESK | posts.COMPANY_ACTING
COMMISSIONER = frozenset({"complaint_commissioner"})


def confirm_result(case: Case, _: c.ConfirmResult, ctx: Context) -> Decided:
    """Sign the result of the finished round."""
    require_live(ctx, case, late=True)
    require_head(ctx, case, right="confirm_result")
    ctx.require(case.round.finished_at, errors.NotFinished(case.id))
    require_after(ctx, case, case.round.finished_at)
    return ((case.id, e.ResultConfirmed(round=case.round.number, **ctx.facts)),)


def revisit(case: Case, command: c.RevisitComplaint, ctx: Context, group: Group) -> Decided:
    """Record a revisit; by a handler of the matter it is void and changes nothing."""
    require_live(ctx, case, merged=True, late=command.outcome != "unsatisfied")
    void = ctx.actor.person in handlers(case, group)
    require_role(ctx, case, REVISITORS | ({ctx.actor.post} if void else set()))
    ctx.require(case.round.finished_at, errors.NotFinished(case.id))
    require_after(ctx, case, case.round.finished_at)
    answers = (command.timely, command.result_ok, command.attitude_ok)
    reached = command.outcome != "unreachable"
    ctx.require(reached or answers == (None, None, None), errors.AnswersWithoutContact(case.id))
    settled_at = case.round.revisited_at
    vain_before = not reached and settled_at is not None and ctx.at <= settled_at
    ctx.require(void or vain_before or case.round.revisit is None, errors.AlreadyRevisited(case.id))
    revisited = e.ComplaintRevisited(
        round=case.round.number,
        outcome=command.outcome,
        channel=command.channel,
        void=void,
        timely=command.timely,
        result_ok=command.result_ok,
        attitude_ok=command.attitude_ok,
        **ctx.facts,
    )
    goes_on = command.outcome == "unsatisfied" and not void and not case.round.revisit
    others = _sent_on(case, group, ctx) if goes_on else ()
    return ((case.id, revisited), *others)


def _sent_on(case: Case, group: Group, ctx: Context) -> Decided:
    """Send the rest of a merged matter to the next round; satisfied members owe nothing more."""
    return tuple(
        (other.id, e.RoundOpened(because_of=case.id, **facts_for(ctx, other)))
        for other in group.values()
        if other.round.finished_at
        and not other.voided_at
        and not other.closed_at
        and (other.merged_into is None or other.round.revisit != "satisfied")
    )


def escalate(case: Case, command: c.EscalateComplaint, ctx: Context) -> Decided:
    """Take the case one rung up."""
    require_live(ctx, case, merged=True, closed=True)
    require_role(ctx, case, posts.DESK | posts.SENIOR, handler=True)
    rung = RUNGS.index(case.rung)
    ctx.require(rung + 1 < len(RUNGS), errors.TopRung(case.id))
    above = RUNGS[min(rung + 1, len(RUNGS) - 1)]
    escalated = e.ComplaintEscalated(rung=above, reason=command.reason, **ctx.facts)
    return ((case.id, escalated),)


def alert_head(case: Case, _: c.AlertHead, ctx: Context) -> Decided:
    """Record that the head was told at once."""
    require_live(ctx, case, merged=True, late=True)
    ctx.require_post(posts.ANY, case.centre)
    return ((case.id, e.HeadAlerted(**ctx.facts)),)


def mark_sensitive(case: Case, _: c.MarkSensitive, ctx: Context) -> Decided:
    """Exempt the case from revisits, from this round on if it is recorded before the due time."""
    require_live(ctx, case, merged=True)
    require_role(ctx, case, posts.HEAD | posts.COMPANY_SENIOR)
    ctx.require(case.sensitive is None, errors.AlreadyMarked(case.id))
    round = case.round
    row = case.round_rows.get(round.number)
    past_due = bool(row and row.due_at and ctx.recorded_at > row.due_at and not row.provisional)
    too_late = round.revisit is not None or past_due
    marked = e.MarkedSensitive(
        from_round=round.number + 1 if too_late else round.number,
        reason=ctx.refs["reason"],
        **ctx.facts,
    )
    return ((case.id, marked),)


def mark_major(case: Case, _: c.MarkMajor, ctx: Context) -> Decided:
    """Mark the case as major: only the company may force-close it."""
    require_live(ctx, case, merged=True)
    require_role(ctx, case, posts.HEAD | posts.COMPANY_SENIOR)
    ctx.require(not case.major, errors.AlreadyMarked(case.id))
    return ((case.id, e.MarkedMajor(reason=ctx.refs.get("reason"), **ctx.facts)),)


def verify_closure(case: Case, _: c.VerifyClosure, ctx: Context, group: Group) -> Decided:
    """Verify for the company that the case, and what was merged into it, may close."""
    require_live(ctx, case, late=True)
    require_role(ctx, case, COMMISSIONER)
    matter = (case, *open_members(case, group))
    ctx.require(any(map(must_verify, matter)), errors.VerificationNotNeeded(case.id))
    for one in filter(must_finish, matter):
        ctx.require(one.round.finished_at, errors.NotFinished(case.id))
        require_after(ctx, case, one.round.finished_at)
    return ((case.id, e.ClosureVerified(round=case.round.number, **ctx.facts)),)


def must_verify(case: Case) -> bool:
    """Return whether the commissioner verifies this case before it closes."""
    return case.level == "company" or case.on_the_web
